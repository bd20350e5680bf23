import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeErrorRates, drawErrorRates, THEMES } from '../../../bench/gates/picture.ts';
import type { ErrorRates } from '../../../bench/gates/results.ts';
import { SCENARIOS } from '../../../bench/gates/scenarios.ts';
import { exceeds } from '../../../bench/gates/simulate.ts';

const ROOT = new URL('../../../', import.meta.url);
const results = JSON.parse(readFileSync(new URL('bench/results/gates.json', ROOT), 'utf8')) as ErrorRates;

test.each(Object.entries(THEMES))(
  'the %s picture in the README is drawn from the committed results',
  (name, theme) => {
    const committed = readFileSync(new URL(`docs/images/error-rates-${name}.svg`, ROOT), 'utf8');
    expect(committed).toBe(drawErrorRates(results, theme));
    expect(committed).toContain(describeErrorRates(results));
  },
);

test('the committed error rates are at most nominal where they are exact', () => {
  const errors = results.shares.flatMap(({ loss, margin, rates }) => {
    const [pass, fail] = rates['mlgate'] ?? [1, 1];
    return loss >= margin ? [pass, fail] : [fail];
  });
  expect(errors.length).toBeGreaterThan(200);
  expect(Math.max(...errors)).toBeLessThanOrEqual(results.alpha);
});

test('the committed simulated error rates are nominal within their own uncertainty, but for what is open', () => {
  const above = results.simulated
    .filter(({ openBecause }) => openBecause === undefined)
    .flatMap(({ id, n, loss, margin, runs, rates }) => {
      const [pass, fail] = rates['mlgate'] ?? [1, 1];
      const errors = loss >= margin ? [pass, fail] : [fail];
      return errors
        .filter((rate) => exceeds(rate * runs, runs, results.alpha))
        .map((rate) => ({ id, n, rate }));
    });
  expect(above).toEqual([]);
  expect(new Set(results.simulated.map(({ id }) => id))).toEqual(new Set(SCENARIOS.map(({ id }) => id)));
});
