import { findChangePoints } from '../../statistics/change-points.ts';
import { createRandom } from '../../statistics/random.ts';
import type { ChangePoint } from '../../schemas/evidence.generated.ts';
import type { SeriesPoint } from './series.ts';

/** A measured commit whose value is a finite number. */
export interface KnownPoint extends SeriesPoint {
  readonly value: number;
}

/** Where the level of a metric changed, and the stretches of equal level between. */
export interface LevelChanges {
  readonly changes: readonly ChangePoint[];
  /** At least one where there are points; oldest first. */
  readonly plateaus: readonly (readonly KnownPoint[])[];
  /** Neighbours depend on each other, so that more changes are found than alpha promises. */
  readonly dependent: boolean;
}

export interface LevelOptions {
  /** Error rate of the test. */
  readonly alpha: number;
  readonly seed: number;
  /** First parents of main, oldest first, measured or not: they tell what lies between two measurements. */
  readonly commits: readonly string[];
}

/** Fewest permutations, and as many as a small alpha needs. */
const PERMUTATIONS = 999;

/** Fewest measurements on each side of a change: fewer can be chance. */
const FEWEST_POINTS = 3;

/** Standard errors by which the correlation of neighbours exceeds 0 where they depend on each other. */
const DEPENDENCE = 2;

/** Commits without a measurement that a change names. */
const MOST_BETWEEN = 20;

/** Change points of a series by e-divisive with permutation p-values, each as the range of commits that it lies in. */
export function findLevelChanges(points: readonly SeriesPoint[], options: LevelOptions): LevelChanges {
  const known = points.filter((point): point is KnownPoint => point.value !== null);
  const { changePoints, autocorrelation } = findChangePoints(
    known.map(({ value }) => value),
    {
      random: createRandom(options.seed),
      alpha: options.alpha,
      permutations: Math.max(PERMUTATIONS, Math.ceil(2 / options.alpha)),
      minimumSegment: FEWEST_POINTS,
    },
  );
  const starts = [0, ...changePoints.map(({ index }) => index)];
  return {
    changes: changePoints.flatMap(({ index, meanBefore, meanAfter, p }) => {
      const [after, at] = [known[index - 1], known[index]];
      if (after === undefined || at === undefined) return [];
      const between = listBetween(options.commits, after.commit, at.commit);
      return [
        {
          after: after.commit,
          at: at.commit,
          before: meanBefore,
          now: meanAfter,
          p,
          ...(between.length === 0 ? {} : { between: between.slice(-MOST_BETWEEN) }),
        },
      ];
    }),
    dependent: (autocorrelation ?? 0) > DEPENDENCE / Math.sqrt(known.length),
    plateaus: known.length === 0 ? [] : starts.map((start, place) => known.slice(start, starts[place + 1])),
  };
}

/** Commits of main between two of them; none if one of the two is not known. */
function listBetween(commits: readonly string[], after: string, at: string): readonly string[] {
  const [from, to] = [commits.indexOf(after), commits.indexOf(at)];
  return from === -1 || to === -1 ? [] : commits.slice(from + 1, to);
}
