import type { Form } from '../metrics/form.ts';
import { formOf } from '../metrics/form-of.ts';
import { unseenShare } from '../metrics/estimate.ts';
import { compactCodes, kishShare } from '../metrics/sampling-design.ts';
import { countSmallerClass } from '../metrics/count-smaller-class.ts';
import { computeValue, measureForm } from '../metrics/measure.ts';
import { streamOf } from '../metrics/stream-of.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { selectRows } from '../outcomes/select-rows.ts';
import type { OutcomesSlice } from '../outcomes/slices.ts';
import type { About } from '../schemas/evidence.generated.ts';
import { estimateDifference } from './estimate-difference.ts';
import { estimateUnpaired } from './estimate-unpaired.ts';
import { nameMetric } from './describe-change.ts';
import { planForReach } from './compare-estimate.ts';
import { formatCount, formatPercent, formatPlannedCount, formatSetting } from './format-number.ts';
import { changeBoundOf, type ChangeBound, type MetricGate } from './gate.ts';
import { gateCheckId } from './judge-metrics.ts';

export interface UndecidableRequest {
  readonly outcomes: Outcomes;
  readonly gates: readonly MetricGate[];
  readonly slices: readonly OutcomesSlice[];
  readonly unpaired: boolean;
  readonly alpha: number;
}

/** A margin that a test set is too small for. */
export interface Undecidable {
  /** Id of the check. */
  readonly check: string;
  /** What it bounds, as the beginning of a sentence. */
  readonly name: string;
  /** Examples that could decide. */
  readonly needed: number;
  /** Why, and what would help, as a sentence. */
  readonly message: string;
}

/** Bounds that ask to be sure of a small change; a large improvement can be shown by few examples. */
const SAFE_BOUNDS = ['max-regression', 'max-change'] as const satisfies readonly ChangeBound[];

/**
 * Margins that this test set cannot decide even where both models agree on every example: what examples that it lacks
 * could do to the metric is more than the margin. Known from the candidate alone, before there is a baseline. Means of
 * losses without bounds are left out: nothing limits what an unseen example does to them.
 */
export function listUndecidable(request: UndecidableRequest): readonly Undecidable[] {
  return request.gates.flatMap((gate) => {
    const bounds = SAFE_BOUNDS.filter((bound) => changeBoundOf(gate, bound) !== undefined);
    if (bounds.length === 0) return [];
    return partsOf(gate, request).flatMap(({ about, outcomes }) =>
      bounds.flatMap((bound) => judgePart(gate, bound, about, outcomes, request)),
    );
  });
}

interface Part {
  readonly about: About;
  readonly outcomes: Outcomes;
}

function partsOf(gate: MetricGate, { outcomes, slices }: UndecidableRequest): readonly Part[] {
  if (gate.everySlice !== true)
    return gate.about.slice === undefined ? [{ about: gate.about, outcomes }] : [];
  return slices.map(({ name, rows }) => ({
    about: { ...gate.about, slice: name },
    outcomes: selectRows(outcomes, rows),
  }));
}

function judgePart(
  { metric, ...gate }: MetricGate,
  bound: ChangeBound,
  about: About,
  outcomes: Outcomes,
  request: UndecidableRequest,
): readonly Undecidable[] {
  const margin = changeBoundOf(gate, bound);
  const form = formOf(metric, outcomes);
  if (margin === undefined || form === undefined) return [];
  const allowed =
    margin.kind === 'absolute' ? margin.value : margin.value * computeValue(form, outcomes.weights);
  const reach = reachOf(form, outcomes, request);
  if (!(allowed > 0 && reach > allowed)) return [];
  const { n } = outcomes;
  const needed = request.unpaired ? n * (reach / allowed) ** 2 : planForReach(n, reach, allowed);
  const agree = request.unpaired ? 'both models were equally good' : 'both models agreed on every one';
  const asked = margin.kind === 'absolute' ? formatSetting(margin.value) : formatPercent(margin.value);
  const message = `These ${formatCount(n)} examples cannot decide a margin of ${asked} even if ${agree}; about ${formatPlannedCount(needed)} would.`;
  return [
    {
      check: gateCheckId({ about, metric }, bound),
      name: nameMetric({ name: metric, about }),
      needed: Math.ceil(needed),
      message,
    },
  ];
}

/** How far the interval of a model's difference from itself reaches. */
function reachOf(
  form: Form,
  { groups, n, weights }: Outcomes,
  { unpaired, alpha }: UndecidableRequest,
): number {
  if (form.kind === 'means') {
    if (unpaired || form.bounds === undefined) return 0;
    const units = (groups === undefined ? n : compactCodes(groups).count) * kishShare(weights);
    return unseenShare(units, 1 - 2 * alpha) * (form.bounds.high - form.bounds.low);
  }
  // A model that agrees with itself has one difference in every resample.
  const options = {
    level: 1 - 2 * alpha,
    resamples: 1,
    random: streamOf(0, 'undecidable'),
    groups,
    weights,
    scale: 1,
  };
  if (unpaired) {
    const own = measureForm(form, options);
    return -(estimateUnpaired(own, own, options).interval?.low ?? 0);
  }
  if (form.kind === 'ranks')
    return unseenShare(countSmallerClass(form.target, groups, weights), options.level);
  return -(estimateDifference(form, form, options)?.interval?.low ?? 0);
}

/** Margins that a note names at most. */
const MAX_NAMED = 10;

/** One note on all of a model's margins that its test set is too small for; none where there are none. */
export function noteUndecidable(model: string, undecidable: readonly Undecidable[]): readonly string[] {
  if (undecidable.length === 0) return [];
  const named = undecidable
    .slice(0, MAX_NAMED)
    .map(({ name, needed }) => `${name} (about ${formatPlannedCount(needed)} examples)`);
  const more = undecidable.length > MAX_NAMED ? ` and ${undecidable.length - MAX_NAMED} more` : '';
  return [
    `The test set of ${model} is too small for some margins, however alike two models are: ${named.join(', ')}${more}. Widen these margins, or collect that many examples.`,
  ];
}
