/**
 * How far a rate of several groups is apart: the lowest over the highest, and the highest less the lowest, with limits
 * that hold although the two groups are chosen by what is seen in them.
 */
import type { Share } from './two-proportions.ts';
import { correctedDifferenceInterval, correctedRatioInterval } from './two-proportions.ts';

interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Limits at any two-sided level. */
export type LimitsOfLevel = (level: number) => Limits;

/** A value of one group with its limits. */
export interface GroupValue {
  /** NaN where the group has no example that the rate is about. */
  readonly value: number;
  /** Undefined where its uncertainty is not known. */
  readonly limitsAt: LimitsOfLevel | undefined;
  /** Successes and trials, where the examples are independent and count alike. */
  readonly share?: Share;
}

/** `ratio`: the lower over the higher. `difference`: the higher less the lower. */
export type GapForm = 'ratio' | 'difference';

export interface GapOptions {
  readonly form: GapForm;
  /** One-sided error rate of each limit of the gap. */
  readonly alpha: number;
  /** The group that each other is held against; undefined: every group against every other. */
  readonly reference?: number | undefined;
  /** Correlation of the estimates of two groups, by their numbers; 0 where it is left out. */
  readonly correlation?: ((first: number, second: number) => number) | undefined;
  /** Rates that share the near limit's error rate, of which the worst is reported; 1 where it is left out. */
  readonly rates?: number;
}

/** The largest gap. */
export interface Gap {
  /** NaN where fewer than two groups have a value. */
  readonly value: number;
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
  /** Undefined where the uncertainty of no pair is known. */
  readonly limits: Limits | undefined;
  /** Pairs of groups. */
  readonly pairs: number;
}

/** Length of two distances together. */
function addCorrelated(x: number, y: number, correlation: number): number {
  return Math.sqrt(Math.max(0, x * x + y * y - 2 * correlation * x * y));
}

/**
 * Limits of first - second from those of each, squared and added (MOVER).
 * Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702, equations 4 and 9.
 */
export function combineDifference(
  first: GroupValue,
  second: GroupValue,
  correlation: number,
): LimitsOfLevel | undefined {
  const [own, other] = [first.limitsAt, second.limitsAt];
  if (own === undefined || other === undefined) return undefined;
  return (level) => {
    const [a, b] = [own(level), other(level)];
    const value = first.value - second.value;
    return {
      low: value - addCorrelated(first.value - a.low, b.high - second.value, correlation),
      high: value + addCorrelated(a.high - first.value, second.value - b.low, correlation),
    };
  };
}

/**
 * Limits of first / second from those of each: the ratios r at which first - r second could be 0. For values that
 * cannot be negative. The upper limit is infinite where the second could be 0.
 * Source: A. Donner and G. Y. Zou, Statistical Methods in Medical Research 21 (2012) 347-359, section 2.
 */
export function combineRatio(
  first: GroupValue,
  second: GroupValue,
  correlation: number,
): LimitsOfLevel | undefined {
  const [own, other] = [first.limitsAt, second.limitsAt];
  if (own === undefined || other === undefined) return undefined;
  return (level) => {
    const [a, b] = [own(level), other(level)];
    // Each limit solves quadratic r^2 - 2 linear r + constant = 0.
    const solve = (x: number, y: number) => {
      const quadratic = second.value ** 2 - y * y;
      const linear = first.value * second.value - correlation * x * y;
      const constant = first.value ** 2 - x * x;
      return {
        quadratic,
        linear,
        constant,
        root: Math.sqrt(Math.max(0, linear ** 2 - quadratic * constant)),
      };
    };
    const lower = solve(first.value - a.low, b.high - second.value);
    const upper = solve(a.high - first.value, second.value - b.low);
    const base = lower.linear + lower.root;
    return {
      low: lower.constant <= 0 || base <= 0 ? 0 : lower.constant / base,
      high:
        upper.quadratic <= 0
          ? Number.POSITIVE_INFINITY
          : Math.max(0, (upper.linear + upper.root) / upper.quadratic),
    };
  };
}

