import type { EvidenceBody } from '../../../schemas/evidence.generated.ts';
import type { DetailTable } from '../report-view.ts';
import { listAcceptances } from './acceptances.ts';
import { describeBudgets, listBudgets } from './budgets.ts';
import { describeChanges, listChanges } from './changes.ts';
import { listCalibrations } from './calibrations.ts';
import { describeDataDiffs, listDataDiffs, listDiffColumns } from './data-diffs.ts';
import { listDataFindings } from './data-findings.ts';
import { describeDiscoveries, listDecompositions } from './decompositions.ts';
import { listDrifts } from './drifts.ts';
import { listFairness } from './fairness.ts';
import { describeFlips, listFlips } from './flips.ts';
import { listGeneralisations } from './generalisations.ts';
import { listImports } from './imports.ts';
import { describeLabelErrors, listModelErrors } from './model-errors.ts';
import { listProfiles } from './profiles.ts';
import { describeSchemaChanges, listSchemaChanges } from './schema-changes.ts';
import { listSlices } from './slices.ts';
import { listTrends } from './trends.ts';
import { describeWeakSlices, listWeakSlices } from './weak-slices.ts';

/** Every table that explains something, in the order in which a reader asks: what, where, why, and what of the past. */
const TABLES: readonly ((body: EvidenceBody) => readonly DetailTable[])[] = [
  listAcceptances,
  listDrifts,
  listDataFindings,
  listSchemaChanges,
  listDataDiffs,
  listSlices,
  listWeakSlices,
  listFairness,
  listCalibrations,
  listGeneralisations,
  ({ flips = [] }) => flips.map(listFlips),
  listDecompositions,
  listModelErrors,
  listImports,
  listChanges,
  listTrends,
  listBudgets,
  listDiffColumns,
  listProfiles,
];

/** What explains the change, table by table. */
export function listDetails(body: EvidenceBody): readonly DetailTable[] {
  return TABLES.flatMap((list) => list(body));
}

/** The same in a sentence each, where there is something to say. */
export function listRemarks(body: EvidenceBody): readonly string[] {
  const flipped = (body.flips ?? []).filter(({ negative, positive }) => negative.count + positive.count > 0);
  return [
    ...flipped.map(describeFlips),
    ...describeSchemaChanges(body),
    ...describeDataDiffs(body),
    ...describeDiscoveries(body),
    ...describeWeakSlices(body),
    ...describeLabelErrors(body),
    ...describeChanges(body),
    ...describeBudgets(body),
  ];
}
