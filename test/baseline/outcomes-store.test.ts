import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTestSets } from '../../src/baseline/outcomes-store.ts';
import { readOutcomeFiles } from '../../src/chain/evidence-files.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf, TEST_SET } from './evidence.ts';

function evidenceAbout(...models: readonly string[]): Evidence {
  const [metric] = evidenceOf('1'.repeat(40)).body.metrics;
  if (metric === undefined) throw new Error('one metric');
  const metrics = models.map((model) => ({ ...metric, about: { model, datasetDigest: TEST_SET } }));
  return evidenceOf('1'.repeat(40), { body: { metrics } });
}

describe('listTestSets', () => {
  it('leaves out what no config lets a model be called', () => {
    const evil = ['../../secret', '/etc/passwd', '..', 'a\\b', '', '__proto__', 'a/b', 'c:x', 'x\n'];
    expect([...listTestSets(evidenceAbout('churn', ...evil, 'v1.2_b-3'))]).toEqual([
      ['churn', TEST_SET],
      ['v1.2_b-3', TEST_SET],
    ]);
  });

  it('so no file beside the folder of outcomes is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mlgate-outcomes-'));
    try {
      await mkdir(join(folder, 'results', 'outcomes'), { recursive: true });
      await writeFile(join(folder, 'secret.bin'), 'secret');
      await writeFile(join(folder, 'results', 'outcomes', 'churn.bin'), 'outcomes');
      const evidence = evidenceAbout('../../secret', 'churn');
      const read = await readOutcomeFiles(evidence, join(folder, 'results'));
      expect(read.map(({ model }) => model)).toEqual(['churn']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
