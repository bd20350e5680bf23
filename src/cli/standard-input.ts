/** A table that another program writes: kept in a file while it is looked at, because it is read more than once. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { explainWriteFailure } from '../chain/explain-write-failure.ts';
import type { TableFormat } from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import type { CliContext } from './context.ts';

/** What a command line calls it. */
export const STANDARD_INPUT = '-';

/** Formats that are written from their beginning to their end; those of the others say at their end what they hold. */
const STREAMED: readonly TableFormat[] = ['csv', 'tsv', 'json', 'jsonl'];

/** How compressed streams begin, and what their files end in. */
const COMPRESSIONS: readonly (readonly [Buffer, string])[] = [
  [Buffer.from([0x1f, 0x8b]), '.gz'],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), '.zst'],
];

/** Keeps standard input in a file of its own for one piece of work. Compressed streams are seen by how they begin. */
export async function withStandardInput<T>(
  format: TableFormat | undefined,
  context: Pick<CliContext, 'input' | 'signal'>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  if (format === undefined || !STREAMED.includes(format)) {
    throw new UserError(`Standard input needs --format, one of ${STREAMED.join(', ')}.`, {
      help: 'Parquet and Arrow are read from files only.',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-input-'));
  try {
    return await work(await keepInput(join(folder, `standard-input.${format}`), context));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keepInput(
  path: string,
  { input, signal }: Pick<CliContext, 'input' | 'signal'>,
): Promise<string> {
  try {
    await pipeline(Readable.from(input(), { objectMode: false }), createWriteStream(path), { signal });
  } catch (error) {
    throw explainWriteFailure(error, 'A copy of standard input');
  }
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  await file.close();
  const ending = COMPRESSIONS.find(([start]) => buffer.subarray(0, start.length).equals(start))?.[1];
  if (ending === undefined) return path;
  await rename(path, path + ending);
  return path + ending;
}
