/** Evidence and outcomes as files, where a step or a command left them. */
import { join } from 'node:path';
import { artifactOutcomesPath } from '../baseline/layout.ts';
import { listTestSets, type StoredOutcomes } from '../baseline/outcomes-store.ts';
import { UserError } from '../evidence/errors.ts';
import { MAX_EVIDENCE_BYTES, parseEvidence } from '../evidence/evidence.ts';
import { readBytes, readTextFile } from '../platform/read-text-file.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';

/** Largest outcomes of one model that are read, in bytes: what is kept of them is the config's to say. */
const MAX_OUTCOMES_BYTES = 1_000_000_000;

/** Reads and checks an evidence file. `origin` names it in messages. Throws a UserError for anything unsound. */
export async function readEvidenceFile(path: string, origin: string): Promise<Evidence> {
  const text = await readTextFile(path, { what: 'the evidence', maxBytes: MAX_EVIDENCE_BYTES });
  return parseEvidence(text, origin);
}

/** The outcomes that lie in a folder beside an evidence; a model that has none there is left out. */
export async function readOutcomeFiles(
  evidence: Evidence,
  folder: string,
): Promise<readonly StoredOutcomes[]> {
  const found: StoredOutcomes[] = [];
  for (const [model, testSet] of listTestSets(evidence)) {
    const bytes = await readIfThere(join(folder, artifactOutcomesPath(model)));
    if (bytes !== undefined) found.push({ model, testSet, bytes });
  }
  return found;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(path, { what: 'the outcomes', maxBytes: MAX_OUTCOMES_BYTES });
  } catch (error) {
    if (error instanceof UserError && isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing({ cause }: UserError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
