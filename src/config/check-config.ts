/**
 * Rules between keys of mlgate.yml, which a schema cannot say or could say only in words that nobody understands.
 * They look at the unvalidated document, so that their mistakes are listed together with the schema's.
 */
import { parseMargin } from '../schemas/parse-margin.ts';
import { checkLeakage } from './check-leakage.ts';
import { checkPredictions } from './check-predictions.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** All mistakes that need more than one key to be seen. */
export function checkConfig(document: unknown): readonly FoundMistake[] {
  const config = mappingOf(document);
  const datasets = entriesOf(config['data']);
  return [
    ...datasets.flatMap(([name, dataset]) => [
      ...checkDataset(['data', name], dataset),
      ...checkLeakage(
        name,
        dataset,
        datasets.map(([other]) => other),
      ),
    ]),
    ...entriesOf(config['models']).flatMap(([name, model]) => checkModel(['models', name], model)),
    ...entriesOf(config['metrics']).flatMap(([name, file]) =>
      checkMetricsFile(['metrics', name], file, 'rules' in config),
    ),
    ...checkBaseline(config),
    ...checkRescore(config),
    ...checkExports(config),
  ];
}

/** An attestation is about a file. */
function checkExports(config: Mapping): readonly FoundMistake[] {
  const exports = mappingOf(config['report'])['exports'];
  const models = entriesOf(config['models']);
  if (
    !Array.isArray(exports) ||
    !exports.includes('in-toto') ||
    models.some(([, model]) => 'artifact' in model)
  )
    return [];
  const text =
    "has `in-toto`, which says of a model's file how it was tested, and no model names its file: add `artifact` to a model, or leave `in-toto` out.";
  return [{ path: ['report', 'exports'], at: 'value', text }];
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
    ...checkPath([...here, 'path'], predictions['path'], 'pattern'),
    ...checkPath([...here, 'targets', 'path'], mappingOf(predictions['targets'])['path'], 'pattern'),
    ...checkPath([...path, 'training', 'path'], mappingOf(model['training'])['path'], 'pattern'),
    ...checkRecompute(path, model),
    ...checkSlices([...path, 'slices'], mappingOf(model['slices'])),
    ...checkPaths([...path, 'params'], model['params']),
    ...checkPaths([...path, 'seeds'], model['seeds']),
    ...('predictions' in model ? checkPredictions(here, model['task'], predictions) : []),
    ...entriesOf(model['metrics']).flatMap(([name, gate]) => checkGate([...path, 'metrics', name], gate)),
  ];
}

/** Items lose their ids when they are loaded, and grades are given by somebody else. */
const TASKS_WITHOUT_ANSWERS: readonly unknown[] = ['ranking', 'graded'];

/** What is run again is the artifact: a program that is not told which file that is answers for no model in particular. */
function checkRecompute(path: Path, model: Mapping): readonly FoundMistake[] {
  if (!('recompute' in model)) return [];
  const recompute = mappingOf(model['recompute']);
  const here = [...path, 'recompute'];
  const { command } = recompute;
  const untold = Array.isArray(command) && !command.some((word) => String(word).includes('{artifact}'));
  const onnxOnly = ['inputs', 'output'].filter((key) => 'command' in recompute && key in recompute);
  return [
    ...checkPath([...here, 'features'], recompute['features'], 'pattern'),
    ...('artifact' in model
      ? []
      : [{ path: here, at: 'key', text: 'runs the file of `artifact`, which is missing.' } as const]),
    ...(untold
      ? [
          {
            path: [...here, 'command'],
            at: 'value',
            text: 'does not hold `{artifact}`: the program must be told which file is the model, as in `[python, predict.py, "{artifact}"]`.',
          } as const,
        ]
      : []),
    ...(TASKS_WITHOUT_ANSWERS.includes(model['task'])
      ? [
          {
            path: here,
            at: 'key',
            text: `cannot be used with the task ${showValue(model['task'])}, whose predictions are no answers for one example each.`,
          } as const,
        ]
      : []),
    ...onnxOnly.map((key): FoundMistake => {
      return { path: [...here, key], at: 'key', text: 'is for ONNX only; `command` gets every column.' };
    }),
  ];
}

function checkSlices(path: Path, slices: Mapping): readonly FoundMistake[] {
  const gates = entriesOf(slices['metrics']).flatMap(([name, gate]) =>
    checkGate([...path, 'metrics', name], gate),
  );
  const search = slices['search'];
  const asks = search === true || (isSchemaNode(search) && !('columns' in search));
  if (!asks || 'by' in slices) return gates;
  const text = 'needs columns to search in: name them in `by`, or in `search.columns`.';
  return [...gates, { path: [...path, 'search'], at: 'key', text }];
}

function checkMetricsFile(path: Path, file: Mapping, hasRules: boolean): readonly FoundMistake[] {
  const useful = hasRules ? [...BOUNDS, ...FACTS] : BOUNDS;
  return [
    ...checkPath([...path, 'path'], file['path']),
    ...entriesOf(file['gates']).flatMap(([name, gate]) => checkGate([...path, 'gates', name], gate, useful)),
  ];
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

/** What a path may not be: absolute, with backslashes, a URL; and a pattern where one file is meant. */
function checkPath(path: Path, value: unknown, kind: 'file' | 'pattern' = 'file'): readonly FoundMistake[] {
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
  if (kind === 'file' && /[*?]/.test(value))
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
