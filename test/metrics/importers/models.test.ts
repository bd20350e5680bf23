/** Metadata of ONNX and safetensors. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/evidence/errors.ts';
import { ONNX } from '../../../src/metrics/importers/onnx.ts';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { SAFETENSORS } from '../../../src/metrics/importers/safetensors.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const MODEL = 'test/fixtures/onnx/model.onnx';
const WEIGHTS = 'test/fixtures/safetensors/model.safetensors';

describe('ONNX', () => {
  test('says what a model takes and gives, and what was written into it', async () => {
    const source = await fileSource(MODEL);
    expect((await recogniseFormat(source)).format).toBe('onnx');
    const [run] = await ONNX.read(source);
    expect(run?.numbers).toEqual([
      { key: 'nodes', value: 3 },
      { key: 'initializers', value: 0 },
      { key: 'bytes', value: source.size, unit: 'bytes', direction: 'lower-is-better' },
      { key: 'metadata.accuracy', value: 0.91 },
    ]);
    expect(run?.attributes).toMatchObject({
      producer: 'skl2onnx',
      producer_version: '1.20.0',
      inputs: 'X: float[?, 4]',
      'metadata.accuracy': '0.91',
      'metadata.team': 'churn',
    });
  });

  test('cut anywhere is refused, or is cut behind its last operator set, where nothing shows it', async () => {
    const bytes = new Uint8Array(await readFile(MODEL));
    const endings = await Promise.all(
      Array.from(
        { length: bytes.length },
        async (_, length) =>
          await ONNX.read(memorySource(MODEL, bytes.subarray(0, length))).then(
            () => 'read',
            (error: unknown) => (error instanceof UserError ? 'refused' : String(error)),
          ),
      ),
    );
    expect(new Set(endings)).toEqual(new Set(['refused', 'read']));
    // Protobuf has no end: the fields behind the first operator set are whole or absent.
    expect(endings.filter((ending) => ending === 'read').length).toBeLessThanOrEqual(4);
    expect(await findFlaws(ONNX, MODEL, { undetectable: true })).toEqual([]);
  });

  test('of any length that is no protobuf is refused', async () => {
    for (const length of [0, 1, 10, 1000, 100_000]) {
      const bytes = new Uint8Array(length).fill(0xff);
      await expect(ONNX.read(memorySource('m.onnx', bytes))).rejects.toThrow('m.onnx is no ONNX model');
    }
  });
});

describe('safetensors', () => {
  test('says what its header says', async () => {
    const source = await fileSource(WEIGHTS);
    expect((await recogniseFormat(source)).format).toBe('safetensors');
    const [run] = await SAFETENSORS.read(source);
    expect(run).toMatchObject({
      status: 'complete',
      numbers: [
        { key: 'parameters', value: 8 },
        { key: 'tensors', value: 2 },
        { key: 'bytes', value: source.size },
        { key: 'metadata.accuracy', value: 0.91 },
      ],
      attributes: { types: 'F16, F32', 'metadata.dataset': 'train-2026-11' },
    });
  });

  test('cut or changed', async () => {
    expect(await findFlaws(SAFETENSORS, WEIGHTS)).toEqual([]);
  });

  test('with a header of a size that nobody has is refused before it is read', async () => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 60n, true);
    await expect(SAFETENSORS.read(memorySource('m.safetensors', bytes))).rejects.toThrow(
      'm.safetensors is no safetensors file: its first 8 bytes are no length of a header.',
    );
  });
});
