/** What `mlgate init` writes: a first config that the gate can run on at once. */
import { stringify } from 'yaml';
import type { FolderFindings, MetricsFileFinding, TableFinding } from './folder-findings.ts';
import {
  recognizePredictions,
  type ProposedTask,
  type RecognizedPredictions,
} from './recognize-predictions.ts';

/** Parts of a first config: more would not be read. */
const MAX_PROPOSED = 5;

/** Path fragments of files that stand for the baseline. */
const BASELINE = /(^|[/_.-])(baseline|main|champion|reference|previous)([/_.-]|$)/i;

/** A first mlgate.yml, with comments. Always valid; where nothing was found, it names files to be replaced. */
export function proposeConfig(findings: FolderFindings): string {
  const plan = planProposal(findings);
  const sections = [
    [
      '# What mlgate gates. `mlgate explain KEY` tells about every key, and without KEY lists them.',
      'version: 1',
    ],
    writeData(plan),
    writeModels(plan),
    writeMetrics(plan),
    writeClosing(findings),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The datasets of `proposeConfig`, each with the schema file that is to be inferred from it. */
export function proposeDatasets(findings: FolderFindings): readonly ProposedDataset[] {
  return planProposal(findings).datasets;
}

export interface ProposedDataset {
  readonly name: string;
  readonly table: TableFinding;
  /** The path of its schema. */
  readonly schema: string;
}

interface ProposedModel {
  readonly name: string;
  readonly predictions: RecognizedPredictions;
  readonly baseline: string | undefined;
  readonly artifact: string | undefined;
}

interface Plan {
  readonly datasets: readonly ProposedDataset[];
  readonly models: readonly ProposedModel[];
  readonly metricsFiles: readonly (MetricsFileFinding & { readonly name: string })[];
}

function planProposal({ tables, artifacts, metricsFiles }: FolderFindings): Plan {
  const usable = tables.filter(({ path, columns }) => isUsablePath(path) && columns.length > 0);
  const predictions = usable.map(recognizePredictions).filter((found) => found !== undefined);
  const candidates = predictions.filter(({ path }) => !BASELINE.test(path));
  const chosen = (candidates.length > 0 ? candidates : predictions).slice(0, MAX_PROPOSED);
  const paths = predictions.map(({ path }) => path);
  const data = usable.filter(({ path }) => !paths.includes(path)).slice(0, MAX_PROPOSED);
  const usableArtifacts = artifacts.filter(isUsablePath);
  return {
    datasets: nameAll(data, ({ path }) => path).map(([name, table]) => ({
      name,
      table,
      schema: `schemas/${name}.schema.json`,
    })),
    models: nameAll(chosen, ({ path }) => path).map(([name, found]) => ({
      name: chosen.length === 1 ? 'model' : name,
      predictions: found,
      baseline:
        chosen.length === 1
          ? predictions.find(
              (other) => other !== found && BASELINE.test(other.path) && sameColumns(other, found),
            )?.path
          : undefined,
      artifact:
        chosen.length === 1 && usableArtifacts.length === 1
          ? usableArtifacts[0]
          : usableArtifacts.find((path) => stemOf(path) === stemOf(found.path)),
    })),
    metricsFiles: nameAll(
      metricsFiles.filter(isUsefulMetricsFile).slice(0, MAX_PROPOSED),
      ({ path }) => path,
    ).map(([name, file]) => ({ ...file, name })),
  };
}

/** Paths that a config can hold: no patterns, nothing absolute. */
function isUsablePath(path: string): boolean {
  return path.length > 0 && path.length <= 1000 && !/[*?\\]|^[/]|^[a-z]:|^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/** A file without a number whose direction is known would ask for nothing. */
function isUsefulMetricsFile({ path, keys }: MetricsFileFinding): boolean {
  return isUsablePath(path) && keys.some(guessDirection);
}

function sameColumns(left: RecognizedPredictions, right: RecognizedPredictions): boolean {
  return (
    left.id === right.id &&
    left.target === right.target &&
    left.score === right.score &&
    left.scores === right.scores &&
    left.item === right.item &&
    left.prediction === right.prediction
  );
}

/** `species` of `models/species.onnx` and of `out/species.csv.gz`. */
function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\..*$/, '');
}

/** Longest name that is made of a file's name, so that a number still fits behind it. */
const MAX_NAME_LENGTH = 50;

/** A name of mlgate for each item, from its file's name; the second of one name gets a number. */
function nameAll<T>(items: readonly T[], pathOf: (item: T) => string): readonly (readonly [string, T])[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const file = pathOf(item).split('/').at(-1) ?? '';
    const stem = file.replace(/(\.(csv|tsv|jsonl|ndjson|parquet|json|ya?ml|gz|zst))+$/i, '');
    const base =
      stem
        .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, MAX_NAME_LENGTH) || 'data';
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
    taken.add(name);
    return [name, item] as const;
  });
}

