import { type Column, type ColumnDescription, type PackedTexts, type TableSource } from '../engine/engine.ts';
import { isFaultOfContent } from '../engine/fault-of-content.ts';
import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { ExampleColumn } from '../model/recompute/write-examples.ts';
import { textAt } from '../outcomes/packed-texts.ts';
import type { RecomputeConfig } from '../schemas/config.generated.ts';
import type { Check, Input } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { identifyTable, readSource } from './read-source.ts';

export interface FeaturesRequest {
  readonly model: string;
  readonly recompute: RecomputeConfig;
  /** Column, or columns, with the id. */
  readonly id: string | readonly string[];
  /** Ids of the sample; each must stand in the file once. */
  readonly ids: readonly string[];
  /** Whether messages may name ids. */
  readonly showIds: boolean;
}

export type ReadFeatures = { readonly input: Input } & (
  | { readonly kind: 'features'; readonly columns: readonly ExampleColumn[] }
  | { readonly kind: 'fault'; readonly reason: NonNullable<Check['reason']>; readonly message: string }
);

/** Cells that are read at once: of a table that is wide and long only the sample's are kept. */
const CELLS_AT_ONCE = 5_000_000;

/** Cells of the sample, each of which is a text of its own. */
const MAX_CELLS = 20_000_000;

const SHOWN_IDS = 5;

/**
 * The model's inputs for a sample of the test set: every column of the features but the id, in the order of the ids.
 * Throws a UserError for a column that does not exist, and a TableError for a file that is not what its name says.
 */
export async function readFeatures(request: FeaturesRequest, effects: ChainEffects): Promise<ReadFeatures> {
  const { model, recompute } = request;
  const source = await readSource({ ...recompute, path: recompute.features }, effects);
  const identity = await identifyTable(recompute.features, effects);
  const input: Input = { role: 'features', name: model, path: recompute.features, ...identity };
  try {
    return { input, ...(await readTable(request, source, effects)) };
  } catch (error) {
    if (!isFaultOfContent(error)) throw error;
    const message = error.help === undefined ? error.message : `${error.message} ${error.help}`;
    return { input, kind: 'fault', reason: error.fault === 'empty' ? 'empty' : 'unreadable', message };
  }
}

type ReadTable =
  | Omit<Extract<ReadFeatures, { kind: 'features' }>, 'input'>
  | Omit<Extract<ReadFeatures, { kind: 'fault' }>, 'input'>;

async function readTable(
  request: FeaturesRequest,
  source: TableSource,
  effects: ChainEffects,
): Promise<ReadTable> {
  const { engine } = effects;
  const { columns: described } = await engine.describeTable(source, queryOptions(effects));
  refuseUnknownId(request, described);
  const [ids] = await readTexts([request.id], source, effects);
  const found = locateIds(ids, request);
  if ('message' in found) return { kind: 'fault', reason: found.reason, message: found.message };
  const names = described.filter(({ name }) => ![request.id].flat().includes(name));
  if (names.length * request.ids.length > MAX_CELLS) {
    throw new UserError(
      `\`models.${request.model}.recompute.rows\` is ${request.recompute.rows}, which with ${names.length} columns makes more than ${MAX_CELLS.toLocaleString('en-US')} cells to read.`,
      { help: 'Lower it: a few hundred rows tell models apart.' },
    );
  }
  const step = Math.max(1, Math.floor(CELLS_AT_ONCE / Math.max(1, ids?.length ?? 0)));
  const columns: ExampleColumn[] = [];
  for (let from = 0; from < names.length; from += step) {
    const some = names.slice(from, from + step);
    const texts = await readTexts(
      some.map(({ name }) => name),
      source,
      effects,
    );
    columns.push(...some.map((column, at) => pickCells(column, texts[at], found.rows)));
  }
  return { kind: 'features', columns };
}

async function readTexts(
  names: readonly (string | readonly string[])[],
  source: TableSource,
  effects: ChainEffects,
): Promise<readonly (PackedTexts | undefined)[]> {
  const wanted = names.map((name) => ({ name, as: 'text' as const }));
  const answer = await effects.engine.readColumns({ source, columns: wanted }, queryOptions(effects));
  return answer.columns.map((column: Column) => ('ends' in column ? column : undefined));
}

function refuseUnknownId(
  { model, recompute, id }: FeaturesRequest,
  described: readonly ColumnDescription[],
): void {
  const names = described.map(({ name }) => name);
  const ids = [id].flat();
  const unknown = ids.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const nearest = findNearest(unknown, names);
    const suggestion = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    throw new UserError(
      `${recompute.features} has no column \`${unknown}\` with the id of an example, which \`models.${model}.recompute\` needs.${suggestion}`,
      { help: 'Name the column with the id as `recompute.id`.' },
    );
  }
  if (recompute.command !== undefined && !ids.includes('id') && names.includes('id')) {
    throw new UserError(
      `${recompute.features} has a column \`id\` that is not the id of \`models.${model}.recompute\` (\`${ids.join(', ')}\`): the model would be given two values of that name.`,
      { help: 'Name that column otherwise.' },
    );
  }
}

type LocatedIds =
  | { readonly rows: readonly number[] }
  | { readonly reason: NonNullable<Check['reason']>; readonly message: string };

/** The row of each id. */
function locateIds(texts: PackedTexts | undefined, { recompute, ids, showIds }: FeaturesRequest): LocatedIds {
  const rowOf = new Map<string, number | undefined>(ids.map((id) => [id, undefined]));
  for (let row = 0; row < (texts?.length ?? 0); row++) {
    const id = texts === undefined ? '' : textAt(texts, row);
    if (!rowOf.has(id)) continue;
    if (rowOf.get(id) !== undefined) {
      const named = showIds ? `The id ${JSON.stringify(id)} stands` : 'An id stands';
      const message = `${named} in several rows of ${recompute.features} (${rowOf.get(id)} and ${row + 1} are the first): which are the model's inputs?`;
      return { reason: 'unmatched-ids', message };
    }
    rowOf.set(id, row + 1);
  }
  const missing = ids.filter((id) => rowOf.get(id) === undefined);
  if (missing.length === 0) return { rows: ids.map((id) => (rowOf.get(id) ?? 1) - 1) };
  const shown = missing.slice(0, SHOWN_IDS).map((id) => JSON.stringify(id));
  const named = showIds ? ` (${shown.join(', ')}${missing.length > shown.length ? ', …' : ''})` : '';
  return {
    reason: 'unmatched-ids',
    message: `${recompute.features} lacks ${missing.length} of the ${ids.length} examples of the sample${named}: write the inputs of the whole test set there.`,
  };
}

function pickCells(
  { name, type }: ColumnDescription,
  texts: PackedTexts | undefined,
  rows: readonly number[],
): ExampleColumn {
  const cells = rows.map((row) => (texts === undefined ? '' : textAt(texts, row)));
  return { name, type: kindOf(type), cells };
}

function kindOf(type: ColumnDescription['type']): ExampleColumn['type'] {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' || type === 'object') return 'json';
  return type === 'boolean' ? 'boolean' : 'text';
}
