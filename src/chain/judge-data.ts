import { isDiffBound, judgeDiffs, listDiffGates } from '../data/diff/judge-diffs.ts';
import { isDriftCheck, judgeDrift } from '../data/drift/judge-drift.ts';
import { listDriftGates } from '../data/drift/list-drift-gates.ts';
import { isFindingName } from '../data/findings/finding-kinds.ts';
import { judgeDataFindings } from '../data/findings/judge-data-findings.ts';
import { listDataBounds } from '../data/findings/list-data-bounds.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { Check, EvidenceBody } from '../schemas/evidence.generated.ts';

/** Whether a check is a bound of the config on what was found in data, and so judged below. */
export function isDataBound(check: Check): boolean {
  return isDiffBound(check) || isDriftCheck(check) || isFindingName(check.name);
}

/** Every bound of the config on what was found in data beyond their schema, from the evidence of it. */
export function judgeData(
  {
    drifts = [],
    dataFindings = [],
    dataDiffs = [],
    baseline,
  }: Pick<EvidenceBody, 'drifts' | 'dataFindings' | 'dataDiffs' | 'baseline'>,
  { config, locate }: ParsedConfig,
): readonly Check[] {
  return [
    ...judgeDrift({ drifts, gates: listDriftGates(config, locate), baseline }),
    ...judgeDataFindings(listDataBounds(config, locate), dataFindings),
    ...judgeDiffs({ gates: listDiffGates(config, locate), diffs: dataDiffs, baseline, missing: 'fail' }),
  ];
}
