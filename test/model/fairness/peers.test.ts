/** Values beside those of Fairlearn, cleanlab and Aequitas, which scripts in test/reference write. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureFairness } from '../../../src/model/fairness/measure-fairness.ts';
import { estimateConfidentJoint } from '../../../src/statistics/label-errors.ts';
import { binaryOutcomes } from '../../outcomes/outcomes-of.ts';

type Rates = Readonly<Record<string, number | null>>;

interface FairnessCase {
  readonly name: string;
  readonly target: readonly number[];
  readonly predicted: readonly number[];
  readonly groups: readonly string[];
  readonly weights?: readonly number[];
  readonly expected: {
    readonly by_group: Readonly<Record<string, Rates>>;
    readonly difference: Rates;
    readonly ratio: Rates;
  };
}

interface AequitasCase {
  readonly name: string;
  readonly by_group: Readonly<Record<string, Rates>>;
  /** Ratios to group \`a\`. */
  readonly disparity: Readonly<Record<string, Rates>>;
}

interface LabelCase {
  readonly name: string;
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly expected: {
    readonly counts: readonly (readonly number[])[];
    readonly suspects: readonly number[];
    readonly off_diagonal_share: number;
  };
}

const { fairness: FAIRNESS, labels: LABELS } = JSON.parse(
  readFileSync('test/data/fairness-cases.json', 'utf8'),
) as {
  readonly fairness: readonly FairnessCase[];
  readonly labels: readonly LabelCase[];
};

const { cases: AEQUITAS } = JSON.parse(readFileSync('test/data/aequitas-cases.json', 'utf8')) as {
  readonly cases: readonly AequitasCase[];
};

function measure({ target, predicted, groups, weights }: FairnessCase, reference?: string) {
  const values = [...new Set(groups)].sort();
  const outcomes = {
    ...binaryOutcomes(target, predicted),
    score: undefined,
    sliceColumns: new Map([
      ['group', { codes: Uint32Array.from(groups, (name) => values.indexOf(name)), values }],
    ]),
    weights: weights === undefined ? undefined : Float64Array.from(weights),
  };
  const options = {
    model: 'm',
    alpha: 0.05,
    seed: 1,
    resamples: 100,
    fairness: {
      groups: ['group'],
      severity: 'fail' as const,
      ...(reference === undefined ? {} : { reference: { group: reference } }),
    },
  };
  const [found] = measureFairness(outcomes, options);
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}

/** As many digits as must agree. */
function round(value: number | null | undefined): number | null | undefined {
  return typeof value === 'number' ? Number(value.toFixed(9)) : value;
}

describe("Fairlearn's MetricFrame", () => {
  it.each(FAIRNESS.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { groups, gaps } = measure(one);
    for (const [name, expected] of Object.entries(one.expected.by_group)) {
      const group = groups.find((own) => own.name === name);
      for (const [metric, value] of Object.entries(expected)) {
        const own = group?.rates.find((rate) => rate.metric === metric)?.value;
        expect(round(own), `${metric} of ${name}`).toBe(round(value));
      }
    }
    for (const form of ['difference', 'ratio'] as const) {
      for (const [metric, value] of Object.entries(one.expected[form])) {
        const own = gaps.find((gap) => gap.metric === metric && gap.form === form)?.value;
        // Of two rates of 0 the ratio is no number there, and 1 here: they are alike.
        expect(round(own), `${form} of ${metric}`).toBe(round(value ?? 1));
      }
    }
  });
});

describe("Aequitas' disparities", () => {
  it.each(AEQUITAS.map((one) => [one.name, one] as const))('%s', (_name, { name, by_group, disparity }) => {
    const decisions = FAIRNESS.find((one) => one.name === name);
    if (decisions === undefined) throw new Error(`No decisions for ${name}.`);
    const { groups, gaps } = measure(decisions, 'a');
    for (const [group, rates] of Object.entries(by_group)) {
      const own = groups.find((one) => one.name === group)?.rates ?? [];
      for (const [metric, value] of Object.entries(rates)) {
        expect(round(own.find((rate) => rate.metric === metric)?.value), `${metric} of ${group}`).toBe(
          round(value),
        );
      }
    }
    for (const metric of ['selection_rate', 'recall', 'precision']) {
      const ratios = Object.values(disparity).map((one) => one[metric] ?? null);
      // Both ways: a reference that is worse off is no fairer than one that is better off.
      const worst = ratios.includes(null)
        ? undefined
        : Math.min(...ratios.map((ratio) => Math.min(ratio ?? 1, 1 / (ratio ?? 1))));
      const gap = gaps.find((one) => one.metric === metric && one.form === 'ratio');
      const own = worst === undefined ? undefined : round(gap?.value);
      expect(own).toBe(round(worst));
    }
  });
});

describe("cleanlab's confident joint", () => {
  it.each(LABELS.map((one) => [one.name, one] as const))(
    '%s',
    (_name, { labels, probabilities, expected }) => {
      const columns = (probabilities[0] ?? []).map((_, label) =>
        Float64Array.from(probabilities, (row) => row[label] ?? Number.NaN),
      );
      const { counts, joint, confident } = estimateConfidentJoint(labels, columns);
      const suspects = labels.flatMap((label, row) =>
        confident[row] === -1 || confident[row] === label ? [] : [row],
      );
      expect(suspects).toEqual(expected.suspects);
      expect(counts).toEqual(expected.counts);
      // cleanlab rounds every cell of the joint to whole examples before it adds them up.
      const share = 1 - joint.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
      const rounding = columns.length / 2 / labels.length;
      expect(Math.abs(share - expected.off_diagonal_share)).toBeLessThanOrEqual(rounding);
    },
  );
});
