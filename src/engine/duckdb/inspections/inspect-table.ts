import type { InspectionAnswer, InspectionRequest } from '../../inspections.ts';
import type { OpenTable } from '../open-table.ts';
import { compareSplits } from './compare-splits.ts';
import { detectPersonal } from './detect-personal.ts';
import { measureIntegrity } from './measure-integrity.ts';
import { scoreLabels } from './score-labels.ts';

/** Columns are those that the table has: callers look before. */
export async function inspectTable(table: OpenTable, request: InspectionRequest): Promise<InspectionAnswer> {
  switch (request.kind) {
    case 'integrity':
      return await measureIntegrity(table, request);
    case 'label-scores':
      return await scoreLabels(table, request);
    case 'splits':
      return await compareSplits(table, request);
    case 'personal':
      return await detectPersonal(table, request);
  }
}
