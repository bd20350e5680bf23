import {
  TableError,
  type Column,
  type ColumnsRequest,
  type Engine,
  type Labels,
  type PackedTexts,
  type QueryOptions,
  type TableDescription,
  type TableFault,
  type TableSource,
} from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { ModelConfig, PredictionsConfig } from '../schemas/config.generated.ts';
import type { Check, ConfigSource } from '../schemas/evidence.generated.ts';
import { digestIds, digestTestSet } from './digest-test-set.ts';
import { makeFinding, type FindingRequest } from './findings.ts';
import { inspectRows, type IdOrder, type PredictionRows } from './inspect-rows.ts';
import type { CodedColumn, Outcomes } from './outcomes.ts';
import { recodeLabels } from './encode-column.ts';
import { pickTexts } from './packed-texts.ts';
import { encodeLabels, readBinaryLabels } from './read-labels.ts';
import { encodeSliceColumn } from './slice-columns.ts';
import { columnsOf, type SliceEntries } from './slice-entries.ts';
import { sortTexts } from './sort-texts.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import type { Role, RoleColumns } from './roles.ts';

export interface OutcomesRequest extends QueryOptions {
  readonly engine: Engine;
  /** Name of the model, for ids of checks. */
  readonly model: string;
  readonly task: ModelConfig['task'];
  readonly predictions: PredictionsConfig;
  /** Where the file of `predictions.path` really is. */
  readonly source: TableSource;
  /** How another file is sorted: one with the same ids in the same rows need not be sorted again. */
  readonly knownOrder?: IdOrder;
  /** Columns and crossings of columns to slice by. */
  readonly slices?: SliceEntries;
  /** Finds where in the config something was asked for. */
  readonly locate?: (path: readonly string[]) => ConfigSource;
}

export type { IdOrder } from './inspect-rows.ts';

export type LoadedOutcomes =
  | { readonly kind: 'loaded'; readonly outcomes: Outcomes; readonly order: IdOrder }
  | { readonly kind: 'findings'; readonly checks: readonly Check[] };

/** Faults of a file whose content is bad: findings. All others are thrown on, for the caller's exit code. */
const FINDINGS: readonly TableFault[] = ['ragged', 'empty', 'duplicate-columns', 'not-a-number'];

/**
 * Reads a predictions file into outcomes, sorted bytewise by id. Rows that cannot be judged (missing, repeated or
 * non-finite values, scores that are no probabilities, no rows at all) are findings, with the rows to look at.
 * Throws a UserError for a column that does not exist or labels that do not fit the task, and a TableError for a file
 * that is missing or is not what its name says.
 */
export async function loadOutcomes(request: OutcomesRequest): Promise<LoadedOutcomes> {
  const columns = chooseColumns(request);
  try {
    const sliceNames = listSliceColumns(request.slices ?? []);
    const description = await request.engine.describeTable(request.source, request);
    if (description.columns.length === 0) return { kind: 'findings', checks: [emptyFinding(request)] };
    refuseUnknownColumns(columns, sliceNames, description, request);
    const read = await readRoles(columns, sliceNames, request);
    if (read.rows.n === 0) return { kind: 'findings', checks: [emptyFinding(request)] };
    const checks = inspectRows(read.rows, { ...request, columns });
    if (checks.length > 0) return { kind: 'findings', checks };
    const outcomes = buildOutcomes(read, columns, request);
    releaseRows(read);
    return { kind: 'loaded', outcomes, order: read.rows.byId };
  } catch (error) {
    if (error instanceof TableError && FINDINGS.includes(error.fault)) {
      return { kind: 'findings', checks: [unreadableFinding(error, request)] };
    }
    throw error;
  }
}

/** The columns that the task needs. Throws a UserError where the config names too few. */
function chooseColumns(request: OutcomesRequest): RoleColumns {
  const { id, target, score, prediction, group, stratum } = request.predictions;
  if (typeof id !== 'string' || target === undefined)
    throw new UserError(
      `\`models.${request.model}.predictions\` must name one column as \`id\` and one as \`target\`.`,
    );
  const belonging = {
    ...(group === undefined ? {} : { group }),
    ...(stratum === undefined ? {} : { stratum }),
  };
  const key = `models.${request.model}.predictions`;
  if (request.task === 'binary-classification') {
    if (score === undefined && prediction === undefined) {
      throw new UserError(`\`${key}\` names neither \`score\` nor \`prediction\`.`, {
        help: 'Name the column with the probability of the positive class as `score`, or the column with the predicted label as `prediction`.',
      });
    }
    return {
      id,
      target,
      ...(score === undefined ? {} : { score }),
      ...(prediction === undefined ? {} : { prediction }),
      ...belonging,
    };
  }
  if (prediction === undefined) {
    throw new UserError(`\`${key}\` does not name a \`prediction\` column, which ${request.task} needs.`, {
      help: `Name the column with the predicted ${request.task === 'regression' ? 'value' : 'label'} as \`prediction\`.`,
    });
  }
  return { id, target, prediction, ...belonging };
}

