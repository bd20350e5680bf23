import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';
import { outputsOf, replaceOutputs } from '../../src/outcomes/model-outputs.ts';
import { pairOutcomes } from '../../src/outcomes/pair-outcomes.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/outcomes/stored-form.ts';
import {
  gradedExamples,
  multiclassExamples,
  multilabelExamples,
  quantileExamples,
  rankingExamples,
} from '../metrics/examples-of.ts';
import { anyOutcomes } from './arbitrary-outcomes.ts';
import { binaryOutcomes, multiclassOutcomes, outcomesOf, regressionOutcomes } from './outcomes-of.ts';

function roundTrip(outcomes: Outcomes, exactRows?: number): Outcomes {
  return decodeOutcomes(encodeOutcomes(outcomes, exactRows), 'stored.gz');
}

/** The stored form with its header or its columns changed. */
function tamper(
  outcomes: Outcomes,
  change: (header: Record<string, unknown>) => Record<string, unknown>,
  columns: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Uint8Array {
  const content = gunzipSync(encodeOutcomes(outcomes));
  const end = content.indexOf(0x0a);
  const header = JSON.parse(content.subarray(0, end).toString()) as Record<string, unknown>;
  const line = Buffer.from(`${JSON.stringify(change(header))}\n`);
  return gzipSync(Buffer.concat([line, columns(content.subarray(end + 1))]));
}

function messageOf(bytes: Uint8Array): string {
  try {
    decodeOutcomes(bytes, 'stored.gz');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}

function cut(bytes: Buffer): Buffer {
  return bytes.subarray(0, -1);
}

/** A header whose last column, the weights, starts below 0. */
function negate(header: Record<string, unknown>): Record<string, unknown> {
  const columns = header['columns'] as readonly Record<string, unknown>[];
  return {
    ...header,
    columns: columns.map((column) => (column['name'] === 'weight' ? { ...column, offset: -9 } : column)),
  };
}

/** One output of a model moved a little, and the first bit of the others kept. */
function moveOne(outcomes: Outcomes, at: number): Outcomes {
  const outputs = outputsOf(outcomes);
  const output = outputs[at % Math.max(1, outputs.length)];
  if (output === undefined) return outcomes;
  const columns = output.columns.map((column, index) =>
    index === 0 ? column.map((value, row) => (row === at % column.length ? value / 2 : value)) : column,
  );
  return replaceOutputs(outcomes, [{ ...output, columns }]);
}

function same(header: Record<string, unknown>): Record<string, unknown> {
  return header;
}

const BINARY = binaryOutcomes([0, 1, 1, 0, 1], [0.1, 0.9, 0.3, 1, 0]);
const MULTICLASS = multiclassOutcomes(['owl', 'gull', 'owl'], ['owl', 'owl', 'hawk']);

const ROWS = 5000;

/** A column of random numbers between 0 and 1. */
type Draw = () => readonly number[];

function nameClasses(values: readonly number[]): readonly string[] {
  return values.map((value) => `c${Math.floor(value * 10)}`);
}

function probabilitiesOf(draw: Draw): Outcomes {
  return outcomesOf({
    ...multiclassExamples(nameClasses(draw()), nameClasses(draw())),
    trueProbability: Float64Array.from(draw()),
    squaredErrors: Float64Array.from(draw()),
    trueRank: Uint32Array.from(draw(), (value) => 1 + Math.floor(value ** 4 * 10)),
  });
}

function labelsOf(draw: Draw): Outcomes {
  const columns = Array.from({ length: 20 }, draw);
  const rows = Array.from({ length: ROWS }, (_, row) => columns.map((column) => column[row] ?? 0));
  return outcomesOf(
    multilabelExamples(
      rows.map((scores) => scores.map((score) => (score > 0.9 ? 1 : 0))),
      rows,
    ),
  );
}

function quantilesOf(draw: Draw): Outcomes {
  const target = draw();
  const levels = [0.05, 0.1, 0.5, 0.9, 0.95];
  const columns = levels.map((level) => draw().map((value, row) => (target[row] ?? 0) + level - value));
  return outcomesOf(quantileExamples(target, levels, columns));
}

function queriesOf(draw: Draw): Outcomes {
  const [relevance, score] = [draw(), draw()];
  const queries = Array.from({ length: ROWS / 20 }, (_, query) =>
    Array.from({ length: 20 }, (__, item) => ({
      relevance: (relevance[query * 20 + item] ?? 0) > 0.9 ? 1 : 0,
      score: score[query * 20 + item] ?? 0,
    })),
  );
  return outcomesOf(rankingExamples(queries));
}

describe('the stored form of outcomes', () => {
  test('keeps everything but the ids', () => {
    for (const outcomes of [
      BINARY,
      { ...BINARY, score: undefined },
      MULTICLASS,
      regressionOutcomes([1, -2.5], [0, 1e300]),
    ]) {
      expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
    }
    expect(Buffer.from(encodeOutcomes(BINARY)).includes('e000001')).toBe(false);
    expect(gunzipSync(encodeOutcomes(BINARY)).includes('e000001')).toBe(false);
  });

  test('keeps numbers of few places or 32 bits to the last bit', () => {
    const places = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom(1, 10, 1e3, 1e6));
    const number = fc.oneof(
      places.map(([multiple, scale]) => (multiple === 0 ? 0 : multiple / scale)),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(places, { minLength: 1, maxLength: 50 }), (rows) => {
        const values = rows.map(([multiple, scale]) => (multiple === 0 ? 0 : multiple / scale));
        const outcomes = regressionOutcomes(values, values.toReversed());
        expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
      }),
      { seed: 11 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (score) => {
          const outcomes = binaryOutcomes(
            score.map(() => 1),
            score,
          );
          expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
        },
      ),
      { seed: 12 },
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (values) => {
        const outcomes = regressionOutcomes(values, values);
        expect(pairOutcomes(outcomes, roundTrip(outcomes, 0))).toMatchObject({
          pair: { candidate: { predicted: outcomes.predicted }, baseline: { predicted: outcomes.predicted } },
        });
      }),
      { seed: 14 },
    );
  });

  test('rounds other scores by less than any loss can see, and keeps their order', () => {
    const probability = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1e-6, noNaN: true }).map((distance) => 1 - distance),
    );
    fc.assert(
      fc.property(fc.array(probability, { minLength: 2, maxLength: 50 }), (score) => {
        const outcomes = binaryOutcomes(
          score.map((_, row) => row % 2),
          [...score, 1 / 3, Math.PI / 4].slice(-score.length),
        );
        const exact = [...(outcomes.score ?? [])];
        const kept = roundTrip(outcomes, 0);
        const rounded = kept.task === 'binary-classification' ? [...(kept.score ?? [])] : [];
        expect(kept.exactDigest).toMatch(/^[0-9a-f]{64}$/);
        expect(kept).toMatchObject({ predicted: outcomes.predicted });
        exact.forEach((p, row) => {
          const back = rounded[row] ?? Number.NaN;
          expect(Math.abs(back - p)).toBeLessThanOrEqual(
            2 ** -29 * Math.min(p, 1 - p) + Number.MIN_VALUE * 2 ** 24,
          );
          const above = rounded.filter((_, second) => p < (exact[second] ?? Number.NaN));
          expect(Math.min(1, ...above)).toBeGreaterThanOrEqual(back);
        });
      }),
      { seed: 15 },
    );
  });

  test('rounds other values by their residual, however far from 0 they lie', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (offset, residuals) => {
          const target = [...residuals, Math.PI].map((_, row) => offset + row / 3);
          const candidate = regressionOutcomes(
            target,
            target.map((value) => value + Math.E),
          );
          const baseline = regressionOutcomes(
            target,
            target.map((value, row) => value + (residuals[row] ?? Math.PI)),
          );
          const pairing = pairOutcomes(candidate, roundTrip(baseline, 0));
          if (pairing.kind === 'unpaired' || pairing.pair.task !== 'regression')
            throw new Error('They are not paired.');
          const kept = pairing.pair.baseline;
          expect(kept.target).toEqual(candidate.target);
          baseline.predicted.forEach((value, row) => {
            const [residual, error] = [
              Math.abs(value - (target[row] ?? 0)),
              Math.abs((kept.predicted[row] ?? 0) - value),
            ];
            expect(error).toBeLessThanOrEqual(2 ** -21 * residual + 2 ** -50 * Math.abs(value));
          });
        },
      ),
      { seed: 16 },
    );
  });

  test('of version 1, which kept every score as a 64-bit float, is read', () => {
    const score = [0.1 + 0.2, 1 / 3];
    const { idsDigest, testSetDigest, labels } = BINARY;
    const header = {
      format: 'mlgate-outcomes',
      version: 1,
      task: 'binary-classification',
      n: 2,
      idsDigest,
      testSetDigest,
      labels,
      columns: [
        { name: 'target', type: 'bit' },
        { name: 'predicted', type: 'bit' },
        { name: 'score', type: 'f64' },
      ],
    };
    const plain = new Uint8Array(Float64Array.from(score).buffer);
    const planes = Array.from({ length: 16 }, (_, at) => plain[(at % 2) * 8 + Math.floor(at / 2)] ?? 0);
    const bytes = gzipSync(
      Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from([2, 0, ...planes])]),
    );
    expect(decodeOutcomes(bytes, 'stored.gz')).toMatchObject({
      target: Uint8Array.of(0, 1),
      predicted: Uint8Array.of(0, 0),
      score: Float64Array.from(score),
    });
    expect(decodeOutcomes(bytes, 'stored.gz').exactDigest).toBeUndefined();
  });

  test('keeps every number of a small test set exactly', () => {
    for (const outcomes of [
      binaryOutcomes([0, 1], [1 / 3, 1e-17]),
      regressionOutcomes([Math.PI, -1e300], [Math.E, 1 / 3]),
    ]) {
      expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
    }
  });

  test('is the same for the same outcomes', () => {
    expect(encodeOutcomes(BINARY)).toEqual(encodeOutcomes(BINARY));
  });

  test('takes at most 6 bytes a row, whatever the numbers', () => {
    const n = 20_000;
    const random = (purpose: string): readonly number[] => {
      const next = streamOf(1, purpose);
      return Array.from({ length: n }, () => next.uniform());
    };
    const [uniform, other] = [random('a'), random('b')];
    const target = uniform.map((value) => (value > 0.5 ? 1 : 0));
    const bytesPerRow = (outcomes: Outcomes): number => encodeOutcomes(outcomes, 0).length / n;
    expect(bytesPerRow(binaryOutcomes(target, other))).toBeLessThan(4.6);
    expect(
      bytesPerRow(
        binaryOutcomes(
          target,
          other.map((p) => Number(p.toFixed(4))),
        ),
      ),
    ).toBeLessThan(2.3);
    expect(bytesPerRow(binaryOutcomes(target, other.map(Math.fround)))).toBeLessThan(4);
    expect(
      bytesPerRow(
        regressionOutcomes(
          uniform.map((x) => 1e6 + 1e3 * x),
          other.map((x) => 1e6 + 1e3 * x),
        ),
      ),
    ).toBeLessThan(6);
    expect(
      bytesPerRow(
        regressionOutcomes(
          uniform.map((x) => Number((1e3 * x).toFixed(2))),
          other.map((x) => 1e3 * x),
        ),
      ),
    ).toBeLessThan(6);
  });

  test.each([
    ['probabilities of ten classes', 10.5, (draw: Draw) => probabilitiesOf(draw)],
    ['twenty labels', 90, (draw: Draw) => labelsOf(draw)],
    ['five quantiles', 19, (draw: Draw) => quantilesOf(draw)],
    ['a query of twenty items', 90, (draw: Draw) => queriesOf(draw)],
    ['a grade', 4.5, (draw: Draw) => outcomesOf(gradedExamples({ helpful: draw() }))],
  ])('of %s take at most %d bytes a row', (_what, most, make) => {
    const next = streamOf(2, 'sizes');
    const outcomes = make(() => Array.from({ length: ROWS }, () => next.uniform()));
    const size = encodeOutcomes(outcomes, 0).length / outcomes.n;
    expect(size).toBeLessThan(most);
    expect(size).toBeGreaterThan(most / 1.5);
  });

  test('of another version, format or task is refused by name', () => {
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, version: 4 })))).toMatch(
      /stored\.gz .*version 4, not 1, 2, 3/,
    );
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, format: 'other' })))).toMatch(/another format/);
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, task: 'chess' })))).toMatch(
      /header is invalid/,
    );
    expect(messageOf(gzipSync('[]\n'))).toMatch(/another format/);
    expect(messageOf(gzipSync('{"format"\n'))).toMatch(/not JSON/);
    expect(messageOf(gzipSync('no line'))).toMatch(/no header/);
    expect(messageOf(Buffer.from('not gzip'))).toMatch(/not whole gzip/);
    expect(messageOf(encodeOutcomes(BINARY).subarray(0, 60))).toMatch(/not whole gzip/);
  });

  test.each([
    ['no rows', { n: 0 }],
    ['a fraction of rows', { n: 2.5 }],
    ['more rows than fit', { n: 1e12 }],
    ['a digest that is none', { idsDigest: 'x' }],
    ['labels that are no texts', { labels: [0, 1] }],
    ['labels twice', { labels: ['a', 'a'] }],
    ['a column of another name', { columns: [{ name: '__proto__', type: 'bit' }] }],
    ['a scale of nothing', { columns: [{ name: 'score', type: 'decimal', scale: 0 }] }],
    ['a digest of scores that is none', { exactDigest: 'x' }],
    ['a column of another type', { columns: [{ name: 'target', type: 'f16' }] }],
    ['bits where numbers belong', { columns: [{ name: 'scores', type: 'bit' }] }],
    ['a column twice', { columns: Array.from({ length: 2 }, () => ({ name: 'target', type: 'bit' })) }],
    ['levels that do not ascend', { levels: [0.5, 0.5] }],
    ['items that are no number', { items: 'many' }],
  ])('with %s is refused', (_what, change) => {
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, ...change })))).toMatch(/header is invalid/);
  });

  test('with columns that do not fit is refused', () => {
    expect(messageOf(tamper(BINARY, same, cut))).toMatch(/cut short/);
    expect(messageOf(tamper(BINARY, same, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])))).toMatch(
      /follow/,
    );
    expect(messageOf(tamper(BINARY, (header) => ({ ...header, labels: ['a'] })))).toMatch(/not binary/);
    expect(
      messageOf(
        tamper(BINARY, same, (bytes) =>
          Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(bytes.length - 2, 0xff)]),
        ),
      ),
    ).toMatch(/no probability/);
    expect(messageOf(tamper(MULTICLASS, (header) => ({ ...header, labels: ['a', 'b'] })))).toMatch(
      /label is out of range/,
    );
    expect(
      messageOf(
        tamper(regressionOutcomes([1], [Math.fround(0.1)]), same, (bytes) =>
          Buffer.alloc(bytes.length, 0xff),
        ),
      ),
    ).toMatch(/not finite/);
    expect(
      messageOf(
        tamper(
          BINARY,
          (header) => ({ ...header, columns: [] }),
          () => Buffer.alloc(0),
        ),
      ),
    ).toMatch(/not binary/);
  });

  test('brings back the outcomes of every task, with their weights', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        expect(roundTrip(outcomes)).toEqual({ ...outcomes, ids: undefined });
      }),
      { seed: 16, numRuns: 300 },
    );
  });

  test('of every task that were rounded pair to the last bit with what they were', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        const kept = roundTrip(outcomes, 0);
        const pairing = pairOutcomes(outcomes, kept);
        if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
        const { candidate, baseline } = pairing.pair;
        expect(candidate).toEqual(outcomes);
        expect(outputsOf(baseline)).toEqual(outputsOf(outcomes));
        expect(baseline.exactDigest).toBeUndefined();
      }),
      { seed: 17, numRuns: 300 },
    );
  });

  test('of every task that were rounded stay equal where they were, beside a model that differs in one number', () => {
    fc.assert(
      fc.property(anyOutcomes, fc.nat(), (outcomes, at) => {
        const moved = moveOne(outcomes, at);
        const pairing = pairOutcomes(moved, roundTrip(outcomes, 0));
        if (pairing.kind === 'unpaired') throw new Error(pairing.detail);
        const [own, other] = [pairing.pair.candidate, pairing.pair.baseline].map((side) =>
          outputsOf(side).flatMap(({ columns }) => columns.flatMap((column) => [...column])),
        );
        const exact = outputsOf(outcomes).flatMap(({ columns }) => columns.flatMap((column) => [...column]));
        const differing = (own ?? []).filter((number, index) => number !== other?.[index]);
        expect(differing.length).toBeLessThanOrEqual(1);
        // Off by 2^-21 of itself, or of its distance from a target of at most a million.
        other?.forEach((number, index) =>
          expect(Math.abs(number - (exact[index] ?? 0))).toBeLessThanOrEqual(1),
        );
      }),
      { seed: 18, numRuns: 300 },
    );
  });

  test('is read as version 2 wrote it', () => {
    const [binary, multiclass, regression] = readFileSync('test/data/stored-outcomes-2.txt', 'utf8')
      .trim()
      .split('\n')
      .map((line) => decodeOutcomes(Buffer.from(line, 'base64'), 'stored.gz'));
    const own = binaryOutcomes([0, 1, 1], [0.25, 1 / 3, 0.9]);
    expect(pairOutcomes(own, binary ?? own)).toEqual({
      kind: 'paired',
      pair: { task: own.task, candidate: own, baseline: { ...own, ids: undefined } },
    });
    const classes = multiclassOutcomes(['owl', 'gull', 'owl'], ['owl', 'owl', 'hawk']);
    expect(multiclass).toEqual({ ...classes, ids: undefined });
    const values = regressionOutcomes([1, Math.PI, 3], [1.5, 2.5, Math.E]);
    expect(pairOutcomes(values, regression ?? values)).toMatchObject({
      kind: 'paired',
      pair: { baseline: { target: values.target, predicted: values.predicted } },
    });
  });

  test('of queries, levels and grades that do not fit is refused', () => {
    const ranking = outcomesOf(
      rankingExamples([[{ relevance: 1, score: 2 }], [{ relevance: 0, score: 1.5 }]]),
    );
    expect(messageOf(tamper(ranking, (header) => ({ ...header, items: 1 })))).toMatch(/follow|as many items/);
    const graded = outcomesOf(gradedExamples({ helpful: [1, 2] }));
    expect(messageOf(tamper(graded, (header) => ({ ...header, directions: [] })))).toMatch(/incomplete/);
    expect(messageOf(tamper(graded, (header) => ({ ...header, bounds: [[2, 1]] })))).toMatch(
      /header is invalid/,
    );
    const quantiles = outcomesOf(
      quantileExamples(
        [1, 2],
        [0.1, 0.9],
        [
          [0, 1],
          [2, 3],
        ],
      ),
    );
    expect(messageOf(tamper(quantiles, (header) => ({ ...header, levels: [0.9, 0.1] })))).toMatch(
      /header is invalid/,
    );
    expect(messageOf(tamper(quantiles, (header) => ({ ...header, levels: [0.1] })))).toMatch(/follow/);
    expect(messageOf(tamper({ ...BINARY, weights: Float64Array.of(1, 2, 3, 4, 5) }, negate))).toMatch(
      /weight is negative/,
    );
  });

  test('never crashes on bytes that are anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, packed) => {
        expect(messageOf(packed ? gzipSync(bytes) : bytes)).toMatch(/holds no outcomes/);
      }),
      { seed: 13 },
    );
  });
});
