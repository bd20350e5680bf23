import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import {
  CALIBRATION_IN_THE_LARGE,
  DECISION_RATES,
  EQUALISED_ODDS,
  findFairnessRate,
  listFairnessRates,
} from '../../metrics/fairness-rates.ts';
import { findMetric } from '../../metrics/find-metric.ts';
import { nameColumns } from '../../outcomes/list-groups.ts';
import { normaliseLabel } from '../../evidence/normalise-label.ts';
import type { Config, ModelConfig } from '../../schemas/config.generated.ts';
import type { Check, ConfigSource, FairnessGap } from '../../schemas/evidence.generated.ts';
import { findModelMetric } from '../find-model-metric.ts';

/** How a bound is spelled in the config. */
const BOUNDS = { 'min-ratio': 'ratio', 'max-difference': 'difference' } as const;
type FairnessBound = keyof typeof BOUNDS;

/** How far apart the groups of one column may be in one rate. */
export interface FairnessGate {
  readonly model: string;
  /** As evidence names it: `sex`, or `sex × age_group`. */
  readonly column: string;
  /** The rate, or the catalogue's metric. */
  readonly metric: string;
  readonly bound: FairnessBound;
  readonly form: FairnessGap['form'];
  readonly limit: number;
  /** The group that the others are held against. */
  readonly reference?: string;
  readonly severity: Check['severity'];
  readonly source: ConfigSource;
}

type Locate = (path: readonly string[]) => ConfigSource;

interface Mistake {
  readonly text: string;
  readonly help: string;
}

/**
 * Every bound on fairness that the config sets, once for each column of groups. Throws one UserError that lists all
 * mistakes: a rate that the task does not have, a ratio of something that can be negative, several classes of which
 * none is favourable, a reference for a column that is not compared.
 */
export function listFairnessGates(config: Pick<Config, 'models'>, locate: Locate): readonly FairnessGate[] {
  const listed = Object.entries(config.models ?? {}).map(([name, model]) => listModel(name, model, locate));
  const mistakes = listed.flatMap((item) => item.mistakes);
  if (mistakes.length > 0) {
    const helps = [...new Set(mistakes.map(({ help }) => help))];
    throw new UserError(mistakes.map(({ text }) => text).join('\n'), { help: helps.join('\n') });
  }
  return listed.flatMap((item) => item.gates);
}

function listModel(name: string, model: ModelConfig, locate: Locate) {
  const { fairness } = model;
  const gates: FairnessGate[] = [];
  const mistakes: Mistake[] = [];
  if (fairness === undefined) return { gates, mistakes };
  const path = ['models', name, 'fairness'];
  const columns = fairness.groups.map(nameColumns);
  for (const column of Object.keys(fairness.reference ?? {})) {
    if (columns.includes(column)) continue;
    const text = `is no column of \`fairness.groups\`, which has ${columns.map((known) => `\`${known}\``).join(', ')}.`;
    mistakes.push(
      writeMistake(
        locate([...path, 'reference', column]),
        text,
        'Name a column of `groups`, or take it out.',
      ),
    );
  }
  for (const bound of ['min-ratio', 'max-difference'] as const) {
    for (const [key, limit] of Object.entries(fairness[bound] ?? {})) {
      const source = locate([...path, bound, key]);
      const metric = findFairnessRate(key, model.task) ?? findModelMetric(model, key)?.name;
      const mistake =
        metric === undefined ? unknownRate(key, model) : findMistake(metric, bound, limit, model);
      if (mistake !== undefined) mistakes.push(writeMistake(source, mistake.text, mistake.help));
      if (metric === undefined) continue;
      gates.push(
        ...columns.map((column) => {
          const reference = fairness.reference?.[column];
          const { severity } = fairness;
          const asked = { model: name, column, metric, bound, form: BOUNDS[bound], limit, severity, source };
          return reference === undefined ? asked : { ...asked, reference: normaliseLabel(reference) };
        }),
      );
    }
  }
  return { gates, mistakes };
}

function writeMistake(source: ConfigSource, text: string, help: string): Mistake {
  const position = [source.file, source.line, source.column].filter((part) => part !== undefined).join(':');
  return { text: `${position}: \`${source.key}\`: ${text}`, help };
}

function unknownRate(key: string, { task }: ModelConfig): Mistake {
  const known = listFairnessRates(task);
  const nearest = findNearest(key, known);
  const help =
    known.length === 0
      ? `Bound a metric of ${task}.`
      : `Rates of groups for ${task}: ${known.join(', ')}, and every metric of the task.`;
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return { text: `is no rate of groups, nor a metric of ${task}.${hint}`, help };
}

function findMistake(
  metric: string,
  bound: FairnessBound,
  limit: number,
  { task, predictions, fairness }: ModelConfig,
): Mistake | undefined {
  const needsFavourable =
    metric === EQUALISED_ODDS ||
    metric === CALIBRATION_IN_THE_LARGE ||
    DECISION_RATES.some((rate) => rate === metric);
  if (task === 'multiclass-classification' && needsFavourable && fairness?.favourable === undefined) {
    const text = 'needs to know which of the classes is good for the person.';
    return { text, help: 'Name it as `favourable` in `fairness`.' };
  }
  if (
    metric === CALIBRATION_IN_THE_LARGE &&
    task === 'binary-classification' &&
    predictions.score === undefined
  ) {
    const text = 'needs a probability, and `predictions` names no `score` column.';
    return { text, help: 'Name the column with the probability as `score`, or take this rate out.' };
  }
  if (bound === 'max-difference') return undefined;
  const canBeNegative =
    metric === CALIBRATION_IN_THE_LARGE ||
    metric === 'mean_error' ||
    (findFairnessRate(metric, task) === undefined && (findMetric(metric, task)?.bounds[0] ?? 0) < 0);
  if (canBeNegative) {
    const text = 'can be negative or 0, and then a ratio means nothing.';
    return { text, help: 'Bound its difference with `max-difference`.' };
  }
  if (limit === 1) {
    const text = '1 can never pass: no number of examples shows that two groups are exactly alike.';
    return { text, help: 'Say how far apart they may be: 0.8 is the four-fifths rule.' };
  }
  return undefined;
}
