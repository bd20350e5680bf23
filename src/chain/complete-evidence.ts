import type { ParsedConfig } from '../config/parse-config.ts';
import { replaceBody } from '../evidence/evidence.ts';
import { mergeEvidence } from '../evidence/merge-evidence.ts';
import { judgeAll } from '../evidence/verdict.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { findMissing } from './check-completeness.ts';

/**
 * The evidence of all steps of a job as one document, with a failed check for everything that the config asks for and
 * that no step answered. Throws a UserError for parts that do not belong together.
 */
export function completeEvidence(parts: readonly Evidence[], parsed: ParsedConfig): Evidence {
  const merged = mergeEvidence(parts);
  const missing = findMissing(parsed, merged.body.checks);
  if (missing.length === 0) return merged;
  const checks = [...merged.body.checks, ...missing];
  const body = { ...merged.body, checks, verdict: judgeAll(checks, merged.body.policy) };
  return replaceBody(merged, body);
}
