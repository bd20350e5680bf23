/** What makes examples useless that have several rows each, or outcomes as a whole. */
import type { Check } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import {
  aboutOf,
  describeRepeated,
  exampleOf,
  exampleOfValue,
  type InspectionRequest,
  type PredictionRows,
  type ReadColumn,
} from './inspect-rows.ts';
import type { Outcomes } from './outcomes.ts';
import { isSameText, textAt } from './packed-texts.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import { nameColumn } from './roles.ts';
import { isOfExample } from './sorted-columns.ts';
import type { RowOrder } from './sort-rows.ts';

const MAX_EXAMPLES = 5;

/** Items or labels that stand twice in an example, labels that an example lacks, and values that differ within one. */
export function inspectExamples(
  own: PredictionRows,
  rows: RowOrder,
  item: ReadColumn,
  request: InspectionRequest,
): readonly Check[] {
  const repeated = findRepeatedItems(rows);
  if (repeated.length > 0) {
    const sentence = `\`${nameColumn(item.slot)}\` of the same example. Each ${item.slot.role} stands once for each example.`;
    return [describeRepeated(repeated, item, own, request, sentence)];
  }
  return [
    ...(item.slot.role === 'label' ? inspectLabels(own, rows, item, request) : []),
    ...own.columns
      .filter(({ slot }) => isOfExample(slot))
      .flatMap((column) => inspectConstant(column, own, rows, request)),
  ];
}

function findRepeatedItems({ items, ends, rows }: RowOrder): readonly number[] {
  const repeated: number[] = [];
  let start = 0;
  for (const end of ends) {
    for (let place = start + 1; place < end; place++) {
      if (isSameText(items, place - 1, items, place)) repeated.push(rows[place] ?? 0);
    }
    start = end;
  }
  return repeated.sort((a, b) => a - b);
}

/** In the long layout every example says of every label whether it has it. */
function inspectLabels(
  { path }: PredictionRows,
  { ends, examples }: RowOrder,
  item: ReadColumn,
  request: InspectionRequest,
): readonly Check[] {
  const labels = 'codes' in item.column ? new Set(item.column.values.map(normaliseLabel)).size : 0;
  const short: number[] = [];
  for (let example = 0; example < ends.length; example++) {
    if ((ends[example] ?? 0) - (ends[example - 1] ?? 0) !== labels) short.push(example);
  }
  if (short.length === 0) return [];
  const shown = short.slice(0, MAX_EXAMPLES);
  return [
    makeFinding({
      ...aboutOf(request),
      role: 'label',
      name: 'complete',
      reason: 'missing',
      rows: ends.length,
      violations: short.length,
      examples: shown.map((example) =>
        exampleOfValue(textAt(examples.ids, example), examples.order[example] ?? 0, nameColumn(item.slot)),
      ),
      message: `${path}: ${short.length} of ${ends.length} examples have no row for some of the ${labels} labels, such as ${JSON.stringify(textAt(examples.ids, short[0] ?? 0).slice(0, 80))}. Write a row for each example and label.`,
    }),
  ];
}

/** What belongs to an example is the same in all its rows. */
function inspectConstant(
  read: ReadColumn,
  { path, n }: PredictionRows,
  { rows, ends }: RowOrder,
  request: InspectionRequest,
): readonly Check[] {
  const { column, slot } = read;
  const values = column instanceof Float64Array ? column : 'codes' in column ? column.codes : undefined;
  if (values === undefined) return [];
  const differing: number[] = [];
  let start = 0;
  for (const end of ends) {
    const first = values[rows[start] ?? 0];
    for (let place = start + 1; place < end; place++) {
      const value = values[rows[place] ?? 0];
      if (!Object.is(value, first)) differing.push(rows[place] ?? 0);
    }
    start = end;
  }
  if (differing.length === 0) return [];
  const shown = differing.sort((a, b) => a - b).slice(0, MAX_EXAMPLES);
  return [
    makeFinding({
      ...aboutOf(request),
      role: slot.role,
      name: 'same-in-example',
      rows: n,
      violations: differing.length,
      examples: shown.map((row) => exampleOf(read, row)),
      message: `${path}: ${differing.length} ${differing.length === 1 ? 'row has' : 'rows have'} another value in \`${nameColumn(slot)}\` than the first row of the same example. It belongs to the example: write the same value into all its rows.`,
    }),
  ];
}

/** What can only be seen when all is loaded: weights of which none counts. */
export function inspectOutcomes(
  { weights, n }: Outcomes,
  path: string,
  request: InspectionRequest,
): readonly Check[] {
  if (weights?.some((weight) => weight > 0) ?? true) return [];
  return [
    makeFinding({
      ...aboutOf(request),
      role: 'weight',
      name: 'some-positive',
      rows: n,
      violations: n,
      message: `${path}: all weights are 0, so that no example counts.`,
    }),
  ];
}

/** What is strange, but can be measured: quantiles of a higher level that lie below those of a lower one. */
export function warnOfOutcomes(
  outcomes: Outcomes,
  path: string,
  request: InspectionRequest,
): readonly Check[] {
  if (outcomes.task !== 'quantile-regression' && outcomes.task !== 'forecasting') return [];
  const quantiles = outcomes.task === 'forecasting' ? outcomes.quantiles : outcomes.predicted;
  const crossing: number[] = [];
  for (let row = 0; row < outcomes.n; row++) {
    const isCrossing = quantiles.some(
      (column, level) => level > 0 && (column[row] ?? 0) < (quantiles[level - 1]?.[row] ?? 0),
    );
    if (isCrossing) crossing.push(row);
  }
  if (crossing.length === 0) return [];
  const { ids } = outcomes;
  const shown =
    ids === undefined
      ? []
      : crossing.slice(0, MAX_EXAMPLES).map((row) => JSON.stringify(textAt(ids, row).slice(0, 80)));
  const finding = makeFinding({
    ...aboutOf(request),
    role: 'quantiles',
    name: 'ascending',
    rows: outcomes.n,
    violations: crossing.length,
    message: `${path}: ${crossing.length} of ${outcomes.n} examples ${crossing.length === 1 ? 'has' : 'have'} quantiles that cross, such as ${shown.join(', ')}: one of a higher level lies below one of a lower level. Sort each example's quantiles before they are written.`,
  });
  return [{ ...finding, severity: 'warn', verdict: 'warn' }];
}
