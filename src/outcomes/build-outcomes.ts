/** Columns in canonical order as the outcomes of a task. */
import type { ModelConfig } from '../schemas/config.generated.ts';
import { digestIds, digestTestSet } from './digest-test-set.ts';
import { recodeLabels } from './encode-column.ts';
import type { CodedColumn, Outcomes } from './outcomes.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import { encodeLabels, readBinaryLabels } from './read-labels.ts';
import type { ReducedScores } from './class-scores.ts';
import type { PlanRequest } from './plan-columns.ts';
import { nameColumn } from './roles.ts';
import { encodeSliceColumn } from './slice-columns.ts';
import {
  columnsOf,
  findColumn,
  labelsOf,
  needColumn,
  sortFlags,
  sortLabels,
  sortNumbers,
  type OrderedColumn,
} from './sorted-columns.ts';
import type { IdOrder, RowOrder } from './sort-rows.ts';

export interface BuildRequest extends PlanRequest {
  readonly columns: readonly OrderedColumn[];
  readonly byId: IdOrder;
  /** Where examples have several rows each. */
  readonly rows?: RowOrder;
  /** Labels that have scores, and what the scores of each example come to. */
  readonly scores?: { readonly labels: readonly string[]; readonly reduced: ReducedScores };
}

type Common = ReturnType<typeof buildCommon>;

export function buildOutcomes(request: BuildRequest): Outcomes {
  const common = buildCommon(request);
  switch (request.task) {
    case 'binary-classification':
      return buildBinary(request, common);
    case 'multiclass-classification':
      return buildMulticlass(request, common);
    case 'multilabel-classification':
      return request.rows === undefined
        ? buildMultilabel(request, common)
        : buildLongMultilabel(request, request.rows, common);
    case 'regression': {
      const target = sortNumbers(needColumn(request.columns, 'target'));
      const predicted = sortNumbers(needColumn(request.columns, 'prediction'));
      return { task: 'regression', ...common, ...digestNumbers(common, target), target, predicted };
    }
    case 'quantile-regression': {
      const target = sortNumbers(needColumn(request.columns, 'target'));
      const { levels, quantiles } = buildQuantiles(request);
      return {
        task: 'quantile-regression',
        ...common,
        ...digestNumbers(common, target),
        target,
        levels,
        predicted: quantiles,
      };
    }
    case 'ranking':
      return buildRanking(request, common);
    case 'forecasting':
      return buildForecasting(request, common);
    case 'graded':
      return buildGraded(request, common);
  }
}

function digestNumbers({ idsDigest }: Common, values: Float64Array) {
  return { testSetDigest: digestTestSet(idsDigest, { values }) };
}

function buildCommon({ columns, byId, model, predictions }: BuildRequest) {
  const { ids, idsDigest } = byId;
  // Forecasts of one series depend on each other.
  const group = findColumn(columns, 'group') ?? findColumn(columns, 'series');
  const stratum = findColumn(columns, 'stratum');
  const weight = findColumn(columns, 'weight');
  const numbers = columnsOf(columns, 'numbers');
  return {
    n: ids.length,
    ids,
    idsDigest,
    groups: group === undefined ? undefined : recodeLabels(labelsOf(group.column), group.order).codes,
    strata: stratum === undefined ? undefined : recodeLabels(labelsOf(stratum.column), stratum.order),
    weights: weight === undefined ? undefined : sortNumbers(weight),
    sliceColumns: new Map([
      ...[...columnsOf(columns, 'within'), ...columnsOf(columns, 'labels')].map(
        (column) => [column.slot.part, encodeFree(column)] as const,
      ),
      ...columnsOf(columns, 'fairness').map(
        (column) =>
          [column.slot.part, encodeLimited(column, 'fairness.groups', { model, predictions })] as const,
      ),
      ...columnsOf(columns, 'sliced').map(
        (column) => [column.slot.part, encodeLimited(column, 'slices.by', { model, predictions })] as const,
      ),
    ]),
    numericColumns: new Map(numbers.map((column) => [column.slot.part, sortNumbers(column)])),
  };
}

function encodeFree({ column, order }: OrderedColumn): CodedColumn {
  return recodeLabels(labelsOf(column), order, normaliseLabel);
}

