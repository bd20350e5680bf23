import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import { metricsOfTask, type MetricDefinition } from '../metrics/catalogue.ts';
import { findDirection, findMetric } from '../metrics/find-metric.ts';
import type { Config, ModelConfig, ModelMetricGate, NumberGate } from '../schemas/config.generated.ts';
import type { ConfigSource } from '../schemas/evidence.generated.ts';
import type { Bound, MetricGate } from './gate.ts';
import { parseMargin } from '../schemas/parse-margin.ts';

type Locate = (path: readonly string[]) => ConfigSource;

/** A gate, or what is wrong with it. */
type Listed =
  | { readonly kind: 'gate'; readonly gate: MetricGate }
  | { readonly kind: 'mistake'; readonly text: string; readonly help: string };

/**
 * Every bound on a metric that the config sets, with the catalogue's names. Throws one UserError that lists all
 * mistakes: a metric that the task does not have, two names of one metric, a bound that the metric can never reach,
 * a number without a known direction.
 */
export function listGates(config: Pick<Config, 'models' | 'metrics'>, locate: Locate): readonly MetricGate[] {
  const listed = [
    ...Object.entries(config.models ?? {}).flatMap(([name, model]) => listModel(name, model, locate)),
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

function listModel(name: string, model: ModelConfig, locate: Locate): readonly Listed[] {
  const keyOf = new Map<string, string>();
  return Object.entries(model.metrics).map(([key, gate]) => {
    const path = ['models', name, 'metrics', key];
    const definition = findMetric(key);
    if (definition === undefined || !definition.tasks.includes(model.task)) {
      return unknownMetric(key, definition, model.task, locate(path));
    }
    const earlier = keyOf.get(definition.name);
    if (earlier !== undefined) {
      return mistake(
        locate(path),
        `names the same metric as \`${earlier}\`.`,
        'Keep one of them: one metric is bounded in one place.',
      );
    }
    keyOf.set(definition.name, key);
    if (definition.needs === 'score' && model.predictions.score === undefined) {
      return mistake(
        locate(path),
        `${definition.title} needs a score, and \`models.${name}.predictions\` names no \`score\` column.`,
        'Name the column with the probability of the positive class as `score`, or take this metric out.',
      );
    }
    return (
      checkReach(definition, gate, path, locate) ?? {
        kind: 'gate',
        gate: { about: { model: name }, metric: definition.name, ...boundsOf(gate, path, locate) },
      }
    );
  });
}

function unknownMetric(
  key: string,
  definition: MetricDefinition | undefined,
  task: ModelConfig['task'],
  source: ConfigSource,
): Listed {
  const names = metricsOfTask(task).map((metric) => metric.name);
  const nearest = findNearest(key, [...names, ...metricsOfTask(task).flatMap((metric) => metric.aliases)]);
  const meant = nearest === undefined ? undefined : findMetric(nearest)?.name;
  const what =
    definition === undefined
      ? 'is no metric that mlgate knows.'
      : definition.tasks.length === 0
        ? 'is not computed from predictions; it can be read from a metrics file.'
        : `is a metric of ${definition.tasks.join(' and ')}, not of ${task}.`;
  return mistake(
    source,
    `${what}${meant === undefined || meant === definition?.name ? '' : ` Did you mean \`${meant}\`?`}`,
    `Metrics of ${task}: ${names.join(', ')}. Numbers that something else computed are bounded under \`metrics:\`.`,
  );
}

function formatBounds([least, most]: MetricDefinition['bounds']): string {
  if (Number.isFinite(least) && Number.isFinite(most)) return `from ${least} to ${most}`;
  return Number.isFinite(least) ? `at least ${least}` : `at most ${most}`;
}

/** A bound that can never be reached, or never be missed, is a slip (75 for 0.75). */
function checkReach(
  definition: MetricDefinition,
  gate: ModelMetricGate,
  path: readonly string[],
  locate: Locate,
): Listed | undefined {
  const [least, most] = definition.bounds;
  const range = `${definition.title} is ${formatBounds(definition.bounds)}.`;
  for (const bound of ['at-least', 'at-most'] as const) {
    const value = gate[bound];
    if (value === undefined || (value >= least && value <= most)) continue;
    const percent = most === 1 && value > 1 && value <= 100 ? ` Did you mean ${value / 100}?` : '';
    return mistake(locate([...path, bound]), `${value} can never decide.${percent}`, range);
  }
  const margin = gate['max-regression'];
  if (typeof margin === 'number' && margin >= most - least) {
    const percent = margin <= 100 ? ` Did you mean ${margin / 100}, or "${margin}%"?` : '';
    return mistake(locate([...path, 'max-regression']), `${margin} would allow any change.${percent}`, range);
  }
  if (
    typeof margin === 'string' &&
    definition.direction === 'higher-is-better' &&
    parseMargin(margin).value >= 1
  ) {
    return mistake(locate([...path, 'max-regression']), `${margin} would allow any change.`, range);
  }
  return undefined;
}

function listNumber(file: string, key: string, gate: NumberGate, locate: Locate): Listed {
  const path = ['metrics', file, 'gates', key];
  const direction = gate.direction ?? findDirection(key);
  if (direction === undefined && gate['max-regression'] !== undefined) {
    return mistake(
      locate(path),
      'is no metric that mlgate knows, so `max-regression` cannot tell which way is worse.',
      'Add `direction: higher-is-better` or `direction: lower-is-better`.',
    );
  }
  return {
    kind: 'gate',
    gate: {
      about: { metricsFile: file },
      metric: key,
      ...(direction === undefined ? {} : { direction }),
      ...boundsOf(gate, path, locate),
    },
  };
}

function boundsOf(
  gate: ModelMetricGate | NumberGate,
  path: readonly string[],
  locate: Locate,
): Omit<MetricGate, 'about' | 'metric' | 'direction'> {
  const { 'at-least': atLeast, 'at-most': atMost, 'max-regression': margin, severity } = gate;
  const set = (['at-least', 'at-most', 'max-regression'] as const).filter(
    (bound) => gate[bound] !== undefined,
  );
  const boundSources: Partial<Record<Bound, ConfigSource>> = Object.fromEntries(
    set.map((bound) => [bound, locate([...path, bound])]),
  );
  return {
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(margin === undefined ? {} : { maxRegression: parseMargin(margin) }),
    severity,
    source: locate(path),
    boundSources,
  };
}
