import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { FORMATS } from './formats.ts';
import type { ForeignSource, Importer } from './importer.ts';

/** Names of all formats, in the order of the alphabet. */
export function listFormats(): readonly string[] {
  return FORMATS.map(([format]) => format).toSorted();
}

/** The importer of a format. Throws a UserError that names the nearest, where there is none of this name. */
export async function findImporter(format: string): Promise<Importer> {
  const found = FORMATS.find(([name]) => name === format);
  if (found !== undefined) return await found[1]();
  const nearest = findNearest(format, listFormats());
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`There is no format \`${format}\`.${hint} Formats: ${listFormats().join(', ')}.`, {
    help: 'Leave the format out to have it recognised, or see `mlgate metrics list`.',
  });
}

/** The importer of a file, recognised by what is in it. Throws a UserError for what no tool that is known here writes. */
export async function recogniseFormat(source: ForeignSource): Promise<Importer> {
  refusePickle(source);
  for (const [, load] of FORMATS) {
    const importer = await load();
    if (await importer.recognise(source)) return importer;
  }
  throw new UserError(
    `${source.name} is in no format that is known here${source.kind === 'file' && source.size === 0 ? ': it is empty' : ''}.`,
    {
      help: `Name its format if it is one of these, or write the numbers as JSON: ${listFormats().join(', ')}.`,
    },
  );
}

/** Opcode PROTO with a protocol of 2 to 5 begins every pickle of the last twenty years. */
const PICKLE = { opcode: 0x80, first: 2, last: 5 };

/** A pickle runs what it says when it is loaded: nothing here does. Throws a UserError for one. */
export function refusePickle({ head, name }: ForeignSource): void {
  const [opcode, protocol = 0] = head;
  const isPickle = opcode === PICKLE.opcode && protocol >= PICKLE.first && protocol <= PICKLE.last;
  if (!isPickle) return;
  throw new UserError(`${name} is a Python pickle, which runs code when it is read, so it is not read.`, {
    help: 'Write the numbers as JSON in the step that makes the pickle.',
  });
}
