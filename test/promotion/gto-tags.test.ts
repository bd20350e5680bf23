import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import {
  isGtoName,
  isSemanticVersion,
  nextCounter,
  parseGtoTag,
  printGtoTag,
  type GtoTag,
} from '../../src/promotion/gto-tags.ts';
import { artifactNames, gtoTags, names } from './gto-arbitraries.ts';

/** Whether what is read from a text, if anything is, can be written and read again. */
function survives(text: string): boolean {
  const tag = parseGtoTag(text);
  return tag === undefined || isDeepStrictEqual(parseGtoTag(printGtoTag(tag)), tag);
}

/** Whether the version of a tag is one for the semver package too. */
function agrees(tag: GtoTag): boolean {
  return tag.kind !== 'register' || isSemanticVersion(tag.version);
}

describe('parseGtoTag', () => {
  it.each<[string, GtoTag]>([
    ['churn@v1.4.0', { kind: 'register', artifact: 'churn', version: '1.4.0' }],
    ['churn@v1.4.0-rc.1+build.5', { kind: 'register', artifact: 'churn', version: '1.4.0-rc.1+build.5' }],
    ['churn@v1.4.0!#9', { kind: 'deregister', artifact: 'churn', version: '1.4.0', counter: 9 }],
    ['churn#production#7', { kind: 'assign', artifact: 'churn', stage: 'production', counter: 7 }],
    ['churn#production', { kind: 'assign', artifact: 'churn', stage: 'production' }],
    ['churn#production!#8', { kind: 'unassign', artifact: 'churn', stage: 'production', counter: 8 }],
    ['churn@deprecated#10', { kind: 'deprecate', artifact: 'churn', counter: 10 }],
    ['churn@created', { kind: 'create', artifact: 'churn' }],
    [
      'team/models=a_b-c#prod#1',
      { kind: 'assign', artifact: 'team/models:a_b-c', stage: 'prod', counter: 1 },
    ],
    ['churn#production#007', { kind: 'assign', artifact: 'churn', stage: 'production', counter: 7 }],
  ])('reads %s', (name, expected) => {
    expect(parseGtoTag(name)).toEqual(expected);
  });

  it.each([
    'churn',
    'v1.0.0',
    'churn@1.4.0',
    'churn@v1.4',
    'churn@v01.4.0',
    'churn#production#',
    'churn#production#x',
    'churn#-production',
    '-churn#production',
    'churn-#production',
    'chu.rn#production',
    'churn@deprecated!',
    'churn@latest',
    'churn#production#1\n',
    `${'a'.repeat(400)}#production`,
  ])('takes %j for none of GTO', (name) => {
    expect(parseGtoTag(name)).toBeUndefined();
  });

  it('reads what printGtoTag wrote', () => {
    fc.assert(
      fc.property(gtoTags, (tag) => {
        expect(parseGtoTag(printGtoTag(tag))).toEqual(tag);
      }),
    );
  });

  it('never crashes, and what it reads it can write', () => {
    const pieces = fc.oneof(fc.constantFrom('#', '@', '!', '=', 'v1.0.0', 'a', '1', '.', '/'), fc.string());
    const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
    expect(fc.check(fc.property(texts, survives), { numRuns: 2000 }).failed).toBe(false);
  });
});

describe('nextCounter', () => {
  it('counts over all stages and versions of one artifact', () => {
    const tags = [
      'churn#staging#1',
      'churn#production#4',
      'churn@v1.0.0!#5',
      'churn@v1.0.0',
      'fraud#staging#9',
    ];
    expect(nextCounter(tags, 'churn')).toBe(6);
    expect(nextCounter(tags, 'fraud')).toBe(10);
    expect(nextCounter(tags, 'other')).toBe(1);
    expect(nextCounter(['churn#production'], 'churn')).toBe(1);
  });

  it('does not take the folder of another artifact for the artifact', () => {
    expect(nextCounter(['dir=churn#production#8', 'churn2#production#9'], 'churn')).toBe(1);
  });

  it('is larger than every counter, and one more than one of them', () => {
    fc.assert(
      fc.property(fc.array(gtoTags), artifactNames, (tags, artifact) => {
        const own = tags.map((tag) => ({ ...tag, artifact }));
        const counters = own.flatMap(({ counter }) => (counter === undefined ? [] : [counter]));
        expect(nextCounter(own.map(printGtoTag), artifact)).toBe(Math.max(0, ...counters) + 1);
      }),
    );
  });

  it('refuses a counter that is no exact number', () => {
    expect(() => nextCounter(['churn#production#99999999999999999999'], 'churn')).toThrow(UserError);
  });
});

describe('names', () => {
  it.each(['churn', 'a', 'strike-damage', 'a_b', 'A1'])('%s is a name for GTO', (name) => {
    expect(isGtoName(name)).toBe(true);
  });

  it.each(['churn.v2', 'churn_', 'churn-', '', 'a b', 'a:b', 'a=b'])('%j is none', (name) => {
    expect(isGtoName(name)).toBe(false);
  });

  it('every name makes a tag that is read back', () => {
    fc.assert(
      fc.property(names, names, (artifact, stage) => {
        expect(isGtoName(artifact)).toBe(true);
        expect(parseGtoTag(`${artifact}#${stage}`)).toEqual({ kind: 'assign', artifact, stage });
      }),
    );
  });
});

describe('isSemanticVersion', () => {
  it.each(['1.4.0', '0.0.1', '1.0.0-rc.1', '1.0.0-rc.1+build.5', '1.0.0+001'])('%s is one', (text) => {
    expect(isSemanticVersion(text)).toBe(true);
  });

  it.each(['v1.4.0', '1.4', '1.4.0 ', '=1.4.0', '01.4.0', '1.4.0-', '', 'latest', '1.4.0.1'])(
    '%j is none',
    (text) => {
      expect(isSemanticVersion(text)).toBe(false);
    },
  );

  it('agrees with the grammar of tags', () => {
    expect(fc.check(fc.property(gtoTags, agrees)).failed).toBe(false);
  });
});
