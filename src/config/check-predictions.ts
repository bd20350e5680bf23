/** Which keys of `predictions` a task needs, and which do nothing for it. */
import { showValue, type FoundMistake } from './mistake.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** What `predictions` of a task must and may name, besides path, id, weights and groups. */
interface TaskColumns {
  readonly required: readonly (readonly [key: string, meaning: string])[];
  /** One of these sets must be there. */
  readonly oneOf?: { readonly sets: readonly (readonly string[])[]; readonly text: string };
  readonly optional: readonly string[];
}

const TARGET = ['target', 'the column with the truth'] as const;

const TASK_COLUMNS: Readonly<Record<string, TaskColumns>> = {
  'binary-classification': {
    required: [TARGET],
    oneOf: {
      sets: [['score'], ['prediction']],
      text: 'binary classification needs `score` (the column with the probability of the positive class), `prediction` (the column with the predicted label), or both.',
    },
    optional: ['positive', 'threshold'],
  },
  'multiclass-classification': {
    required: [TARGET],
    oneOf: {
      sets: [['prediction'], ['scores'], ['layout', 'label', 'score']],
      text: 'multiclass classification needs `prediction` (the column with the predicted label), `scores` (the probability of each label), or `layout: long` with `label` and `score`.',
    },
    optional: ['layout'],
  },
  'multilabel-classification': {
    required: [TARGET],
    oneOf: {
      sets: [['prediction'], ['scores'], ['layout', 'label', 'score'], ['layout', 'label', 'prediction']],
      text: 'multilabel classification needs `scores` (`p_*`), `prediction` (`yhat_*`), or `layout: long` with `label` and `score`.',
    },
    optional: ['layout', 'threshold'],
  },
  regression: {
    required: [TARGET, ['prediction', 'the column with the predicted value']],
    optional: [],
  },
  'quantile-regression': {
    required: [TARGET, ['quantiles', 'the columns with the predicted quantiles, by level']],
    optional: [],
  },
  ranking: {
    required: [
      ['item', 'the column that identifies an item of the query'],
      ['target', 'the column with the relevance of the item'],
      ['score', 'the column that items are ranked by'],
    ],
    optional: [],
  },
  forecasting: {
    required: [TARGET],
    oneOf: {
      sets: [['prediction'], ['quantiles']],
      text: 'forecasting needs `prediction` (the column with the forecast), `quantiles` (columns by level), or both.',
    },
    optional: ['series', 'scale'],
  },
  graded: { required: [['grades', 'the columns with grades, by name']], optional: [] },
};

/** Keys that only some tasks have. */
const TASK_KEYS: readonly string[] = [...new Set(Object.values(TASK_COLUMNS).flatMap(keysOf))];

/** Every key that means something to a task. */
function keysOf({ required, oneOf, optional }: TaskColumns): readonly string[] {
  return [...required.map(([key]) => key), ...(oneOf?.sets.flat() ?? []), ...optional];
}

/** Mistakes of `predictions` that follow from the task. */
export function checkPredictions(path: Path, task: unknown, predictions: Mapping): readonly FoundMistake[] {
  const columns =
    typeof task === 'string' && Object.hasOwn(TASK_COLUMNS, task) ? TASK_COLUMNS[task] : undefined;
  return [
    ...(columns === undefined
      ? []
      : [
          ...checkNeeded(path, columns, predictions),
          ...checkForeign(path, task, columns, predictions),
          ...checkLayout(path, predictions),
          ...checkThreshold(path, task, predictions),
        ]),
    ...checkColumnsDiffer(path, predictions),
  ];
}

function checkNeeded(
  path: Path,
  { required, oneOf }: TaskColumns,
  predictions: Mapping,
): readonly FoundMistake[] {
  const missing = required
    .filter(([key]) => !(key in predictions))
    .map(([key, meaning]): FoundMistake => {
      return { path, at: 'key', text: `the key \`${key}\` is missing: ${meaning}.` };
    });
  if (oneOf === undefined || oneOf.sets.some((keys) => keys.every((key) => key in predictions)))
    return missing;
  return [...missing, { path, at: 'key', text: oneOf.text }];
}

function checkForeign(
  path: Path,
  task: unknown,
  columns: TaskColumns,
  predictions: Mapping,
): readonly FoundMistake[] {
  const known = keysOf(columns);
  return TASK_KEYS.filter((key) => key in predictions && !known.includes(key)).map((key) => ({
    path: [...path, key],
    at: 'key',
    text: `is for ${listTasks(key)} only; the task is ${showValue(task)}.`,
  }));
}

/** `binary classification`, `quantile regression and forecasting`: the tasks that have a key. */
function listTasks(key: string): string {
  const tasks = Object.entries(TASK_COLUMNS)
    .filter(([, columns]) => keysOf(columns).includes(key))
    .map(([task]) => task.replaceAll('-', ' '));
  const last = tasks.at(-1) ?? '';
  return tasks.length < 2 ? last : `${tasks.slice(0, -1).join(', ')} and ${last}`;
}

/** Keys of the long layout mean nothing in the wide one, and the other way round. */
function checkLayout(path: Path, predictions: Mapping): readonly FoundMistake[] {
  if (predictions['layout'] === 'long') {
    return 'scores' in predictions
      ? [
          {
            path: [...path, 'scores'],
            at: 'key',
            text: 'contradicts `layout: long`, where `label` and `score` hold them. Keep one of the two.',
          },
        ]
      : [];
  }
  return 'label' in predictions
    ? [{ path: [...path, 'label'], at: 'key', text: 'does nothing without `layout: long`.' }]
    : [];
}

function checkThreshold(path: Path, task: unknown, predictions: Mapping): readonly FoundMistake[] {
  if (task !== 'binary-classification' || !('threshold' in predictions)) return [];
  const here = [...path, 'threshold'];
  if (!('score' in predictions)) {
    const text = 'does nothing without `score`. Name the column with the score, or remove it.';
    return 'prediction' in predictions ? [{ path: here, at: 'key', text }] : [];
  }
  const text = 'contradicts `prediction`: labels come from that column. Keep one of the two.';
  return 'prediction' in predictions ? [{ path: here, at: 'key', text }] : [];
}

function checkColumnsDiffer(path: Path, predictions: Mapping): readonly FoundMistake[] {
  const seen = new Map<unknown, string>();
  // A target in a table of its own may have any name.
  const own = 'targets' in predictions ? [] : ['target'];
  return ['id', 'item', ...own, 'label', 'score', 'prediction', 'weight'].flatMap(
    (key): readonly FoundMistake[] => {
      const column = predictions[key];
      if (typeof column !== 'string') return [];
      const first = seen.get(column);
      seen.set(column, first ?? key);
      if (first === undefined) return [];
      const text = `names the same column as \`${first}\`: ${showValue(column)}.`;
      return [{ path: [...path, key], at: 'value', text }];
    },
  );
}
