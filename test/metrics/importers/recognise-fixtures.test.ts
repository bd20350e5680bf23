import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { fileSource } from './sources.ts';

const ROOT = 'test/fixtures';

/** Folders of fixtures whose name is the format of every file in them. */
const BY_FILE = [
  'bencher',
  'deepchecks',
  'evidently',
  'frictionless',
  'github-action-benchmark',
  'great-expectations',
  'inspect-ai',
  'junit',
  'promptfoo',
  'pytest-benchmark',
  'pytest-json-report',
  'soda',
];

/** Those whose folders are runs. */
const BY_FOLDER = ['lm-eval', 'tfma'];

describe('every fixture is recognised as what wrote it, among all formats', () => {
  test.each([...BY_FILE, ...BY_FOLDER])('%s', async (format) => {
    const names = await readdir(`${ROOT}/${format}`);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const found = await recogniseFormat(await fileSource(`${ROOT}/${format}/${name}`));
      expect([name, found.format]).toEqual([name, format]);
    }
  });

  test('files of a run, named alone', async () => {
    const time = '2026-11-21T12-00-00.000000';
    for (const path of [
      `lm-eval/complete/results_${time}.json`,
      `lm-eval/complete/samples_say_answer_${time}.jsonl`,
      'tfma/validated/validations.tfrecord',
    ]) {
      const found = await recogniseFormat(await fileSource(`${ROOT}/${path}`));
      expect(found.format).toBe(path.split('/')[0]);
    }
  });
});