function encodeLimited(
  { column, order, slot }: OrderedColumn,
  key: 'slices.by' | 'fairness.groups',
  { model, predictions }: Pick<BuildRequest, 'model' | 'predictions'>,
): CodedColumn {
  return encodeSliceColumn(labelsOf(column), order, {
    key: `models.${model}.${key}`,
    column: slot.part,
    file: predictions.path,
  });
}

function buildBinary({ columns, predictions }: BuildRequest, common: Common): Outcomes {
  const target = needColumn(columns, 'target');
  const prediction = findColumn(columns, 'prediction');
  const scored = findColumn(columns, 'score');
  const read = readBinaryLabels({
    target: sortLabels(target),
    prediction: prediction === undefined ? undefined : sortLabels(prediction),
    positive: predictions.positive,
    targetColumn: nameColumn(target.slot),
    predictionColumn: prediction === undefined ? '' : nameColumn(prediction.slot),
    file: predictions.path,
  });
  const score = scored === undefined ? undefined : sortNumbers(scored);
  return {
    task: 'binary-classification',
    ...common,
    // Spelled as 0 and 1, so that True and 1 are the same target.
    testSetDigest: digestTestSet(common.idsDigest, { codes: read.target, labels: ['0', '1'] }),
    target: read.target,
    predicted: read.predicted ?? decide(score ?? new Float64Array(), predictions.threshold),
    score,
    labels: read.labels,
  };
}

function decide(score: Float64Array, threshold: number): Uint8Array {
  const predicted = new Uint8Array(score.length);
  for (let row = 0; row < score.length; row++) predicted[row] = (score[row] ?? 0) >= threshold ? 1 : 0;
  return predicted;
}

/** Without predicted labels the most probable one is predicted, the first in sorted order of equally probable ones. */
function buildMulticlass({ columns, predictions, scores }: BuildRequest, common: Common): Outcomes {
  const prediction = findColumn(columns, 'prediction');
  const spelled = [
    sortLabels(needColumn(columns, 'target')),
    ...(prediction === undefined ? [] : [sortLabels(prediction)]),
    // Labels that nobody has and nobody says, but that have scores.
    { codes: new Uint8Array(), values: scores?.labels ?? [] },
  ];
  const { labels, codes } = encodeLabels(
    spelled,
    `\`${predictions.target ?? ''}\` or \`${predictions.prediction ?? 'scores'}\` of ${predictions.path}`,
  );
  const [target = new Uint16Array(), said] = codes;
  const testSetDigest = digestTestSet(common.idsDigest, { codes: target, labels });
  const known = { task: 'multiclass-classification', ...common, testSetDigest, target, labels } as const;
  if (scores === undefined) return { ...known, predicted: said ?? new Uint16Array() };
  const { trueProbability, trueRank, squaredErrors, predicted } = scores.reduced;
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const places = scores.labels.map((label) => placeOf.get(label) ?? 0);
  return {
    ...known,
    predicted: prediction === undefined ? predicted.map((label) => places[label] ?? 0) : (said ?? predicted),
    trueProbability,
    trueRank,
    squaredErrors,
    ...(scores.reduced.scores.length === 0
      ? {}
      : { scores: spreadScores(scores.reduced.scores, places, labels) }),
  };
}

/** A label that is predicted but has no score has the probability 0. */
function spreadScores(
  columns: readonly Float64Array[],
  places: readonly number[],
  labels: readonly string[],
): readonly Float64Array[] {
  const columnOf = new Map(places.map((place, index) => [place, columns[index]]));
  return labels.map((_, place) => columnOf.get(place) ?? new Float64Array(columns[0]?.length ?? 0));
}

function buildMultilabel(request: BuildRequest, common: Common): Outcomes {
  const { columns, predictions } = request;
  const target = columnsOf(columns, 'target');
  const scored = columnsOf(columns, 'scores');
  const said = columnsOf(columns, 'prediction');
  const labels = target.map(({ slot }) => slot.part);
  const score = scored.length === 0 ? undefined : scored.map(sortNumbers);
  return finishMultilabel(labels, target.map(sortFlags), common, {
    score,
    predicted:
      said.length === 0
        ? (score ?? []).map((column) => decide(column, predictions.threshold))
        : said.map(sortFlags),
  });
}

