/** What holds for every format at once: fixtures are recognised as their own, and what they give fits into evidence. */
import { readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { describeImport } from '../../../src/chain/describe-import.ts';
import { UserError } from '../../../src/evidence/errors.ts';
import { describeFormats } from '../../../src/metrics/importers/describe-formats.ts';
import { importRun } from '../../../src/metrics/importers/import-run.ts';
import {
  findImporter,
  listFormats,
  recogniseFormat,
} from '../../../src/metrics/importers/recognise-format.ts';
import { measureNumbers } from '../../../src/metrics/measure-numbers.ts';
import { SCHEMAS } from '../../../src/schemas/validate.ts';
import { fileSource, memorySource } from './sources.ts';

const FIXTURES = 'test/fixtures';

/** Files of the folders of fixtures, and not what makes them. */
const FILES = readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${FIXTURES}/generate`))
  .map((entry) => `${entry.parentPath}/${entry.name}`)
  .filter((path) => !path.includes('/mlruns/'))
  .toSorted();

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
ajv.addSchema(SCHEMAS.evidence);
const fits = ajv.compile({
  type: 'object',
  properties: {
    import: { $ref: `${SCHEMAS.evidence.$id}#/$defs/import` },
    metrics: { type: 'array', items: { $ref: `${SCHEMAS.evidence.$id}#/$defs/metric` } },
  },
});

/** `format: status`, or why a file is refused. Throws where what it gives does not fit. */
async function readAny(path: string): Promise<string> {
  const source = await fileSource(path);
  try {
    const { format, title, run } = await importRun(source);
    const document = {
      import: describeImport('eval', { format, title, run }),
      metrics: measureNumbers(run, 'eval', []),
    };
    if (!fits(JSON.parse(JSON.stringify(document))))
      throw new Error(`${path}: ${JSON.stringify(fits.errors)}`);
    return `${format}: ${run.status}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('formats', () => {
  test('have names, titles and sources', async () => {
    const formats = await describeFormats();
    expect(formats.length).toBeGreaterThanOrEqual(listFormats().length);
    for (const { format, title, tested, versions, source } of formats) {
      expect(format).toMatch(/^[a-z]+(?:-[a-z0-9]+)*$/u);
      expect([title, versions].every((text) => text.length > 3)).toBe(true);
      expect(['real', 'fixture', 'fake']).toContain(tested);
      expect(source).toMatch(/^https:\/\//u);
    }
    expect(new Set(formats.map(({ format }) => format)).size).toBe(formats.length);
  });

  test('are named as they are listed', async () => {
    for (const name of listFormats()) expect((await findImporter(name)).format).toBe(name);
  });

  test.each(FILES)('%s is read, or is refused with a message', async (path) => {
    expect(await readAny(path)).toMatch(/\S/u);
  });

  test.each([
    ['dvc/metrics.json', 'dvc'],
    ['dvc/metrics.toml', 'dvc'],
    ['dvc/loss.tsv', 'dvc'],
    ['mlflow/mlflow.db', 'mlflow-db'],
    ['mlflow/mlruns', 'mlflow-folder'],
    ['mlflow/MLmodel', 'mlmodel'],
    ['notebook/good.ipynb', 'notebook'],
    ['onnx/model.onnx', 'onnx'],
    ['optuna/studies.db', 'optuna'],
    ['safetensors/model.safetensors', 'safetensors'],
    ['scikit-learn/named.json', 'classification-report'],
    ['shap/explanation.json', 'shap'],
    ['shap/importances.json', 'dvc'],
    ['tensorboard', 'tensorboard'],
    ['transformers/trainer_state.json', 'trainer-state'],
  ])('%s is recognised as %s', async (path, format) => {
    expect((await recogniseFormat(await fileSource(`${FIXTURES}/${path}`))).format).toBe(format);
  });

  test('recognise what is in a file, whatever it is called', async () => {
    const source = await fileSource(`${FIXTURES}/scikit-learn/binary.json`);
    const renamed = memorySource('results', await source.readBytes());
    expect((await recogniseFormat(renamed)).format).toBe('classification-report');
  });

  test('keep keys that are too long for evidence apart', async () => {
    const [first, second] = ['a', 'b'].map((end) => `${'k'.repeat(400)}${end}`);
    const text = `{"${first ?? ''}": {"precision": 1, "recall": 1, "f1-score": 1, "support": 1}, "${second ?? ''}": {"precision": 1, "recall": 1, "f1-score": 1, "support": 1}, "accuracy": 1, "macro avg": {"precision": 1, "recall": 1, "f1-score": 1, "support": 2}, "weighted avg": {"precision": 1, "recall": 1, "f1-score": 1, "support": 2}}`;
    const { run } = await importRun(memorySource('r.json', text));
    expect(run.numbers.every(({ key }) => key.length <= 300)).toBe(true);
    expect(new Set(run.numbers.map(({ key }) => key)).size).toBe(run.numbers.length);
  });

  test('that are all at a loss say so', async () => {
    await expect(importRun(memorySource('photo.png', new Uint8Array([0x89, 0x50, 0, 1])))).rejects.toThrow(
      'photo.png is in no format that is known here.',
    );
  });
});
