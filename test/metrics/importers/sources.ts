/** Sources for the tests of importers: real files, and files that are only in memory. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { UserError } from '../../../src/evidence/errors.ts';
import type { ForeignSource } from '../../../src/evidence/foreign-source.ts';
import { openForeignSource } from '../../../src/platform/foreign-source.ts';

/** A file or folder of the repository, as the program opens it. */
export async function fileSource(path: string): Promise<ForeignSource> {
  return await openForeignSource(resolve(path), path);
}

/** For databases: each time the bytes are written to a file of their own. Removed when the test has ended. */
export async function useDatabaseFiles(): Promise<(bytes: Uint8Array) => Promise<ForeignSource>> {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-importers-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  let count = 0;
  return async (bytes) => {
    const path = join(folder, `${(count += 1)}.db`);
    await writeFile(path, bytes);
    return await openForeignSource(path, 'studies.db');
  };
}

export type Content = string | Uint8Array;

/** A file in memory, alone in its folder. */
export function memorySource(name: string, content: Content): ForeignSource {
  const bytes = toBytes(content);
  return {
    name,
    kind: 'file',
    size: bytes.length,
    head: bytes.subarray(0, 65_536),
    readBytes: async () => bytes,
    readText: async () => decode(bytes, name),
    stream: () => inPieces(bytes),
    list: async () => [],
    open: async () => undefined,
    digest: async () => ({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    }),
    query: async () => {
      throw new UserError(`${name} cannot be read as an SQLite file.`);
    },
  };
}

/** A folder in memory; its files do not see one another. */
export function memoryFolder(name: string, files: Readonly<Record<string, Content>>): ForeignSource {
  const refuse = async (): Promise<never> => {
    throw new UserError(`${name} is a folder.`);
  };
  return {
    name,
    kind: 'folder',
    size: 0,
    head: new Uint8Array(),
    readBytes: refuse,
    readText: refuse,
    stream: () => inPieces(new Uint8Array()),
    list: async () => Object.keys(files).toSorted(),
    open: async (path) => {
      const content = files[path];
      return content === undefined ? undefined : memorySource(`${name}/${path}`, content);
    },
    digest: refuse,
    query: refuse,
  };
}

function toBytes(content: Content): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${name} is not UTF-8 text.`, { cause: error });
  }
}

/** Small pieces, so that a record spans several. */
async function* inPieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 997) yield bytes.subarray(start, start + 997);
}
