/**
 * Rules between keys of mlgate.yml, which a schema cannot say or could say only in words that nobody understands.
 * They look at the unvalidated document, so that their mistakes are listed together with the schema's.
 */
import { parseMargin } from '../schemas/parse-margin.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** All mistakes that need more than one key to be seen. */
export function checkConfig(document: unknown): readonly FoundMistake[] {
  const config = mappingOf(document);
  return [
    ...entriesOf(config['data']).flatMap(([name, dataset]) => checkDataset(['data', name], dataset)),
    ...entriesOf(config['models']).flatMap(([name, model]) => checkModel(['models', name], model)),
    ...entriesOf(config['metrics']).flatMap(([name, file]) =>
      checkMetricsFile(['metrics', name], file, 'rules' in config),
    ),
    ...checkBaseline(config),
    ...checkRescore(config),
  ];
}

/** A baseline can be scored again only where predictions of it on the new test set can be. */
function checkRescore(config: Mapping): readonly FoundMistake[] {
  const models = entriesOf(config['models']);
  const asks = mappingOf(config['baseline'])['rescore'] === true;
  if (!asks || models.some(([, model]) => 'baseline-predictions' in model)) return [];
  const text =
    'no model names `baseline-predictions`, so nothing can be compared again. Let a step before the gate run the model of main on the new test set, and name its predictions there.';
  return [{ path: ['baseline', 'rescore'], at: 'value', text }];
}

function checkDataset(path: Path, dataset: Mapping): readonly FoundMistake[] {
  return [
    ...checkPath([...path, 'path'], dataset['path']),
    ...checkPath([...path, 'schema'], dataset['schema']),
  ];
}

function checkModel(path: Path, model: Mapping): readonly FoundMistake[] {
  const predictions = mappingOf(model['predictions']);
  const here = [...path, 'predictions'];
  return [
    ...checkPath([...path, 'artifact'], model['artifact']),
    ...checkPath([...path, 'baseline-predictions'], model['baseline-predictions']),
    ...checkPath([...here, 'path'], predictions['path']),
    ...checkPaths([...path, 'params'], model['params']),
    ...checkPaths([...path, 'seeds'], model['seeds']),
    ...('predictions' in model ? checkPredictions(here, model['task'], predictions) : []),
    ...entriesOf(model['metrics']).flatMap(([name, gate]) => checkGate([...path, 'metrics', name], gate)),
  ];
}

function checkMetricsFile(path: Path, file: Mapping, hasRules: boolean): readonly FoundMistake[] {
  const useful = hasRules ? [...BOUNDS, ...FACTS] : BOUNDS;
  return [
    ...checkPath([...path, 'path'], file['path']),
    ...entriesOf(file['gates']).flatMap(([name, gate]) => checkGate([...path, 'gates', name], gate, useful)),
  ];
}

/** Keys of `predictions` that only a binary classifier has. */
const BINARY_KEYS = ['score', 'positive', 'threshold'];

function checkPredictions(path: Path, task: unknown, predictions: Mapping): readonly FoundMistake[] {
  return [...checkTaskColumns(path, task, predictions), ...checkColumnsDiffer(path, predictions)];
}

function checkTaskColumns(path: Path, task: unknown, predictions: Mapping): readonly FoundMistake[] {
  if (task === 'binary-classification') {
    if ('score' in predictions || 'prediction' in predictions) return checkThreshold(path, predictions);
    const text =
      'binary classification needs `score` (the column with the probability of the positive class), `prediction` (the column with the predicted label), or both.';
    return [{ path, at: 'key', text }];
  }
  if (task !== 'multiclass-classification' && task !== 'regression') return [];
  const foreign = BINARY_KEYS.filter((key) => key in predictions).map((key): FoundMistake => {
    return {
      path: [...path, key],
      at: 'key',
      text: `is for binary classification only; the task is ${showValue(task)}.`,
    };
  });
  if ('prediction' in predictions) return foreign;
  const what = task === 'regression' ? 'value' : 'label';
  return [
    ...foreign,
    { path, at: 'key', text: `the key \`prediction\` is missing: the column with the predicted ${what}.` },
  ];
}

function checkThreshold(path: Path, predictions: Mapping): readonly FoundMistake[] {
  if (!('threshold' in predictions)) return [];
  const here = [...path, 'threshold'];
  if (!('score' in predictions)) {
    return [
      {
        path: here,
        at: 'key',
        text: 'does nothing without `score`. Name the column with the score, or remove it.',
      },
    ];
  }
  return 'prediction' in predictions
    ? [
        {
          path: here,
          at: 'key',
          text: 'contradicts `prediction`: labels come from that column. Keep one of the two.',
        },
      ]
    : [];
}

