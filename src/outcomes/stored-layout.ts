/** Which columns the outcomes of a task are kept in, and how they become outcomes again. */
import { addNumbers, digestOutputs, numericTargetOf, outputsOf, type ModelOutput } from './model-outputs.ts';
import type { GradedOutcomes, Outcomes } from './outcomes.ts';
import { foldScores, residualsOf, unfoldScores } from './round-outputs.ts';
import { chooseForm, type ColumnForm, type StoredColumn } from './stored-columns.ts';

/** What a column holds. `folded-…`: see `foldScores`. `residual`, `quantile-residuals`: predicted minus target. */
export const COLUMN_NAMES = [
  'target',
  'predicted',
  'score',
  'folded-score',
  'residual',
  'true-probability',
  'folded-true-probability',
  'true-rank',
  'squared-errors',
  'scores',
  'folded-scores',
  'quantiles',
  'quantile-residuals',
  'scale',
  'size',
  'relevance',
  'grades',
  'weight',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

interface NamedColumn {
  readonly name: ColumnName;
  readonly values: StoredColumn;
  readonly form: ColumnForm;
}

interface Layout {
  readonly columns: readonly NamedColumn[];
  /** Where outputs are rounded. */
  readonly exactDigest?: string;
}

/** What stands before the columns of stored outcomes, of all that they need to be outcomes again. */
export interface Shape {
  readonly task: Outcomes['task'];
  readonly n: number;
  /** Items of all queries. */
  readonly items: number;
  /** Labels, or the names of grades. */
  readonly labels: readonly string[];
  readonly levels: readonly number[];
  readonly directions: GradedOutcomes['directions'];
  readonly bounds: GradedOutcomes['bounds'];
}

export function shapeOf(outcomes: Outcomes): Shape {
  const { task, n } = outcomes;
  return {
    task,
    n,
    items: task === 'ranking' ? outcomes.score.length : 0,
    labels: task === 'graded' ? outcomes.names : 'labels' in outcomes ? outcomes.labels : [],
    levels: 'levels' in outcomes ? outcomes.levels : [],
    directions: task === 'graded' ? outcomes.directions : [],
    bounds: task === 'graded' ? outcomes.bounds : [],
  };
}

/** How many numbers a column holds. */
export function lengthOf(name: ColumnName, { task, n, items, labels, levels }: Shape): number {
  const ofLabels = task === 'multilabel-classification' || task === 'graded';
  if (name === 'scores' || name === 'folded-scores' || name === 'grades') return n * labels.length;
  if (name === 'quantiles' || name === 'quantile-residuals') return n * levels.length;
  if (name === 'relevance') return items;
  if (name === 'score' || name === 'folded-score') {
    if (task === 'ranking') return items;
  } else if (name !== 'target' && name !== 'predicted') return n;
  return ofLabels ? n * labels.length : n;
}

/** The name of an output whose distances from the target are kept. */
const RESIDUALS: Readonly<Partial<Record<ModelOutput['name'], ColumnName>>> = {
  predicted: 'residual',
  quantiles: 'quantile-residuals',
};

/** One column after the other. */
function joinColumns<Column extends Uint8Array | Float64Array>(
  columns: readonly Column[],
  empty: new (length: number) => Column,
): Column {
  const [first] = columns;
  if (first !== undefined && columns.length === 1) return first;
  const joined = new empty(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}

function splitColumn<Column extends Uint8Array | Float64Array>(joined: Column, rows: number): Column[] {
  return Array.from(
    { length: rows === 0 ? 0 : joined.length / rows },
    (_, at) => joined.slice(at * rows, (at + 1) * rows) as Column,
  );
}

/** A column of numbers that is no output: rounded where it may be, without a digest. */
function factColumn(name: ColumnName, values: Float64Array, mayRound: boolean): NamedColumn {
  const form = chooseForm(values);
  return { name, values, form: form.type === 'f64' && mayRound ? { type: 'round32' } : form };
}

/** The columns of outcomes. Either all outputs are rounded, where that is allowed and some need it, or none. */
export function layOut(outcomes: Outcomes, mayRound: boolean): Layout {
  const outputs = outputsOf(outcomes);
  const target = numericTargetOf(outcomes);
  const { weights } = outcomes;
  const round = mayRound && areRoundable(outputs, target);
  const facts = [
    ...factsOf(outcomes, mayRound),
    ...(target === undefined ? [] : [factColumn('target', target, round)]),
  ];
  const columns = [
    ...facts,
    ...outputs.map((output) => (round ? roundedColumn(output, target) : exactColumn(output))),
    ...(weights === undefined ? [] : [factColumn('weight', weights, mayRound)]),
  ];
  return round ? { columns, exactDigest: digestOutputs(outputs) } : { columns };
}

function isExact(column: Float64Array): boolean {
  return chooseForm(column).type !== 'f64';
}

/** Whether rounding saves something, and no distance from the target is infinite (as that of two huge numbers may be). */
function areRoundable(outputs: readonly ModelOutput[], target: Float64Array | undefined): boolean {
  const values = outputs.filter(({ kind }) => kind === 'value').flatMap(({ columns }) => columns);
  if (target !== undefined) {
    const isFinite = (column: Float64Array): boolean =>
      residualsOf(target, column).every((value) => Number.isFinite(value));
    if (!values.every(isFinite)) return false;
    if (values.length > 0 && !isExact(target)) return true;
  }
  return outputs.some(({ columns }) => !columns.every(isExact));
}

function exactColumn({ name, columns }: ModelOutput): NamedColumn {
  const values = joinColumns(columns, Float64Array);
  return { name, values, form: chooseForm(values) };
}

function roundedColumn({ name, kind, columns }: ModelOutput, target: Float64Array | undefined): NamedColumn {
  if (kind === 'value' && target !== undefined) {
    const residuals = columns.map((column) => residualsOf(target, column));
    return {
      name: RESIDUALS[name] ?? name,
      values: joinColumns(residuals, Float64Array),
      form: { type: 'round32' },
    };
  }
  const values = joinColumns(columns, Float64Array);
  if (kind === 'probability') {
    return { name: `folded-${name}` as ColumnName, values: foldScores(values), form: { type: 'round40' } };
  }
  return { name, values, form: { type: 'round40' } };
}

const BITS: ColumnForm = { type: 'bit' };
const WORDS: ColumnForm = { type: 'u16' };

/** What is known of the examples, and predicted labels. */
function factsOf(outcomes: Outcomes, mayRound: boolean): readonly NamedColumn[] {
  switch (outcomes.task) {
    case 'binary-classification':
      return [
        { name: 'target', values: outcomes.target, form: BITS },
        { name: 'predicted', values: outcomes.predicted, form: BITS },
      ];
    case 'multiclass-classification':
      return [
        { name: 'target', values: outcomes.target, form: WORDS },
        { name: 'predicted', values: outcomes.predicted, form: WORDS },
        ...(outcomes.trueRank === undefined
          ? []
          : [{ name: 'true-rank', values: Uint16Array.from(outcomes.trueRank), form: WORDS } as const]),
      ];
    case 'multilabel-classification':
      return [
        { name: 'target', values: joinColumns(outcomes.target, Uint8Array), form: BITS },
        { name: 'predicted', values: joinColumns(outcomes.predicted, Uint8Array), form: BITS },
      ];
    case 'ranking': {
      const { ends, relevance } = outcomes;
      const sizes = Float64Array.from(ends, (end, query) => end - (ends[query - 1] ?? 0));
      return [factColumn('size', sizes, false), factColumn('relevance', relevance, mayRound)];
    }
    case 'forecasting':
      return outcomes.scale === undefined ? [] : [factColumn('scale', outcomes.scale, mayRound)];
    case 'regression':
    case 'quantile-regression':
    case 'graded':
      return [];
  }
}

/** What stored columns are, once they are read. */
export interface StoredParts {
  readonly shape: Shape;
  readonly columns: ReadonlyMap<ColumnName, StoredColumn>;
  /** Makes the error of columns that do not fit. */
  readonly refuse: (what: string) => Error;
}

/** What a task's outcomes have of their own; unknown to anybody are ids, groups, strata and columns to slice by. */
export function assembleTask(parts: StoredParts): OwnOutcomes {
  const { shape, refuse } = parts;
  const { task, n, labels, levels } = shape;
  switch (task) {
    case 'binary-classification': {
      const [negative, positive] = labels;
      const own = { target: flagsOf(parts, 'target'), predicted: flagsOf(parts, 'predicted') };
      if (negative === undefined || positive === undefined || labels.length !== 2)
        throw refuse('they are not binary');
      return { task, ...own, score: probabilitiesOf(parts, 'score'), labels: [negative, positive] };
    }
    case 'multiclass-classification':
      return { task, labels, ...assembleClasses(parts) };
    case 'multilabel-classification': {
      const score = probabilitiesOf(parts, 'score');
      return {
        task,
        labels,
        target: splitColumn(flagsOf(parts, 'target'), n),
        predicted: splitColumn(flagsOf(parts, 'predicted'), n),
        score: score === undefined ? undefined : splitColumn(score, n),
      };
    }
    case 'regression': {
      const [target, predicted] = [requireNumbers(parts, 'target'), valuesOf(parts, 'predicted')];
      if (predicted === undefined) throw refuse('a value is not finite');
      return { task, target, predicted };
    }
    case 'quantile-regression': {
      const [target, quantiles] = [requireNumbers(parts, 'target'), valuesOf(parts, 'quantiles')];
      if (quantiles === undefined || levels.length === 0) throw refuse('they have no quantiles');
      return { task, target, levels, predicted: splitColumn(quantiles, n) };
    }
    case 'ranking':
      return { task, ...assembleQueries(parts) };
    case 'forecasting':
      return {
        task,
        target: requireNumbers(parts, 'target'),
        predicted: valuesOf(parts, 'predicted'),
        scale: numbersOf(parts, 'scale'),
        levels,
        quantiles: splitColumn(valuesOf(parts, 'quantiles') ?? new Float64Array(), n),
      };
    case 'graded': {
      const { directions, bounds } = shape;
      if (directions.length !== labels.length || bounds.length !== labels.length)
        throw refuse('their grades are incomplete');
      return {
        task,
        names: labels,
        grades: splitColumn(requireNumbers(parts, 'grades'), n),
        directions,
        bounds,
      };
    }
  }
}

type OwnOutcomes = Outcomes extends infer Any
  ? Any extends Outcomes
    ? Omit<Any, CommonField>
    : never
  : never;
type CommonField =
  | 'n'
  | 'ids'
  | 'idsDigest'
  | 'testSetDigest'
  | 'exactDigest'
  | 'groups'
  | 'strata'
  | 'sliceColumns'
  | 'numericColumns'
  | 'weights';

function assembleClasses(parts: StoredParts) {
  const { shape, columns, refuse } = parts;
  const { n, labels } = shape;
  const [target, predicted, trueRank] = [
    columns.get('target'),
    columns.get('predicted'),
    columns.get('true-rank'),
  ];
  const isLabel = (code: number): boolean => code < labels.length;
  const isRank = (rank: number): boolean => rank >= 1 && rank <= labels.length;
  const sound =
    target instanceof Uint16Array &&
    predicted instanceof Uint16Array &&
    target.every(isLabel) &&
    predicted.every(isLabel) &&
    (trueRank === undefined || (trueRank instanceof Uint16Array && trueRank.every(isRank)));
  if (!sound) throw refuse('a label is out of range');
  const trueProbability = probabilitiesOf(parts, 'true-probability');
  const squaredErrors = numbersOf(parts, 'squared-errors');
  const scores = probabilitiesOf(parts, 'scores');
  return {
    target,
    predicted,
    ...(trueProbability === undefined ? {} : { trueProbability }),
    ...(trueRank === undefined ? {} : { trueRank: Uint32Array.from(trueRank) }),
    ...(squaredErrors === undefined ? {} : { squaredErrors }),
    ...(scores === undefined ? {} : { scores: splitColumn(scores, n) }),
  };
}

function assembleQueries(parts: StoredParts) {
  const { shape, refuse } = parts;
  const sizes = requireNumbers(parts, 'size');
  const ends = new Uint32Array(sizes.length);
  let end = 0;
  sizes.forEach((size, query) => {
    if (!Number.isSafeInteger(size) || size < 0) throw refuse('a query has no number of items');
    end += size;
    ends[query] = end;
  });
  if (end !== shape.items) throw refuse('their queries do not have as many items as there are');
  const relevance = requireNumbers(parts, 'relevance');
  if (!relevance.every((value) => value >= 0)) throw refuse('a relevance is negative');
  return { ends, relevance, score: requireNumbers(parts, 'score') };
}

function flagsOf({ columns, refuse }: StoredParts, name: ColumnName): Uint8Array {
  const column = columns.get(name);
  if (!(column instanceof Uint8Array)) throw refuse('they are not binary');
  return column;
}

/** Finite numbers; undefined where there is no such column. */
function numbersOf({ columns, refuse }: StoredParts, name: ColumnName): Float64Array | undefined {
  const column = columns.get(name);
  if (column === undefined) return undefined;
  if (column instanceof Float64Array && column.every((value) => Number.isFinite(value))) return column;
  throw refuse('a value is not finite');
}

function requireNumbers(parts: StoredParts, name: ColumnName): Float64Array {
  const numbers = numbersOf(parts, name);
  if (numbers === undefined) throw parts.refuse(`the column \`${name}\` is missing`);
  return numbers;
}

/** Values beside the target, which were kept as they are or as distances from it. */
function valuesOf(parts: StoredParts, name: 'predicted' | 'quantiles'): Float64Array | undefined {
  const residuals = numbersOf(parts, RESIDUALS[name] ?? name);
  if (residuals === undefined) return numbersOf(parts, name);
  const target = requireNumbers(parts, 'target');
  const columns = splitColumn(residuals, parts.shape.n).map((column) => addNumbers(target, column));
  const values = joinColumns(columns, Float64Array);
  if (!values.every((value) => Number.isFinite(value))) throw parts.refuse('a value is not finite');
  return values;
}

function probabilitiesOf(
  parts: StoredParts,
  name: 'score' | 'scores' | 'true-probability',
): Float64Array | undefined {
  const folded = parts.columns.get(`folded-${name}`);
  const column = folded instanceof Float64Array ? unfoldScores(folded) : (folded ?? parts.columns.get(name));
  if (column === undefined) return undefined;
  if (column instanceof Float64Array && column.every((p) => p >= 0 && p <= 1)) return column;
  throw parts.refuse('a score is no probability');
}

/** Weights of the examples; undefined where none were kept. */
export function assembleWeights(parts: StoredParts): Float64Array | undefined {
  const weights = numbersOf(parts, 'weight');
  if (weights?.every((weight) => weight >= 0) === false) throw parts.refuse('a weight is negative');
  return weights;
}
