/**
 * Values with intervals for functions of joint counts, of one model or two. For a comparison a cell is a combination of
 * the truth and both predictions.
 */
import { bcaInterval } from '../statistics/bootstrap-interval.ts';
import { bootstrapCounts, bootstrapWeights } from '../statistics/bootstrap.ts';
import { estimateMean, sumOf } from '../statistics/means.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import {
  isWorthless,
  LARGEST_BOOTSTRAP,
  LARGEST_GROUPED_BOOTSTRAP,
  nameDesign,
  toInterval,
  UNDEFINED_ESTIMATE,
  unitEffects,
  unseenShare,
  type Estimate,
  type EstimateOptions,
} from './estimate.ts';
import { bcaLimits, normalLimits, studentLimits, widest, type Limits, type LimitsAt } from './limits.ts';
import { kishShare } from './sampling-design.ts';

interface CountsQuantity {
  /** Examples in each cell. */
  readonly counts: Float64Array;
  /** NaN where it is undefined. */
  readonly value: (counts: Float64Array) => number;
  /** First-order effect of one example of a cell. */
  readonly influence: (cell: number) => number;
  /** What so many unseen changed predictions could make of the value. */
  readonly reach: (flips: number) => Limits;
  /** The cell of each example: asked only of examples in groups or strata, or with weights. */
  readonly cellOf: () => Uint32Array;
}

/**
 * A function of joint counts: BCa bootstrap by multinomial draws, whose cost does not depend on n; above 5,000 cells
 * the delta method. Widened to `reach`, because resampling never draws a kind of example that the sample lacks.
 * Groups are drawn as a whole, strata each by itself; the interval is then never narrower than the delta method's.
 */
export function estimateCounts(quantity: CountsQuantity, options: EstimateOptions, name = ''): Estimate {
  const { counts } = quantity;
  const value = counts.length === 0 ? Number.NaN : quantity.value(counts);
  if (!Number.isFinite(value)) return UNDEFINED_ESTIMATE;
  if (options.groups !== undefined || options.strata !== undefined || options.weights !== undefined)
    return estimateDesignedCounts(quantity, value, options, name);
  const n = sumOf(counts);
  let squares = 0;
  counts.forEach((count, cell) => {
    if (count > 0) squares += count * quantity.influence(cell) ** 2;
  });
  const spread = Math.sqrt(squares / n);
  const reachAt = unseenFlips(quantity, n, n);
  if (counts.length > LARGEST_BOOTSTRAP) {
    const limitsAt = widest([normalLimits(value, spread / Math.sqrt(n)), reachAt]);
    return {
      value,
      ...readLimits(limitsAt, value, reachAt, options.level, `${name}delta method`),
      spread,
      n,
    };
  }
  const sample = bootstrapCounts(counts, quantity.value, {
    random: options.random,
    replicates: options.resamples,
  });
  const limitsAt = widest([bcaLimits(sample), reachAt]);
  // Without spread the resamples all agree, and the reach alone is the interval: wide for few examples, as it should be.
  const method = `${name}${spread === 0 ? UNSEEN_FLIPS : nameLimits(limitsAt, reachAt, options.level)}`;
  const worthless = isWorthless(bcaInterval(sample, options.level));
  return { value, ...readLimits(limitsAt, value, reachAt, options.level, method, worthless), spread, n };
}

/** What the flips that so many independent units of n examples cannot exclude would make of the value. */
function unseenFlips(quantity: CountsQuantity, units: number, n: number): LimitsAt {
  return (level) => quantity.reach(unseenShare(units, level) * n);
}

const UNSEEN_FLIPS = 'unseen-flips bound';

/** What made the limits: both are those of the reach, or at least one comes of resamples. */
function nameLimits(limitsAt: LimitsAt, reachAt: LimitsAt, level: number): string {
  const [limits, floor] = [limitsAt(level), reachAt(level)];
  return limits.low === floor.low && limits.high === floor.high ? UNSEEN_FLIPS : 'bootstrap (BCa)';
}

/** The interval and the reach of some limits. */
function readLimits(
  limitsAt: LimitsAt,
  value: number,
  reachAt: LimitsAt,
  level: number,
  method: string,
  worthless = false,
): Pick<Estimate, 'interval' | 'limitsAt'> & { readonly reach: number } {
  const [limits, floor] = [limitsAt(level), reachAt(level)];
  // An interval of one point says that nothing on this test set could move the value, not that nothing ever could.
  const degenerate = worthless || limits.low === limits.high;
  return {
    interval: toInterval(limits, level, method, degenerate),
    limitsAt,
    reach: Math.max(value - floor.low, floor.high - value),
  };
}

function estimateDesignedCounts(
  quantity: CountsQuantity,
  value: number,
  options: EstimateOptions,
  name: string,
): Estimate {
  const { counts } = quantity;
  const cellOf = quantity.cellOf();
  const n = cellOf.length;
  const { weights } = options;
  const influenceOf = Float64Array.from(counts, (count, cell) => (count > 0 ? quantity.influence(cell) : 0));
  const influences = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    influences[row] = (influenceOf[cellOf[row] ?? 0] ?? 0) * (weights?.[row] ?? 1);
  }
  const drawn = unitEffects(influences, options);
  const { effects, groups, strata } = drawn;
  const units = effects.length;
  const estimate = estimateMean(effects);
  const spread = estimate.standardError * Math.sqrt(n);
  const base = { value, spread, n, ...(groups === undefined ? {} : { groups: units }) };
  if (units < 2) return { ...base, interval: undefined };
  const reachAt = unseenFlips(quantity, units * kishShare(weights), n);
  const least = widest([studentLimits(value, estimate.standardError, estimate.degreesOfFreedom), reachAt]);
  const design = nameDesign(drawn, options);
  if (units > LARGEST_BOOTSTRAP || n > LARGEST_GROUPED_BOOTSTRAP) {
    releaseMemory(influences, effects, cellOf);
    const method = `${name}delta method${design}`;
    return { ...base, ...readLimits(least, value, reachAt, options.level, method) };
  }
  const drawnCounts = new Float64Array(counts.length);
  const sample = bootstrapWeights(
    n,
    (times) => {
      drawnCounts.fill(0);
      for (let row = 0; row < n; row++) {
        const cell = cellOf[row] ?? 0;
        drawnCounts[cell] = (drawnCounts[cell] ?? 0) + (times[row] ?? 0) * (weights?.[row] ?? 1);
      }
      return quantity.value(drawnCounts);
    },
    {
      random: options.random,
      replicates: options.resamples,
      ...(groups === undefined ? {} : { clusters: groups.of }),
      ...(strata === undefined ? {} : { strata: strata.of }),
    },
  );
  const limitsAt = widest([bcaLimits(sample), least]);
  const worthless = isWorthless(bcaInterval(sample, options.level));
  const method = `${name}${nameLimits(limitsAt, reachAt, options.level)}${design}`;
  return { ...base, ...readLimits(limitsAt, value, reachAt, options.level, method, worthless) };
}