function checkColumnsDiffer(path: Path, predictions: Mapping): readonly FoundMistake[] {
  const seen = new Map<unknown, string>();
  return ['id', 'target', 'score', 'prediction'].flatMap((key): readonly FoundMistake[] => {
    const column = predictions[key];
    if (typeof column !== 'string') return [];
    const first = seen.get(column);
    seen.set(column, first ?? key);
    return first === undefined
      ? []
      : [
          {
            path: [...path, key],
            at: 'value',
            text: `names the same column as \`${first}\`: ${showValue(column)}.`,
          },
        ];
  });
}

const BOUNDS = ['at-least', 'at-most', 'max-regression', 'min-improvement', 'max-improvement', 'max-change'];

/** Keys that ask for nothing by themselves, but say what a rule has to know of a number. */
const FACTS = ['direction', 'noise', 'folds', 'seeds'];

function checkGate(path: Path, gate: Mapping, useful: readonly string[] = BOUNDS): readonly FoundMistake[] {
  const asksNothing = !useful.some((key) => key in gate);
  return [
    ...(asksNothing
      ? [
          {
            path,
            at: 'key',
            text: `has no bound: add ${BOUNDS.map((bound) => `\`${bound}\``).join(', ')}, or remove it.`,
          } as const,
        ]
      : []),
    ...checkOrder(path, gate),
    ...checkMarginSize([...path, 'max-regression'], gate['max-regression']),
  ];
}

/** Contradictory bounds: nothing can satisfy them. */
export function checkOrder(path: Path, bounds: Mapping): readonly FoundMistake[] {
  const { 'at-least': least, 'at-most': most } = bounds;
  if (typeof least !== 'number' || typeof most !== 'number' || least <= most) return [];
  return [
    {
      path: [...path, 'at-least'],
      at: 'value',
      text: `${least} is greater than \`at-most\` (${most}): nothing can satisfy both.`,
    },
  ];
}

function checkMarginSize(path: Path, margin: unknown): readonly FoundMistake[] {
  if (typeof margin !== 'string' || !/^\d+(\.\d+)? ?%$/.test(margin)) return [];
  if (parseMargin(margin).value <= 1) return [];
  return [
    {
      path,
      at: 'value',
      text: `must be at most 100%; it is ${showValue(margin)}: the metric could fall to nothing and pass.`,
    },
  ];
}

function checkBaseline(config: Mapping): readonly FoundMistake[] {
  const baseline = mappingOf(config['baseline']);
  const evidence = checkPath(['baseline', 'evidence'], baseline['evidence']);
  if (baseline['store'] !== 'file') return evidence;
  const models = entriesOf(config['models']);
  const hasPredictions = models.some(([, model]) => 'baseline-predictions' in model);
  if ('evidence' in baseline || hasPredictions) return evidence;
  const text = '`file` needs a file: set `baseline.evidence`, or `baseline-predictions` of a model.';
  return [{ path: ['baseline', 'store'], at: 'value', text }];
}

function checkPaths(path: Path, value: unknown): readonly FoundMistake[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => checkPath([...path, String(index)], item));
}

/** What a path may not be: absolute, with backslashes, a pattern, a URL. */
function checkPath(path: Path, value: unknown): readonly FoundMistake[] {
  if (typeof value !== 'string') return [];
  const mistake = (text: string): readonly FoundMistake[] => [{ path, at: 'value', text }];
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value))
    return mistake(
      `${showValue(value)} is a URL; URLs do not exist yet in this version. Give a file of the repository.`,
    );
  if (/^([/\\]|[a-z]:)/i.test(value))
    return mistake(`${showValue(value)} is absolute; a path is relative to the folder of mlgate.yml.`);
  if (value.includes('\\'))
    return mistake(`${showValue(value)} has backslashes. Write \`${value.replaceAll('\\', '/')}\`.`);
  if (/[*?]/.test(value))
    return mistake(
      `${showValue(value)} is a pattern; patterns do not exist yet in this version. Name one file.`,
    );
  return [];
}

function mappingOf(value: unknown): Mapping {
  return isSchemaNode(value) ? value : {};
}

function entriesOf(value: unknown): readonly (readonly [string, Mapping])[] {
  return Object.entries(mappingOf(value)).map(([name, entry]) => [name, mappingOf(entry)]);
}
