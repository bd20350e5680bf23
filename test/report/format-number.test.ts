import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countOf,
  decimalsOf,
  formatBytes,
  formatDuration,
  formatFixed,
  formatPercent,
  formatPlain,
  formatSigned,
} from '../../src/report/format-number.ts';

describe('numbers for people', () => {
  it('group thousands and have a real minus sign', () => {
    expect(formatFixed(1234567.891, 1)).toBe('1,234,567.9');
    expect(formatFixed(-0.5, 2)).toBe('−0.50');
    expect(formatFixed(-0.001, 2)).toBe('0.00');
    expect(formatFixed(0.1234567, 3)).toBe('0.123');
  });

  it('are short where they are tiny or huge', () => {
    expect(formatFixed(1e-9, 6)).toBe('1.00e−9');
    expect(formatFixed(-2e20, 0)).toBe('−2.00e+20');
    expect(formatFixed(Number.NaN, 2)).toBe('not a number');
  });

  it('carry a sign where they are changes', () => {
    expect(formatSigned(0.01, 3)).toBe('+0.010');
    expect(formatSigned(-0.01, 3)).toBe('−0.010');
    expect(formatSigned(0.0001, 3)).toBe('0.000');
  });

  it('show an uncertainty with two digits', () => {
    expect(decimalsOf(0.0123)).toBe(3);
    expect(decimalsOf(1.5)).toBe(1);
    expect(decimalsOf(345)).toBe(0);
    expect(decimalsOf(0)).toBeUndefined();
  });

  it('have no idle zeros where nothing is known of their precision', () => {
    expect(formatPlain(0.75)).toBe('0.75');
    expect(formatPlain(10_000)).toBe('10,000');
    expect(formatPlain(12.5)).toBe('12.5');
    expect(formatPercent(0.9)).toBe('90 %');
    expect(formatPercent(0.975)).toBe('97.5 %');
    expect(formatPercent(0.05)).toBe('5 %');
  });

  it('have units', () => {
    expect(formatBytes(812)).toBe('812 B');
    expect(formatBytes(48_213)).toBe('48.2 kB');
    expect(formatBytes(4_900_000)).toBe('4.9 MB');
    expect(formatBytes(2e12)).toBe('2000.0 GB');
    expect(formatDuration(59)).toBe('59 seconds');
    expect(formatDuration(3600)).toBe('1 hour');
    expect(formatDuration(90_000)).toBe('1 day');
    expect(countOf(1, 'class', 'classes')).toBe('1 class');
    expect(countOf(2000, 'check')).toBe('2,000 checks');
  });

  it('never throw, and never say NaN', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 0, max: 6 }), (value, decimals) => {
        expect(
          `${formatFixed(value, decimals)} ${formatPlain(value)} ${formatSigned(value, decimals)}`,
        ).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });
});
