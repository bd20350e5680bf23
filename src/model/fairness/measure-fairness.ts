import { measureForm } from '../../metrics/measure.ts';
import type { Estimate } from '../../metrics/estimate.ts';
import {
  calibrationForm,
  CALIBRATION_IN_THE_LARGE,
  DECISION_RATES,
  EQUALISED_ODDS,
  findFairnessRate,
  listFairnessRates,
  MEAN_RATES,
  ODDS_RATES,
  shareOfDecisions,
  type Decisions,
} from '../../metrics/fairness-rates.ts';
import { findMetric } from '../../metrics/find-metric.ts';
import { formOf } from '../../metrics/form-of.ts';
import { meanForm, releaseForm, type Form } from '../../metrics/form.ts';
import { streamOf } from '../../metrics/stream-of.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import { normaliseLabel } from '../../evidence/normalise-label.ts';
import { selectRows } from '../../outcomes/select-rows.ts';
import type { FairnessConfig } from '../../schemas/config.generated.ts';
import type { Fairness, FairnessGap, FairnessGroup, GroupRate } from '../../schemas/evidence.generated.ts';
import { fisherTest, independenceTest } from '../../statistics/contingency.ts';
import {
  correlateGroups,
  measureGap,
  worseGap,
  type Gap,
  type GapForm,
  type GroupValue,
} from '../../statistics/group-gaps.ts';
import { checkWithin } from './check-within.ts';
import { decide } from './decide.ts';
import { listGroups, nameColumns, type Group, type GroupEntry } from '../../outcomes/list-groups.ts';

export interface FairnessOptions {
  /** Name of the model in the config. */
  readonly model: string;
  /** One-sided error rate of each limit. */
  readonly alpha: number;
  readonly seed: number;
  /** Number of bootstrap resamples. */
  readonly resamples: number;
  readonly fairness: FairnessConfig;
}

/** Most groups, and most gaps, that evidence holds of one column. */
const MAX_LISTED = 100;

/** Longest name of the method of two groups: what is said of all pairs comes on top. */
const MAX_METHOD = 200;

/** One part of the test set with what is computed on it. */
interface Part extends Group {
  readonly outcomes: Outcomes;
  readonly decisions: Decisions | undefined;
}

/** A rate of every group. */
interface Rate {
  readonly metric: string;
  readonly estimates: readonly Estimate[];
  readonly values: readonly GroupValue[];
  readonly correlation: ((first: number, second: number) => number) | undefined;
  /** No value is below 0, so that ratios mean something. */
  readonly hasRatio: boolean;
  /** The largest difference that there can be. */
  readonly range: number;
  /** How two groups are compared. */
  readonly methods: Readonly<Record<GapForm, string>>;
}

/** Rates of the groups of each entry of `fairness.groups`, and how far they are apart. */
export function measureFairness(outcomes: Outcomes, options: FairnessOptions): readonly Fairness[] {
  return options.fairness.groups.map((entry) => measureEntry(outcomes, entry, options));
}

function measureEntry(outcomes: Outcomes, entry: GroupEntry, options: FairnessOptions): Fairness {
  const { fairness, model } = options;
  const favourable = fairness.favourable === undefined ? undefined : normaliseLabel(fairness.favourable);
  const column = nameColumns(entry);
  const groups = listGroups(outcomes, entry);
  const needed = keepNeeded(outcomes);
  const parts = groups.map((group): Part => {
    const own = selectRows(needed, group.rows);
    return { ...group, outcomes: own, decisions: decide(own, favourable) };
  });
  const rates = listRates(outcomes, fairness).flatMap((metric) =>
    measureRate(metric, parts, outcomes, column, options),
  );
  const reference = findReference(groups, fairness.reference?.[column]);
  const gaps = listGaps(rates, groups, reference, options.alpha);
  const decisions = decide(outcomes, favourable);
  const simpson =
    fairness.within === undefined || decisions === undefined
      ? undefined
      : checkWithin({ outcomes, decisions, groups, gaps, within: fairness.within });
  return {
    about: { model, datasetDigest: outcomes.testSetDigest },
    column,
    groups: listShown(parts, rates, reference),
    gaps: gaps.slice(0, MAX_LISTED),
    ...(simpson === undefined ? {} : { simpson }),
  };
}

/** Outcomes without what no rate is computed from: the parts together are as large as the whole. */
function keepNeeded(outcomes: Outcomes): Outcomes {
  return {
    ...outcomes,
    ids: undefined,
    strata: undefined,
    sliceColumns: new Map(),
    numericColumns: new Map(),
  };
}

/** A reference that is not there leaves every pair to be compared. */
function findReference(groups: readonly Group[], name: string | undefined): number | undefined {
  const found = groups.findIndex((group) => name !== undefined && group.name === normaliseLabel(name));
  return found === -1 ? undefined : found;
}

