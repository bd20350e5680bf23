import { describe, expect, test } from 'vitest';
import { describePointChange } from '../../src/comparison/describe-change.ts';
import {
  decimalsFor,
  formatFixed,
  formatPercent,
  formatPlain,
  formatPlannedCount,
  formatSetting,
} from '../../src/comparison/format-number.ts';

describe('numbers in sentences', () => {
  test.each([
    [0.011, 3],
    [0.0004, 5],
    [1, 1],
    [12.3, 0],
    [5e-12, 8],
    [0, 4],
    [Number.NaN, 4],
  ])('an uncertainty of %d is worth %d decimals', (uncertainty, decimals) => {
    expect(decimalsFor(uncertainty)).toBe(decimals);
  });

  test('fixed numbers group thousands and have no negative zero', () => {
    expect(formatFixed(1234567.891, 1)).toBe('1,234,567.9');
    expect(formatFixed(-1234, 0)).toBe('−1,234');
    expect(formatFixed(-0.0001, 2)).toBe('0.00');
    expect(formatFixed(1e300, 2)).toBe('1.000e+300');
  });

  test('plain numbers have four significant digits', () => {
    expect([0.87654321, 12345.6, 0, 1e-9, 1e20, 0.00012345, Number.NaN].map(formatPlain)).toEqual([
      '0.8765',
      '12,346',
      '0',
      '1.000e-9',
      '1.000e+20',
      '0.0001234',
      'NaN',
    ]);
  });

  test('settings are shown as written, percentages without noise, plans rounded up', () => {
    expect(formatSetting(0.1 + 0.2)).toBe('0.3');
    expect(formatPercent(0.07)).toBe('7 %');
    expect([7, 95, 101, 2345, 999_001].map(formatPlannedCount)).toEqual([
      '7',
      '95',
      '110',
      '2,400',
      '1,000,000',
    ]);
  });

  test('two numbers that look alike when rounded are shown in full', () => {
    const metric = {
      name: 'loss',
      about: { metricsFile: 't' },
      definition: 1,
      direction: 'lower-is-better',
      value: 0.500001,
    } as const;
    expect(describePointChange(metric, 0.500002, 0.500001)).toBe(
      '`loss` fell from 0.500002 to 0.500001 (−0.0002 %)',
    );
    expect(describePointChange(metric, 0.5, 0.5)).toBe('`loss` did not change (0.5)');
    expect(describePointChange(metric, 0, 0.5)).toBe('`loss` rose from 0 to 0.5');
  });
});
