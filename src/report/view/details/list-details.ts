import type { EvidenceBody } from '../../../schemas/evidence.generated.ts';
import type { DetailTable } from '../report-view.ts';
import { listAcceptances } from './acceptances.ts';
import { describeBudgets, listBudgets } from './budgets.ts';
import { describeChanges, listChanges } from './changes.ts';
import { describeDiscoveries, listDecompositions } from './decompositions.ts';
import { describeFlips, listFlips } from './flips.ts';
import { listSlices } from './slices.ts';
import { listTrends } from './trends.ts';

/** Every table that explains something, in the order in which a reader asks: what, where, why, and what of the past. */
const TABLES: readonly ((body: EvidenceBody) => readonly DetailTable[])[] = [
  listAcceptances,
  listSlices,
  ({ flips = [] }) => flips.map(listFlips),
  listDecompositions,
  listChanges,
  listTrends,
  listBudgets,
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
    ...describeDiscoveries(body),
    ...describeChanges(body),
    ...describeBudgets(body),
  ];
}
