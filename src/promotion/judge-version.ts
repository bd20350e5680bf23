import type { Evidence } from '../schemas/evidence.generated.ts';
import { findingIf, type Finding } from './finding.ts';
import { printGtoTag } from './gto-tags.ts';
import type { EvidenceCandidate, EvidenceVerification } from './judge-evidence.ts';
import type { PromotionRequest } from './judge-request.ts';
import { shorten } from './ledger.ts';
import type { PromotionHistory } from './promotion-history.ts';
import { findDeprecation, findVersion, type Registry } from './registry.ts';

const TRUSTED: readonly EvidenceVerification['kind'][] = ['verified', 'not-asked'];

interface VersionJudgement {
  /** Commit that the version is registered at; undefined if it is not registered yet. */
  readonly target: string | undefined;
  readonly problems: readonly Finding[];
  /** Evidence whose run would say whether a version that somebody registered by hand is these bytes. */
  readonly unchecked: readonly Evidence[];
}

/**
 * Whether a version may stand for these bytes: it means the same ones for ever. `candidates`: evidence about them.
 */
export function judgeVersion(
  { model, version }: PromotionRequest,
  subject: string,
  registry: Registry,
  history: PromotionHistory,
  candidates: readonly EvidenceCandidate[],
): VersionJudgement {
  const deprecation = findDeprecation(registry.names, model);
  const problems = [
    ...findingIf(
      deprecation !== undefined,
      'model-deprecated',
      `The tag \`${deprecation ?? ''}\` says that \`${model}\` is deprecated.`,
      'If that is over, delete the tag; otherwise promote another model.',
    ),
    ...judgeLightweight(registry, model, version),
  ];
  const tag = findVersion(registry.versionTags, version);
  if (tag === undefined) return { target: undefined, problems, unchecked: [] };
  const another = 'Choose another version: a version means the same bytes for ever.';
  if (tag.event.kind === 'deregister') {
    const message = `Version ${version} of \`${model}\` was taken back by the tag \`${tag.name}\`.`;
    return {
      target: tag.target,
      problems: [...problems, { code: 'version-withdrawn', message, help: another }],
      unchecked: [],
    };
  }
  const known = history.findClaim(tag)?.subject;
  // A version that somebody registered by hand has this digest if good evidence of that very commit shows it.
  const there = candidates.filter(({ evidence }) => evidence.source.commit === tag.target);
  const shown = there.some(({ verification }) => TRUSTED.includes(verification.kind));
  const same = known === undefined ? shown : known === subject;
  const open = known === undefined && !shown ? there : [];
  const is = known === undefined ? 'bytes that nobody recorded' : shorten(known);
  return {
    target: tag.target,
    problems: [
      ...problems,
      ...findingIf(
        !same,
        'version-taken',
        `Version ${version} of \`${model}\` is ${is} (tag \`${tag.name}\`), and what is checked out is ${shorten(subject)}.`,
        `${another} Or check out the commit of that version.`,
      ),
    ],
    unchecked: open
      .filter(({ verification }) => verification.kind === 'unchecked')
      .map(({ evidence }) => evidence),
  };
}

function judgeLightweight(registry: Registry, model: string, version: string): readonly Finding[] {
  const name = printGtoTag({ kind: 'register', artifact: model, version });
  return findingIf(
    registry.lightweight.includes(name),
    'tag-lightweight',
    `There is a lightweight tag \`${name}\`, which registers nothing (GTO reads annotated tags) but takes the name.`,
    `Delete it if nobody needs it: \`git push origin :refs/tags/${name}\`. Or choose another version.`,
  );
}