/** Limits for two groups: corrected score limits for shares of independent examples, otherwise from those of each group. */
function comparePair(
  first: GroupValue,
  second: GroupValue,
  form: GapForm,
  correlation: number,
): LimitsOfLevel | undefined {
  const [a, b] = [first.share, second.share];
  if (a !== undefined && b !== undefined) {
    return form === 'ratio'
      ? (level) => correctedRatioInterval(a, b, level)
      : (level) => correctedDifferenceInterval(a, b, level);
  }
  return form === 'ratio'
    ? combineRatio(first, second, correlation)
    : combineDifference(first, second, correlation);
}

/** Share of a pair's error rate that is spent on the direction in which the gap lies. */
const FIRST_SHARE = 0.98;

/**
 * How near to no gap at all a pair may be: the ratio from which on, or the difference up to which, the test of "a gap of
 * at most this, in either direction" does not reject. Its p-value adds both tails, p(below r) + p(below 1 / r), which
 * is why the direction may be read off the data.
 * @param limitsAt of the lower over the higher, or the higher less the lower
 * @param tail error rate of the pair
 */
function nearestLimit(form: GapForm, limitsAt: LimitsOfLevel, tail: number): number {
  const at = (share: number): Limits => limitsAt(1 - 2 * tail * share);
  const [first, rest] = [at(FIRST_SHARE), at(1 - FIRST_SHARE)];
  // Where the opposite gap is as good as excluded nearly the whole rate is left for this direction.
  if (form === 'ratio') {
    const isClear = rest.high * first.high <= 1;
    return Math.min(1, isClear ? first.high : at(0.5).high);
  }
  const isClear = rest.low + first.low >= 0;
  return Math.max(0, isClear ? first.low : at(0.5).low);
}

/** Turns limits of first over (less) second into those of second over (less) first. */
function exchange(form: GapForm, limitsAt: LimitsOfLevel): LimitsOfLevel {
  return (level) => {
    const { low, high } = limitsAt(level);
    return form === 'ratio' ? { low: 1 / high, high: 1 / low } : { low: -high, high: -low };
  };
}

/** Limits that are computed once for each level: every pair of a group asks for the same few. */
function rememberLimits(limitsAt: LimitsOfLevel | undefined): LimitsOfLevel | undefined {
  if (limitsAt === undefined) return undefined;
  const known = new Map<number, Limits>();
  return (level) => {
    const before = known.get(level);
    if (before !== undefined) return before;
    const limits = limitsAt(level);
    known.set(level, limits);
    return limits;
  };
}

/** The pairs that are compared, as numbers of groups. */
function listPairs(count: number, reference: number | undefined): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second < count; second++) {
      if (reference === undefined || first === reference || second === reference) pairs.push([first, second]);
    }
  }
  return pairs;
}

/** A ratio of two rates; 1 where both are 0. */
function divide(lower: number, higher: number): number {
  return lower === higher ? 1 : lower / higher;
}

/**
 * The largest gap between groups with limits of one-sided error rate alpha each, at any number of groups. That there is
 * no gap beyond the far limit needs every pair's own limit (intersection-union: no correction, R. L. Berger,
 * Technometrics 24, 1982). That there is one beyond the near limit needs a pair whose limit, at alpha over the number of
 * pairs, excludes less (Bonferroni): the groups that lie farthest apart were chosen for it. A group without a value or
 * without limits keeps the far limit at the end of the scale, whatever the others say.
 * Groups' values may not be negative for a ratio.
 */
export function measureGap(given: readonly GroupValue[], options: GapOptions): Gap {
  const { form, alpha, reference, correlation, rates = 1 } = options;
  const groups = given.map((group) => ({ ...group, limitsAt: rememberLimits(group.limitsAt) }));
  const pairs = listPairs(groups.length, reference);
  let worst: { readonly value: number; readonly lowest: number; readonly highest: number } | undefined;
  let [far, near] = form === 'ratio' ? [1, 1] : [0, 0];
  let known = 0;
  for (const [first, second] of pairs) {
    const [a, b] = [groups[first], groups[second]];
    if (a === undefined || b === undefined || Number.isNaN(a.value) || Number.isNaN(b.value)) {
      far = form === 'ratio' ? 0 : Number.POSITIVE_INFINITY;
      continue;
    }
    const isLower = a.value <= b.value;
    const [lowest, highest] = isLower ? [first, second] : [second, first];
    const value =
      form === 'ratio'
        ? divide(Math.min(a.value, b.value), Math.max(a.value, b.value))
        : Math.abs(a.value - b.value);
    if (worst === undefined || (form === 'ratio' ? value < worst.value : value > worst.value))
      worst = { value, lowest, highest };
    const limitsAt = comparePair(a, b, form, correlation?.(first, second) ?? 0);
    if (limitsAt === undefined) {
      far = form === 'ratio' ? 0 : Number.POSITIVE_INFINITY;
      continue;
    }
    known += 1;
    const { low, high } = limitsAt(1 - 2 * alpha);
    const oriented = isLower === (form === 'ratio') ? limitsAt : exchange(form, limitsAt);
    const reach = nearestLimit(form, oriented, alpha / pairs.length / rates);
    if (form === 'ratio') {
      far = Math.min(far, low, 1 / high);
      near = Math.min(near, reach);
    } else {
      far = Math.max(far, high, -low);
      near = Math.max(near, reach);
    }
  }
  return {
    value: worst?.value ?? Number.NaN,
    lowest: worst?.lowest,
    highest: worst?.highest,
    limits: known === 0 ? undefined : form === 'ratio' ? { low: far, high: near } : { low: near, high: far },
    pairs: pairs.length,
  };
}

