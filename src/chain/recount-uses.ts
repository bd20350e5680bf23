import type { ParsedConfig } from '../config/parse-config.ts';
import { replaceBody } from '../evidence/evidence.ts';
import { keepFilled } from '../evidence/optional-lists.ts';
import { judgeAll } from '../evidence/verdict.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { BUDGET_CHECK } from '../comparison/budget/measure-budgets.ts';
import { watchTestSets, type MainRecord } from './watch-main.ts';

/**
 * Evidence of untrusted code with its budgets counted anew: what that code said of them does not count. The body is a
 * new one.
 * @param parsed the trusted config
 */
export async function recountUses(
  evidence: Evidence,
  parsed: ParsedConfig,
  record: Pick<MainRecord, 'isMain' | 'readUses'>,
): Promise<Evidence> {
  const { budgets: _claimed, ...body } = evidence.body;
  const counted = await watchTestSets(parsed, body.metrics, record);
  const checks = [...body.checks.filter(({ name }) => name !== BUDGET_CHECK), ...counted.checks];
  return replaceBody(evidence, {
    ...body,
    checks,
    verdict: judgeAll(checks, body.policy),
    ...keepFilled({ budgets: counted.budgets }),
  });
}
