/**
 * Evidence as an in-toto Statement v1 with the predicate test-result v0.1: the unsigned payload of an attestation.
 * Source: https://github.com/in-toto/attestation, spec/v1/statement.md and spec/predicates/test-result.md.
 */
import { UserError } from '../../evidence/errors.ts';
import type { Evidence, VerdictWord } from '../../schemas/evidence.generated.ts';
import { cleanLine } from '../clean-text.ts';
import { listOutcomes, type ExportedCheck } from './list-outcomes.ts';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/**
 * The subjects are the models' files, `configuration` is the policy by its digest, and tests are checks by their ids. A
 * check that was not decided and does not warn stands in no list. Throws a UserError where the evidence is about no
 * file: a statement needs one.
 */
export function renderInToto(evidence: Evidence): string {
  const { subjects, policy, verdict } = evidence.body;
  if (subjects.length === 0) {
    throw new UserError('This evidence is about no file, so nothing can be attested.', {
      help: "Name the model's file in the config: `models.<name>.artifact`.",
    });
  }
  const outcomes = listOutcomes(evidence.body);
  const statement = {
    _type: STATEMENT_TYPE,
    subject: subjects.map(({ name, sha256 }) => ({ name: cleanLine(name), digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: resultOf(verdict),
      configuration: [{ name: 'mlgate-policy', digest: { sha256: policy.digest } }],
      passedTests: idsOf(outcomes, 'passed'),
      warnedTests: idsOf(outcomes, 'warned'),
      failedTests: idsOf(outcomes, 'failed'),
    },
  };
  return `${JSON.stringify(statement, undefined, 2)}\n`;
}

function resultOf(verdict: VerdictWord): 'PASSED' | 'WARNED' | 'FAILED' {
  if (verdict === 'pass') return 'PASSED';
  return verdict === 'warn' ? 'WARNED' : 'FAILED';
}

function idsOf(outcomes: readonly ExportedCheck[], wanted: ExportedCheck['outcome']): readonly string[] {
  return outcomes.filter(({ outcome }) => outcome === wanted).map(({ check }) => cleanLine(check.id));
}
