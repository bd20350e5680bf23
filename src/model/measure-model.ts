import type { MetricDefinition } from '../metrics/definition.ts';
import type { Estimate } from '../metrics/estimate.ts';
import { releaseForm, type Form } from '../metrics/form.ts';
import { formOf, listMeasured } from '../metrics/form-of.ts';
import { measureForm } from '../metrics/measure.ts';
import { streamOf } from '../metrics/stream-of.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { selectRows } from '../outcomes/select-rows.ts';
import type { OutcomesSlice } from '../outcomes/slices.ts';
import type { About, Figure, Interval, Metric } from '../schemas/evidence.generated.ts';
import { drawFigures } from './draw-figures.ts';

export interface MeasureOptions {
  /** Name of the model in the config. */
  readonly model: string;
  /** One-sided error rate: intervals have the two-sided level 1 - 2 alpha. */
  readonly alpha: number;
  readonly seed: number;
  /** Number of bootstrap resamples. */
  readonly resamples: number;
  /** Metrics to measure besides those that are always shown, by name or alias: what bounds, rules and slices ask for. */
  readonly asked?: readonly string[];
}

/**
 * The metrics of the task that are always shown, and those asked for, as far as the outcomes allow, with n and an
 * interval; and the figures of the task.
 * A metric that is undefined on these examples has the value null.
 */
export function measureModel(
  outcomes: Outcomes,
  options: MeasureOptions,
): { readonly metrics: readonly Metric[]; readonly figures: readonly Figure[] } {
  const about = aboutOf(outcomes, options);
  return {
    metrics: measureAll(listMeasured(outcomes, options.asked), outcomes, about, options),
    figures: drawFigures(outcomes, about, options),
  };
}

/**
 * Metrics of each slice, with `about.slice`: those that are named, and the first of the task, which each slice has.
 * @param namesOf what a slice asks for, by the catalogue's names; what the task or the outcomes do not have is left out.
 */
export function measureSlices(
  outcomes: Outcomes,
  slices: readonly OutcomesSlice[],
  namesOf: (slice: string) => readonly string[],
  options: MeasureOptions,
): readonly Metric[] {
  const about = aboutOf(outcomes, options);
  // What no metric is made of need not be copied for each slice.
  const measured = { ...outcomes, ids: undefined, sliceColumns: new Map(), numericColumns: new Map() };
  return slices.flatMap(({ name: slice, rows }) => {
    const names = namesOf(slice);
    const definitions = listMeasured(outcomes, names).filter(
      ({ name }, index) => index === 0 || names.includes(name),
    );
    return measureAll(definitions, selectRows(measured, rows), { ...about, slice }, options);
  });
}

function aboutOf(outcomes: Outcomes, { model }: MeasureOptions): About {
  return { model, datasetDigest: outcomes.testSetDigest };
}

function measureAll(
  definitions: readonly MetricDefinition[],
  outcomes: Outcomes,
  about: About,
  options: MeasureOptions,
): readonly Metric[] {
  return definitions.flatMap((definition) => {
    const form = formOf(definition.name, outcomes);
    return form === undefined ? [] : [measureOne(definition, form, outcomes, about, options)];
  });
}

function measureOne(
  definition: MetricDefinition,
  form: Form,
  { n, groups, strata, weights }: Outcomes,
  about: About,
  options: MeasureOptions,
): Metric {
  const { name, direction, unit, bounds } = definition;
  const estimate: Estimate = measureForm(form, {
    level: 1 - 2 * options.alpha,
    random: streamOf(options.seed, about.slice === undefined ? name : `${name} ${about.slice}`),
    resamples: options.resamples,
    groups,
    strata: strata?.codes,
    weights,
  });
  releaseForm(form);
  return {
    name,
    about,
    definition: definition.definition,
    direction,
    ...(unit === undefined ? {} : { unit }),
    value: Number.isFinite(estimate.value) ? estimate.value : null,
    // Recall rests on the positive examples, precision on those predicted positive.
    n: Number.isFinite(estimate.value) ? estimate.n : n,
    ...(estimate.interval === undefined ? {} : { interval: clip(estimate.interval, bounds) }),
    ...(weights === undefined ? {} : { weighted: true }),
  };
}

/** No interval promises values that the metric cannot have. */
function clip(interval: Interval, [least, most]: readonly [number, number]): Interval {
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) };
}
