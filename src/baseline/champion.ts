import type { RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { Expectation } from './check-candidate.ts';
import { branchRef } from './layout.ts';
import { readOutcomes } from './outcomes-store.ts';
import { findNothing, type Resort, type ResortFinding } from './resort.ts';
import { listEvidenceOfSubject } from './subject-index.ts';

/** The model that stands at a stage, by the promotion ledger; or why none is known. */
export type Champion =
  | { readonly kind: 'known'; readonly sha256: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface ChampionQuery {
  readonly store: Pick<RefStore, 'resolve' | 'readFile'>;
  /** Name of the branch with main's evidence. */
  readonly branch: string;
  readonly expected: Expectation;
  readonly stage: string;
  /** Names of the models that are tested. */
  readonly models: readonly string[];
  readonly findChampion: (model: string, stage: string) => Promise<Champion>;
  readonly maxOutcomesBytes: number;
}

/** How many records of a champion are looked at, newest first. */
const MAX_RECORDS = 5;

/** The evidence of main about the models that stand at a stage. */
export function openChampionResort(query: ChampionQuery): Resort {
  return { rung: 'champion', whenUnreachable: 'say', look: async () => await findChampions(query) };
}

async function findChampions(query: ChampionQuery): Promise<ResortFinding> {
  const found = new Map<string, { readonly model: string; readonly evidence: Evidence }>();
  const reasons: string[] = [];
  for (const model of query.models) {
    const evidence = await findEvidence(query, model);
    if (typeof evidence === 'string') reasons.push(evidence);
    else found.set(evidence.digest, { model, evidence });
  }
  const [first, second] = found.values();
  if (first === undefined) return findNothing(reasons.join(' ') || 'The config has no model.');
  if (second !== undefined) {
    return findNothing(
      `The champions at ${query.stage} were tested on different commits: ${first.model} on ${first.evidence.source.commit}, ${second.model} on ${second.evidence.source.commit}. One baseline cannot be both.`,
    );
  }
  return await describeFound(query, first.evidence);
}

/** The newest sound evidence about the champion, or why there is none. */
async function findEvidence(
  { store, branch, expected, stage, findChampion }: ChampionQuery,
  model: string,
): Promise<Evidence | string> {
  const champion = await findChampion(model, stage);
  if (champion.kind === 'unknown') return champion.reason;
  const { sha256 } = champion;
  const listed = await listEvidenceOfSubject(store, { branch, sha256, limit: MAX_RECORDS, expected });
  for (const { candidate } of listed) if (candidate.kind === 'sound') return candidate.evidence;
  const [newest] = listed.flatMap(({ candidate }) =>
    candidate.kind === 'refused' ? [candidate.reason] : [],
  );
  const why = newest ?? `The branch \`${branch}\` names none.`;
  return `${model} at ${stage} is ${sha256.slice(0, 12)}, of which there is no sound evidence. ${why}`;
}

async function describeFound(
  { store, branch, maxOutcomesBytes }: ChampionQuery,
  evidence: Evidence,
): Promise<ResortFinding> {
  const { commit } = evidence.source;
  const tip = await store.resolve(branchRef(branch));
  const read = tip === undefined ? undefined : await readOutcomes(store, tip, evidence, maxOutcomesBytes);
  const outcomes = read?.outcomes ?? new Map<string, Uint8Array>();
  return { kind: 'found', evidence, outcomes, details: commit === undefined ? {} : { commit } };
}
