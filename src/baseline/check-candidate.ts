import { MAX_EVIDENCE_BYTES, parseEvidence } from '../evidence/evidence.ts';
import { UserError } from '../evidence/errors.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';

/** What is known of the repository whose main is searched. */
export interface Expectation {
  readonly repositoryId?: number;
  /** Name of main. */
  readonly main?: string;
  /** Path of the config that must have made it, from the repository's root. */
  readonly config?: string;
}

export type Candidate =
  | { readonly kind: 'sound'; readonly evidence: Evidence }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Events whose evidence may be a baseline: all of them run what main already holds. Evidence without an event was
 * recorded from a clone by somebody who may write to the branch.
 */
const EVENTS_OF_MAIN: readonly (string | undefined)[] = ['push', 'workflow_dispatch', 'schedule', undefined];

/**
 * Reads evidence that is to be the baseline for `commit` (undefined: any commit) and holds its claims against what is
 * known. Whatever is wrong is a reason, never an exception: the search goes on.
 */
export function checkCandidate(
  content: string | Uint8Array,
  origin: string,
  commit: string | undefined,
  expected: Expectation,
): Candidate {
  const read = readEvidence(content, origin);
  if (read.kind === 'refused') return read;
  const { commit: claimed, event, repositoryId, ref, config } = read.evidence.source;
  if (commit !== undefined && claimed !== commit) {
    return refuse(`${origin} is of commit ${claimed ?? 'unknown'}, not of ${commit}.`);
  }
  if (!EVENTS_OF_MAIN.includes(event)) {
    return refuse(`${origin} was made for the event ${event ?? 'unknown'}, not for a push to main.`);
  }
  const { main, repositoryId: known } = expected;
  if (known !== undefined && repositoryId !== undefined && repositoryId !== known) {
    return refuse(`${origin} is of repository ${repositoryId}, not of ${known}.`);
  }
  if (main !== undefined && ref !== undefined && ref !== `refs/heads/${main}`) {
    return refuse(`${origin} was made on ${ref}, not on ${main}.`);
  }
  if (expected.config !== undefined && config !== undefined && config !== expected.config) {
    return refuse(`${origin} was made by the config \`${config}\`, not by \`${expected.config}\`.`);
  }
  return read;
}

function readEvidence(content: string | Uint8Array, origin: string): Candidate {
  if (content.length > MAX_EVIDENCE_BYTES) {
    return refuse(`${origin} is larger than ${MAX_EVIDENCE_BYTES / 1e6} MB, which no evidence is.`);
  }
  try {
    const text =
      typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
    return { kind: 'sound', evidence: parseEvidence(text, origin) };
  } catch (error) {
    if (error instanceof UserError) return refuse(error.message);
    if (error instanceof TypeError) return refuse(`${origin} is not UTF-8 text.`);
    throw error;
  }
}

function refuse(reason: string): Candidate {
  return { kind: 'refused', reason };
}
