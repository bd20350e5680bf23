/**
 * Names of git tags in GTO's grammar (Git Tag Ops, gto 1.10, `gto/constants.py` and `gto/tag.py`), so that the `gto`
 * command and DVC Studio read mlgate's registry, and mlgate reads theirs:
 * `churn@v1.4.0` registers a version, `churn#production#7` assigns a stage, `!` undoes, the last number counts.
 */
import { parse as parseSemver } from 'semver';
import { UserError } from '../evidence/errors.ts';

/** What one tag says. A counter is left out where the tag has none. */
export type GtoTag =
  | {
      readonly kind: 'assign' | 'unassign';
      readonly artifact: string;
      readonly stage: string;
      readonly counter?: number;
    }
  | {
      readonly kind: 'register' | 'deregister';
      readonly artifact: string;
      /** Semantic version, without the tag's `v`. */
      readonly version: string;
      readonly counter?: number;
    }
  | { readonly kind: 'deprecate' | 'create'; readonly artifact: string; readonly counter?: number };

const FOLDER = '[A-Za-z0-9_./-]+';
const NAME = '[A-Za-z0-9](?:[A-Za-z0-9/_-]*[A-Za-z0-9])?';
const NUMBER = '(?:0|[1-9][0-9]*)';
const PRERELEASE = '(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)';
const BUILD = '[0-9A-Za-z-]+';
/** Semantic Versioning 2.0.0, the expression that its FAQ suggests. */
const VERSION = `${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PRERELEASE}(?:\\.${PRERELEASE})*)?(?:\\+${BUILD}(?:\\.${BUILD})*)?`;

const TAG = new RegExp(
  `^(?<artifact>(?:${FOLDER}=)?${NAME})` +
    `(?:(?:#(?<stage>${NAME})|@v(?<version>${VERSION}))(?<undone>!?)|@(?<word>deprecated|created))` +
    `(?:#(?<counter>[0-9]+))?$`,
  'u',
);

/** Longest name that is looked at, in characters: git's own limit for a ref is about 250 bytes. */
const MAX_TAG_LENGTH = 300;

/** Reads a tag's name; undefined if it is none of GTO's. GTO's `dir:name` is `dir=name` in a tag, as git forbids `:`. */
export function parseGtoTag(name: string): GtoTag | undefined {
  const groups = name.length > MAX_TAG_LENGTH ? undefined : TAG.exec(name)?.groups;
  if (groups === undefined) return undefined;
  const { stage, version, undone, word } = groups;
  const artifact = (groups['artifact'] ?? '').replaceAll('=', ':');
  const counter = groups['counter'] === undefined ? {} : { counter: Number(groups['counter']) };
  if (stage !== undefined)
    return { kind: undone === '!' ? 'unassign' : 'assign', artifact, stage, ...counter };
  if (version !== undefined) {
    return { kind: undone === '!' ? 'deregister' : 'register', artifact, version, ...counter };
  }
  return { kind: word === 'deprecated' ? 'deprecate' : 'create', artifact, ...counter };
}

/** The tag's name. */
export function printGtoTag(tag: GtoTag): string {
  const counter = tag.counter === undefined ? '' : `#${tag.counter}`;
  return `${tag.artifact.replaceAll(':', '=')}${printEvent(tag)}${counter}`;
}

function printEvent(tag: GtoTag): string {
  if (tag.kind === 'assign' || tag.kind === 'unassign') {
    return `#${tag.stage}${tag.kind === 'unassign' ? '!' : ''}`;
  }
  if (tag.kind === 'register' || tag.kind === 'deregister') {
    return `@v${tag.version}${tag.kind === 'deregister' ? '!' : ''}`;
  }
  return tag.kind === 'deprecate' ? '@deprecated' : '@created';
}

/**
 * The number of an artifact's next counted tag: one more than the largest on any of its tags, of whatever stage
 * (GTO counts per artifact). Throws a UserError if somebody made a tag that counts beyond exact numbers.
 */
export function nextCounter(names: Iterable<string>, artifact: string): number {
  let largest = 0;
  for (const name of names) {
    const tag = parseGtoTag(name);
    if (tag?.artifact === artifact && tag.counter !== undefined) largest = Math.max(largest, tag.counter);
  }
  if (Number.isSafeInteger(largest + 1)) return largest + 1;
  throw new UserError(`A tag of \`${artifact}\` counts to ${largest}: no next number can be told from it.`, {
    help: `List them with \`git tag --list '${artifact}#*'\` and delete the one that nobody made on purpose.`,
  });
}

const WHOLE_NAME = new RegExp(`^${NAME}$`, 'u');

/** Whether GTO takes this as the name of an artifact (without a folder) or of a stage. */
export function isGtoName(name: string): boolean {
  return WHOLE_NAME.test(name);
}

/** Whether this is a semantic version as it stands: no `v` before it, no blanks, all three numbers. */
export function isSemanticVersion(text: string): boolean {
  const parsed = parseSemver(text);
  if (parsed === null) return false;
  const build = parsed.build.length === 0 ? '' : `+${parsed.build.join('.')}`;
  return `${parsed.version}${build}` === text;
}
