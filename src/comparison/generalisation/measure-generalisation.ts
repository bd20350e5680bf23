/** A model beside its training set, and beside a model that knows only the distribution of the target. */
import type { MetricDefinition } from '../../metrics/definition.ts';
import type { Estimate, EstimateOptions } from '../../metrics/estimate.ts';
import { formOf, listMeasured } from '../../metrics/form-of.ts';
import { releaseForm, type Form } from '../../metrics/form.ts';
import { measureForm } from '../../metrics/measure.ts';
import { streamOf } from '../../metrics/stream-of.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import type { About, Generalisation, Interval } from '../../schemas/evidence.generated.ts';
import { releaseMemory } from '../../statistics/release-memory.ts';
import { estimateDifference } from '../estimate-difference.ts';
import { estimateUnpaired } from '../estimate-unpaired.ts';
import type { GeneralisationGate } from './list-generalisation-gates.ts';
import { listTrivialModels, type TrivialModel } from './trivial-models.ts';

export interface GeneralisationOptions {
  readonly about: About;
  /** Two-sided intervals have the level 1 - 2 alpha. */
  readonly alpha: number;
  readonly seed: number;
  /** Number of bootstrap resamples. */
  readonly resamples: number;
  /** What is bounded: it is measured though it is not shown by itself. */
  readonly gates: readonly GeneralisationGate[];
}

/** How examples are drawn, in the words of an estimate. */
function optionsOf(
  { groups, strata, weights }: Outcomes,
  purpose: string,
  { alpha, seed, resamples }: GeneralisationOptions,
): EstimateOptions {
  return {
    level: 1 - 2 * alpha,
    random: streamOf(seed, purpose),
    resamples,
    ...(groups === undefined ? {} : { groups }),
    ...(strata === undefined ? {} : { strata: strata.codes }),
    ...(weights === undefined ? {} : { weights }),
  };
}

/** The metrics of the task that are better one way or the other. */
function listDirected(
  outcomes: Outcomes,
  against: Generalisation['against'],
  { gates }: GeneralisationOptions,
): readonly MetricDefinition[] {
  const asked = gates.filter((gate) => gate.against === against).map(({ metric }) => metric);
  return listMeasured(outcomes, asked).filter(({ direction }) => direction !== 'none');
}

/** 1 where higher is better, -1 where lower is: differences are told as how much better. */
function signOf({ direction }: MetricDefinition): number {
  return direction === 'lower-is-better' ? -1 : 1;
}

function turn(estimate: Estimate, sign: number): Pick<Generalisation, 'difference' | 'interval'> {
  const { value, interval } = estimate;
  return {
    difference: Number.isFinite(value) ? sign * value : null,
    ...(interval === undefined ? {} : { interval: turnInterval(interval, sign) }),
  };
}