function finishMultilabel(
  labels: readonly string[],
  target: readonly Uint8Array[],
  common: Common,
  outputs: { readonly score: readonly Float64Array[] | undefined; readonly predicted: readonly Uint8Array[] },
): Outcomes {
  return {
    task: 'multilabel-classification',
    ...common,
    testSetDigest: digestTestSet(common.idsDigest, { flags: target, labels }),
    labels,
    target,
    ...outputs,
  };
}

function makeFlags(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** Rows of example and label as one column for each label: each example has a row of each, as was looked at before. */
function buildLongMultilabel(
  { columns, predictions }: BuildRequest,
  { ends, rows }: RowOrder,
  common: Common,
): Outcomes {
  const written = labelsOf(needColumn(columns, 'label').column);
  const {
    labels,
    codes: [codes = new Uint16Array()],
  } = encodeLabels([written], `\`label\` of ${predictions.path}`);
  const pivot = <Values extends Uint8Array | Float64Array>(
    column: OrderedColumn,
    make: (length: number) => Values,
  ): readonly Values[] => {
    const pivoted = labels.map(() => make(common.n));
    let example = 0;
    for (let place = 0; place < rows.length; place++) {
      if (place === ends[example]) example += 1;
      const row = rows[place] ?? 0;
      const own = pivoted[codes[row] ?? 0];
      if (own !== undefined) own[example] = (column.column as Float64Array)[row] ?? 0;
    }
    return pivoted;
  };
  const scored = findColumn(columns, 'score');
  const said = findColumn(columns, 'prediction');
  const score = scored === undefined ? undefined : pivot(scored, (length) => new Float64Array(length));
  const predicted =
    said === undefined
      ? (score ?? []).map((column) => decide(column, predictions.threshold))
      : pivot(said, makeFlags);
  return finishMultilabel(labels, pivot(needColumn(columns, 'target'), makeFlags), common, {
    score,
    predicted,
  });
}

function buildQuantiles({ columns }: BuildRequest) {
  const found = columnsOf(columns, 'quantiles');
  return { levels: found.map(({ slot }) => Number(slot.part)), quantiles: found.map(sortNumbers) };
}

function buildRanking({ columns, rows }: BuildRequest, common: Common): Outcomes {
  if (rows === undefined) throw new TypeError('The items of a ranking were not sorted.');
  const relevance = sortNumbers(needColumn(columns, 'target'));
  const score = sortNumbers(needColumn(columns, 'score'));
  const { ends, items } = rows;
  const truth = { ends, itemsDigest: digestIds(items), relevance };
  return {
    task: 'ranking',
    ...common,
    testSetDigest: digestTestSet(common.idsDigest, truth),
    ends,
    relevance,
    score,
  };
}

function buildForecasting(request: BuildRequest, common: Common): Outcomes {
  const { columns } = request;
  const target = sortNumbers(needColumn(columns, 'target'));
  const prediction = findColumn(columns, 'prediction');
  const scale = findColumn(columns, 'scale');
  return {
    task: 'forecasting',
    ...common,
    ...digestNumbers(common, target),
    target,
    predicted: prediction === undefined ? undefined : sortNumbers(prediction),
    scale: scale === undefined ? undefined : sortNumbers(scale),
    ...buildQuantiles(request),
  };
}

type GradeConfigs = NonNullable<ModelConfig['predictions']['grades']>;

function buildGraded({ columns, predictions }: BuildRequest, common: Common): Outcomes {
  const found = columnsOf(columns, 'grades');
  const names = found.map(({ slot }) => slot.part);
  const configs: GradeConfigs = predictions.grades ?? {};
  return {
    task: 'graded',
    ...common,
    testSetDigest: digestTestSet(common.idsDigest, { untold: true }),
    names,
    grades: found.map(sortNumbers),
    directions: names.map((name) => configs[name]?.direction ?? 'higher-is-better'),
    bounds: names.map((name) => {
      const [least, most] = configs[name]?.bounds ?? [];
      return least === undefined || most === undefined ? undefined : [least, most];
    }),
  };
}
