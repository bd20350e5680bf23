import {
  type TableError,
  type ColumnsRequest,
  type Engine,
  type Labels,
  type PackedTexts,
  type QueryOptions,
  type TableSource,
} from '../engine/engine.ts';
import { isFaultOfContent } from '../engine/fault-of-content.ts';
import { UserError } from '../evidence/errors.ts';
import type { Check, ConfigSource } from '../schemas/evidence.generated.ts';
import { buildOutcomes } from './build-outcomes.ts';
import { locateScores, readClassScores, type ReducedScores } from './class-scores.ts';
import { isPattern } from './expand-pattern.ts';
import { makeFinding, type FindingRequest } from './findings.ts';
import { inspectExamples, inspectOutcomes, warnOfOutcomes } from './inspect-examples.ts';
import {
  aboutOf,
  describeRepeated,
  findRepeated,
  inspectRows,
  type PredictionRows,
  type ReadColumn,
} from './inspect-rows.ts';
import { inspectJoin } from './join-targets.ts';
import type { Outcomes } from './outcomes.ts';
import {
  planColumns,
  type ColumnPlan,
  type DescribedFile,
  type NestedLabels,
  type PlanRequest,
} from './plan-columns.ts';
import { packLabels } from './packed-texts.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import { nameColumn, type Slot } from './roles.ts';
import {
  isOfExample,
  labelsOf,
  needColumn,
  releaseColumns,
  textsOf,
  type OrderedColumn,
} from './sorted-columns.ts';
import { sortIds, sortRows, type IdOrder, type RowOrder } from './sort-rows.ts';

export interface OutcomesRequest extends QueryOptions, PlanRequest {
  readonly engine: Engine;
  /** Where the file of `predictions.path` really is. */
  readonly source: TableSource;
  /** Where the file of `predictions.targets` really is. */
  readonly targets?: TableSource;
  /** How another file is sorted: one with the same ids in the same rows need not be sorted again. */
  readonly knownOrder?: IdOrder;
  /** Finds where in the config something was asked for. */
  readonly locate?: (path: readonly string[]) => ConfigSource;
}

export type LoadedOutcomes =
  | {
      readonly kind: 'loaded';
      readonly outcomes: Outcomes;
      readonly order: IdOrder;
      /** What is strange, but can be measured. */
      readonly warnings: readonly Check[];
    }
  | { readonly kind: 'findings'; readonly checks: readonly Check[] };

/**
 * Reads a predictions file, and that with the truth where it is another, into outcomes, sorted bytewise by id. Rows that
 * cannot be judged (missing, repeated or non-finite values, scores that are no probabilities, examples that only one file
 * has, no rows at all) are findings, with the rows to look at.
 * Throws a UserError for a column that does not exist or labels that do not fit the task, and a TableError for a file
 * that is missing or is not what its name says.
 */
export async function loadOutcomes(request: OutcomesRequest): Promise<LoadedOutcomes> {
  try {
    return await load(request);
  } catch (error) {
    if (!isFaultOfContent(error)) throw error;
    return { kind: 'findings', checks: [unreadableFinding(error, request)] };
  }
}

async function load(request: OutcomesRequest): Promise<LoadedOutcomes> {
  const { predictions, source } = request;
  const targets = targetsOf(request);
  const file = await describe(predictions.path, source, request);
  const truth = targets === undefined ? undefined : await describe(targets.path, targets.source, request);
  const empty = [file, truth].find((one) => one?.columns.length === 0);
  if (empty !== undefined) return { kind: 'findings', checks: [emptyFinding(empty.path, request)] };
  const plan = planColumns(request, file, truth, await findNested(request, file, truth));
  refuseTwoKinds(plan, request);
  const rows = await readSlots(plan.slots, { path: predictions.path, source }, request);
  const others = targets === undefined ? undefined : await readSlots(plan.ofTargets, targets, request);
  const none = [rows, others].find((one) => one?.n === 0);
  if (none !== undefined) return { kind: 'findings', checks: [emptyFinding(none.path, request)] };
  const inspected = [rows, ...(others === undefined ? [] : [others])].flatMap((one) =>
    inspectRows(one, request),
  );
  const sorted = sortFiles(rows, others, request);
  const checks = [...inspected, ...sorted.checks];
  if (checks.length > 0) return { kind: 'findings', checks };
  return await finish(sorted, file, request);
}

interface NamedSource {
  readonly path: string;
  readonly source: TableSource;
}

function targetsOf({ predictions, targets, model, task }: OutcomesRequest): NamedSource | undefined {
  if (predictions.targets === undefined || targets === undefined) return undefined;
  if (hasSeveralRows({ task, predictions })) {
    throw new UserError(
      `\`models.${model}.predictions.targets\` is set, but ${task} reads the truth of each row from the predictions.`,
      { help: 'Write the truth into the file with the predictions, and leave `targets` out.' },
    );
  }
  return { path: predictions.targets.path, source: targets };
}

