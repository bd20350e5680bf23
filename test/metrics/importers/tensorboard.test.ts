import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ForeignSource } from '../../../src/evidence/foreign-source.ts';
import { crc32c } from '../../../src/metrics/importers/crc32c.ts';
import { TENSORBOARD } from '../../../src/metrics/importers/tensorboard.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const TF1 = 'test/fixtures/tensorboard/tf1/events.out.tfevents.1700000000.host';
const TF2 = 'test/fixtures/tensorboard/tf2/events.out.tfevents.1700000000.host';

async function numbersOf(path: string) {
  const [run] = await TENSORBOARD.read(await fileSource(path));
  return {
    status: run?.status,
    numbers: Object.fromEntries(run?.numbers.map(({ key, value }) => [key, value]) ?? []),
  };
}

/** Where the records of a file end: there, and only there, a cut cannot be seen. */
function listEnds(bytes: Uint8Array): ReadonlySet<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = new Set([0]);
  for (let at = 0; at < bytes.length; ends.add(at)) at += 16 + Number(view.getBigUint64(at, true));
  return ends;
}

describe('TensorBoard events', () => {
  test('the last value of each scalar is read, and nothing else', async () => {
    expect(await numbersOf(TF1)).toEqual({
      status: 'complete',
      numbers: { 'train/accuracy': Math.fround(0.91), 'train/loss': Number.NaN },
    });
    expect(await numbersOf(TF2)).toEqual({
      status: 'complete',
      numbers: { epoch_accuracy: Math.fround(0.9) },
    });
  });

  test('a folder is its runs', async () => {
    const folder = await fileSource('test/fixtures/tensorboard');
    expect(await TENSORBOARD.recognise(folder)).toBe(true);
    expect((await TENSORBOARD.read(folder)).map(({ id, numbers }) => [id, numbers.length])).toEqual([
      ['tf1', 2],
      ['tf2', 1],
    ]);
  });

  test.each([TF1, TF2])('%s cut anywhere but between records is partial', async (path) => {
    const bytes = new Uint8Array(await readFile(path));
    const ends = listEnds(bytes);
    for (let length = 1; length < bytes.length; length += 1) {
      const [run] = await TENSORBOARD.read(memorySource(path, bytes.subarray(0, length)));
      expect(run?.status).toBe(ends.has(length) ? 'complete' : 'partial');
    }
  });

  test.each([TF1, TF2])('%s with changed bytes', async (path) => {
    expect(await findFlaws(TENSORBOARD, path, { undetectable: true })).toEqual([]);
  });

  test('a changed byte is found by its checksum', async () => {
    const bytes = new Uint8Array(await readFile(TF2));
    bytes[120] = (bytes[120] ?? 0) ^ 1;
    await expect(TENSORBOARD.read(memorySource(TF2, bytes))).rejects.toThrow(
      'is damaged: the checksum of the record at byte 88 is wrong',
    );
  });

  test('of any size are never read whole', async () => {
    const bytes = new Uint8Array(await readFile(TF2));
    const source: ForeignSource = {
      ...memorySource(TF2, bytes),
      readBytes: async () => {
        throw new Error('read whole');
      },
      stream: async function* stream() {
        for (let copy = 0; copy < 3000; copy += 1) yield bytes;
      },
    };
    expect(await TENSORBOARD.read(source)).toMatchObject([
      { status: 'complete', numbers: [{ key: 'epoch_accuracy' }] },
    ]);
  });

  test('checksums are those of RFC 3720', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a_91_36_aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62_a8_ab_43);
  });
});
