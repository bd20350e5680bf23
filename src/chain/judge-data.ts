import { isDiffBound, judgeDiffs, listDiffGates } from '../data/diff/judge-diffs.ts';
import { isDriftCheck, judgeDrift } from '../data/drift/judge-drift.ts';
import { listDriftGates } from '../data/drift/list-drift-gates.ts';
import { findDriftFault } from '../data/drift/recompute-drift.ts';
import { isFindingName } from '../data/findings/finding-kinds.ts';
import { judgeDataFindings } from '../data/findings/judge-data-findings.ts';
import { listDataBounds } from '../data/findings/list-data-bounds.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { boundSentence } from '../evidence/bound-text.ts';
import type { Check, Drift, EvidenceBody } from '../schemas/evidence.generated.ts';

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
    ...refuseWrongDrifts(drifts, config, locate),
    ...judgeDiffs({ gates: listDiffGates(config, locate), diffs: dataDiffs, baseline, missing: 'fail' }),
  ];
}

/** A failed check for each dataset whose drift was not measured as it says, or of which there are two. */
function refuseWrongDrifts(
  drifts: readonly Drift[],
  { data = {} }: ParsedConfig['config'],
  locate: ParsedConfig['locate'],
): readonly Check[] {
  return Object.keys(data).flatMap((dataset): readonly Check[] => {
    const own = drifts.filter((drift) => drift.dataset === dataset);
    const kinds = new Set(own.map(({ comparator }) => comparator));
    const fault = kinds.size < own.length ? 'it is there twice.' : own.map(findDriftFault).find(isFault);
    if (fault === undefined) return [];
    const message = `The evidence of how far \`${dataset}\` has moved does not add up: ${fault} Look at what made it.`;
    return [
      {
        id: `data/${dataset}/moved`,
        name: 'evidence',
        about: { dataset },
        verdict: 'fail',
        reason: 'missing',
        severity: 'fail',
        message: boundSentence(message),
        source: locate(['data', dataset]),
      },
    ];
  });
}

function isFault(fault: string | undefined): fault is string {
  return fault !== undefined;
}
