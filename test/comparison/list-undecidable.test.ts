import { describe, expect, test } from 'vitest';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { listUndecidable, noteUndecidable } from '../../src/comparison/list-undecidable.ts';
import { compareModel } from '../../src/comparison/compare-model.ts';
import { measureModel } from '../../src/model/measure-model.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { binaryOutcomes } from '../outcomes/outcomes-of.ts';

const ALPHA = 0.05;

function gateOf(metric: string, value: number, extra: Partial<MetricGate> = {}): MetricGate {
  const source = { file: 'mlgate.yml', key: metric };
  return {
    about: { model: 'm' },
    metric,
    maxRegression: { kind: 'absolute', value },
    severity: 'fail',
    source,
    boundSources: {},
    ...extra,
  };
}

function modelOf(n: number): Outcomes {
  const target = Array.from({ length: n }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const scores = target.map((label, row) => 0.25 + 0.4 * label + ((row * 7) % 13) / 40);
  return binaryOutcomes(target, scores);
}

function list(outcomes: Outcomes, gates: readonly MetricGate[], unpaired = false) {
  return listUndecidable({ outcomes, gates, slices: [], unpaired, alpha: ALPHA });
}

describe('margins that a test set is too small for', () => {
  test.each([['accuracy'], ['recall'], ['f1'], ['roc_auc'], ['brier']])(
    '%s: what it says is enough is enough',
    (metric) => {
      const [found] = list(modelOf(60), [gateOf(metric, 0.02)]);
      expect(found).toMatchObject({ check: `model/m/${metric}/max-regression` });
      const needed = found?.needed ?? 0;
      expect(needed).toBeGreaterThan(100);
      expect(list(modelOf(Math.ceil(1.05 * needed)), [gateOf(metric, 0.02)])).toEqual([]);
      expect(list(modelOf(Math.floor(0.8 * needed)), [gateOf(metric, 0.02)])).toHaveLength(1);
    },
  );

  test('are those that even the same predictions do not keep', () => {
    const outcomes = modelOf(100);
    for (const margin of [0.01, 0.02, 0.03, 0.05]) {
      const gates = [gateOf('accuracy', margin)];
      const options = { alpha: ALPHA, power: 0.8, seed: 1, resamples: 100 };
      const other = { ...outcomes, score: undefined } as Outcomes;
      const [accuracy] = compareModel({
        candidate: other,
        baseline: other,
        ...measureModel(other, { model: 'm', ...options }),
        gates,
        slices: [],
        unpaired: false,
        seeds: [],
        sameSubject: false,
        ...options,
      }).metrics;
      const keeps = (accuracy?.comparison?.interval?.low ?? -1) >= -margin;
      const found = list(outcomes, gates);
      expect(found.length === 0).toBe(keeps);
      // The plan of the comparison promises no less.
      const planned = accuracy?.comparison?.examplesToDecide ?? 0;
      expect(planned).toBeGreaterThanOrEqual(found[0]?.needed ?? 0);
    }
  });

  test('need as many groups as they would need examples', () => {
    const outcomes = modelOf(400);
    const groups = Uint32Array.from({ length: 400 }, (_, row) => Math.floor(row / 10));
    expect(list(outcomes, [gateOf('accuracy', 0.02)])).toEqual([]);
    expect(list({ ...outcomes, groups }, [gateOf('accuracy', 0.02)])).toHaveLength(1);
  });

  test('are many more where the two are not paired', () => {
    const [found] = list(modelOf(400), [gateOf('recall', 0.02)], true);
    expect(found?.needed).toBeGreaterThan(600);
    expect(found?.message).toContain('even if both models were equally good; about');
  });

  test('leave out losses, improvements, and margins that are wide enough', () => {
    const gates = [gateOf('log_loss', 0.0001), gateOf('accuracy', 0.3)];
    expect(list(modelOf(40), gates)).toEqual([]);
    const { maxRegression: _, ...rest } = gateOf('accuracy', 0);
    expect(list(modelOf(40), [{ ...rest, minImprovement: { kind: 'absolute', value: 0.001 } }])).toEqual([]);
  });

  test('of slices say so for each of them', () => {
    const outcomes = modelOf(300);
    const slices = [
      {
        name: 'size=small',
        values: { size: 'small' },
        rows: Uint32Array.from({ length: 20 }, (_, row) => row),
      },
      {
        name: 'size=large',
        values: { size: 'large' },
        rows: Uint32Array.from({ length: 280 }, (_, row) => row + 20),
      },
    ];
    const gates = [gateOf('accuracy', 0.05, { everySlice: true })];
    const found = listUndecidable({ outcomes, gates, slices, unpaired: false, alpha: ALPHA });
    expect(found.map(({ check }) => check)).toEqual(['model/m/size=small/accuracy/max-regression']);
    expect(found[0]?.message).toMatch(
      /^These 20 examples cannot decide a margin of 0\.05 even if both models agreed on every one; about \d+ would\.$/,
    );
    expect(noteUndecidable('m', found)).toEqual([
      expect.stringMatching(
        /^The test set of m is too small .*: Accuracy on `size=small` \(about \d+ examples\)\. /,
      ),
    ]);
    expect(noteUndecidable('m', [])).toEqual([]);
  });
});