/** The worse of two gaps of the same groups, and limits that hold for it where each was measured with `rates` 2. */
export function worseGap(form: GapForm, first: Gap, second: Gap): Gap {
  const isFirst =
    Number.isNaN(second.value) ||
    (form === 'ratio' ? first.value <= second.value : first.value >= second.value);
  const worse = isFirst ? first : second;
  // Where one of them cannot be told at all, the worse of both cannot.
  const isKnown = first.limits !== undefined && second.limits !== undefined;
  const choose = form === 'ratio' ? Math.min : Math.max;
  const limits = isKnown
    ? {
        low: choose(first.limits.low, second.limits.low),
        high: choose(first.limits.high, second.limits.high),
      }
    : undefined;
  return { ...worse, limits, pairs: first.pairs + second.pairs };
}

/** What the correlation of groups' estimates is taken from: the examples of all groups. */
export interface GroupedResiduals {
  /** Number of each example's group. */
  readonly groupOf: ArrayLike<number>;
  /** Value less that of its group, times its weight; 0 where the rate is not about the example. */
  readonly residuals: Float64Array;
  /** What each example belongs to (a user, a document), as numbers from 0. */
  readonly clusters: Uint32Array;
  /** Number of groups. */
  readonly count: number;
}

/** Row numbers, those of one cluster after another. */
function sortByCluster(clusters: Uint32Array): Uint32Array {
  const most = clusters.reduce((largest, cluster) => Math.max(largest, cluster), 0);
  const next = new Uint32Array(most + 2);
  for (const cluster of clusters) next[cluster + 1] = (next[cluster + 1] ?? 0) + 1;
  for (let cluster = 0; cluster <= most; cluster++)
    next[cluster + 1] = (next[cluster + 1] ?? 0) + (next[cluster] ?? 0);
  const rows = new Uint32Array(clusters.length);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] ?? 0;
    const at = next[cluster] ?? 0;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return rows;
}

/**
 * How the estimates of groups vary together because their examples do: one opening for two applicants of which one is
 * chosen. Only what widens a gap's limits is told, correlations below 0; the others are 0.
 * Source: A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015), equation 11, for two means at once.
 */
export function correlateGroups({ groupOf, residuals, clusters, count }: GroupedResiduals) {
  const rows = sortByCluster(clusters);
  const products = new Float64Array(count * count);
  const sums = new Float64Array(count);
  let present: number[] = [];
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0;
    const group = groupOf[row] ?? 0;
    if (!present.includes(group)) present.push(group);
    sums[group] = (sums[group] ?? 0) + (residuals[row] ?? 0);
    if (clusters[rows[place + 1] ?? -1] === clusters[row]) continue;
    for (const first of present) {
      for (const second of present) {
        const at = first * count + second;
        products[at] = (products[at] ?? 0) + (sums[first] ?? 0) * (sums[second] ?? 0);
      }
    }
    for (const own of present) sums[own] = 0;
    present = [];
  }
  const at = (x: number, y: number): number => products[x * count + y] ?? 0;
  return (first: number, second: number): number => {
    const scale = Math.sqrt(at(first, first) * at(second, second));
    return scale > 0 ? Math.max(-1, Math.min(0, at(first, second) / scale)) : 0;
  };
}
