import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureDrift } from '../../../src/data/drift/measure-drift.ts';
import type { DriftMethod } from '../../../src/data/drift/methods.ts';
import { findDriftFault } from '../../../src/data/drift/recompute-drift.ts';
import type { ColumnDrift, Drift } from '../../../src/schemas/evidence.generated.ts';
import { buildProfile, type Cells } from '../../helpers/build-profile.ts';
import { AGAINST_MAIN, gateOf } from './gates.ts';

/** What a config may ask for. */
type Method = Exclude<DriftMethod, 'difference'>;

function measure(reference: Cells, current: Cells, method?: Method): Drift {
  const before = buildProfile({ x: reference });
  const gate = gateOf(method === undefined ? {} : { columns: { x: { method, critical: false } } });
  const now = buildProfile({ x: current }, before);
  return measureDrift({ gate, against: AGAINST_MAIN, reference: before, current: now });
}

const numbers = fc.array(fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined, freq: 9 }), {
  minLength: 1,
  maxLength: 300,
});
const texts = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: undefined, freq: 9 }), {
  minLength: 1,
  maxLength: 300,
});
const ofNumbers = fc.constantFrom<(Method | undefined)[]>(
  undefined,
  'wasserstein',
  'kolmogorov-smirnov',
  'psi',
  'jensen-shannon',
  'cramers-v',
  'total-variation',
  'l-infinity',
);
const ofTexts = fc.constantFrom<(Method | undefined)[]>(undefined, 'psi', 'cramers-v', 'l-infinity');

const cells = (from: number): Cells => Array.from({ length: 200 }, (_, row) => from + (row % 50));

describe('findDriftFault', () => {
  it('finds nothing in what was measured', () => {
    fc.assert(
      fc.property(numbers, numbers, ofNumbers, (before, now, method) => {
        expect(findDriftFault(measure(before, now, method))).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(texts, texts, ofTexts, (before, now, method) => {
        expect(findDriftFault(measure(before, now, method))).toBeUndefined();
      }),
    );
  });

  const honest = measure(cells(0), cells(40));
  const edit = (changes: Partial<ColumnDrift>, drift: Partial<Drift> = {}): string | undefined =>
    findDriftFault({
      ...honest,
      columns: honest.columns.map((column) => ({ ...column, ...changes })),
      ...drift,
    });

  it.each<[string, Partial<ColumnDrift>, RegExp]>([
    ['a smaller distance', { value: 0.01 }, /not that of its counts/u],
    ['no distance', { value: null }, /not that of its counts/u],
    ['more chance', { nullQuantile: 9 }, /not that of its counts/u],
    ['a larger p', { p: 0.5 }, /not that of its counts/u],
    ['a unit of its own', { scale: 1e9 }, /not that of its counts/u],
    ['another method', { method: 'total-variation' }, /not that of its counts/u],
    ['a gap of what is no gap', { aspect: 'missing' }, /not measured so/u],
    ['no counts', { reference: [], current: [] }, /no counts/u],
    ['counts of other bins', { edges: [0, 1] }, /counts are missing/u],
  ])('finds %s', (_what, changes, why) => {
    expect(edit({})).toBeUndefined();
    expect(edit(changes)).toMatch(why);
  });

  it('finds more values than rows', () => {
    expect(edit({}, { rows: 10 })).toMatch(/more values than rows/u);
  });
});