/** Whether an example has a row for each of its items or labels. */
function hasSeveralRows({ task, predictions }: Pick<OutcomesRequest, 'task' | 'predictions'>): boolean {
  return task === 'ranking' || (task === 'multilabel-classification' && predictions.layout === 'long');
}

async function describe(path: string, source: TableSource, request: OutcomesRequest): Promise<DescribedFile> {
  return { path, ...(await request.engine.describeTable(source, request)) };
}

/** What stands in columns that a multilabel task names for all its labels at once. */
async function findNested(
  request: OutcomesRequest,
  file: DescribedFile,
  truth: DescribedFile | undefined,
): Promise<readonly NestedLabels[]> {
  const { task, predictions, engine } = request;
  if (task !== 'multilabel-classification' || predictions.layout === 'long') return [];
  const found: NestedLabels[] = [];
  for (const key of ['target', 'scores', 'prediction'] as const) {
    const column = predictions[key];
    const isTruth = key === 'target' && truth !== undefined;
    const { columns } = isTruth ? truth : file;
    if (typeof column !== 'string' || isPattern(column, columns)) continue;
    if (columns.every(({ name }) => name !== column)) continue;
    const source = isTruth ? (request.targets ?? request.source) : request.source;
    const nested = await engine.describeNested(source, column, request);
    if (nested.kind === 'list') {
      const elements = Array.from({ length: nested.longest }, (_, element) => ({
        label: String(element),
        element,
      }));
      found.push({ column, elements: elements.sort((a, b) => (a.label < b.label ? -1 : 1)) });
    }
    if (nested.kind === 'object') {
      const elements = nested.keys.map((element) => ({ label: normaliseLabel(element), element }));
      found.push({ column, elements: elements.sort((a, b) => (a.label < b.label ? -1 : 1)) });
    }
  }
  return found;
}

/** One column cannot be both the truth or the answer as a label and as a number. */
function refuseTwoKinds({ slots, ofTargets }: ColumnPlan, request: OutcomesRequest): void {
  for (const file of [slots, ofTargets]) {
    const named = file.filter(({ role }) =>
      ['id', 'item', 'label', 'target', 'score', 'prediction'].includes(role),
    );
    for (const { name, element, as } of named) {
      const other = named.find(
        (slot) =>
          slot.name === name && slot.element === element && (slot.as === 'number') !== (as === 'number'),
      );
      if (other === undefined) continue;
      throw new UserError(
        `\`models.${request.model}\` uses the column \`${nameColumn(other)}\` in two roles that exclude each other: as numbers and as labels.`,
        { help: 'Name a column of its own for each role.' },
      );
    }
  }
}

async function readSlots(
  slots: readonly Slot[],
  { path, source }: NamedSource,
  request: OutcomesRequest,
): Promise<PredictionRows> {
  const isLong = request.task === 'multiclass-classification' && request.predictions.layout === 'long';
  const distinct = isLong && source === request.source;
  const columns: ColumnsRequest['columns'] = slots.map(({ name, element, as }) => ({
    name,
    as,
    ...(element === undefined ? {} : { element }),
  }));
  const answer = await request.engine.readColumns(
    { source, columns, ...(distinct ? { distinct } : {}) },
    request,
  );
  return {
    path,
    n: answer.rows,
    columns: slots.flatMap((slot, index): ReadColumn[] => {
      const column = answer.columns[index];
      return column === undefined ? [] : [{ slot, column }];
    }),
    ...(answer.firstRows === undefined ? {} : { firstRows: answer.firstRows }),
  };
}

/** Both files in the canonical order of examples. */
interface SortedFiles {
  readonly checks: readonly Check[];
  readonly byId: IdOrder;
  readonly rows: RowOrder | undefined;
  readonly columns: readonly OrderedColumn[];
  readonly path: string;
}

function idOf({ columns }: PredictionRows): ReadColumn {
  const id = columns.find(({ slot }) => slot.role === 'id');
  if (id === undefined) throw new TypeError('No id was read.');
  return id;
}

