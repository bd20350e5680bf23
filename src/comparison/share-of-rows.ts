import { reachUnseen, unseenShare } from '../metrics/estimate.ts';
import { studentTUpperQuantile } from '../statistics/distributions.ts';
import { tailProbability } from '../statistics/interval.ts';
import { estimateClusteredMean } from '../statistics/means.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { kornGraubardInterval } from '../statistics/proportion.ts';
import type { ShareOfRows } from '../schemas/evidence.generated.ts';

/**
 * With fewer groups than this that have the property (or lack it) in some row, how rows cluster cannot be estimated.
 * From 10 on the intervals are needlessly wide, and from 6 on their error stays nominal in simulations.
 */
const LEAST_GROUPS = 6;

/**
 * How many of some rows have a property, as a share of all with the exact interval of Clopper and Pearson (Biometrika
 * 26, 1934). Wilson's is narrower, but its lower limit for rare properties is wrong up to four times as often as its
 * level says, and flips are rare. Where rows belong to groups it is the interval of E. L. Korn and B. I. Graubard
 * (Survey Methodology 24, 1998, 193-201): Clopper and Pearson's for as many independent rows as they are worth, n over
 * the design effect, corrected for the degrees of freedom, number of groups - 1. Where too few groups differ to tell a
 * design effect, a whole group counts as one row; and the interval reaches what unseen groups would make of the share,
 * all of whose rows have the property, or none.
 * @param hits 1 for a row with the property
 * @param groups the group of each row, numbered from 0 without gaps
 */
export function measureShare(hits: Uint8Array, groups: Uint32Array | undefined, level: number): ShareOfRows {
  const n = hits.length;
  let count = 0;
  for (let row = 0; row < n; row++) count += hits[row] ?? 0;
  if (n === 0) return { count, share: 0 };
  const share = count / n;
  const trials = groups === undefined ? n : effectiveRows(hits, share, groups, level);
  if (trials === undefined) return { count, share };
  const byRows = exactLimits(share, trials, level);
  if (groups === undefined)
    return { count, share, interval: { level, ...byRows, method: 'Clopper-Pearson' } };
  const unseen = reachUnseen(share, unseenShare(new Set(groups).size, level));
  const limits = { low: Math.min(byRows.low, unseen.low), high: Math.max(byRows.high, unseen.high) };
  return { count, share, interval: { level, ...limits, method: 'Korn-Graubard, clustered by group' } };
}

/** Limits of a share of so many independent trials, which need not be whole. */
export function exactLimits(
  share: number,
  trials: number,
  level: number,
): { readonly low: number; readonly high: number } {
  return kornGraubardInterval(share * trials, trials, level);
}

/** Independent rows that grouped rows are worth; undefined for a single group, which says nothing of others. */
function effectiveRows(
  hits: Uint8Array,
  share: number,
  groups: Uint32Array,
  level: number,
): number | undefined {
  const sizes: number[] = [];
  const inGroup: number[] = [];
  groups.forEach((group, row) => {
    sizes[group] = (sizes[group] ?? 0) + 1;
    inGroup[group] = (inGroup[group] ?? 0) + (hits[row] ?? 0);
  });
  const total = sizes.length;
  if (total < 2) return undefined;
  const tail = tailProbability(level);
  const correction = (normalQuantile(tail) / studentTUpperQuantile(tail, total - 1)) ** 2;
  const withHit = inGroup.filter((count) => count > 0).length;
  const withMiss = inGroup.filter((count, group) => count < (sizes[group] ?? 0)).length;
  if (Math.min(withHit, withMiss) < LEAST_GROUPS) return total * correction;
  const { standardError } = estimateClusteredMean(hits, groups);
  const independent = (share * (1 - share)) / hits.length;
  const designEffect = Math.max(1, standardError ** 2 / independent);
  return (hits.length / designEffect) * correction;
}
