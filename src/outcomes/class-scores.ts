/** The probabilities of many classes: where they stand, and what metrics need of them. */
import {
  NO_LABEL,
  SUM_TOLERANCE,
  type Labels,
  type ScoreFault,
  type ScoreFaultFound,
  type ScoresAnswer,
  type ScoresRequest,
} from '../engine/engine.ts';
import { UserError } from '../evidence/errors.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { expandPattern, isPattern, refuseUnknown, sortByLabel, type LabelColumn } from './expand-pattern.ts';
import { makeFinding } from './findings.ts';
import { aboutOf, exampleOfValue } from './inspect-rows.ts';
import type { OutcomesRequest } from './load-outcomes.ts';
import { MAX_KEPT_SCORES } from './outcomes.ts';
import { textAt } from './packed-texts.ts';
import type { DescribedFile } from './plan-columns.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import { MAX_CLASSES } from './read-labels.ts';
import type { IdOrder } from './sort-rows.ts';

/** Labels that have scores, sorted, and where the scores of each are, in that order. */
export interface ClassScores {
  readonly labels: readonly string[];
  readonly scores: ScoresRequest['scores'];
}

/**
 * Where the config says that scores are; undefined where it names none. A list has no names for its numbers: they are of
 * the labels 0, 1, 2, … where the truth is such numbers, else of the truth's labels in sorted order, of which there must
 * then be as many.
 */
export async function locateScores(
  request: OutcomesRequest,
  file: DescribedFile,
  truth: readonly string[],
): Promise<ClassScores | undefined> {
  const { layout, scores } = request.predictions;
  if (layout === 'long') return await locateLong(request, file);
  if (scores === undefined) return undefined;
  const key = `models.${request.model}.predictions.scores`;
  const where = { key, file: file.path };
  if (typeof scores !== 'string') {
    for (const column of Object.values(scores)) refuseUnknown(column, file.columns, where);
    return ofColumns(
      sortByLabel(
        Object.entries(scores).map(([label, column]) => ({ label, column })),
        where,
      ),
    );
  }
  if (isPattern(scores, file.columns)) return ofColumns(expandPattern(scores, file.columns, where));
  refuseUnknown(scores, file.columns, where);
  const nested = await request.engine.describeNested(request.source, scores, request);
  if (nested.kind === 'list') return ofList(scores, nested.longest, truth, where);
  if (nested.kind === 'object') {
    const columns = sortByLabel(
      nested.keys.map((label) => ({ label, column: label })),
      where,
    );
    const keys = columns.map(({ column }) => column);
    return { labels: columns.map(({ label }) => label), scores: { kind: 'object', name: scores, keys } };
  }
  throw new UserError(
    `\`${key}\` names the column \`${scores}\` of ${file.path}, which holds neither lists nor objects: several labels need a score for each.`,
    { help: 'Name one column for each label by a pattern, such as `p_*`, or set `layout: long`.' },
  );
}

function ofColumns(columns: readonly LabelColumn[]): ClassScores {
  const names = columns.map(({ column }) => column);
  return { labels: columns.map(({ label }) => label), scores: { kind: 'columns', names } };
}

function ofList(
  name: string,
  length: number,
  truth: readonly string[],
  { key, file }: { readonly key: string; readonly file: string },
): ClassScores {
  const labels = [...new Set(truth.map(normaliseLabel))].sort();
  const isPlace = (label: string): boolean => /^\d+$/.test(label) && Number(label) < length;
  if (labels.every(isPlace)) {
    const places = Array.from({ length }, (_, place) => place).sort((a, b) =>
      String(a) < String(b) ? -1 : 1,
    );
    return { labels: places.map(String), scores: { kind: 'list', name, places } };
  }
  if (labels.length === length) {
    return { labels, scores: { kind: 'list', name, places: labels.map((_, place) => place) } };
  }
  throw new UserError(
    `It is not clear which labels the numbers in \`${name}\` of ${file} are of (\`${key}\`): its lists have ${length} numbers, but the truth has ${labels.length} labels.`,
    { help: 'Write an object with a key for each label, or one column for each label, named by `p_*`.' },
  );
}

