import { describe, expect, test } from 'vitest';
import { compareModel } from '../../src/comparison/compare-model.ts';
import { comparePart } from '../../src/comparison/compare-part.ts';
import type { MetricGate } from '../../src/comparison/gate.ts';
import {
  COMPARISON_METHODS,
  findIntervalMethod,
  INTERVAL_METHODS,
  METHOD_PREFIXES,
  METHOD_SUFFIXES,
} from '../../src/comparison/methods.ts';
import {
  addNumberInterval,
  estimateNumberDifference,
  type Spread,
} from '../../src/comparison/number-spread.ts';
import { measureShare } from '../../src/comparison/share-of-rows.ts';
import { measureModel } from '../../src/model/measure-model.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';
import { SCHEMAS } from '../../src/schemas/validate.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { metricOf } from '../evidence/cases.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../outcomes/outcomes-of.ts';

const OPTIONS = { alpha: 0.05, power: 0.8, seed: 1, resamples: 200 };
const SOURCE = { file: 'f', key: 'k' };

function labelsOf(scores: readonly number[]): readonly string[] {
  return scores.map((score) => ['a', 'b', 'c'][Math.floor(score * 2.99)] ?? 'a');
}

/** Two models of each task; `noise` is how far they lie apart, 0 for two that never differ. */
function twoModels(n: number, noise: number): readonly (readonly [Outcomes, Outcomes])[] {
  const random = createRandom(n + 1);
  const target = Array.from({ length: n }, (_, row) => row % 2);
  const scores = target.map((label) => 0.3 * label + 0.7 * random.uniform());
  const move = (score: number) => Math.min(1, Math.max(0, score + noise * (random.uniform() - 0.5)));
  const moved = scores.map(move);
  return [
    [binaryOutcomes(target, moved), binaryOutcomes(target, scores)],
    [
      binaryOutcomes(target, target),
      binaryOutcomes(
        target,
        target.map((label) => 0.9 * label + 0.05),
      ),
    ],
    [
      multiclassOutcomes(labelsOf(target), labelsOf(moved)),
      multiclassOutcomes(labelsOf(target), labelsOf(scores)),
    ],
    [regressionOutcomes(target, moved), regressionOutcomes(target, scores)],
    [
      regressionOutcomes(
        target,
        target.map((value) => value + 1),
      ),
      regressionOutcomes(
        target,
        target.map((value) => value + 2),
      ),
    ],
  ];
}

/** The design of a test set: rows in groups of three, or in two strata. */
function design(outcomes: Outcomes, kind: 'rows' | 'groups' | 'strata'): Outcomes {
  if (kind === 'groups')
    return { ...outcomes, groups: Uint32Array.from({ length: outcomes.n }, (_, row) => Math.floor(row / 3)) };
  if (kind === 'rows') return outcomes;
  const codes = Uint32Array.from({ length: outcomes.n }, (_, row) => Math.floor(row / 2) % 2);
  return { ...outcomes, strata: { codes, values: ['x', 'y'] } };
}

function compare(
  [candidate, baseline]: readonly [Outcomes, Outcomes],
  unpaired: boolean,
  seeds: readonly Outcomes[],
) {
  const measured = measureModel(candidate, { model: 'm', ...OPTIONS });
  const gates = measured.metrics.map(({ name }): MetricGate => {
    const maxRegression = { kind: 'relative', value: 0.05 } as const;
    return {
      about: { model: 'm' },
      metric: name,
      maxRegression,
      severity: 'fail',
      source: SOURCE,
      boundSources: {},
    };
  });
  const request = {
    candidate,
    baseline,
    ...measured,
    gates,
    sameSubject: false,
    slices: [],
    unpaired,
    seeds,
  };
  return compareModel({ ...request, ...OPTIONS }).metrics;
}

function methodsOf({ interval, comparison }: Metric): readonly string[] {
  const { interval: difference, relative } = comparison ?? {};
  return [interval, difference, relative?.interval].flatMap((one) => (one === undefined ? [] : [one.method]));
}

