import type { Check, EvidenceBody, Input, Policy } from '../../schemas/evidence.generated.ts';
import { countOf, formatCount } from '../format-number.ts';
import { groupBy } from '../group-by.ts';
import { describeOutcome, worstOutcome } from './outcomes.ts';
import type { DatasetView, Outcome } from './report-view.ts';

const NOT_CHECKED: Outcome = { verdict: 'skipped', effect: 'skipped', label: 'skipped' };

/** The datasets that were read or asked about, in the order of the evidence. */
export function listDatasets(body: EvidenceBody): readonly DatasetView[] {
  const inputs = new Map(
    body.inputs.filter(({ role }) => role === 'dataset').map((input) => [input.name ?? input.path, input]),
  );
  const checks = groupBy(body.checks, ({ about }) => about.dataset);
  const asked = [...checks.keys()].filter((name) => name !== undefined);
  return [...new Set([...inputs.keys(), ...asked])].map((name) =>
    describeDataset(name, inputs.get(name), checks.get(name) ?? [], body.policy),
  );
}

function describeDataset(
  name: string,
  input: Input | undefined,
  checks: readonly Check[],
  policy: Policy,
): DatasetView {
  const outcomes = checks.map((check) => describeOutcome(check, policy));
  return {
    name,
    shape: describeShape(input),
    passed: outcomes.filter(({ verdict }) => verdict === 'pass').length,
    failed: outcomes.filter(({ verdict }) => verdict === 'fail').length,
    total: outcomes.length,
    outcome: worstOutcome(outcomes) ?? NOT_CHECKED,
  };
}

function describeShape(input: Input | undefined): string {
  if (input?.rows === undefined) return 'unknown';
  const columns = input.columns === undefined ? [] : [countOf(input.columns, 'column')];
  return [`${formatCount(input.rows)} ${input.rows === 1 ? 'row' : 'rows'}`, ...columns].join(' × ');
}