async function locateLong(
  { predictions, model, engine, source, ...request }: OutcomesRequest,
  file: DescribedFile,
): Promise<ClassScores> {
  const { id, label, score } = predictions;
  const key = `models.${model}.predictions`;
  if (label === undefined || score === undefined) {
    throw new UserError(`\`${key}\` has \`layout: long\` but not both of \`label\` and \`score\`.`, {
      help: 'Each row is one example and one label: name the column with the label, and that with its score.',
    });
  }
  refuseUnknown(label, file.columns, { key: `${key}.label`, file: file.path });
  refuseUnknown(score, file.columns, { key: `${key}.score`, file: file.path });
  const answer = await engine.readColumns(
    { source, columns: [{ name: label, as: 'label' }], distinct: true },
    request,
  );
  const [column] = answer.columns;
  const written = column !== undefined && 'codes' in column ? column.values : [];
  const spellings = new Map<string, string[]>();
  for (const text of written) {
    const known = spellings.get(normaliseLabel(text));
    if (known === undefined) spellings.set(normaliseLabel(text), [text]);
    else known.push(text);
  }
  const labels = [...spellings.keys()].sort();
  return {
    labels,
    scores: { kind: 'long', id, label, score, spellings: labels.map((name) => spellings.get(name) ?? []) },
  };
}

/** What the scores of all examples come to, in canonical order. */
export type ReducedScores = Omit<ScoresAnswer, 'rows' | 'faults'>;

export interface TrueLabels {
  readonly column: Labels;
  /** Canonical order of its rows. */
  readonly order: Uint32Array;
}

/** Reads the scores of all labels of each example. Findings where they are no probabilities, or lack a label. */
export async function readClassScores(
  { labels, scores }: ClassScores,
  target: TrueLabels,
  byId: IdOrder,
  request: OutcomesRequest,
): Promise<ReducedScores | readonly Check[]> {
  if (labels.length > MAX_CLASSES) {
    throw new UserError(
      `${request.predictions.path} has scores of ${labels.length} labels; there may be ${MAX_CLASSES}.`,
      { help: 'Keep the scores of the labels that count, and add one for all others.' },
    );
  }
  const { engine, source } = request;
  // Long rows come back sorted; others in the file's order.
  const order = scores.kind === 'long' ? undefined : byId.order;
  const truth = numberTruth(labels, target, order);
  const keep = truth.length * labels.length <= MAX_KEPT_SCORES;
  const answer = await engine.readScores({ source, scores, truth, keep }, request);
  const findings = [
    ...describeUnknown(labels, target, byId, request),
    ...answer.faults.map((fault) => describeFault(fault, labels, order, byId, request)),
  ];
  if (findings.length > 0) return findings;
  const { rows: _rows, faults: _faults, ...reduced } = answer;
  return order === undefined ? reduced : sortReduced(reduced, order);
}

/** The number of each row's true label among those that have scores. */
function numberTruth(
  labels: readonly string[],
  { column, order: fromTruth }: TrueLabels,
  order: Uint32Array | undefined,
): Uint16Array {
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const places = column.values.map((text) => placeOf.get(normaliseLabel(text)) ?? NO_LABEL);
  const truth = new Uint16Array(fromTruth.length);
  for (let index = 0; index < truth.length; index++) {
    const place = places[column.codes[fromTruth[index] ?? 0] ?? 0] ?? NO_LABEL;
    truth[order === undefined ? index : (order[index] ?? 0)] = place;
  }
  return truth;
}

function sortReduced(reduced: ReducedScores, order: Uint32Array): ReducedScores {
  const { trueProbability, trueRank, squaredErrors, predicted, scores } = reduced;
  return {
    trueProbability: sortBy(trueProbability, order),
    trueRank: sortBy(trueRank, order),
    squaredErrors: sortBy(squaredErrors, order),
    predicted: sortBy(predicted, order),
    scores: scores.map((column) => sortBy(column, order)),
  };
}

function sortBy<Column extends Float64Array | Uint32Array | Uint16Array>(
  column: Column,
  order: Uint32Array,
): Column {
  const sorted = column.slice() as Column;
  for (let index = 0; index < order.length; index++) sorted[index] = column[order[index] ?? 0] ?? 0;
  return sorted;
}

const MAX_EXAMPLES = 5;

