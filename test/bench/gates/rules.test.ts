import { describe, expect, test } from 'vitest';
import { SHARE_RULES } from '../../../bench/gates/rules.ts';
import { spellResults, type ErrorRates } from '../../../bench/gates/results.ts';

const decide = (id: string, counts: readonly [number, number, number, number], margin = 0.02) => {
  const [both, onlyFirst, onlySecond, neither] = counts;
  return SHARE_RULES.find((rule) => rule.id === id)?.decide({ both, onlyFirst, onlySecond, neither }, margin);
};

describe('what others decide', () => {
  test('ten examples without a flip pass where an interval takes its own spread at its word', () => {
    expect(decide('paired-t', [9, 0, 0, 1])).toBe('pass');
    expect(decide('paired-bootstrap', [9, 0, 0, 1])).toBe('pass');
    expect(decide('observed-power', [9, 0, 0, 1])).toBe('pass');
  });

  test('a drop of exactly one point is no drop of more than a point', () => {
    expect(decide('drop-over-one-point', [84, 0, 1, 15])).toBe('pass');
    expect(decide('drop-over-one-point', [83, 0, 2, 15])).toBe('fail');
  });

  test('five percent are of the baseline', () => {
    expect(decide('five-percent-relative', [76, 0, 4, 20])).toBe('pass');
    expect(decide('five-percent-relative', [75, 0, 5, 20])).toBe('fail');
  });

  test('tests of no difference pass what they cannot see, and fail only for the worse', () => {
    // Five flips to nothing: exact p = 0.0625; six: 0.03125.
    expect(decide('mcnemar', [80, 0, 5, 15])).toBe('pass');
    expect(decide('mcnemar', [80, 0, 6, 14])).toBe('fail');
    expect(decide('mcnemar', [80, 6, 0, 14])).toBe('pass');
    expect(decide('two-proportions', [80, 0, 6, 14])).toBe('pass');
    expect(decide('two-proportions', [700, 0, 100, 200])).toBe('fail');
  });

  test('intervals are held against the margin on both sides', () => {
    expect(decide('paired-t', [800, 10, 90, 100])).toBe('fail');
    expect(decide('paired-t', [880, 10, 10, 100])).toBe('pass');
    expect(decide('paired-t', [860, 10, 30, 100])).toBe('inconclusive');
    expect(decide('paired-bootstrap', [860, 10, 30, 100])).toBe('inconclusive');
    expect(decide('observed-power', [86, 2, 2, 10])).toBe('inconclusive');
  });
});

test('results are JSON with one world on a line', () => {
  const world = { margin: 0.02, loss: 0, n: 50, rates: { mlgate: [0, 0, 1] as const } };
  const results: ErrorRates = {
    alpha: 0.05,
    resamples: 2000,
    seed: 1,
    accuracy: 0.85,
    rules: { 'paired-t': 'an interval' },
    shares: [
      { ...world, onlyCandidate: 0 },
      { ...world, onlyCandidate: 0.01 },
    ],
    simulated: [],
    peers: [{ ...world, onlyCandidate: 0.01, runs: 10 }],
  };
  const text = spellResults(results);
  expect(JSON.parse(text)).toEqual(results);
  expect(text.split('\n').filter((line) => line.includes('"rates"'))).toHaveLength(3);
});