/** The rates of the task, and the catalogue's metrics that a bound names. */
function listRates({ task }: Outcomes, fairness: FairnessConfig): readonly string[] {
  const asked = [
    ...Object.keys(fairness['min-ratio'] ?? {}),
    ...Object.keys(fairness['max-difference'] ?? {}),
  ];
  const ofCatalogue = asked.flatMap((key) =>
    findFairnessRate(key, task) === undefined ? (findMetric(key, task)?.name ?? []) : [],
  );
  const own = listFairnessRates(task).filter((rate) => rate !== EQUALISED_ODDS);
  return [...new Set([...own, ...ofCatalogue])];
}

/** What a rate is computed from in one part; undefined where the part's outcomes lack it. */
function formOfRate(metric: string, { outcomes, decisions }: Part): Form | undefined {
  const share = DECISION_RATES.find((rate) => rate === metric);
  // Of several classes none is favourable unless the config says so.
  if (share !== undefined) return decisions === undefined ? undefined : shareOfDecisions(share, decisions);
  if (metric === CALIBRATION_IN_THE_LARGE)
    return decisions === undefined ? undefined : calibrationForm(decisions);
  if (outcomes.task === 'regression') {
    const { target, predicted } = outcomes;
    if (metric === 'mean_prediction') return meanForm(predicted.slice());
    if (metric === 'mean_error') return meanForm(predicted.map((value, row) => value - (target[row] ?? 0)));
  }
  return formOf(metric, outcomes);
}

function measureRate(
  metric: string,
  parts: readonly Part[],
  outcomes: Outcomes,
  column: string,
  options: FairnessOptions,
): readonly Rate[] {
  const forms = parts.map((part) => formOfRate(metric, part));
  if (forms.some((form) => form === undefined)) return [];
  const isShare = forms.every((form) => form?.kind === 'share');
  const isPlain = isShare && outcomes.groups === undefined && outcomes.weights === undefined;
  const estimates = parts.map((part, at) => estimatePart(forms[at], part, `${column} ${metric}`, options));
  const definition = findMetric(metric, outcomes.task);
  const [least, most] = isShare ? [0, 1] : (definition?.bounds ?? [Number.NEGATIVE_INFINITY, Infinity]);
  const rate: Rate = {
    metric,
    estimates,
    values: estimates.map((estimate) => toGroupValue(estimate, isPlain)),
    correlation: correlate(forms, estimates, parts, outcomes),
    hasRatio: least >= 0 || metric === MEAN_RATES[0],
    range: most - least,
    methods: isPlain ? SCORE_METHODS : combinedMethods(estimates),
  };
  for (const form of forms) if (form !== undefined) releaseForm(form);
  return [rate];
}

const SCORE_METHODS = {
  ratio: 'Koopman score, corrected',
  difference: 'Miettinen-Nurminen score, corrected',
};

function combinedMethods(estimates: readonly Estimate[]): Rate['methods'] {
  const own = estimates.find(({ interval }) => interval !== undefined)?.interval?.method ?? 'no interval';
  const method = `square-and-add of ${own}`.slice(0, MAX_METHOD);
  return { ratio: method, difference: method };
}

function estimatePart(
  form: Form | undefined,
  { name, outcomes }: Part,
  purpose: string,
  { alpha, seed, resamples }: FairnessOptions,
): Estimate {
  if (form === undefined) throw new TypeError('A rate without a form was left out.');
  const { groups, weights } = outcomes;
  return measureForm(form, {
    level: 1 - 2 * alpha,
    random: streamOf(seed, `fairness ${purpose} ${name}`),
    resamples,
    ...(groups === undefined ? {} : { groups }),
    ...(weights === undefined ? {} : { weights }),
  });
}

function toGroupValue({ value, n, limitsAt, interval }: Estimate, isPlain: boolean): GroupValue {
  if (n === 0 || !Number.isFinite(value)) return { value: Number.NaN, limitsAt: undefined };
  if (isPlain) {
    const share = { successes: Math.round(value * n), trials: n };
    return { value, limitsAt, share };
  }
  return { value, limitsAt: interval?.degenerate === true ? undefined : limitsAt };
}

/** How groups' estimates go together where examples do; only of shares and plain means. */
function correlate(
  forms: readonly (Form | undefined)[],
  estimates: readonly Estimate[],
  parts: readonly Part[],
  outcomes: Outcomes,
): Rate['correlation'] {
  const { groups: clusters, weights, n } = outcomes;
  if (clusters === undefined) return undefined;
  const [residuals, groupOf] = [new Float64Array(n), new Uint32Array(n)];
  for (const [group, { rows }] of parts.entries()) {
    const form = forms[group];
    const value = estimates[group]?.value ?? Number.NaN;
    const residualAt = residualsOf(form, value);
    if (residualAt === undefined) return undefined;
    rows.forEach((row, index) => {
      groupOf[row] = group;
      residuals[row] = residualAt(index) * (weights?.[row] ?? 1);
    });
  }
  return correlateGroups({ groupOf, residuals, clusters, count: parts.length });
}

function residualsOf(form: Form | undefined, value: number): ((index: number) => number) | undefined {
  if (!Number.isFinite(value)) return () => 0;
  if (form?.kind === 'share') {
    const { hits, among } = form;
    return (index) => (among !== undefined && among[index] !== 1 ? 0 : (hits[index] ?? 0) - value);
  }
  if (form?.kind !== 'means' || !form.plain) return undefined;
  const [column] = form.columns;
  return (index) => (column?.[index] ?? value) - value;
}

