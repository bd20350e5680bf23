import * as fc from 'fast-check';
import type { GtoTag } from '../../src/promotion/gto-tags.ts';

const LETTERS = 'abcXYZ019'.split('');
const INNER = [...LETTERS, '-', '_', '/'];

/** Names of artifacts without a folder, and of stages. */
export const names = fc
  .tuple(
    fc.constantFrom(...LETTERS),
    fc.option(fc.tuple(fc.array(fc.constantFrom(...INNER), { maxLength: 6 }), fc.constantFrom(...LETTERS))),
  )
  .map(([first, rest]) => (rest === null ? first : `${first}${rest[0].join('')}${rest[1]}`));

/** Names of artifacts, some with a folder. */
export const artifactNames = fc
  .tuple(fc.option(fc.constantFrom('dir', 'a/b.c', 'x_y-z/')), names)
  .map(([folder, name]) => (folder === null ? name : `${folder}:${name}`));

const versions = fc
  .tuple(
    fc.nat(20),
    fc.nat(20),
    fc.nat(20),
    fc.constantFrom('', '-rc.1', '-alpha', '-0.x-y.7'),
    fc.constantFrom('', '+5', '+build.007'),
  )
  .map(([major, minor, patch, prerelease, build]) => `${major}.${minor}.${patch}${prerelease}${build}`);

const counters = fc.option(fc.nat(1000)).map((counter) => (counter === null ? {} : { counter }));

/** Whatever a tag of GTO's can say. */
export const gtoTags: fc.Arbitrary<GtoTag> = fc.oneof(
  fc
    .tuple(fc.constantFrom('assign' as const, 'unassign' as const), artifactNames, names, counters)
    .map(([kind, artifact, stage, counter]) => ({ kind, artifact, stage, ...counter })),
  fc
    .tuple(fc.constantFrom('register' as const, 'deregister' as const), artifactNames, versions, counters)
    .map(([kind, artifact, version, counter]) => ({ kind, artifact, version, ...counter })),
  fc
    .tuple(fc.constantFrom('deprecate' as const, 'create' as const), artifactNames, counters)
    .map(([kind, artifact, counter]) => ({ kind, artifact, ...counter })),
);