/** Columns that slices are made of, each once. */
function listSliceColumns(by: SliceEntries): readonly string[] {
  return [...new Set(columnsOf(by).flat())];
}

function refuseUnknownColumns(
  columns: RoleColumns,
  sliceNames: readonly string[],
  { columns: described, hint }: TableDescription,
  request: OutcomesRequest,
): void {
  const known = described.map((column) => column.name);
  const wanted = [
    ...Object.entries(columns).map(([role, name]) => [`predictions.${role}`, name] as const),
    ...sliceNames.map((name) => ['slices.by', name] as const),
  ];
  for (const [key, name] of wanted) {
    if (known.includes(name)) continue;
    const nearest = findNearest(name, known);
    const suggestion = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    const shown = known.slice(0, 20).map((column) => `\`${column}\``);
    throw new UserError(
      `${request.predictions.path} has no column \`${name}\`, which \`models.${request.model}.${key}\` names.${suggestion}${hint === undefined ? '' : ` ${hint}`}`,
      { help: `Its columns are ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}.` },
    );
  }
}

interface ReadRoles {
  readonly rows: PredictionRows;
  readonly sliceColumns: ReadonlyMap<string, Column>;
}

/** How a role's column is read. */
function kindOf(role: string, task: OutcomesRequest['task']): ColumnsRequest['columns'][number]['as'] {
  if (role === 'id') return 'text';
  const isValue = task === 'regression' && (role === 'target' || role === 'prediction');
  return role === 'score' || isValue ? 'number' : 'label';
}

async function readRoles(
  columns: RoleColumns,
  sliceNames: readonly string[],
  request: OutcomesRequest,
): Promise<ReadRoles> {
  const roles = Object.entries(columns);
  const wanted = [...roles, ...sliceNames.map((name) => ['slice', name] as const)].map(([role, name]) => ({
    name,
    as: kindOf(role, request.task),
  }));
  for (const { name, as } of wanted) {
    if (wanted.every((other) => other.name !== name || (other.as === 'number') === (as === 'number')))
      continue;
    throw new UserError(
      `\`models.${request.model}\` uses the column \`${name}\` in two roles that exclude each other: as numbers and as labels.`,
      { help: 'Name a column of its own for each role; to slice by a number, write a column with its bins.' },
    );
  }
  const { engine, source } = request;
  const answer = await engine.readColumns({ source, columns: wanted }, request);
  const columnOf = (role: Role): Column | undefined =>
    answer.columns[roles.findIndex(([name]) => name === role)];
  const ids = textsOf(columnOf('id'));
  const rows: PredictionRows = {
    n: answer.rows,
    byId: sortIds(ids, request.knownOrder),
    columns: {
      id: ids,
      target: columnOf('target'),
      score: columnOf('score'),
      prediction: columnOf('prediction'),
      group: columnOf('group'),
      stratum: columnOf('stratum'),
    },
  };
  const ofSlices = answer.columns.slice(roles.length);
  return {
    rows,
    sliceColumns: new Map(
      sliceNames.flatMap((name, index) => {
        const column = ofSlices[index];
        return column === undefined ? [] : [[name, column] as const];
      }),
    ),
  };
}

function sortIds(ids: PackedTexts, known: IdOrder | undefined): IdOrder {
  const fileDigest = digestIds(ids);
  if (known?.fileDigest === fileDigest) return known;
  const order = sortTexts(ids);
  const sorted = pickTexts(ids, order);
  return { fileDigest, ids: sorted, idsDigest: digestIds(sorted), order };
}

/** Columns come back as they were asked for; the type cannot know. */
function textsOf(column: Column | undefined): PackedTexts {
  if (column === undefined || !('ends' in column)) throw new TypeError('This column is not text.');
  return column;
}

function labelsOf(column: Column | undefined): Labels {
  if (column === undefined || !('codes' in column)) throw new TypeError('This column has no labels.');
  return column;
}

function numbersOf(column: Column | undefined): Float64Array {
  if (!(column instanceof Float64Array)) throw new TypeError('This column is not numeric.');
  return column;
}

/** Numbers in canonical order. */
function sortNumbers(column: Column | undefined, order: Uint32Array): Float64Array {
  const values = numbersOf(column);
  const sorted = new Float64Array(order.length);
  for (let index = 0; index < order.length; index++) sorted[index] = values[order[index] ?? 0] ?? 0;
  return sorted;
}