function listModelMethods(): readonly string[] {
  return [6, 60, 300, 5400].flatMap((n) =>
    [0, 0.4].flatMap((noise) =>
      twoModels(n, noise).flatMap(([first, second]) =>
        // What resamples rows in groups by the thousand takes long and gives no other name.
        (n > 1000 ? (['rows'] as const) : (['rows', 'groups', 'strata'] as const)).flatMap((kind) => {
          const pair = [design(first, kind), design(second, kind)] as const;
          const paired = compare(pair, false, n === 60 ? [pair[0], pair[1]] : []);
          return [...paired, ...compare(pair, true, [])].flatMap(methodsOf);
        }),
      ),
    ),
  );
}

/** A number that is a mean of so many. */
function seriesOf(n: number) {
  return { value: 1, values: Array.from({ length: n }, (_, index) => 1 + Math.sin(index * n)) };
}

function listNumberMethods(): readonly string[] {
  const spreads: readonly Spread[] = [
    { kind: 'noise', standardDeviation: 0.1, degreesOfFreedom: Number.POSITIVE_INFINITY },
    { kind: 'noise', standardDeviation: 0.1, degreesOfFreedom: 5 },
    { kind: 'folds', testShare: 0.2 },
    { kind: 'seeds' },
  ];
  return spreads.flatMap((spread) =>
    [5, 40].flatMap((n) => {
      const numbers = { candidate: seriesOf(n), baseline: { ...seriesOf(n), value: 2 } };
      const difference = estimateNumberDifference(numbers, spread, { scale: 1, level: 0.9 });
      const own = addNumberInterval(metricOf('loss', seriesOf(n)), spread, 0.9);
      return [...(difference.interval === undefined ? [] : [difference.interval.method]), ...methodsOf(own)];
    }),
  );
}

function listExplanationMethods(): readonly string[] {
  const random = createRandom(3);
  const hits = Float64Array.from({ length: 60 }, () => (random.uniform() < 0.7 ? 1 : 0));
  const others = Float64Array.from({ length: 60 }, () => (random.uniform() < 0.6 ? 1 : 0));
  const groups = Uint32Array.from({ length: 60 }, (_, row) => Math.floor(row / 3));
  return [undefined, groups].flatMap((own) => [
    measureShare(Uint8Array.from(hits), own, 0.9).interval?.method ?? '',
    ...(['share', 'mean'] as const).map(
      (kind) =>
        comparePart({ name: 'p', kind, candidate: hits, baseline: others, groups: own }, 60, 0.9).interval
          ?.method ?? '',
    ),
  ]);
}

const EMITTED = new Set([...listModelMethods(), ...listNumberMethods(), ...listExplanationMethods()]);

describe('the table of methods', () => {
  test('has every name that comparing gives an interval', () => {
    expect([...EMITTED].filter((name) => findIntervalMethod(name) === undefined)).toEqual([]);
  });

  test('has no name that nothing gives', () => {
    const found = new Set([...EMITTED].map((name) => findIntervalMethod(name)?.name));
    expect(INTERVAL_METHODS.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
    const parts = [...METHOD_PREFIXES, ...METHOD_SUFFIXES].map(({ text }) => text);
    expect(parts.filter((text) => ![...EMITTED].some((name) => name.includes(text)))).toEqual([]);
  });

  test('has the ways to compare that evidence can name, each once', () => {
    const names = SCHEMAS.evidence.$defs.metricComparison.properties.method.enum;
    expect(COMPARISON_METHODS.map(({ name }) => name)).toEqual(names);
  });

  test('does not know what is not in it', () => {
    expect(findIntervalMethod('paired magic')).toBeUndefined();
    expect(findIntervalMethod('')).toBeUndefined();
    expect(findIntervalMethod('paired DeLong, clustered by group, widened by training noise')?.name).toBe(
      'DeLong',
    );
  });
});