function turnInterval(interval: Interval, sign: number): Interval {
  return sign > 0 ? interval : { ...interval, low: -interval.high, high: -interval.low };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * Each metric on the training set and on the test set, which share no example: how much better the model is on what it
 * learned from.
 */
export function measureOverfitting(
  test: Outcomes,
  training: Outcomes,
  options: GeneralisationOptions,
): readonly Generalisation[] {
  return listDirected(test, 'training', options).flatMap((definition) => {
    const { name } = definition;
    const [own, learned] = [test, training].map((outcomes, index) => {
      const form = formOf(name, outcomes);
      if (form === undefined) return undefined;
      const purpose = `${index === 0 ? 'overfitting on test' : 'overfitting on training'} ${name}`;
      const estimate = measureForm(form, optionsOf(outcomes, purpose, options));
      releaseForm(form);
      return estimate;
    });
    if (own === undefined || learned === undefined) return [];
    const estimate = estimateUnpaired(learned, own, { scale: 1, level: 1 - 2 * options.alpha });
    return [
      {
        about: options.about,
        metric: name,
        against: 'training' as const,
        value: finite(own.value),
        reference: finite(learned.value),
        ...turn(estimate, signOf(definition)),
        n: test.n,
        referenceN: training.n,
      },
    ];
  });
}

/**
 * Each metric of the model and of the constant model that is best at it, on the same examples: how much better the model
 * is. What is shown is the first metric of the task, and what is bounded.
 * @param training what the constant model knows; undefined for the targets of the test set itself, which flatters it
 */
export function measureGain(
  test: Outcomes,
  training: Outcomes | undefined,
  options: GeneralisationOptions,
): readonly Generalisation[] {
  const models = listTrivialModels(test, training ?? test);
  if (models.length === 0 || test.n === 0) return [];
  const asked = options.gates.filter((gate) => gate.against === 'trivial').map(({ metric }) => metric);
  const gains = listDirected(test, 'trivial', options)
    .filter(({ name }, place) => place === 0 || asked.includes(name))
    .flatMap((definition) => {
      const form = formOf(definition.name, test);
      if (form === undefined) return [];
      const best = chooseBest(definition, models, test, options);
      const gain = best === undefined ? [] : [compareWith(definition, form, best, test, training, options)];
      releaseForm(form);
      return gain;
    });
  for (const { outcomes } of models) releaseMemory(...listOwnColumns(outcomes, test));
  return gains;
}

/** Columns that a trivial model does not share with the model. */
function listOwnColumns(trivial: Outcomes, test: Outcomes): readonly ArrayBufferView[] {
  const shared = new Set<unknown>(Object.values(test).flat());
  return Object.values(trivial)
    .flat()
    .filter((column): column is ArrayBufferView => ArrayBuffer.isView(column) && !shared.has(column));
}

interface ChosenModel {
  readonly model: TrivialModel;
  readonly form: Form;
  readonly value: number;
}

/** The constant model with the best value on the test set: choosing it there can only flatter it. */
function chooseBest(
  definition: MetricDefinition,
  models: readonly TrivialModel[],
  test: Outcomes,
  options: GeneralisationOptions,
): ChosenModel | undefined {
  let best: ChosenModel | undefined;
  for (const model of models) {
    const form = formOf(definition.name, model.outcomes);
    if (form === undefined) continue;
    const own = { ...optionsOf(test, `trivial ${definition.name}`, options), resamples: 1 };
    const { value } = measureForm(form, own);
    if (best === undefined || !(signOf(definition) * value <= signOf(definition) * best.value)) {
      if (best === undefined || Number.isFinite(value)) best = { model, form, value };
    }
  }
  return best;
}

function compareWith(
  definition: MetricDefinition,
  form: Form,
  { model, form: trivial, value: reference }: ChosenModel,
  test: Outcomes,
  training: Outcomes | undefined,
  options: GeneralisationOptions,
): Generalisation {
  const { name } = definition;
  const sign = signOf(definition);
  const drawn = { ...optionsOf(test, `gain ${name}`, options), scale: 1 };
  const estimate = estimateDifference(form, trivial, drawn);
  const known = training === undefined ? 'of the test set itself' : 'of the training set';
  const share = options.gates.find((gate) => gate.against === 'trivial' && gate.metric === name)?.limit;
  const relative =
    share?.kind === 'relative'
      ? estimateDifference(form, trivial, { ...drawn, scale: 1 + sign * share.value })
      : undefined;
  return {
    about: options.about,
    metric: name,
    against: 'trivial',
    detail: `${definition.needs === 'score' ? (model.score ?? model.answer) : model.answer}, ${known}`,
    value: estimate === undefined ? null : finite(estimate.value + estimate.baseline),
    reference: finite(reference),
    ...(estimate === undefined ? { difference: null } : turn(estimate, sign)),
    n: test.n,
    ...(training === undefined ? {} : { referenceN: training.n }),
    ...(share === undefined || relative?.interval === undefined || !Number.isFinite(relative.value)
      ? {}
      : {
          relative: {
            change: share.value,
            value: sign * relative.value,
            interval: turnInterval(relative.interval, sign),
          },
        }),
  };
}
