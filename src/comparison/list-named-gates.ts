/** What blocks of bounds by metric's name have in common: those of a model, of its slices, of a file of numbers. */
import { findNearest } from '../evidence/find-nearest.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import { explainParameter, findMetric, tasksWith } from '../metrics/find-metric.ts';
import type { ModelConfig, ModelMetricGate, NumberGate } from '../schemas/config.generated.ts';
import type { ConfigSource } from '../schemas/evidence.generated.ts';
import { parseMargin, type Margin } from '../schemas/parse-margin.ts';
import { findContradiction, findEmptyShare, findUnreachable, type BoundMistake } from './check-bounds.ts';
import { findMissingColumn, findModelMetric, metricsOfModel } from './find-model-metric.ts';
import { listBounds, type Bound, type BoundValues, type MetricGate } from './gate.ts';

export type Locate = (path: readonly string[]) => ConfigSource;

/** A gate, or what is wrong with it. */
export type Listed =
  | { readonly kind: 'gate'; readonly gate: MetricGate }
  | { readonly kind: 'mistake'; readonly text: string; readonly help: string };

/** Bounds that ask which way is better. */
export const DIRECTED = ['max-regression', 'min-improvement', 'max-improvement'] as const;

export function mistake(source: ConfigSource, text: string, help: string): Listed {
  const position = [source.file, source.line, source.column].filter((part) => part !== undefined).join(':');
  return { kind: 'mistake', text: `${position}: \`${source.key}\`: ${text}`, help };
}

export function mistakeIn(found: BoundMistake, path: readonly string[], locate: Locate): Listed {
  return mistake(locate([...path, found.bound]), found.text, found.help);
}

/** A metric whose best value lies between others has no worse. */
export function undirected(
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

/** What is wrong with the bounds of one gate on a model's metric; undefined where nothing is. */
export function findMistake(
  definition: MetricDefinition,
  gate: ModelMetricGate,
  path: readonly string[],
  locate: Locate,
): Listed | undefined {
  const bounds = boundsOf(gate);
  const directed = DIRECTED.find((bound) => gate[bound] !== undefined);
  if (definition.direction === 'none' && directed !== undefined)
    return undirected(definition, directed, path, locate);
  const found =
    findUnreachable(definition, gate) ?? findEmptyShare(definition, bounds) ?? findContradiction(bounds);
  return found === undefined ? undefined : mistakeIn(found, path, locate);
}

/** What the keys of a block with metrics' names say; a key that names no metric of the task is a mistake. */
export function listNamed<Entry>(
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
  const [base = key, ...number] = key.split('@');
  const nearest = findNearest(
    base,
    metrics.flatMap((metric) => [metric.name, ...metric.aliases]),
  );
  const known = metrics.find(({ name, aliases }) => nearest === name || aliases.includes(nearest ?? ''));
  const meant = known === undefined ? undefined : writeMeant(known, number[0]);
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

/** The metric that was meant, with the number that stood behind it where it takes one. */
function writeMeant({ name, parameter }: MetricDefinition, number: string | undefined): string {
  if (parameter === undefined || (number === undefined && parameter.required !== true)) return name;
  return `${name}@${number ?? '…'}`;
}

export function boundsOf(gate: ModelMetricGate | NumberGate): BoundValues {
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

export function placeBounds(
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