/** Labels in canonical order. */
function sortLabels(column: Column | undefined, order: Uint32Array): Labels {
  const { codes, values } = labelsOf(column);
  const sorted = codes.slice();
  for (let index = 0; index < order.length; index++) sorted[index] = codes[order[index] ?? 0] ?? 0;
  return { codes: sorted, values };
}

function buildOutcomes(
  { rows, sliceColumns }: ReadRoles,
  columns: RoleColumns,
  request: OutcomesRequest,
): Outcomes {
  const { ids, idsDigest, order } = rows.byId;
  const { target, prediction, group, stratum } = rows.columns;
  const common = {
    n: rows.n,
    ids,
    idsDigest,
    groups: group === undefined ? undefined : recodeLabels(labelsOf(group), order).codes,
    strata: stratum === undefined ? undefined : recodeLabels(labelsOf(stratum), order),
    sliceColumns: encodeSliceColumns(sliceColumns, order, request),
    numericColumns: new Map(),
    weights: undefined,
  };
  if (request.task === 'binary-classification') {
    return { ...common, ...buildBinary(rows, columns, request) };
  }
  if (request.task === 'regression') {
    const values = sortNumbers(target, order);
    const testSetDigest = digestTestSet(idsDigest, { values });
    const predicted = sortNumbers(prediction, order);
    return { task: 'regression', ...common, testSetDigest, target: values, predicted };
  }
  const { labels, codes } = encodeLabels(
    [sortLabels(target, order), sortLabels(prediction, order)],
    `\`${columns.target}\` or \`${columns.prediction ?? ''}\` of ${request.predictions.path}`,
  );
  const [truth = new Uint16Array(), predicted = new Uint16Array()] = codes;
  const testSetDigest = digestTestSet(idsDigest, { codes: truth, labels });
  return { task: 'multiclass-classification', ...common, testSetDigest, target: truth, predicted, labels };
}

/** What the engine read, in the file's order: no longer needed once it is in the canonical one. */
function releaseRows({ rows, sliceColumns }: ReadRoles): void {
  for (const column of [...Object.values(rows.columns), ...sliceColumns.values()]) {
    if (column instanceof Float64Array) releaseMemory(column);
    else if (column !== undefined && 'codes' in column) releaseMemory(column.codes);
    else if (column !== undefined) releaseMemory(column.bytes, column.ends);
  }
}

function encodeSliceColumns(
  columns: ReadonlyMap<string, Column>,
  order: Uint32Array,
  { model, predictions }: OutcomesRequest,
): ReadonlyMap<string, CodedColumn> {
  return new Map(
    Array.from(columns, ([column, labels]) => [
      column,
      encodeSliceColumn(labelsOf(labels), order, { column, file: predictions.path, model }),
    ]),
  );
}

function buildBinary(
  { byId: { order, idsDigest }, columns: read }: PredictionRows,
  columns: RoleColumns,
  request: OutcomesRequest,
) {
  const { labels, target, predicted } = readBinaryLabels({
    target: sortLabels(read.target, order),
    prediction: read.prediction === undefined ? undefined : sortLabels(read.prediction, order),
    positive: request.predictions.positive,
    targetColumn: columns.target,
    predictionColumn: columns.prediction ?? '',
    file: request.predictions.path,
  });
  const score = read.score === undefined ? undefined : sortNumbers(read.score, order);
  return {
    task: 'binary-classification' as const,
    // Spelled as 0 and 1, so that True and 1 are the same target.
    testSetDigest: digestTestSet(idsDigest, { codes: target, labels: ['0', '1'] }),
    target,
    predicted: predicted ?? decide(score ?? new Float64Array(), request.predictions.threshold),
    score,
    labels,
  };
}

function decide(score: Float64Array, threshold: number): Uint8Array {
  const predicted = new Uint8Array(score.length);
  for (let row = 0; row < score.length; row++) predicted[row] = (score[row] ?? 0) >= threshold ? 1 : 0;
  return predicted;
}

function findingOf(request: OutcomesRequest, role: 'path' | Role): Omit<FindingRequest, 'name' | 'message'> {
  return { model: request.model, role, ...(request.locate === undefined ? {} : { locate: request.locate }) };
}

function emptyFinding(request: OutcomesRequest): Check {
  return makeFinding({
    ...findingOf(request, 'path'),
    name: 'not-empty',
    reason: 'empty',
    rows: 0,
    message: `${request.predictions.path} holds no predictions. Check the step that writes it.`,
  });
}

function unreadableFinding(error: TableError, request: OutcomesRequest): Check {
  return makeFinding({
    ...findingOf(request, 'path'),
    name: 'readable',
    reason: error.fault === 'empty' ? 'empty' : 'unreadable',
    message: error.help === undefined ? error.message : `${error.message} ${error.help}`,
  });
}
