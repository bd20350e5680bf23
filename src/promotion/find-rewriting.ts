import { findingIf, type Finding } from './finding.ts';
import { shorten, type Ledger } from './ledger.ts';
import type { PromotionHistory } from './promotion-history.ts';
import type { Registry, RegistryTag } from './registry.ts';

const RESTORE =
  'Nothing is promoted until the record is whole: find out who rewrote it, and restore the branch `mlgate-ledger` (every clone that fetched it has it) or the tag.';

/**
 * Signs that somebody rewrote the record: a tag remembers an entry that the ledger does not have (any more), or a tag
 * was moved to another commit. A hash chain alone shows neither, because it can be computed anew from its beginning.
 */
export function findRewriting(
  ledger: Ledger,
  history: PromotionHistory,
  registry: Registry,
  { stage }: { readonly stage: string },
): readonly Finding[] {
  const read = new Map(
    [...registry.witnesses, ...registry.stageTags, ...registry.versionTags].map((tag) => [tag.name, tag]),
  );
  const own = registry.stageTags.filter(({ event }) => event.kind === 'assign' && event.stage === stage);
  // The tags of one promotion share a mark: one finding for each.
  const marks = new Map([...read.values()].map((tag) => [`${tag.mark?.sequence} ${tag.mark?.hash}`, tag]));
  return [
    ...[...marks.values()].flatMap((tag) => judgeMark(ledger, tag)),
    ...registry.versionTags.flatMap((tag) => judgeVersionTag(history, tag)),
    ...own.flatMap((tag) => judgeStageTag(history, tag)),
  ];
}

function judgeMark(ledger: Ledger, { name, mark }: RegistryTag): readonly Finding[] {
  if (mark === undefined) return [];
  const entry = ledger.entries[mark.sequence - 1];
  const remembers = `The tag \`${name}\` remembers entry ${mark.sequence} of the ledger with hash ${shorten(mark.hash)}`;
  const message =
    entry === undefined
      ? `${remembers}, but the ledger ends at ${ledger.entries.length}: it was shortened.`
      : `${remembers}, but there it has ${shorten(entry.hash)}: it was rewritten.`;
  return findingIf(entry?.hash !== mark.hash, 'ledger-rewritten', message, RESTORE);
}

function judgeVersionTag(history: PromotionHistory, tag: RegistryTag): readonly Finding[] {
  return tag.event.kind === 'register'
    ? judgeTarget(tag, history.findRegistration(tag.event.version)?.commit)
    : [];
}

/** A stage's tag names the commit that its version was registered at. */
function judgeStageTag(history: PromotionHistory, tag: RegistryTag): readonly Finding[] {
  const version = history.findClaim(tag)?.modelVersion;
  const registration = version === undefined ? undefined : history.findRegistration(version);
  return judgeTarget(tag, registration?.commit);
}

function judgeTarget({ name, target, mark }: RegistryTag, recorded: string | undefined): readonly Finding[] {
  return findingIf(
    mark !== undefined && recorded !== undefined && recorded !== target,
    'tag-moved',
    `The tag \`${name}\` names commit ${shorten(target)}, but the ledger recorded ${shorten(recorded ?? '')}: it was moved.`,
    RESTORE,
  );
}
