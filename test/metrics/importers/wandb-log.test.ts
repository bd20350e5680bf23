import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { WANDB_LOG } from '../../../src/metrics/importers/wandb-log.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const LOGS = 'test/fixtures/wandb';

async function read(name: string) {
  const source = await fileSource(`${LOGS}/run-${name}.wandb`);
  expect((await recogniseFormat(source)).format).toBe('wandb-log');
  const [run] = await WANDB_LOG.read(source);
  return run;
}

describe("W&B's log", () => {
  test('has the summary of a run, by the rules that the run defined', async () => {
    const run = await read('finished');
    expect(run).toMatchObject({ name: 'lively-fox', status: 'complete' });
    expect(run?.attributes).toEqual({ project: 'churn', 'config.lr': '0.1' });
    expect(Object.fromEntries(run?.numbers.map(({ key, value }) => [key, value]) ?? [])).toEqual({
      acc: 0.9,
      'best.max': 0.92,
      'val.loss': 0.09999999999999998,
      undefined: Number.NaN,
      examples: 872,
    });
  });

  test('says how the run ended', async () => {
    expect(await read('failed')).toMatchObject({
      status: 'failed',
      detail: 'The program ended with code 1.',
    });
    expect(await read('killed')).toMatchObject({ status: 'partial' });
  });

  test('cut or changed', async () => {
    expect(await findFlaws(WANDB_LOG, `${LOGS}/run-finished.wandb`, { prefixes: 3000 })).toEqual([]);
  });

  test('with a changed byte is damaged', async () => {
    const bytes = new Uint8Array(await readFile(`${LOGS}/run-finished.wandb`));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await expect(WANDB_LOG.read(memorySource('run-x.wandb', bytes))).rejects.toThrow(
      'run-x.wandb is no W&B log, or it is damaged: it is wrong at byte',
    );
  });

  test('whose record spans blocks is put together', async () => {
    const long = 'x'.repeat(70_000);
    const log = buildLog([field(17, [...field(1, text('abc')), ...field(8, text(long))]), field(18, [])]);
    const [run] = await WANDB_LOG.read(memorySource('run-x.wandb', log));
    expect(run).toMatchObject({ id: 'abc', name: long, status: 'complete' });
  });
});

function text(value: string): readonly number[] {
  return [...new TextEncoder().encode(value)];
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A field of protobuf whose value is bytes. */
function field(number: number, bytes: readonly number[]): readonly number[] {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

/** Records in blocks of 32 KiB, as LevelDB's log has them. */
function buildLog(records: readonly (readonly number[])[]): Uint8Array {
  let log = Buffer.from([...text(':W&B'), 0xe1, 0xbe, 0]);
  for (const record of records) {
    let rest = Buffer.from(record);
    for (let isFirst = true; isFirst || rest.length > 0; isFirst = false) {
      const left = 32_768 - (log.length % 32_768);
      if (left < 7) log = Buffer.concat([log, new Uint8Array(left)]);
      const room = 32_768 - (log.length % 32_768) - 7;
      const part = rest.subarray(0, room);
      rest = rest.subarray(room);
      const type = isFirst ? (rest.length === 0 ? 1 : 2) : rest.length === 0 ? 4 : 3;
      const head = Buffer.alloc(7);
      head.writeUInt32LE(crc32(part, crc32(Uint8Array.of(type))), 0);
      head.writeUInt16LE(part.length, 4);
      head.writeUInt8(type, 6);
      log = Buffer.concat([log, head, part]);
    }
  }
  return new Uint8Array(log);
}
