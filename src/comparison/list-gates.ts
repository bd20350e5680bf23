import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import { explainParameter, findDirection, findMetric, tasksWith } from '../metrics/find-metric.ts';
import type {
  Config,
  ModelConfig,
  ModelMetricGate,
  NumberGate,
  SlicesConfig,
} from '../schemas/config.generated.ts';
import type { ConfigSource } from '../schemas/evidence.generated.ts';
import { parseMargin, type Margin } from '../schemas/parse-margin.ts';
import { findContradiction, findEmptyShare, findUnreachable, type BoundMistake } from './check-bounds.ts';
import { findMissingColumn, findModelMetric, metricsOfModel } from './find-model-metric.ts';
import { listBounds, type Bound, type BoundValues, type MetricGate } from './gate.ts';

type Locate = (path: readonly string[]) => ConfigSource;

/** A gate, or what is wrong with it. */
type Listed =
  | { readonly kind: 'gate'; readonly gate: MetricGate }
  | { readonly kind: 'mistake'; readonly text: string; readonly help: string };

/**
 * Every bound on a metric that the config sets, with the catalogue's names. Throws one UserError that lists all
 * mistakes: a metric that the task does not have, two names of one metric, a bound that the metric can never reach,
 * bounds that contradict each other, a number without a known direction.
 */
export function listGates(config: Pick<Config, 'models' | 'metrics'>, locate: Locate): readonly MetricGate[] {
  const listed = [
    ...Object.entries(config.models ?? {}).flatMap(([name, model]) => [
      ...listModel(name, model, locate),
      ...listSlices(name, model, locate),
    ]),
    ...Object.entries(config.metrics ?? {}).flatMap(([name, file]) =>
      Object.entries(file.gates).map(([key, gate]) => listNumber(name, key, gate, locate)),
    ),
  ];
  const mistakes = listed.filter((item) => item.kind === 'mistake');
  if (mistakes.length > 0) {
    const helps = [...new Set(mistakes.map((mistake) => mistake.help))];
    throw new UserError(mistakes.map((mistake) => mistake.text).join('\n'), { help: helps.join('\n') });
  }
  return listed.flatMap((item) => (item.kind === 'gate' ? [item.gate] : []));
}

function mistake(source: ConfigSource, text: string, help: string): Listed {
  const position = [source.file, source.line, source.column].filter((part) => part !== undefined).join(':');
  return { kind: 'mistake', text: `${position}: \`${source.key}\`: ${text}`, help };
}

function mistakeIn(found: BoundMistake, path: readonly string[], locate: Locate): Listed {
  return mistake(locate([...path, found.bound]), found.text, found.help);
}

function listModel(name: string, model: ModelConfig, locate: Locate): readonly Listed[] {
  const path = ['models', name, 'metrics'];
  return listNamed(model.metrics, { name, model, path, locate }, (definition, gate, at) => {
    const bounds = boundsOf(gate);
    const directed = DIRECTED.find((bound) => gate[bound] !== undefined);
    if (definition.direction === 'none' && directed !== undefined)
      return undirected(definition, directed, at, locate);
    const found =
      findUnreachable(definition, gate) ?? findEmptyShare(definition, bounds) ?? findContradiction(bounds);
    if (found !== undefined) return mistakeIn(found, at, locate);
    const placed = placeBounds(bounds, gate.severity, at, locate);
    return { kind: 'gate', gate: { about: { model: name }, metric: definition.name, ...placed } };
  });
}

/** A metric whose best value lies between others has no worse. */
function undirected(
  { title }: MetricDefinition,
  bound: string,
  path: readonly string[],
  locate: Locate,
): Listed {
  return mistake(
    locate([...path, bound]),
    `${title} is neither better when higher nor when lower.`,
    'Bound it with `at-least` and `at-most`, or its change with `max-change`.',
  );
}

/** The margins of `slices`, each about every slice, and the slices that must be there. */
function listSlices(name: string, model: ModelConfig, locate: Locate): readonly Listed[] {
  const { slices } = model;
  if (slices === undefined) return [];
  const path = ['models', name, 'slices', 'max-regression'];
  const margins = listNamed(
    slices['max-regression'] ?? {},
    { name, model, path, locate },
    (definition, margin, at) => {
      if (definition.direction === 'none')
        return undirected(definition, 'max-regression', at.slice(0, -1), locate);
      const bounds = { maxRegression: parseMargin(margin) };
      const found =
        findUnreachable(definition, { 'max-regression': margin }) ?? findEmptyShare(definition, bounds);
      const source = locate(at);
      if (found !== undefined) return mistake(source, found.text, found.help);
      return {
        kind: 'gate',
        gate: {
          about: { model: name },
          metric: definition.name,
          everySlice: true,
          ...bounds,
          severity: slices.severity,
          source,
          boundSources: { 'max-regression': source },
        },
      };
    },
  );
  return [...margins, ...listExpected(name, model, slices, locate)];
}

/** The first metric of a task is measured on every slice. */
function listExpected(
  name: string,
  model: ModelConfig,
  slices: SlicesConfig,
  locate: Locate,
): readonly Listed[] {
  const [main] = metricsOfModel(model);
  if (main === undefined) throw new TypeError(`The task ${model.task} has no metrics.`);
  return (slices.expect ?? []).map((slice, index) => {
    const source = locate(['models', name, 'slices', 'expect', String(index)]);
    if (!slice.includes('=')) {
      return mistake(
        source,
        `\`${slice}\` is no name of a slice.`,
        'A slice is written as `column=value`, a crossing as `column=value, column=value`.',
      );
    }
    const gate: MetricGate = {
      about: { model: name, slice },
      metric: main.name,
      expect: true,
      severity: slices.severity,
      source,
      boundSources: { expect: source },
    };
    return { kind: 'gate', gate };
  });
}

