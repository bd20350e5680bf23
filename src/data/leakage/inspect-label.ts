import { LABEL_FOLDS } from '../../engine/inspections.ts';
import type { LabelScore } from '../../engine/inspections.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import { powerInterval } from '../../statistics/predictive-power.ts';
import { findColumns, findNothing, type ColumnFinding } from '../findings/collect-findings.ts';
import { listColumns, listFeatures, type InspectedDataset } from '../findings/inspected-dataset.ts';
import { showCount, showName, showShare } from '../word-condition.ts';

/** Scores below this are not worth a line of evidence. */
const LEAST_SCORE = 0.1;

/** Of the interval that must lie above the bound. */
const LEVEL = 0.99;

/** What the order of rows is called among columns. */
const ROW_ORDER = '(order of the rows)';

/** Columns that alone tell the label, measured. Empty without a label. */
export async function inspectLabel(
  inspected: InspectedDataset,
  seed: number,
): Promise<readonly DataFinding[]> {
  const { dataset, engine, source, roles, declaredTypes, options } = inspected;
  const { label, id = [] } = roles;
  if (label === undefined) return [];
  const [leak, order] = [
    { dataset, kind: 'LABEL_LEAK' },
    { dataset, kind: 'LABEL_FROM_ORDER' },
  ] as const;
  const columns = await listColumns(inspected);
  if (!columns.includes(label)) {
    const why = `The table has no column ${showName(label)}.`;
    return [findNothing(leak, why), findNothing(order, why)];
  }
  const ids = id.filter((column) => columns.includes(column) && column !== label);
  const features = listFeatures(columns, { ...roles, ...(roles.time === undefined ? {} : { time: '' }) });
  const scored = [...new Set([...features, ...ids])];
  const describe = (name: string) => ({ name, declaredTypes: declaredTypes(name) });
  const { labelled, scores } = await engine.inspectTable(
    { kind: 'label-scores', source, label: describe(label), columns: scored.map(describe), seed },
    options,
  );
  if (scores.length === 0) {
    const why = `${showCount(labelled)} rows with a label are too few, or all have the same.`;
    return [findNothing(leak, why), findNothing(order, why)];
  }
  const isOrder = ({ column }: LabelScore): boolean => column === undefined || ids.includes(column);
  return [
    ...findColumns(leak, features.length, scores.filter((score) => !isOrder(score)).flatMap(toFinding)),
    ...findColumns(order, ids.length + 1, scores.filter(isOrder).flatMap(toFinding)),
  ];
}

function toFinding({ column = ROW_ORDER, rows, ...power }: LabelScore): readonly ColumnFinding[] {
  const { score } = power;
  if (score < LEAST_SCORE) return [];
  const { low, high } = powerInterval(power, LABEL_FOLDS, LEVEL);
  return [
    {
      column,
      value: score,
      interval: { level: LEVEL, low, high, method: `${LABEL_FOLDS}-fold cross-validation` },
      n: rows,
      detail: `alone it tells ${showShare(score)} of what there is to know of the label (99% interval ${showShare(low)} to ${showShare(high)}), on rows that it was not learned from.`,
    },
  ];
}