function writeData({ datasets, models, metricsFiles }: Plan): readonly string[] {
  if (datasets.length > 0) {
    return [
      'data:',
      ...datasets.flatMap(({ name, table, schema }) => [
        `  ${scalar(name)}:`,
        `    path: ${scalar(table.path)}`,
        `    schema: ${scalar(schema)} # inferred from the file: see what it asks`,
      ]),
    ];
  }
  if (models.length + metricsFiles.length > 0) return [];
  return [
    '# No data, predictions or metrics were found here: name your own file and its schema.',
    'data:',
    '  example:',
    '    path: data/example.csv',
    '    schema: schemas/example.schema.json',
  ];
}

/** The metric that a first config compares, by task. */
const FIRST_GATES: Readonly<Record<ProposedTask, { readonly score: string; readonly label: string }>> = {
  'binary-classification': {
    score: 'roc_auc: { max-regression: 0.02 }',
    label: 'accuracy: { max-regression: 0.02 }',
  },
  'multiclass-classification': {
    score: 'log_loss: { max-regression: 0.02 }',
    label: 'accuracy: { max-regression: 0.02 }',
  },
  regression: { score: 'rmse: { max-regression: 5% }', label: 'rmse: { max-regression: 5% }' },
  ranking: { score: 'ndcg@10: { max-regression: 0.02 }', label: 'ndcg@10: { max-regression: 0.02 }' },
};

function writeModels({ models }: Plan): readonly string[] {
  return models.length === 0 ? [] : ['models:', ...models.flatMap(writeModel)];
}

function writeModel({ name, predictions, baseline, artifact }: ProposedModel): readonly string[] {
  const { task, path, id, target, score, scores, prediction, item } = predictions;
  const isRanking = task === 'ranking';
  const gates = FIRST_GATES[task];
  return [
    `  ${scalar(name)}:`,
    ...(artifact === undefined ? [] : [`    artifact: ${scalar(artifact)} # what a promotion ships`]),
    `    task: ${task} # guessed from the columns`,
    `    predictions: # one row for each ${isRanking ? 'item of a query' : 'example of the test set'}`,
    `      path: ${scalar(path)}`,
    `      id: ${scalar(id)} # ${isRanking ? 'the query' : 'pairs the candidate with the baseline'}`,
    ...(item === undefined ? [] : [`      item: ${scalar(item)}`]),
    `      target: ${scalar(target)} # ${isRanking ? 'the relevance of the item' : 'the truth'}`,
    ...(score === undefined
      ? []
      : [`      score: ${scalar(score)}${isRanking ? '' : ' # probability of the positive class'}`]),
    ...(scores === undefined ? [] : [`      scores: ${scalar(scores)} # the probability of each class`]),
    ...(prediction === undefined ? [] : [`      prediction: ${scalar(prediction)}`]),
    ...(baseline === undefined ? [] : [`    baseline-predictions: ${scalar(baseline)}`]),
    '    metrics: # how much worse than main is tolerated; absolute bounds are `at-least` and `at-most`',
    `      ${score === undefined && scores === undefined ? gates.label : gates.score}`,
  ];
}

/** Names of numbers that are better when lower. */
const LOWER_IS_BETTER = /(loss|error|rmse|mse|mae|mape|perplexity|latency|brier|logloss|deviance)/i;

/** Names of numbers that are better when higher. */
const HIGHER_IS_BETTER = /(acc|accuracy|auc|f1|precision|recall|r2|map|ndcg|score)/i;

/** Gates of a first config for each metrics file. */
const MAX_GATES = 3;

function writeMetrics({ metricsFiles }: Plan): readonly string[] {
  return metricsFiles.length === 0
    ? []
    : ['metrics: # numbers that something else computed', ...metricsFiles.flatMap(writeMetricsFile)];
}

function writeMetricsFile({ name, path, keys }: Plan['metricsFiles'][number]): readonly string[] {
  const gates = keys
    .map((key) => ({ key, direction: guessDirection(key) }))
    .filter(({ direction }) => direction !== undefined)
    .slice(0, MAX_GATES);
  return [
    `  ${scalar(name)}:`,
    `    path: ${scalar(path)}`,
    '    gates:',
    ...gates.map(
      ({ key, direction }) => `      ${scalar(key)}: { max-regression: 5%, direction: ${direction} }`,
    ),
  ];
}

function guessDirection(key: string): 'lower-is-better' | 'higher-is-better' | undefined {
  if (LOWER_IS_BETTER.test(key)) return 'lower-is-better';
  return HIGHER_IS_BETTER.test(key) ? 'higher-is-better' : undefined;
}

function writeClosing({ dvc, mlflow }: FolderFindings): readonly string[] {
  return [
    ...(dvc
      ? ['# DVC is used here: run `dvc pull` before the gate, so that the files above are there.']
      : []),
    ...(mlflow === undefined
      ? []
      : [
          `# MLflow keeps runs in ${mlflow} here: let the training write its predictions or metrics to a file as well.`,
        ]),
    'enforce: false # reports and blocks nothing; remove this line after the first weeks',
  ];
}

/** A text as a YAML scalar on one line, in quotes where it needs them. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd();
}