const FORMS = ['ratio', 'difference'] as const satisfies readonly GapForm[];

function listGaps(
  rates: readonly Rate[],
  groups: readonly Group[],
  reference: number | undefined,
  alpha: number,
): readonly FairnessGap[] {
  const names = groups.map((group) => group.name);
  const level = 1 - 2 * alpha;
  const gapOf = (rate: Rate, form: GapForm, count: number): Gap =>
    measureGap(rate.values, { form, alpha, reference, correlation: rate.correlation, rates: count });
  const own = rates.flatMap((rate) =>
    FORMS.flatMap((form) => {
      if (form === 'ratio' && !isPositive(rate)) return [];
      const gap = gapOf(rate, form, 1);
      const p = form === 'difference' ? testHomogeneity(rate) : undefined;
      return [writeGap({ metric: rate.metric, form, gap, rate, names, level, p })];
    }),
  );
  const odds = ODDS_RATES.flatMap((metric) => rates.find((rate) => rate.metric === metric) ?? []);
  const [recall, falsePositives] = odds;
  if (recall === undefined || falsePositives === undefined) return own;
  const combined = FORMS.map((form) => {
    const gap = worseGap(
      form,
      gapOf(recall, form, ODDS_RATES.length),
      gapOf(falsePositives, form, ODDS_RATES.length),
    );
    return writeGap({ metric: EQUALISED_ODDS, form, gap, rate: recall, names, level, p: undefined });
  });
  return [...own, ...combined];
}

function isPositive({ hasRatio, values }: Rate): boolean {
  return hasRatio && values.every(({ value }) => !(value < 0));
}

interface WrittenGap {
  readonly metric: string;
  readonly form: GapForm;
  readonly gap: Gap;
  /** What the limits of two groups are made by. */
  readonly rate: Pick<Rate, 'range' | 'methods'>;
  readonly names: readonly string[];
  readonly level: number;
  readonly p: number | undefined;
}

function writeGap({ metric, form, gap, rate, names, level, p }: WrittenGap): FairnessGap {
  const { limits, lowest, highest } = gap;
  const high = Math.min(rate.range, limits?.high ?? Number.POSITIVE_INFINITY);
  return {
    metric,
    form,
    value: Number.isFinite(gap.value) ? gap.value : null,
    ...(limits === undefined || !Number.isFinite(high)
      ? {}
      : { interval: { level, low: limits.low, high, method: nameMethod(rate.methods[form], gap.pairs) } }),
    ...(lowest === undefined ? {} : { lowest: names[lowest] ?? '' }),
    ...(highest === undefined ? {} : { highest: names[highest] ?? '' }),
    ...(p === undefined ? {} : { p }),
  };
}

/** Of one pair the nearest limit is its own. */
function nameMethod(method: string, pairs: number): string {
  return pairs === 1 ? method : `${method}; of ${pairs} pairs, the near limit by Bonferroni`;
}

/** Smallest expected count at which chi-squared is trusted. */
const LEAST_EXPECTED = 10;

/** p-value of equal shares in all groups: chi-squared, or Fisher's exact test for two small groups. */
function testHomogeneity({ values }: Rate): number | undefined {
  const shares = values.flatMap(({ share }) => share ?? []);
  if (shares.length < 2 || values.some(({ value, share }) => !Number.isNaN(value) && share === undefined))
    return undefined;
  const table = shares.map(({ successes, trials }) => [successes, trials - successes]);
  const { p, expected } = independenceTest(table);
  if (expected.flat().every((count) => count === 0 || count >= LEAST_EXPECTED)) return p;
  return table.length === 2 ? fisherTest(table, 0.95).p : undefined;
}

/** The groups as evidence has them; of more than it can hold the reference and the largest. */
function listShown(
  parts: readonly Part[],
  rates: readonly Rate[],
  reference: number | undefined,
): readonly FairnessGroup[] {
  const sizeOf = ({ part, at }: { readonly part: Part; readonly at: number }): number =>
    at === reference ? Number.POSITIVE_INFINITY : part.rows.length;
  return parts
    .map((part, at) => ({ part, at }))
    .sort((a, b) => sizeOf(b) - sizeOf(a) || a.at - b.at)
    .slice(0, MAX_LISTED)
    .sort((a, b) => a.at - b.at)
    .map(({ part, at }) => {
      const positives = part.decisions?.target.reduce((sum, value) => sum + value, 0);
      return {
        name: part.name,
        n: part.rows.length,
        ...(positives === undefined ? {} : { positives }),
        rates: rates.map(({ metric, estimates }) => toGroupRate(metric, estimates[at])),
      };
    });
}

function toGroupRate(metric: string, estimate: Estimate | undefined): GroupRate {
  if (estimate === undefined || !Number.isFinite(estimate.value)) return { metric, value: null, n: 0 };
  const { value, n, interval } = estimate;
  return { metric, value, n, ...(interval === undefined ? {} : { interval }) };
}