/** What the keys of a block with metrics' names say; a key that names no metric of the task is a mistake. */
function listNamed<Entry>(
  entries: Readonly<Record<string, Entry>>,
  context: {
    readonly name: string;
    readonly model: ModelConfig;
    readonly path: readonly string[];
    readonly locate: Locate;
  },
  list: (definition: MetricDefinition, entry: Entry, path: readonly string[]) => Listed,
): readonly Listed[] {
  const { name, model, locate } = context;
  const keyOf = new Map<string, string>();
  return Object.entries(entries).map(([key, entry]) => {
    const path = [...context.path, key];
    const definition = findModelMetric(model, key);
    if (definition === undefined) return unknownMetric(key, model, locate(path));
    const earlier = keyOf.get(definition.name);
    if (earlier !== undefined) {
      return mistake(
        locate(path),
        `names the same metric as \`${earlier}\`.`,
        'Keep one of them: one metric is bounded in one place.',
      );
    }
    keyOf.set(definition.name, key);
    const lacking = findMissingColumn(model, definition);
    if (lacking !== undefined) {
      return mistake(
        locate(path),
        `${definition.title} needs a score, and \`models.${name}.predictions\` ${lacking.missing}.`,
        lacking.help,
      );
    }
    return list(definition, entry, path);
  });
}

function unknownMetric(key: string, model: ModelConfig, source: ConfigSource): Listed {
  const { task } = model;
  const metrics = metricsOfModel(model);
  const names = metrics.map(({ name, parameter }) => (parameter?.required === true ? `${name}@…` : name));
  const help = `Metrics of ${task}: ${names.join(', ')}. Numbers that something else computed are bounded under \`metrics:\`.`;
  const parameter = explainParameter(key, task);
  if (parameter !== undefined) return mistake(source, parameter, help);
  const nearest = findNearest(
    key,
    metrics.flatMap((metric) => [metric.name, ...metric.aliases]),
  );
  const meant = nearest === undefined ? undefined : findModelMetric(model, nearest)?.name;
  const elsewhere = findMetric(key);
  const tasks = tasksWith(key);
  const what =
    elsewhere === undefined
      ? 'is no metric that mlgate knows.'
      : tasks.length === 0
        ? 'is not computed from predictions; it can be read from a metrics file.'
        : `is a metric of ${tasks.join(' and ')}, not of ${task}.`;
  const hint = meant === undefined || meant === elsewhere?.name ? '' : ` Did you mean \`${meant}\`?`;
  return mistake(source, `${what}${hint}`, help);
}

/** Bounds that ask which way is better. */
const DIRECTED = ['max-regression', 'min-improvement', 'max-improvement'] as const;

function listNumber(file: string, key: string, gate: NumberGate, locate: Locate): Listed {
  const path = ['metrics', file, 'gates', key];
  const direction = gate.direction ?? findDirection(key);
  const directed = DIRECTED.find((bound) => gate[bound] !== undefined);
  if (direction === undefined && directed !== undefined) {
    return mistake(
      locate(path),
      `is no metric that mlgate knows, so \`${directed}\` cannot tell which way is worse.`,
      'Add `direction: higher-is-better` or `direction: lower-is-better`.',
    );
  }
  const spreads = (['noise', 'folds', 'seeds'] as const).filter(
    (word) => gate[word] !== undefined && gate[word] !== false,
  );
  if (spreads.length > 1) {
    return mistake(
      locate([...path, spreads[1] ?? 'folds']),
      `says how the number varies, as \`${spreads[0] ?? 'noise'}\` does.`,
      'Keep one of `noise`, `folds` and `seeds`.',
    );
  }
  const bounds = boundsOf(gate);
  const found = findContradiction(bounds);
  if (found !== undefined) return mistakeIn(found, path, locate);
  return {
    kind: 'gate',
    gate: {
      about: { metricsFile: file },
      metric: key,
      ...(direction === undefined ? {} : { direction }),
      ...(gate.noise === undefined ? {} : { noise: gate.noise }),
      ...(gate.folds === undefined ? {} : { folds: gate.folds }),
      ...(gate.seeds === true ? { seeds: true } : {}),
      ...placeBounds(bounds, gate.severity, path, locate),
    },
  };
}

function boundsOf(gate: ModelMetricGate | NumberGate): BoundValues {
  const { 'at-least': atLeast, 'at-most': atMost } = gate;
  const marginOf = (
    bound: 'max-regression' | 'min-improvement' | 'max-improvement' | 'max-change',
  ): Margin | undefined => (gate[bound] === undefined ? undefined : parseMargin(gate[bound]));
  const maxRegression = marginOf('max-regression');
  const minImprovement = marginOf('min-improvement');
  const maxImprovement = marginOf('max-improvement');
  const maxChange = marginOf('max-change');
  return {
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(maxRegression === undefined ? {} : { maxRegression }),
    ...(minImprovement === undefined ? {} : { minImprovement }),
    ...(maxImprovement === undefined ? {} : { maxImprovement }),
    ...(maxChange === undefined ? {} : { maxChange }),
  };
}

function placeBounds(
  bounds: BoundValues,
  severity: MetricGate['severity'],
  path: readonly string[],
  locate: Locate,
): Omit<MetricGate, 'about' | 'metric' | 'direction'> {
  const boundSources: Partial<Record<Bound, ConfigSource>> = Object.fromEntries(
    listBounds(bounds).map((bound) => [bound, locate([...path, bound])]),
  );
  return { ...bounds, severity, source: locate(path), boundSources };
}
