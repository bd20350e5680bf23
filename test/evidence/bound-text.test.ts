import { describe, expect, it } from 'vitest';
import { boundDistinctly, boundSentence, boundText } from '../../src/evidence/bound-text.ts';

describe('boundText', () => {
  it('keeps what fits, by code points', () => {
    expect(boundText('churn')).toBe('churn');
    const faces = '\u{1F600}'.repeat(300);
    expect(boundText(faces)).toBe(faces);
    expect(boundText('abcdef', 6)).toBe('abcdef');
  });

  it('cuts what does not, between code points', () => {
    expect(boundText('abcdefg', 6)).toBe('abcde…');
    expect(boundText(`${'\u{1F600}'.repeat(300)}a`)).toBe(`${'\u{1F600}'.repeat(299)}…`);
  });
});

describe('boundSentence', () => {
  it('keeps as much as the schema of evidence allows', () => {
    expect(boundSentence('x'.repeat(2000))).toHaveLength(2000);
    expect(boundSentence('x'.repeat(2001))).toBe(`${'x'.repeat(1999)}…`);
  });
});

describe('boundDistinctly', () => {
  it('keeps what fits', () => {
    expect(boundDistinctly('churn')).toBe('churn');
  });

  it('cuts two texts that begin alike to two that differ', () => {
    const [one, other] = [`${'x'.repeat(400)}a`, `${'x'.repeat(400)}b`].map(boundDistinctly);
    expect(one).toMatch(/^x{283}~[0-9a-f]{16}$/);
    expect(other).toMatch(/^x{283}~[0-9a-f]{16}$/);
    expect(one).not.toBe(other);
  });
});
