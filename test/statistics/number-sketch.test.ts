/** Sketches that merge: what they hold depends on the numbers alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound, nextBucket } from '../../src/statistics/double-bits.ts';
import { findBin } from '../../src/statistics/edges.ts';
import { gatherLengths } from '../../src/statistics/gather-lengths.ts';
import { gatherNumbers, registersOf } from '../../src/statistics/gather-numbers.ts';
import {
  addHash,
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
  parseRegisters,
  printRegisters,
} from '../../src/statistics/hyper-log-log.ts';
import { mergeSketches, type NumberSketch } from '../../src/statistics/number-sketch.ts';
import { gatherSummary, mergeSummaries } from '../../src/statistics/number-summary.ts';
import { chooseEdges, countBetween, quantilesOf, rankErrorOf } from '../../src/statistics/sketch-shape.ts';

const MOST = 16;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const few = fc.integer({ min: -20, max: 20 });
const numbers = fc.array(fc.oneof(finite, few, fc.double({ min: 1e9, max: 1e9 + 1, noNaN: true })), {
  minLength: 1,
  maxLength: 120,
});

const shuffledPairs = numbers.chain((values) =>
  fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
);

function sketch(values: readonly number[], most = MOST, edges?: readonly number[]) {
  const gatherer = gatherNumbers(most, edges);
  for (let at = 0; at < values.length; at += 7) {
    const piece = Float64Array.from(values.slice(at, at + 7));
    gatherer.add(piece, piece.length);
  }
  return gatherer.finish();
}

function total({ counts }: NumberSketch): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

describe('buckets of doubles', () => {
  it('begin at most at the number, and end above it', () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 0, max: 62 }), (value, dropped) => {
        const lower = lowerBound(value, dropped);
        expect(lower).toBeLessThanOrEqual(value);
        expect(lowerBound(lower, dropped)).toBe(lower);
        const next = nextBucket(lower, dropped);
        expect(next === Number.MAX_VALUE || next > value).toBe(true);
      }),
    );
  });

  it('of fewer bits hold those of more', () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 0, max: 61 }), (value, dropped) => {
        expect(lowerBound(lowerBound(value, dropped), dropped + 1)).toBe(lowerBound(value, dropped + 1));
      }),
    );
  });

  it('are symmetric only where they must be: 0 and -0 are one, -1 and 1 begin their own', () => {
    expect([lowerBound(-0, 0), lowerBound(-1, 52), lowerBound(1, 52), lowerBound(-1.5, 52)]).toEqual([
      0, -1, 1, -2,
    ]);
  });
});

describe('a sketch of numbers', () => {
  it('does not depend on their order', () => {
    fc.assert(
      fc.property(shuffledPairs, ([values, shuffled]) => {
        expect(sketch(shuffled)).toEqual(sketch(values));
      }),
    );
  });

  it('of parts merges to that of the whole', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (values, cut) => {
        const at = cut % values.length;
        const [one, other] = [sketch(values.slice(0, at)).sketch, sketch(values.slice(at)).sketch];
        expect(mergeSketches(one, other, MOST)).toEqual(sketch(values).sketch);
      }),
    );
  });

  it('keeps every number in at most so many buckets, and knows each while there are few', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const made = sketch(values).sketch;
        expect(total(made)).toBe(values.length);
        expect(made.values.length).toBeLessThanOrEqual(MOST);
        const distinct = [...new Set(values.map((value) => value + 0))].toSorted((a, b) => a - b);
        const isFew = distinct.length <= MOST;
        expect(made.dropped === 0).toBe(isFew);
        expect(isFew ? made.values : distinct).toEqual(distinct);
      }),
    );
  });

  it('counts between edges that it is given, whatever it forgets of the numbers', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.uniqueArray(fc.oneof(few, finite), { minLength: 2, maxLength: 9 }),
        (values, raw) => {
          const edges = raw.map((edge) => edge + 0).toSorted((a, b) => a - b);
          fc.pre(new Set(edges).size === edges.length);
          const expected = Array.from({ length: edges.length + 1 }, () => 0);
          for (const value of values)
            expected[findBin(edges, value)] = (expected[findBin(edges, value)] ?? 0) + 1;
          const { frozen } = sketch(values, MOST, edges);
          expect([frozen?.below, ...(frozen?.counts ?? []), frozen?.above]).toEqual(expected);
        },
      ),
    );
  });

  it('gives quantiles whose rank is within its stated error', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 300 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        const made = sketch(values, 64).sketch;
        const [min, max] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
        const error = rankErrorOf(made) * values.length + 1;
        const levels = [0, 0.1, 0.5, 0.9, 1];
        quantilesOf(made, { min, max }, levels).forEach((quantile, at) => {
          const rank = (levels[at] ?? 0) * (values.length - 1);
          const below = sorted.filter((value) => value < quantile).length;
          const notAbove = sorted.filter((value) => value <= quantile).length;
          expect(below).toBeLessThanOrEqual(rank + error);
          expect(notAbove).toBeGreaterThanOrEqual(rank - error);
        });
      }),
    );
  });

  it('gives the quantiles of R type 7 while it knows all numbers', () => {
    const made = sketch([10, 1, 2, 2, 5], 16).sketch;
    expect(quantilesOf(made, { min: 1, max: 10 }, [0, 0.25, 0.5, 0.9, 1])).toEqual([1, 2, 2, 8, 10]);
  });
});

describe('first edges', () => {
  it('give each of few numbers a bin with edges midway between neighbours', () => {
    const made = sketch([1, 2, 2, 4]).sketch;
    expect(chooseEdges(made, { min: 1, max: 4 }, 8)).toEqual([0.5, 1.5, 3, 5]);
    expect(countBetween(made, [0.5, 1.5, 3, 5])).toEqual([1, 2, 1]);
  });

  it('rise, hold every number, and give bins of equal mass', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 12 }), (values, bins) => {
        const made = sketch(values, 64).sketch;
        const [min, max] = [Math.min(...values), Math.max(...values)];
        const edges = chooseEdges(made, { min, max }, bins);
        expect(edges.length - 1).toBeLessThanOrEqual(Math.max(bins, 1));
        edges.slice(1).forEach((edge, at) => expect(edge).toBeGreaterThan(edges[at] ?? edge));
        const counts = countBetween(made, edges);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
    const even = sketch(
      Array.from({ length: 6_400 }, (_, at) => at + 1),
      4_096,
    ).sketch;
    const counts = countBetween(even, chooseEdges(even, { min: 1, max: 6_400 }, 64));
    expect([Math.min(...counts), Math.max(...counts)].every((count) => Math.abs(count - 100) <= 4)).toBe(
      true,
    );
  });

  it('leave the mass of a value that stands often in one bin', () => {
    const values = [...Array.from({ length: 90 }, () => 0), ...Array.from({ length: 30 }, (_, at) => at + 1)];
    const made = sketch(values, 64).sketch;
    const edges = chooseEdges(made, { min: 0, max: 30 }, 4);
    expect(edges.slice(0, 2)).toEqual([0, 1]);
    expect(countBetween(made, edges)[0]).toBe(90);
  });
});

describe('a summary of numbers', () => {
  it('of parts merges to that of the whole, moments but for the last digits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 }),
        (values) => {
          const whole = gatherSummary(MOST);
          whole.add(Float64Array.from(values));
          const [one, other] = [values.slice(0, 1), values.slice(1)].map((part) => {
            const gatherer = gatherSummary(MOST);
            gatherer.add(Float64Array.from([...part, Number.NaN, Number.POSITIVE_INFINITY]));
            return gatherer.finish()?.summary;
          });
          if (one === undefined || other === undefined) throw new Error('nothing was gathered');
          const { moments: expected, ...rest } = whole.finish()?.summary ?? { moments: undefined };
          const { moments, ...merged } = mergeSummaries(one, other, MOST);
          expect(merged).toEqual(rest);
          expect(moments?.n).toBe(expected?.n);
          expect(moments?.mean).toBeCloseTo(expected?.mean ?? Number.NaN, 6);
          expect((moments?.sum2 ?? 0) / ((expected?.sum2 ?? 0) || 1)).toBeCloseTo(
            expected?.sum2 === 0 ? 0 : 1,
            9,
          );
        },
      ),
    );
  });

  it('has no moments where a sum overflows, and still all the rest', () => {
    const gatherer = gatherSummary(MOST);
    gatherer.add(Float64Array.from([Number.MAX_VALUE, Number.MAX_VALUE, -1, 0]));
    const { summary } = gatherer.finish() ?? {};
    expect(summary).toMatchObject({ min: -1, max: Number.MAX_VALUE, zeros: 1 });
    expect(summary).not.toHaveProperty('moments');
  });

  it('of lengths is that of any numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 1_030 }), { maxLength: 50 }), (lengths) => {
        const edges = [0.5, 3.5, 1_024, 1_027];
        const [fast, plain] = [gatherLengths(MOST, edges), gatherSummary(MOST, edges)];
        fast.add(Int32Array.from(lengths));
        plain.add(Float64Array.from(lengths, (length) => (length < 0 ? Number.NaN : length)));
        expect(sameCounts(fast.finish())).toEqual(sameCounts(plain.finish()?.summary));
      }),
    );
  });
});

/** Without moments, whose last digits differ. */
function sameCounts(summary: ReturnType<ReturnType<typeof gatherLengths>['finish']>) {
  return summary === undefined ? undefined : { ...summary, moments: summary.moments?.n };
}

describe('a count of distinct values', () => {
  it.each([10, 1_000, 20_000, 200_000])('of %i is within five standard errors', (count) => {
    const estimate = estimateDistinct(registersOf(Float64Array.from({ length: count }, (_, at) => at / 7)));
    expect(Math.abs(estimate / count - 1)).toBeLessThan(5 * 0.01625);
  });

  it('of parts merges to that of the whole', () => {
    const [one, other] = [registersOf([1, 2, 3]), registersOf([3, 4])];
    expect(mergeRegisters(one, other)).toEqual(registersOf([1, 2, 3, 4]));
  });

  it('is written and read', () => {
    const registers = emptyRegisters();
    addHash(registers, 0xffffffff, 0);
    addHash(registers, 0, 0x80000000);
    expect(parseRegisters(printRegisters(registers))).toEqual(registers);
    expect(() => parseRegisters('A')).toThrow(RangeError);
    expect(() => parseRegisters('!'.repeat(4_096))).toThrow(RangeError);
  });
});
