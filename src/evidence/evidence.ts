import type { Evidence, EvidenceBody, EvidenceSource } from '../schemas/evidence.generated.ts';
import { validateDocument } from '../schemas/validate.ts';
import { digestJson } from './digest.ts';
import { UserError } from './errors.ts';
import { formatTime } from './format-time.ts';
import { roundFigures } from './round-figures.ts';

/** Largest evidence document that is read, in bytes: real ones have a few hundred kB at most. */
export const MAX_EVIDENCE_BYTES = 20_000_000;

/** Deepest nesting of evidence: the schema has eight levels. Deeper documents are made to exhaust the stack. */
const MAX_DEPTH = 32;

interface Envelope {
  readonly source: EvidenceSource;
  readonly createdAt: Date;
  readonly durationSeconds: number;
}

/** Puts a body into its envelope and names it by its digest. */
export function makeEvidence(body: EvidenceBody, envelope: Envelope): Evidence {
  const rounded = roundFigures(body);
  return {
    version: 1,
    digest: digestJson(rounded),
    createdAt: formatTime(envelope.createdAt),
    durationSeconds: Math.round(envelope.durationSeconds * 1000) / 1000,
    source: envelope.source,
    body: rounded,
  };
}

/** Other findings in the same envelope: who said so, and when, stays; the digest is a new one. */
export function replaceBody({ source, createdAt, durationSeconds }: Evidence, body: EvidenceBody): Evidence {
  return makeEvidence(body, { source, createdAt: new Date(createdAt), durationSeconds });
}

/** The text that is written to files: readable, and the same for the same document. */
export function printEvidence(evidence: Evidence): string {
  return `${JSON.stringify(evidence, null, 1)}\n`;
}

/**
 * Reads evidence that may come from anybody: size, syntax, schema and digest are checked.
 * Throws a UserError that says which of them is wrong; `origin` names where the text came from.
 */
export function parseEvidence(text: string, origin: string): Evidence {
  if (Buffer.byteLength(text) > MAX_EVIDENCE_BYTES) {
    throw new UserError(`${origin} is larger than ${MAX_EVIDENCE_BYTES / 1e6} MB, which no evidence is.`, {
      help: 'Check that the file is evidence that mlgate wrote.',
    });
  }
  const value = parseJson(text, origin);
  const result = validateDocument('evidence', value);
  if (!result.ok) {
    const first = result.violations[0];
    const where =
      first === undefined || first.path.length === 0 ? 'the document' : `\`${first.path.join('.')}\``;
    throw new UserError(
      `${origin} is not evidence of version 1: ${where} ${first?.message ?? 'is invalid'}.`,
      { help: 'Write it anew with this version of mlgate.' },
    );
  }
  const evidence = result.document;
  // Of the body as it was written: a default that a later version adds is no change of an older document.
  if (digestJson((value as Evidence).body) !== evidence.digest) {
    throw new UserError(`${origin} was changed after it was written: its digest does not fit its body.`, {
      help: 'Write it anew; evidence is never edited.',
    });
  }
  return evidence;
}

function parseJson(text: string, origin: string): unknown {
  const value = parseAnyJson(text, origin);
  if (isDeeperThan(value, MAX_DEPTH)) {
    throw new UserError(`${origin} is nested deeper than ${MAX_DEPTH} levels, which no evidence is.`, {
      help: 'Check that the file is evidence that mlgate wrote.',
    });
  }
  return value;
}

/** Without recursion, which is what the depth would break. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let layer: readonly unknown[] = [value];
  for (let level = 0; level <= levels; level += 1) {
    layer = layer.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (layer.length === 0) return false;
  }
  return true;
}

function parseAnyJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${origin} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
      help: 'Write it anew with mlgate.',
      cause: error,
    });
  }
}