/** The truth has labels that the model gives no score to: it was not trained on them. */
function describeUnknown(
  labels: readonly string[],
  { column, order }: TrueLabels,
  byId: IdOrder,
  request: OutcomesRequest,
): readonly Check[] {
  const known = new Set(labels);
  const unknown = column.values.map((text) => !known.has(normaliseLabel(text)));
  if (!unknown.includes(true)) return [];
  const examples: number[] = [];
  let count = 0;
  for (let index = 0; index < order.length; index++) {
    if (unknown[column.codes[order[index] ?? 0] ?? 0] !== true) continue;
    count += 1;
    if (examples.length < MAX_EXAMPLES) examples.push(index);
  }
  if (count === 0) return [];
  const missing = column.values
    .filter((_, code) => unknown[code])
    .map((text) => JSON.stringify(text.slice(0, 80)));
  const shown = missing.slice(0, MAX_EXAMPLES).join(', ');
  return [
    makeFinding({
      ...aboutOf(request),
      role: 'scores',
      name: 'known-label',
      rows: order.length,
      violations: count,
      examples: examples.map((index) =>
        exampleOfValue(
          column.values[column.codes[order[index] ?? 0] ?? 0] ?? '',
          byId.order[index] ?? 0,
          String(request.predictions.target),
        ),
      ),
      message: `${request.predictions.path}: ${count} ${count === 1 ? 'example has' : 'examples have'} a true label without a score (${shown}${missing.length > MAX_EXAMPLES ? ', …' : ''}), as ${nameIds(byId, examples)}. The scores are of ${labels.length} labels: was the model trained without these? Write a score of 0 for a label that it cannot say.`,
    }),
  ];
}

function nameIds({ ids }: IdOrder, places: readonly number[]): string {
  return places.map((place) => JSON.stringify(textAt(ids, place).slice(0, 80))).join(', ');
}

const FAULTS: Readonly<
  Record<
    ScoreFault,
    { readonly name: string; readonly reason?: Check['reason']; readonly text: (labels: number) => string }
  >
> = {
  'not-finite': {
    name: 'finite',
    reason: 'not-finite',
    text: () =>
      "have a score that is no finite number (missing, NaN or infinite). Look at the model's output before it is written",
  },
  outside: {
    name: 'probability',
    text: () =>
      'have a score outside 0 to 1. Scores are probabilities: apply the softmax before writing them',
  },
  sum: {
    name: 'sum',
    text: () =>
      `have scores that do not sum to 1 within ${SUM_TOLERANCE}. Write all labels of each example, after the softmax, with more digits if they were rounded`,
  },
  length: {
    name: 'length',
    text: (labels) => `have no list of ${labels} numbers, one for each label`,
  },
  repeated: { name: 'unique', text: () => 'have more than one score for a label' },
};

function describeFault(
  { fault, count, examples }: ScoreFaultFound,
  labels: readonly string[],
  order: Uint32Array | undefined,
  byId: IdOrder,
  request: OutcomesRequest,
): Check {
  const { name, reason, text } = FAULTS[fault];
  const { path, scores, score } = request.predictions;
  // Rows of the file as places in the canonical order, where the ids stand.
  const placeOf =
    order === undefined
      ? undefined
      : invert(
          order,
          examples.map(({ row }) => row),
        );
  const places = examples.map(({ row }) => placeOf?.get(row) ?? row);
  const column = typeof scores === 'string' ? scores : (score ?? 'scores');
  return makeFinding({
    ...aboutOf(request),
    role: request.predictions.layout === 'long' ? 'score' : 'scores',
    name,
    ...(reason === undefined ? {} : { reason }),
    rows: byId.ids.length,
    violations: count,
    examples: examples.map(({ value }, index) =>
      exampleOfValue(value, byId.order[places[index] ?? 0] ?? 0, column),
    ),
    message: `${path}: ${count} ${count === 1 ? 'example' : 'examples'}, as ${nameIds(byId, places)}, ${text(labels.length)}.`,
  });
}

function invert(order: Uint32Array, rows: readonly number[]): ReadonlyMap<number, number> {
  const wanted = new Set(rows);
  const found = new Map<number, number>();
  for (let place = 0; place < order.length && found.size < wanted.size; place++) {
    const row = order[place] ?? 0;
    if (wanted.has(row)) found.set(row, place);
  }
  return found;
}
