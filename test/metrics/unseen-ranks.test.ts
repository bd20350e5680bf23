import { describe, expect, test } from 'vitest';
import { unseenShare } from '../../src/metrics/estimate.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { measureForm } from '../../src/metrics/measure.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { binaryExamples } from './examples-of.ts';

const LEVEL = 0.9;

function measureArea(target: readonly number[], score: readonly number[]) {
  const form = formOf('roc_auc', binaryExamples(target, score));
  if (form === undefined) throw new Error('an area');
  return measureForm(form, { level: LEVEL, resamples: 200, random: createRandom(1) });
}

describe('the interval of the area under the curve', () => {
  test('reaches what unseen positives, all ranked last, would make of it', () => {
    const target = Array.from({ length: 120 }, (_, row) => (row < 20 ? 1 : 0));
    const score = target.map((label, row) => (label === 1 ? 0.98 : 0.99) - row * 0.008);
    const { value, interval } = measureArea(target, score);
    const share = unseenShare(20, LEVEL);
    expect(value).toBeGreaterThan(0.9);
    expect(value).toBeLessThan(1);
    expect(interval?.low).toBeCloseTo(value * (1 - share), 12);
    expect(interval?.method).toBe('DeLong (logit), widened for unseen ranks');
  });

  test('lies above the true area no more often than alpha, where few positives are ranked last', () => {
    const [random, positives, negatives, dropped, runs] = [createRandom(3), 20, 60, 0.03, 200];
    // Positives on 0.5 to 1 against negatives on 0.1 to 0.6: a pair is lost with probability 0.2 * 0.2 / 2.
    const area = (1 - dropped) * 0.98;
    let above = 0;
    for (let run = 0; run < runs; run++) {
      const target = Array.from({ length: positives + negatives }, (_, row) => (row < positives ? 1 : 0));
      const score = target.map((label) => {
        if (label === 0) return 0.1 + 0.5 * random.uniform();
        return random.uniform() < dropped ? 0 : 0.5 + 0.5 * random.uniform();
      });
      if ((measureArea(target, score).interval?.low ?? 0) > area) above += 1;
    }
    expect(above / runs).toBeLessThan(0.08);
  });
});

describe('the interval of a share by group', () => {
  test('lies above the true share no more often than alpha, where a rare group fails as a whole', () => {
    const [random, groupCount, size, lost, hits, runs] = [createRandom(5), 40, 15, 0.04, 0.9, 400];
    const groups = Uint32Array.from({ length: groupCount * size }, (_, row) => Math.floor(row / size));
    let above = 0;
    for (let run = 0; run < runs; run++) {
      const shares = Array.from({ length: groupCount }, () => (random.uniform() < lost ? 0 : hits));
      const right = Uint8Array.from(groups, (group) => (random.uniform() < (shares[group] ?? 0) ? 1 : 0));
      const form = { kind: 'share', hits: right, among: undefined } as const;
      const { interval } = measureForm(form, { level: LEVEL, resamples: 200, random, groups });
      if ((interval?.low ?? 0) > hits * (1 - lost)) above += 1;
    }
    expect(above / runs).toBeLessThan(0.08);
  });
});
