import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { digestFile } from '../file-digest.ts';

/** The list of files beside the packages, in the format of sha256sum. */
const LIST_NAME = 'files.sha256';

/** A list is some 40 kB; whatever is larger is none of ours. */
const MAX_LIST_BYTES = 1_000_000;
/** Files that are hashed at the same time. */
const HASHED_AT_ONCE = 8;

/** What is known of a folder that should hold the pinned packages. */
export type Inspection =
  | { readonly kind: 'sound' }
  | { readonly kind: 'absent' }
  /** `why` completes "it is not used: …". */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * All files below a folder but the list itself: one line each, `SHA-256  path` with forward slashes, sorted by path.
 * Throws an Error if there is anything but files and folders (a link could lead anywhere), or a name of two lines.
 */
export async function listFiles(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const odd = found.find((entry) => !(entry.isFile() || entry.isDirectory()) || entry.name.includes('\n'));
  if (odd !== undefined) throw new Error(`${JSON.stringify(odd.name)} is not an ordinary file`);
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== LIST_NAME)
    .toSorted();
  const digests = await digestAll(paths.map((path) => join(folder, path)));
  return paths.map((path, index) => `${digests[index]}  ${path}\n`).join('');
}

async function digestAll(paths: readonly string[]): Promise<readonly string[]> {
  const digests: string[] = [];
  const todo = paths.entries();
  const work = async (): Promise<void> => {
    for (const [index, path] of todo) digests[index] = (await digestFile(path)).sha256;
  };
  await Promise.all(Array.from({ length: HASHED_AT_ONCE }, work));
  return digests;
}

/** Writes the list of a folder beside its files, and returns the list's own SHA-256: what is pinned. */
export async function writeList(folder: string): Promise<string> {
  const list = await listFiles(folder);
  await writeFile(join(folder, LIST_NAME), list);
  return digestText(list);
}

/**
 * Holds a folder against the pinned digest of its list, and every file against the list. The list is what lets a
 * message name the file; it is believed only because its own digest is part of this program.
 */
export async function inspectFolder(folder: string, pinned: string): Promise<Inspection> {
  if (!(await exists(folder))) return { kind: 'absent' };
  try {
    const list = await readList(folder);
    if (list === undefined || digestText(list) !== pinned) {
      return { kind: 'refused', why: `its ${LIST_NAME} is not the one that this version of mlgate knows` };
    }
    const actual = await listFiles(folder);
    return actual === list ? { kind: 'sound' } : { kind: 'refused', why: explainDifference(list, actual) };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function readList(folder: string): Promise<string | undefined> {
  const path = join(folder, LIST_NAME);
  if (!(await exists(path))) return undefined;
  const { size } = await stat(path);
  return size > MAX_LIST_BYTES ? undefined : await readFile(path, 'utf8');
}

function digestText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The first file that differs. A name comes from a disk that is not trusted, so it is quoted. */
function explainDifference(list: string, actual: string): string {
  const expected = readLines(list);
  const found = readLines(actual);
  for (const [path, digest] of expected) {
    const other = found.get(path);
    if (other === undefined) return `${JSON.stringify(path)} is missing`;
    if (other !== digest) return `${JSON.stringify(path)} was changed`;
  }
  const extra = [...found.keys()].find((path) => !expected.has(path));
  return `${JSON.stringify(extra)} does not belong there`;
}

function readLines(list: string): ReadonlyMap<string, string> {
  return new Map(
    list
      .split('\n')
      .slice(0, -1)
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}
