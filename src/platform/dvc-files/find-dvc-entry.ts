/** What DVC says of a file: which bytes it should hold (https://dvc.org/doc/user-guide/project-structure/dvc-files). */
import { posix } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../evidence/errors.ts';
import { isSchemaObject } from '../../schemas/subschemas.ts';

/** DVC 3 keeps objects below `files/md5/`; before, they lay in the cache itself, and text was hashed with Unix line ends. */
export type DvcLayout = 'dvc2' | 'dvc3';

export interface DvcEntry {
  /** MD5 of the object; of a folder that of its listing. Not a safeguard against intent: SHA-256 stands beside it. */
  readonly md5: string;
  readonly layout: DvcLayout;
  /** Where it is tracked: `data/customers.csv.dvc`, `dvc.lock`. */
  readonly namedBy: string;
  /** The path inside the folder that is tracked, where it is a folder. */
  readonly inFolder?: string;
}

/** Text of a file of the project, by its path with `/`; undefined where there is none. */
export type ReadProjectFile = (path: string) => Promise<string | undefined>;

/** Aliases of YAML that a pointer may use: it needs none. */
const MAX_ALIASES = 20;
const MD5 = /^([0-9a-f]{32})(\.dir)?$/u;

/**
 * The entry that tracks a path: its own `.dvc` file, that of a folder above it, or an output of a `dvc.lock` above it.
 * Undefined where DVC does not track it. Throws a UserError for a pointer that cannot be read.
 */
export async function findDvcEntry(path: string, read: ReadProjectFile): Promise<DvcEntry | undefined> {
  for (const tracked of listSelfAndAbove(path)) {
    const pointer = `${tracked}.dvc`;
    const text = await read(pointer);
    const entry = text && findOutput(listPointerOutputs(text, pointer), pointer, path);
    if (entry) return entry;
  }
  for (const folder of listSelfAndAbove(posix.dirname(path)).concat('.')) {
    const lock = posix.join(folder, 'dvc.lock');
    const text = await read(lock);
    const entry = text && findOutput(listLockOutputs(text, lock), lock, path);
    if (entry) return entry;
  }
  return undefined;
}

/** The path and the folders above it, the nearest first. */
function listSelfAndAbove(path: string): readonly string[] {
  return path === '.' || path === '/' ? [] : [path, ...listSelfAndAbove(posix.dirname(path))];
}

interface Output {
  /** From the folder of the file that names it. */
  readonly path: string;
  readonly md5: string;
  readonly isFolder: boolean;
  readonly layout: DvcLayout;
}

function findOutput(outputs: readonly Output[], namedBy: string, path: string): DvcEntry | undefined {
  for (const { md5, layout, isFolder, path: named } of outputs) {
    const output = posix.join(posix.dirname(namedBy), named);
    if (output === path && !isFolder) return { md5, layout, namedBy };
    if (isFolder && path.startsWith(`${output}/`)) {
      return { md5, layout, namedBy, inFolder: path.slice(output.length + 1) };
    }
  }
  return undefined;
}

function listPointerOutputs(text: string, file: string): readonly Output[] {
  const document = readMapping(text, file);
  const within = typeof document['wdir'] === 'string' ? document['wdir'] : '.';
  return listOutputs(document['outs']).map((output) => ({
    ...output,
    path: posix.join(within, output.path),
  }));
}

function listLockOutputs(text: string, file: string): readonly Output[] {
  const { stages } = readMapping(text, file);
  return isSchemaObject(stages)
    ? Object.values(stages).flatMap((stage) => (isSchemaObject(stage) ? listOutputs(stage['outs']) : []))
    : [];
}

function listOutputs(outs: unknown): readonly Output[] {
  if (!Array.isArray(outs)) return [];
  return outs.flatMap((out: unknown): readonly Output[] => {
    if (!isSchemaObject(out) || typeof out['path'] !== 'string' || typeof out['md5'] !== 'string') return [];
    const [, md5, folder] = MD5.exec(out['md5']) ?? [];
    if (md5 === undefined) return [];
    return [
      {
        path: out['path'],
        md5,
        isFolder: folder !== undefined,
        layout: out['hash'] === 'md5' ? 'dvc3' : 'dvc2',
      },
    ];
  });
}

function readMapping(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = parse(text, { maxAliasCount: MAX_ALIASES });
    if (isSchemaObject(document)) return document;
  } catch (error) {
    const why = error instanceof Error ? ` ${error.message.split('\n')[0] ?? ''}` : '';
    throw new UserError(`${file} is not YAML as DVC writes it.${why}`, { help: 'Let `dvc` write it again.' });
  }
  throw new UserError(`${file} does not hold what DVC writes.`, { help: 'Let `dvc` write it again.' });
}
