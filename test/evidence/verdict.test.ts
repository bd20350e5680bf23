import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contributionOf,
  exitCodeOf,
  isMissingBaseline,
  judgeAll,
  worstOf,
} from '../../src/evidence/verdict.ts';
import type { Check, VerdictWord } from '../../src/schemas/evidence.generated.ts';
import { checkOf, POLICY } from './cases.ts';

const WORDS: readonly VerdictWord[] = ['skipped', 'pass', 'inconclusive', 'warn', 'fail'];

describe('worstOf', () => {
  it('is the worst, in any order, and skipped for none', () => {
    expect(worstOf([])).toBe('skipped');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { minLength: 1 }), (words) => {
        const worst = Math.max(...words.map((word) => WORDS.indexOf(word)));
        expect(worstOf(words)).toBe(WORDS[worst]);
        expect(worstOf(words.toReversed())).toBe(worstOf(words));
      }),
    );
  });
});

describe('contributionOf', () => {
  const undecided: Partial<Check> = { verdict: 'inconclusive', reason: 'undecided' };
  const alone: Partial<Check> = { verdict: 'inconclusive', reason: 'no-baseline' };
  it.each([
    ['a pass', { verdict: 'pass' }, {}, 'pass'],
    ['a skipped check', { verdict: 'skipped' }, {}, 'skipped'],
    ['a warning', { verdict: 'warn' }, {}, 'warn'],
    ['a failure', { verdict: 'fail' }, {}, 'fail'],
    ['a failure that is only shown', { verdict: 'fail', severity: 'warn' }, {}, 'warn'],
    ['an undecided check', undecided, {}, 'warn'],
    ['an undecided check that may pass', undecided, { inconclusive: 'pass' }, 'pass'],
    ['an undecided check that blocks', undecided, { inconclusive: 'fail' }, 'fail'],
    [
      'an undecided check that is only shown',
      { ...undecided, severity: 'warn' },
      { inconclusive: 'fail' },
      'warn',
    ],
    ['no baseline, by its own rule', alone, { inconclusive: 'pass', noBaseline: 'fail' }, 'fail'],
    ['no baseline, which passes', alone, { inconclusive: 'fail', noBaseline: 'pass' }, 'pass'],
  ] as const)('%s', (_name, check, rules, expected) => {
    expect(contributionOf(checkOf('x', check), { ...POLICY, ...rules })).toBe(expected);
  });

  it.each(['no-baseline', 'not-in-baseline', 'outcomes-missing'] as const)(
    '%s is a missing baseline',
    (reason) => {
      expect(isMissingBaseline(checkOf('x', { verdict: 'inconclusive', reason }))).toBe(true);
    },
  );

  it.each(['undecided', 'test-set-changed', undefined] as const)('%s is none', (reason) => {
    const check = checkOf('x', { verdict: 'inconclusive', ...(reason === undefined ? {} : { reason }) });
    expect(isMissingBaseline(check)).toBe(false);
  });
});

describe('judgeAll', () => {
  it('fails evidence whose checks vanished', () => {
    expect(judgeAll([], POLICY)).toBe('fail');
  });

  it('fails evidence of which no check looked at anything', () => {
    expect(judgeAll([checkOf('a', { verdict: 'skipped' })], POLICY)).toBe('fail');
    expect(judgeAll([checkOf('a', { verdict: 'skipped' }), checkOf('b')], POLICY)).toBe('pass');
  });

  it('is as bad as the worst check', () => {
    const checks = [checkOf('a'), checkOf('b', { verdict: 'inconclusive', reason: 'undecided' })];
    expect(judgeAll(checks, POLICY)).toBe('warn');
    expect(judgeAll([...checks, checkOf('c', { verdict: 'fail' })], POLICY)).toBe('fail');
    expect(judgeAll([checkOf('a')], POLICY)).toBe('pass');
  });
});

describe('exitCodeOf', () => {
  it('is 1 for an enforced fail and 0 for everything else', () => {
    for (const word of WORDS) {
      expect(exitCodeOf(word, true)).toBe(word === 'fail' ? 1 : 0);
      expect(exitCodeOf(word, false)).toBe(0);
    }
  });
});
