import type { CodedColumn, MulticlassOutcomes, Outcomes, RankingOutcomes } from './outcomes.ts';
import { pickTexts } from './packed-texts.ts';

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * The outcomes of some rows (queries, of a ranking), in the order given. Digests stay those of the whole test set, of
 * which this is a part: two parts chosen by the same row numbers pair as the whole does.
 */
export function selectRows(outcomes: Outcomes, rows: Uint32Array): Outcomes {
  const common = selectCommon(outcomes, rows);
  const one = <Column extends TypedArray>(column: Column): Column => pick(column, rows);
  const maybe = <Column extends TypedArray>(column: Column | undefined): Column | undefined =>
    column === undefined ? undefined : pick(column, rows);
  switch (outcomes.task) {
    case 'binary-classification':
      return { ...outcomes, ...common, ...pickLabels(outcomes, rows), score: maybe(outcomes.score) };
    case 'multiclass-classification':
      return { ...outcomes, ...common, ...pickLabels(outcomes, rows), ...pickScores(outcomes, rows) };
    case 'multilabel-classification': {
      const [target, predicted] = [outcomes.target.map(one), outcomes.predicted.map(one)];
      return { ...outcomes, ...common, target, predicted, score: outcomes.score?.map(one) };
    }
    case 'regression':
      return { ...outcomes, ...common, ...pickLabels(outcomes, rows) };
    case 'quantile-regression':
      return { ...outcomes, ...common, target: one(outcomes.target), predicted: outcomes.predicted.map(one) };
    case 'ranking':
      return { ...outcomes, ...common, ...pickQueries(outcomes, rows) };
    case 'forecasting':
      return {
        ...outcomes,
        ...common,
        target: one(outcomes.target),
        predicted: maybe(outcomes.predicted),
        scale: maybe(outcomes.scale),
        quantiles: outcomes.quantiles.map(one),
      };
    case 'graded':
      return { ...outcomes, ...common, grades: outcomes.grades.map(one) };
  }
}

function pickLabels<Column extends TypedArray>(
  { target, predicted }: { readonly target: Column; readonly predicted: Column },
  rows: Uint32Array,
): { readonly target: Column; readonly predicted: Column } {
  return { target: pick(target, rows), predicted: pick(predicted, rows) };
}

function pickScores(
  { trueProbability, trueRank, squaredErrors, scores }: MulticlassOutcomes,
  rows: Uint32Array,
): Partial<MulticlassOutcomes> {
  return {
    ...(trueProbability === undefined ? {} : { trueProbability: pick(trueProbability, rows) }),
    ...(trueRank === undefined ? {} : { trueRank: pick(trueRank, rows) }),
    ...(squaredErrors === undefined ? {} : { squaredErrors: pick(squaredErrors, rows) }),
    ...(scores === undefined ? {} : { scores: scores.map((column) => pick(column, rows)) }),
  };
}

function pickQueries(
  { ends, relevance, score }: RankingOutcomes,
  queries: Uint32Array,
): Pick<RankingOutcomes, 'ends' | 'relevance' | 'score'> {
  const pickedEnds = new Uint32Array(queries.length);
  let end = 0;
  for (let place = 0; place < queries.length; place++) {
    const query = queries[place] ?? 0;
    end += (ends[query] ?? 0) - (ends[query - 1] ?? 0);
    pickedEnds[place] = end;
  }
  const items = new Uint32Array(end);
  let at = 0;
  for (const query of queries) {
    for (let item = ends[query - 1] ?? 0; item < (ends[query] ?? 0); item++) items[at++] = item;
  }
  return { ends: pickedEnds, relevance: pick(relevance, items), score: pick(score, items) };
}

function selectCommon(outcomes: Outcomes, rows: Uint32Array) {
  const { ids, groups, strata, sliceColumns, numericColumns, weights } = outcomes;
  return {
    n: rows.length,
    ids: ids === undefined ? undefined : pickTexts(ids, rows),
    groups: groups === undefined ? undefined : renumber(pick(groups, rows)),
    strata: strata === undefined ? undefined : pickCoded(strata, rows),
    sliceColumns: new Map(Array.from(sliceColumns, ([name, column]) => [name, pickCoded(column, rows)])),
    numericColumns: new Map(Array.from(numericColumns, ([name, column]) => [name, pick(column, rows)])),
    weights: weights === undefined ? undefined : pick(weights, rows),
  };
}

function pick<Column extends TypedArray>(column: Column, rows: Uint32Array): Column {
  // A column of its own, of the same type, with as many rows.
  const picked = new (column.constructor as new (length: number) => Column)(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = column[rows[index] ?? 0] ?? 0;
  return picked;
}

function pickCoded(column: CodedColumn, rows: Uint32Array): CodedColumn {
  return { codes: pick(column.codes, rows), values: column.values };
}

/** Codes from 0 without gaps: the largest code plus one is the number of groups. */
function renumber(codes: Uint32Array): Uint32Array {
  const numberOf = new Map<number, number>();
  return codes.map((code) => {
    const known = numberOf.get(code);
    if (known !== undefined) return known;
    numberOf.set(code, numberOf.size);
    return numberOf.size - 1;
  });
}
