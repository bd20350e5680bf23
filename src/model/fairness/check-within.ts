import type { Decisions } from '../../metrics/fairness-rates.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import type { FairnessGap, SimpsonCheck } from '../../schemas/evidence.generated.ts';
import { measureClustering } from '../../statistics/clustering.ts';
import { chiSquaredSurvival } from '../../statistics/distributions.ts';
import { cochranMantelHaenszelTest, type StratumShares } from '../../statistics/stratified-tables.ts';
import type { Group } from '../../outcomes/list-groups.ts';

interface WithinRequest {
  readonly outcomes: Outcomes;
  readonly decisions: Decisions;
  readonly groups: readonly Group[];
  readonly gaps: readonly FairnessGap[];
  /** The column of the parts. */
  readonly within: string;
}

const RATE = 'selection_rate';

/**
 * Whether the difference in selection between the lowest and the highest group holds within the parts of another column
 * (Simpson's paradox: E. H. Simpson, JRSS B 13, 1951). Examples that belong together count as many as their design effect
 * leaves (J. N. K. Rao and A. J. Scott, JASA 76, 1981, first order). Undefined where there is nothing to compare.
 */
export function checkWithin({
  outcomes,
  decisions,
  groups,
  gaps,
  within,
}: WithinRequest): SimpsonCheck | undefined {
  const gap = gaps.find(({ metric, form }) => metric === RATE && form === 'ratio');
  const [first, second] = [gap?.lowest, gap?.highest].map((name) =>
    groups.find((group) => group.name === name),
  );
  const column = outcomes.sliceColumns.get(within);
  if (first === undefined || second === undefined || column === undefined || gap?.value == null)
    return undefined;
  const strata = tabulateWithin(decisions.predicted, column.codes, first, second);
  const effect = designEffect(outcomes, decisions.predicted, first, second);
  const parts = cochranMantelHaenszelTest([...strata.values()]);
  const whole = cochranMantelHaenszelTest([
    ...tabulateWithin(decisions.predicted, undefined, first, second).values(),
  ]);
  if (!Number.isFinite(parts.oddsRatio)) return undefined;
  return {
    within,
    metric: RATE,
    crude: gap.value,
    adjusted: parts.oddsRatio,
    p: chiSquaredSurvival(parts.chiSquared / effect, 1),
    crudeP: chiSquaredSurvival(whole.chiSquared / effect, 1),
    reverses: parts.oddsRatio > 1,
  };
}

/** Selected and all of both groups, in each part; in one part of everything without codes. */
function tabulateWithin(
  predicted: Uint8Array,
  codes: Uint32Array | undefined,
  first: Group,
  second: Group,
): ReadonlyMap<number, StratumShares> {
  const empty = { successes: 0, trials: 0 };
  const strata = new Map<number, StratumShares>();
  for (const [which, { rows }] of [['first', first] as const, ['second', second] as const]) {
    for (const row of rows) {
      const code = codes?.[row] ?? 0;
      const stratum = strata.get(code) ?? { first: empty, second: empty };
      const { successes, trials } = stratum[which];
      const counted = { successes: successes + (predicted[row] ?? 0), trials: trials + 1 };
      strata.set(code, { ...stratum, [which]: counted });
    }
  }
  return strata;
}

/** What clusters do to the variance of the rate among both groups; 1 where none are declared. */
function designEffect(
  { groups: clusters }: Outcomes,
  predicted: Uint8Array,
  first: Group,
  second: Group,
): number {
  if (clusters === undefined) return 1;
  const rows = [...first.rows, ...second.rows];
  const numbers = new Map<number, number>();
  const own = rows.map((row) => {
    const cluster = clusters[row] ?? 0;
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  return measureClustering(
    rows.map((row) => predicted[row] ?? 0),
    own,
  ).designEffect;
}
