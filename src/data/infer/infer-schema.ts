/** `mlgate infer`: the data schema that a table satisfies. */
import type { Engine, QueryOptions, TableSource } from '../../engine/engine.ts';
import type { ColumnSurvey, TableSurvey } from '../../engine/survey.ts';
import { UserError } from '../../evidence/errors.ts';
import { namesPersonal } from '../privacy/looks-personal.ts';
import { combine, listSingleKeys, mayBeKey, rankParts } from './find-keys.ts';
import type { InferenceOptions, InferredColumn, SchemaDocument } from './infer-column.ts';
import { inferColumns, writeDocument } from './infer-document.ts';
import { keepWhatHolds, type HoldsRequest } from './keep-what-holds.ts';

export interface InferenceRequest extends InferenceOptions {
  readonly engine: HoldsRequest['engine'] & Pick<Engine, 'surveyTable' | 'estimateDistinct'>;
  readonly source: TableSource;
  /** What the file is called in messages and in the schema. */
  readonly named: string;
  readonly signal?: AbortSignal;
  /** Called with what is done next. */
  readonly onStep?: (step: string) => void;
  readonly onProgress?: (share: number) => void;
}

export interface Inference {
  /** A data schema that the table satisfies, without defaults. */
  readonly document: SchemaDocument;
  readonly columns: readonly InferredColumn[];
  readonly rows: number;
  readonly keys: readonly (readonly string[])[];
  /** Columns whose values are not in the schema, because their names say that they are personal. */
  readonly personal: readonly string[];
}

/**
 * Infers a schema and holds the table against it, so that what is written is what the table satisfies. The same rows in
 * any order give the same document.
 * @throws TableError for a file that is no table, UserError for one of too many columns
 */
export async function inferSchema(request: InferenceRequest): Promise<Inference> {
  const { engine, source, named } = request;
  const options = queryOptions(request);
  request.onStep?.(`Reading ${named}`);
  const { columns: described } = await engine.describeTable(source, options);
  if (described.length > MAX_COLUMNS) throw tooManyColumns(named, described.length);
  const personal = described.map(({ name }) => name).filter((name) => namesPersonal(name) !== undefined);
  const columns = described.map(({ name }) => ({ name, mayShowValues: !personal.includes(name) }));
  const survey = await engine.surveyTable({ source, columns }, options);
  const table = inferColumns(survey, request, personal);
  const document = writeDocument(table, singleKeys(survey), named);
  request.onStep?.(`Checking ${named}`);
  const held = await keepWhatHolds(document, { engine, source, options });
  const keys = keysOf(held);
  if (keys.length > 0) return { document: held, ...table, keys, personal };
  request.onStep?.(`Looking for keys of ${named}`);
  const combined = await findCombinedKey(request, survey);
  return { document: addKeys(held, combined), ...table, keys: combined, personal };
}

/** More are no names: keys of JSON that are values, most often. */
const MAX_COLUMNS = 2000;

function tooManyColumns(named: string, count: number): UserError {
  return new UserError(
    `${named} has ${count.toLocaleString('en-US')} columns; a schema is inferred for at most ${MAX_COLUMNS.toLocaleString('en-US')}.`,
    { help: 'Where keys of JSON are values, let each be a row, or an entry of a list.' },
  );
}

function queryOptions({ signal, onProgress }: InferenceRequest): QueryOptions {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}

function singleKeys(survey: TableSurvey): readonly (readonly string[])[] {
  return listSingleKeys(survey).map((column) => [column]);
}

function keysOf(document: SchemaDocument): readonly (readonly string[])[] {
  const { unique } = document['dataset'] as { readonly unique?: readonly (readonly string[])[] };
  return unique ?? [];
}

function addKeys(document: SchemaDocument, unique: readonly (readonly string[])[]): SchemaDocument {
  if (unique.length === 0) return document;
  const { rows, ...rest } = document['dataset'] as SchemaDocument;
  return { ...document, dataset: { rows, unique, ...rest } };
}

/** The smallest combination of two or three columns that identifies the rows, the best of several; none or one. */
async function findCombinedKey(
  request: InferenceRequest,
  survey: TableSurvey,
): Promise<readonly (readonly string[])[]> {
  const { engine, source } = request;
  const parts = rankParts(survey);
  for (const size of [2, 3]) {
    const sets = combine(parts, size);
    if (sets.length === 0) break;
    const candidates = await chooseCandidates(request, survey, sets, parts);
    for (const columns of candidates) {
      const plan = { source, cells: [], absent: [], unique: [{ id: 'key', columns }] };
      const { duplicates } = await engine.checkTable(plan, queryOptions(request));
      if (duplicates['key'] === 0) return [columns];
    }
  }
  return [];
}

async function chooseCandidates(
  request: InferenceRequest,
  survey: TableSurvey,
  sets: readonly (readonly string[])[],
  parts: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const { engine, source } = request;
  const asked = { source, sets: [...parts.map((part) => [part]), ...sets] };
  const estimates = await engine.estimateDistinct(asked, queryOptions(request));
  const single = new Map(parts.map((part, index) => [part, Number(estimates[index])]));
  const isMoment = (name: string): boolean =>
    survey.columns.some((column) => column.name === name && hasMoments(column));
  return sets.filter((set, index) =>
    mayBeKey(
      set,
      estimates[parts.length + index] ?? 'repeats',
      set.map((part) => single.get(part) ?? Number.NaN),
      survey.rows,
      isMoment,
    ),
  );
}

function hasMoments({ formats }: ColumnSurvey): boolean {
  return formats.includes('date') || formats.includes('date-time');
}
