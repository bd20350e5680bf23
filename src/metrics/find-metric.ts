import { CATALOGUE, metricsOfTask } from './catalogue.ts';
import type { Direction, MetricDefinition, Parameter } from './definition.ts';
import { TASKS, type Task } from './examples.ts';

/** A name taken apart at its number: `f1@0.3`. */
interface ParametricName {
  readonly base: string;
  /** Undefined where there is none; NaN where what follows the `@` is no number. */
  readonly at: number | undefined;
}

/** `recall_at_10` is how some write `recall@10`. */
const SPELLED_OUT = /_at_(?=\d)/;

/** `top_5_accuracy` is how some write `top_k_accuracy@5`. */
const TOP_NUMBER = /^top_?(\d+)_(.*)$/;

const NUMBER = /^\d+(?:\.\d+)?$/;

function parseName(name: string): ParametricName {
  const normalised = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replace(SPELLED_OUT, '@')
    .replace(TOP_NUMBER, 'top_k_$2@$1');
  const cut = normalised.indexOf('@');
  if (cut === -1) return { base: normalised, at: undefined };
  const number = normalised.slice(cut + 1);
  return { base: normalised.slice(0, cut), at: NUMBER.test(number) ? Number(number) : Number.NaN };
}

/** Whether a metric can have this number: none where it needs none. */
function allows(parameter: Parameter | undefined, at: number | undefined): boolean {
  if (at === undefined) return parameter?.required !== true;
  if (parameter === undefined) return false;
  const [least, most] = parameter.range;
  return at >= least && at <= most && (parameter.whole !== true || Number.isInteger(at));
}

/** The definition of a metric at one value of its parameter, with a name and a title of its own. */
function atParameter<Definition extends MetricDefinition>(definition: Definition, at: number): Definition {
  const title = definition.parameter?.title.replace('{}', String(at)) ?? '';
  const needs = definition.parameter?.needs ?? definition.needs;
  return { ...definition, name: `${definition.name}@${at}`, title: `${definition.title} ${title}`, needs };
}

function isCalled({ name, aliases }: MetricDefinition, base: string): boolean {
  return name === base || aliases.includes(base);
}

/** A metric among some, with the number after the `@` of its name. */
interface FoundMetric<Definition extends MetricDefinition> {
  readonly definition: Definition;
  readonly at: number | undefined;
}

/** The metric of a name or an alias among some; undefined where none of them is called so, or has no such number. */
export function findAmong<Definition extends MetricDefinition>(
  definitions: readonly Definition[],
  name: string,
): FoundMetric<Definition> | undefined {
  const whole = parseName(name);
  const found = definitions.find(
    (definition) => isCalled(definition, whole.base) && allows(definition.parameter, whole.at),
  );
  if (found === undefined) return undefined;
  return whole.at === undefined
    ? { definition: found, at: undefined }
    : { definition: atParameter(found, whole.at), at: whole.at };
}

/**
 * The metric of a name or an alias, whatever its case, hyphens and spaces, with the number after its `@` where it has
 * one (`f1@0.3`); undefined where there is none.
 * @param task whose metric it is: recall of a ranking is not recall of a classification. Without it the first task that
 * has such a metric counts, and then those that are only read from files.
 */
export function findMetric(name: string, task?: Task): MetricDefinition | undefined {
  return findAmong(task === undefined ? CATALOGUE : metricsOfTask(task), name)?.definition;
}

/** What is wrong with a name that findMetric does not find for a task, where only its number is. */
export function explainParameter(name: string, task: Task): string | undefined {
  const { base, at } = parseName(name);
  const definition = metricsOfTask(task).find((metric) => isCalled(metric, base));
  if (definition === undefined || allows(definition.parameter, at)) return undefined;
  const { parameter } = definition;
  if (parameter === undefined) return `${definition.title} takes no number: write \`${definition.name}\`.`;
  const [least, most] = parameter.range;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`;
  const number = parameter.whole === true ? 'a whole number' : 'a number';
  return `${definition.title} asks for ${number} ${range} after the \`@\`: ${parameter.meaning}.`;
}

/** The tasks that compute a metric of this name; none where it is only read from files. */
export function tasksWith(name: string): readonly Task[] {
  return TASKS.filter((task) => findMetric(name, task) !== undefined);
}

const SPLIT = 'eval|evaluation|val|valid|validation|dev|test|train|training|holdout|best|final|epoch';

/** Parts of a key that say on what a metric was measured, not what it is (Keras, Hugging Face, Lightning). */
const SPLIT_BEFORE = new RegExp(`^(?:(?:${SPLIT})_)+`);
const SPLIT_AFTER = new RegExp(`(?:_(?:${SPLIT}))+$`);

/** scikit-learn's scorers turn a loss round: neg_log_loss is better when it is higher. */
const NEGATED = /^neg_/;

const BY_NAME: ReadonlyMap<string, MetricDefinition> = new Map(
  // The first one of a name counts, as in findMetric.
  [...CATALOGUE]
    .reverse()
    .flatMap((metric) => [metric.name, ...metric.aliases].map((name) => [name, metric] as const)),
);

/**
 * Which way a number of somebody else's file is better, by its key; undefined where the catalogue does not know it, or
 * it has none. `train.acc`, `val_loss`, `accuracy_test`, `eval/accuracy`, `recall@10` and `neg_mean_squared_error` are
 * found; the last is a negated loss.
 */
export function findDirection(key: string): Exclude<Direction, 'none'> | undefined {
  const last = parseName(key.split(/[./:]/).at(-1) ?? key).base;
  const bare = last.replace(SPLIT_BEFORE, '').replace(SPLIT_AFTER, '');
  const direct = BY_NAME.get(parseName(key).base) ?? BY_NAME.get(last) ?? BY_NAME.get(bare);
  if (direct !== undefined) return direct.direction === 'none' ? undefined : direct.direction;
  const negated = NEGATED.test(bare) ? BY_NAME.get(bare.replace(NEGATED, '')) : undefined;
  if (negated === undefined || negated.direction === 'none') return undefined;
  return negated.direction === 'lower-is-better' ? 'higher-is-better' : 'lower-is-better';
}

/** The metrics of some that are shown without being asked for, in their order. */
export function shownAmong<Definition extends MetricDefinition>(
  definitions: readonly Definition[],
): readonly Definition[] {
  return definitions.flatMap((definition) => [
    ...(definition.shown === true ? [definition] : []),
    ...(definition.parameter?.shown ?? []).map((at) => atParameter(definition, at)),
  ]);
}
