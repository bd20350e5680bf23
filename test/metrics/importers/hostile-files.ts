/** What every importer must withstand: a file that was cut anywhere, and one with bytes that somebody changed. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../../src/evidence/errors.ts';
import type { ForeignSource, ImportedRun, Importer } from '../../../src/metrics/importers/importer.ts';
import { memoryFolder, memorySource } from './sources.ts';

interface HostileOptions {
  /** The file of a folder that is cut and changed; without it the path is a file. */
  readonly folder?: string;
  /** The format has no end by which a cut could be seen. Say why where it is set. */
  readonly undetectable?: boolean;
  /** Where the bytes lie, for formats that are read through a real file. */
  readonly sourceOf?: (bytes: Uint8Array) => Promise<ForeignSource>;
  readonly prefixes?: number;
  readonly mutations?: number;
}

/**
 * Cuts a fixture everywhere (a large one at so many places) and changes bytes of it at random. Reading may only throw
 * UserErrors, and a cut file may be complete only if it reads exactly as the whole one does.
 * @returns what went wrong, in words: to be compared with an empty list
 */
export async function findFlaws(
  importer: Importer,
  path: string,
  options: HostileOptions = {},
): Promise<readonly string[]> {
  const { bytes, sourceOf } = await open(path, options);
  const whole = JSON.stringify(await importer.read(await sourceOf(bytes)), showNumbers);
  const flaws: string[] = [];
  for (const length of chooseLengths(bytes.length, options.prefixes ?? 300)) {
    const read = await readSafely(importer, await sourceOf(bytes.subarray(0, length)));
    if (typeof read === 'string') flaws.push(`cut to ${length} bytes: ${read}`);
    if (read === undefined || typeof read === 'string' || options.undetectable === true) continue;
    const looksWhole = read.some((run) => run.status === 'complete' && isSomething(run));
    if (looksWhole && JSON.stringify(read, showNumbers) !== whole)
      flaws.push(`cut to ${length} bytes it is complete`);
  }
  const mutation = fc.record({
    at: fc.nat(Math.max(0, bytes.length - 1)),
    remove: fc.nat(8),
    insert: fc.uint8Array({ maxLength: 8 }),
  });
  const outcome = await fc.check(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (changes) => {
      const read = await readSafely(importer, await sourceOf(changes.reduce(change, bytes)));
      if (typeof read === 'string') throw new Error(read);
    }),
    { numRuns: options.mutations ?? 200 },
  );
  return outcome.failed ? [...flaws, fc.defaultReportMessage(outcome) ?? 'changed bytes'] : flaws;
}

async function open(path: string, options: HostileOptions) {
  const { folder, sourceOf } = options;
  if (folder === undefined) {
    const bytes = new Uint8Array(await readFile(path));
    return { bytes, sourceOf: sourceOf ?? (async (changed: Uint8Array) => memorySource(path, changed)) };
  }
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name.slice(path.length).replace(/^\//u, ''), await readFile(name)] as const),
    ),
  );
  const bytes = files[folder];
  if (bytes === undefined) throw new Error(`${path} has no ${folder}`);
  return {
    bytes: new Uint8Array(bytes),
    sourceOf: async (changed: Uint8Array) => memoryFolder(path, { ...files, [folder]: changed }),
  };
}

/** Runs of a source; undefined where it is refused as it should be; a text where it fails as it should not. */
async function readSafely(
  importer: Importer,
  source: ForeignSource,
): Promise<readonly ImportedRun[] | string | undefined> {
  try {
    await importer.recognise(source);
  } catch (error) {
    return `recognising threw ${String(error)}`;
  }
  try {
    return await importer.read(source);
  } catch (error) {
    return error instanceof UserError
      ? undefined
      : `${String(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
  }
}

/** A run without anything in it is a finding of its own wherever it is read. */
function isSomething({ numbers, lists, results, samples }: ImportedRun): boolean {
  return numbers.length + lists.length + results.length + samples.length > 0;
}

function chooseLengths(size: number, most: number): readonly number[] {
  const step = Math.max(1, size / most);
  const lengths = Array.from({ length: Math.ceil(size / step) }, (_, index) => Math.floor(index * step));
  return [...new Set([...lengths, Math.max(0, size - 2), Math.max(0, size - 1)])];
}

function change(
  bytes: Uint8Array,
  { at, remove, insert }: { readonly at: number; readonly remove: number; readonly insert: Uint8Array },
): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

/** JSON has no word for these, and they must not look alike. */
function showNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