function sortFiles(
  own: PredictionRows,
  truth: PredictionRows | undefined,
  request: OutcomesRequest,
): SortedFiles {
  if (hasSeveralRows(request)) return sortItems(own, request);
  const byId = sortIds(textsOf(idOf(own).column), request.knownOrder);
  const columns = own.columns.map((read) => ({ ...read, order: byId.order }));
  const repeated = describeRepeatedIds(own, byId, request);
  const { path } = own;
  if (truth === undefined) return { checks: repeated, byId, rows: undefined, columns, path };
  const other = sortIds(textsOf(idOf(truth).column), byId);
  const checks = [...repeated, ...describeRepeatedIds(truth, other, request)];
  const joined =
    checks.length > 0
      ? []
      : inspectJoin(
          { path, idColumn: nameColumn(idOf(own).slot), byId },
          { path: truth.path, idColumn: nameColumn(idOf(truth).slot), byId: other },
          request,
        );
  const ofTruth = truth.columns
    .filter(({ slot }) => slot.role !== 'id')
    .map((read) => ({ ...read, order: other.order }));
  return { checks: [...checks, ...joined], byId, rows: undefined, columns: [...columns, ...ofTruth], path };
}

function describeRepeatedIds(
  rows: PredictionRows,
  { ids, order }: IdOrder,
  request: OutcomesRequest,
): readonly Check[] {
  const repeated = findRepeated({ texts: ids, order });
  if (repeated.length === 0) return [];
  const id = idOf(rows);
  const column = nameColumn(id.slot);
  const sentence =
    rows.firstRows === undefined
      ? `an id of \`${column}\` that an earlier row has. Candidate and baseline are paired by id, so each example needs one of its own.`
      : `an example of \`${column}\` with another target, prediction, group or slice than its first row has. In the long layout all rows of an example say the same of it.`;
  return [describeRepeated(repeated, id, rows, request, sentence)];
}

/** 1 and 1.0 are one label. */
function packNormalised({ codes, values }: Labels): PackedTexts {
  return packLabels({ codes, values: values.map(normaliseLabel) });
}

/** Rows of items or labels, within their example. */
function sortItems(own: PredictionRows, request: OutcomesRequest): SortedFiles {
  const item = own.columns.find(({ slot }) => slot.role === 'item' || slot.role === 'label');
  if (item === undefined) throw new TypeError('No item was read.');
  const items = 'codes' in item.column ? packNormalised(item.column) : textsOf(item.column);
  const rows = sortRows(textsOf(idOf(own).column), items);
  const columns = own.columns.map((read): OrderedColumn => ({
    ...read,
    order: isOfExample(read.slot) ? rows.examples.order : rows.rows,
  }));
  return {
    checks: inspectExamples(own, rows, item, request),
    byId: rows.examples,
    rows,
    columns,
    path: own.path,
  };
}

async function finish(
  { byId, rows, columns, path }: SortedFiles,
  file: DescribedFile,
  request: OutcomesRequest,
): Promise<LoadedOutcomes> {
  const scores = await readScores(columns, byId, file, request);
  if (scores !== undefined && 'checks' in scores) return { kind: 'findings', checks: scores.checks };
  const outcomes = buildOutcomes({
    ...request,
    byId,
    columns,
    ...(rows === undefined ? {} : { rows }),
    ...(scores === undefined ? {} : { scores }),
  });
  releaseColumns(columns);
  const checks = inspectOutcomes(outcomes, path, request);
  return checks.length > 0
    ? { kind: 'findings', checks }
    : { kind: 'loaded', outcomes, order: byId, warnings: warnOfOutcomes(outcomes, path, request) };
}

async function readScores(
  columns: readonly OrderedColumn[],
  byId: IdOrder,
  file: DescribedFile,
  request: OutcomesRequest,
): Promise<
  | { readonly labels: readonly string[]; readonly reduced: ReducedScores }
  | { readonly checks: readonly Check[] }
  | undefined
> {
  if (request.task !== 'multiclass-classification') return undefined;
  const target = needColumn(columns, 'target');
  const column = labelsOf(target.column);
  const located = await locateScores(request, file, column.values);
  if (located === undefined) return undefined;
  const reduced = await readClassScores(located, { column, order: target.order }, byId, request);
  return 'trueRank' in reduced ? { labels: located.labels, reduced } : { checks: reduced };
}

function findingOf(request: OutcomesRequest): Pick<FindingRequest, 'model' | 'role' | 'locate'> {
  return { ...aboutOf(request), role: 'path' };
}

function emptyFinding(path: string, request: OutcomesRequest): Check {
  return makeFinding({
    ...findingOf(request),
    name: 'not-empty',
    reason: 'empty',
    rows: 0,
    message: `${path} holds no ${path === request.predictions.path ? 'predictions' : 'examples'}. Check the step that writes it.`,
  });
}

function unreadableFinding(error: TableError, request: OutcomesRequest): Check {
  return makeFinding({
    ...findingOf(request),
    name: 'readable',
    reason: error.fault === 'empty' ? 'empty' : 'unreadable',
    message: error.help === undefined ? error.message : `${error.message} ${error.help}`,
  });
}
