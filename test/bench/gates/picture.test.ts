import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeErrorRates, drawErrorRates, THEMES } from '../../../bench/gates/picture.ts';
import type { ErrorRates } from '../../../bench/gates/results.ts';

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
