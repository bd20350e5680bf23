import { boundDistinctly } from '../../evidence/bound-text.ts';
import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { refuseAmbiguous } from './read-numbers.ts';
import { findImporter, recogniseFormat, refusePickle } from './recognise-format.ts';

interface ImportOptions {
  /** Recognised where it is left out. */
  readonly format?: string | undefined;
  /** Id or name of the run, where the file has several. */
  readonly run?: string | undefined;
}

export interface Imported extends Pick<Importer, 'format' | 'title'> {
  readonly run: ImportedRun;
}

/** Reads one run of another tool. Throws a UserError for what cannot be read, and where it is not clear which run is meant. */
export async function importRun(
  source: ForeignSource,
  { format, run }: ImportOptions = {},
): Promise<Imported> {
  refusePickle(source);
  const importer = format === undefined ? await recogniseFormat(source) : await findImporter(format);
  const chosen = chooseRun(await importer.read(source), run, source.name);
  refuseAmbiguous(chosen.numbers, source.name);
  return { format: importer.format, title: importer.title, run: boundKeys(chosen) };
}

/** Keys as evidence can hold them: long ones stay distinct. */
function boundKeys(run: ImportedRun): ImportedRun {
  return {
    ...run,
    numbers: run.numbers.map((number) => ({ ...number, key: boundDistinctly(number.key) })),
    lists: run.lists.map((list) => ({ ...list, key: boundDistinctly(list.key) })),
  };
}

/** Runs that a message lists. */
const MAX_LISTED = 20;

/**
 * The run that is meant: by its id, else by its name, else by the beginning of its id, else the only one. Throws a
 * UserError that lists the runs where none or several are.
 */
function chooseRun(runs: readonly ImportedRun[], wanted: string | undefined, file: string): ImportedRun {
  const candidates = wanted === undefined ? runs : findWanted(runs, wanted);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (runs.length === 0) {
    throw new UserError(`${file} has no run in it.`, {
      help: 'Check that the step that writes it ran to its end.',
    });
  }
  const shown = runs.slice(0, MAX_LISTED).map(describeRun);
  const more = runs.length > MAX_LISTED ? `, and ${runs.length - MAX_LISTED} more` : '';
  const list = `${shown.join(', ')}${more}`;
  if (wanted === undefined) {
    throw new UserError(`${file} has ${runs.length} runs, and none is named: ${list}.`, {
      help: 'Name one: `run` in the config, --run on the command line.',
    });
  }
  if (candidates.length > 1) {
    const ids = candidates.slice(0, MAX_LISTED).map(describeRun).join(', ');
    throw new UserError(`${file} has ${candidates.length} runs that \`${wanted}\` could mean: ${ids}.`, {
      help: 'Name one by its id.',
    });
  }
  const nearest = findNearest(
    wanted,
    runs.flatMap(({ id, name }) => [id, ...(name === undefined ? [] : [name])]),
  );
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  throw new UserError(`${file} has no run \`${wanted}\`.${hint} It has ${list}.`, {
    help: 'Name a run by its id or its name.',
  });
}

/** Shortest beginning of an id that names a run. */
const SHORTEST_PREFIX = 4;

function findWanted(runs: readonly ImportedRun[], wanted: string): readonly ImportedRun[] {
  const tests: readonly ((run: ImportedRun) => boolean)[] = [
    ({ id }) => id === wanted,
    ({ name }) => name === wanted,
    ({ id }) => wanted.length >= SHORTEST_PREFIX && id.startsWith(wanted),
  ];
  for (const test of tests) {
    const found = runs.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

/** `5f2a1c (lively-fox, failed, 2026-11-03)`. */
function describeRun({ id, name, status, attributes }: ImportedRun): string {
  const when = attributes['started'];
  const more = [
    ...(name === undefined || name === id ? [] : [name]),
    ...(status === 'complete' ? [] : [status]),
    ...(typeof when === 'string' ? [when] : []),
  ];
  const shown = `\`${id === '' ? (name ?? '') : id}\``;
  return more.length === 0 ? shown : `${shown} (${more.join(', ')})`;
}
