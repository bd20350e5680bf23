import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import { parseGtoTag } from './gto-tags.ts';
import { listClaims, type Ledger } from './ledger.ts';
import type { RegistryTag } from './registry.ts';

/** What the ledger says about one model. */
export interface PromotionHistory {
  /** Names of all tags that confirmed claims made: their numbers are not used again, even if the tags are gone. */
  readonly tags: readonly string[];
  /** The claim that made a tag; undefined if none did, or if the tag says another place in the ledger. */
  readonly findClaim: (tag: RegistryTag) => LedgerEntry | undefined;
  /** The claim that registered a version. */
  readonly findRegistration: (version: string) => LedgerEntry | undefined;
  /** Whether this digest was promoted to this stage before. */
  readonly stoodAt: (stage: string, subject: string) => boolean;
  /** The tag of the newest confirmed promotion to a stage. */
  readonly newestStageTag: (stage: string) => string | undefined;
}

export function readHistory(ledger: Ledger, model: string): PromotionHistory {
  const claims = listClaims(ledger).filter(({ claim }) => claim.model === model);
  const confirmed = claims.filter(({ state }) => state === 'confirmed').map(({ claim }) => claim);
  return {
    tags: confirmed.flatMap(({ tags = [] }) => tags),
    // Also of abandoned claims: a job that died after the version's tag and before the stage's has registered it.
    findClaim: ({ name, mark }) => {
      const found = claims.find(
        ({ claim }) =>
          claim.sequence === mark?.sequence && claim.hash === mark.hash && claim.tags?.includes(name),
      );
      return found?.claim;
    },
    findRegistration: (version) =>
      confirmed.find(({ tags = [] }) =>
        tags.some((name) => {
          const event = parseGtoTag(name);
          return event?.kind === 'register' && event.version === version;
        }),
      ),
    stoodAt: (stage, subject) =>
      confirmed.some((claim) => claim.stage === stage && claim.subject === subject),
    newestStageTag: (stage) => confirmed.findLast((claim) => claim.stage === stage)?.tags?.at(-1),
  };
}
