/** What holds for every metric of every task. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue, measureForm } from '../../src/metrics/measure.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { selectRows } from '../../src/outcomes/select-rows.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { plainOutcomes } from '../outcomes/arbitrary-outcomes.ts';
import { namesOf } from './names-of.ts';

const OPTIONS = { level: 0.9, random: createRandom(1), resamples: 20 };

function valueOf(name: string, outcomes: Outcomes): number | undefined {
  const form = formOf(name, outcomes);
  return form === undefined ? undefined : computeValue(form, outcomes.weights);
}

/** Of bins of rows, whatever these weigh; and undefined where any row has no logarithm or no scale, whatever it weighs. */
const BY_ROW: readonly string[] = [
  'ece',
  'msle',
  'rmsle',
  'poisson_deviance',
  'gamma_deviance',
  'tweedie_deviance',
  'mase',
];

function isSame(first: number | undefined, second: number | undefined): boolean {
  if (first === undefined || second === undefined) return first === second;
  if (!Number.isFinite(first) || !Number.isFinite(second)) return Object.is(first, second);
  return Math.abs(first - second) <= 1e-7 * Math.max(1, Math.abs(first));
}

describe('every metric', () => {
  test('is undefined, and nothing worse, where there is no example', () => {
    fc.assert(
      fc.property(plainOutcomes, (outcomes) => {
        const nothing = selectRows(outcomes, new Uint32Array());
        const sure = namesOf(outcomes).filter((name) => {
          const form = formOf(name, nothing);
          const estimate = form === undefined ? undefined : measureForm(form, OPTIONS);
          return Number.isFinite(estimate?.value) || estimate?.interval !== undefined;
        });
        expect(sure).toEqual([]);
      }),
      { seed: 22, numRuns: 60 },
    );
  });

  test('is the same whether an example weighs three or stands there three times', () => {
    fc.assert(
      fc.property(plainOutcomes, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (outcomes, stream) => {
        const times = Array.from({ length: outcomes.n }, () => Number(stream.next().value));
        // A single example has no variance, however often it stands there.
        fc.pre(times.filter((count) => count > 0).length >= 2);
        const rows = times.flatMap((count, row) => Array.from({ length: count }, () => row));
        const weighted = { ...outcomes, weights: Float64Array.from(times) };
        const repeated = { ...selectRows(outcomes, Uint32Array.from(rows)), weights: undefined };
        const differing = namesOf(outcomes).filter(
          (name) =>
            !BY_ROW.includes(name.split('@')[0] ?? name) &&
            !isSame(valueOf(name, weighted), valueOf(name, repeated)),
        );
        expect(differing).toEqual([]);
      }),
      { seed: 23, numRuns: 300 },
    );
  });

  test('is the same in any order of examples', () => {
    fc.assert(
      fc.property(plainOutcomes, fc.integer(), (outcomes, seed) => {
        const rows = Uint32Array.from({ length: outcomes.n }, (_, row) => row);
        const random = createRandom(Math.abs(seed));
        for (let last = rows.length - 1; last > 0; last--) {
          const other = random.integer(last + 1);
          [rows[last], rows[other]] = [rows[other] ?? 0, rows[last] ?? 0];
        }
        const shuffled = selectRows(outcomes, rows);
        const differing = namesOf(outcomes).filter(
          (name) => !isSame(valueOf(name, outcomes), valueOf(name, shuffled)),
        );
        expect(differing).toEqual([]);
      }),
      { seed: 24, numRuns: 200 },
    );
  });

  test('has an interval around its value, with groups too', () => {
    fc.assert(
      fc.property(plainOutcomes, fc.integer({ min: 1, max: 4 }), (outcomes, count) => {
        const groups = Uint32Array.from({ length: outcomes.n }, (_, row) => row % count);
        const outside = namesOf(outcomes).filter((name) => {
          const form = formOf(name, outcomes);
          if (form === undefined) return false;
          const { value, interval } = measureForm(form, { ...OPTIONS, groups, weights: outcomes.weights });
          const slack = 1e-9 * Math.max(1, Math.abs(value));
          return interval !== undefined && !(interval.low <= value + slack && interval.high >= value - slack);
        });
        expect(outside).toEqual([]);
      }),
      { seed: 25, numRuns: 60 },
    );
  });
});
