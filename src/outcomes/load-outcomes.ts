import {
  TableError,
  type ColumnsAnswer,
  type Engine,
  type QueryOptions,
  type TableDescription,
  type TableFault,
  type TableSource,
} from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { ModelConfig, PredictionsConfig, SlicesConfig } from '../schemas/config.generated.ts';
import type { Check, ConfigSource } from '../schemas/evidence.generated.ts';
import { digestIds, digestTestSet } from './digest-test-set.ts';
import { makeFinding, type FindingRequest } from './findings.ts';
import { inspectRows, type PredictionRows } from './inspect-rows.ts';
import type { CodedColumn, Outcomes } from './outcomes.ts';
import { encodeColumn } from './encode-column.ts';
import { packTexts, type PackedTexts } from './packed-texts.ts';
import { encodeLabels, readBinaryLabels } from './read-labels.ts';
import { encodeSliceColumn } from './slice-columns.ts';
import type { Role, RoleColumns } from './roles.ts';

export interface OutcomesRequest extends QueryOptions {
  readonly engine: Engine;
  /** Name of the model, for ids of checks. */
  readonly model: string;
  readonly task: ModelConfig['task'];
  readonly predictions: PredictionsConfig;
  /** Where the file of `predictions.path` really is. */
  readonly source: TableSource;
  /** Columns and crossings of columns to slice by. */
  readonly slices?: SlicesConfig['by'];
  /** Finds where in the config something was asked for. */
  readonly locate?: (path: readonly string[]) => ConfigSource;
}

export type LoadedOutcomes =
  | { readonly kind: 'loaded'; readonly outcomes: Outcomes }
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
    const answer = await readRoles(columns, sliceNames, request, columns.id);
    if (answer.rows === 0) return { kind: 'findings', checks: [emptyFinding(request)] };
    const rows = rowsOf(answer, columns);
    const checks = await inspectRows(rows, {
      ...request,
      columns,
      readInFileOrder: async () => rowsOf(await readRoles(columns, [], request), columns),
    });
    if (checks.length > 0) return { kind: 'findings', checks };
    const sliceColumns = encodeSliceColumns(answer, sliceNames, request);
    return { kind: 'loaded', outcomes: { ...buildOutcomes(rows, columns, request), sliceColumns } };
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
function listSliceColumns(by: SlicesConfig['by']): readonly string[] {
  return [...new Set(by.flat())];
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

async function readRoles(
  columns: RoleColumns,
  sliceNames: readonly string[],
  request: OutcomesRequest,
  orderBy?: string,
): Promise<ColumnsAnswer> {
  const isNumber = (role: string): boolean =>
    role === 'score' || (request.task === 'regression' && (role === 'target' || role === 'prediction'));
  const wanted = new Map<string, 'number' | 'text'>();
  for (const [role, name] of [
    ...Object.entries(columns),
    ...sliceNames.map((name) => ['slice', name] as const),
  ]) {
    const as = isNumber(role) ? 'number' : 'text';
    if ((wanted.get(name) ?? as) !== as) {
      throw new UserError(
        `\`models.${request.model}\` uses the column \`${name}\` in two roles that exclude each other: as numbers and as labels.`,
        {
          help: 'Name a column of its own for each role; to slice by a number, write a column with its bins.',
        },
      );
    }
    wanted.set(name, as);
  }
  return request.engine.readColumns(
    {
      source: request.source,
      columns: Array.from(wanted, ([name, as]) => ({ name, as })),
      ...(orderBy === undefined ? {} : { orderBy }),
    },
    request,
  );
}

function rowsOf(answer: ColumnsAnswer, columns: RoleColumns): PredictionRows {
  const columnOf = (role: Role): PredictionRows['columns'][Role] => {
    const name = columns[role];
    return name === undefined ? undefined : answer.columns[name];
  };
  return {
    n: answer.rows,
    columns: {
      id: columnOf('id'),
      target: columnOf('target'),
      score: columnOf('score'),
      prediction: columnOf('prediction'),
      group: columnOf('group'),
      stratum: columnOf('stratum'),
    },
  };
}

function encodeSliceColumns(
  answer: ColumnsAnswer,
  names: readonly string[],
  { model, predictions }: OutcomesRequest,
): ReadonlyMap<string, CodedColumn> {
  return new Map(
    names.map((name) => {
      const texts = textsOf(answer.columns[name]);
      return [name, encodeSliceColumn(texts, { column: name, file: predictions.path, model })];
    }),
  );
}

/** Inspection has shown that no text is missing; the type cannot know. */
function textsOf(column: PredictionRows['columns'][Role]): readonly string[] {
  if (column === undefined || column instanceof Float64Array) throw new TypeError('This column is not text.');
  return column as readonly string[];
}

function numbersOf(column: PredictionRows['columns'][Role]): Float64Array {
  if (!(column instanceof Float64Array)) throw new TypeError('This column is not numeric.');
  return column;
}

function buildOutcomes(rows: PredictionRows, columns: RoleColumns, request: OutcomesRequest) {
  const ids = packTexts(textsOf(rows.columns.id));
  const { group, stratum } = rows.columns;
  const common = {
    n: rows.n,
    ids,
    idsDigest: digestIds(ids),
    groups: group === undefined ? undefined : encodeColumn(textsOf(group)).codes,
    strata: stratum === undefined ? undefined : encodeColumn(textsOf(stratum)),
  };
  if (request.task === 'regression') {
    const [target, predicted] = [numbersOf(rows.columns.target), numbersOf(rows.columns.prediction)];
    const testSetDigest = digestTestSet(ids, (row) => Buffer.from(String(target[row])));
    return { task: 'regression' as const, ...common, testSetDigest, target, predicted };
  }
  if (request.task === 'multiclass-classification') {
    const { labels, codes } = encodeLabels(
      [textsOf(rows.columns.target), textsOf(rows.columns.prediction)],
      `\`${columns.target}\` or \`${columns.prediction ?? ''}\` of ${request.predictions.path}`,
    );
    const [target = new Uint16Array(), predicted = new Uint16Array()] = codes;
    const testSetDigest = digestTestSet(ids, spell(labels, target));
    return {
      task: 'multiclass-classification' as const,
      ...common,
      testSetDigest,
      target,
      predicted,
      labels,
    };
  }
  return { ...common, ...buildBinary(rows, ids, columns, request) };
}

/** Bytes of each row's label. */
function spell(labels: readonly string[], codes: ArrayLike<number>): (row: number) => Uint8Array {
  const spelled = labels.map((label) => Buffer.from(label));
  return (row) => spelled[codes[row] ?? 0] ?? Buffer.of();
}

function buildBinary(rows: PredictionRows, ids: PackedTexts, columns: RoleColumns, request: OutcomesRequest) {
  const { prediction } = rows.columns;
  const { labels, target, predicted } = readBinaryLabels({
    target: textsOf(rows.columns.target),
    prediction: prediction === undefined ? undefined : textsOf(prediction),
    positive: request.predictions.positive,
    targetColumn: columns.target,
    predictionColumn: columns.prediction ?? '',
    file: request.predictions.path,
  });
  const score = rows.columns.score === undefined ? undefined : numbersOf(rows.columns.score);
  const { threshold } = request.predictions;
  return {
    task: 'binary-classification' as const,
    // Spelled as 0 and 1, so that True and 1 are the same target.
    testSetDigest: digestTestSet(ids, spell(['0', '1'], target)),
    target,
    predicted: predicted ?? Uint8Array.from(score ?? [], (p) => (p >= threshold ? 1 : 0)),
    score,
    labels,
  };
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
