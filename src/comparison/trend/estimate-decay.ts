import { studentTUpperQuantile } from '../../statistics/distributions.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import type { Margin } from '../../schemas/parse-margin.ts';
import { slackOf } from '../judgement.ts';
import type { KnownPoint } from './find-level-changes.ts';
import type { NoiseEstimate } from './estimate-noise.ts';
import type { Series } from './series.ts';

/** How much worse main is than it was at one earlier commit. */
export interface Decay {
  /** What main is compared with. */
  readonly reference: KnownPoint;
  readonly now: KnownPoint;
  /** Now minus then, in the metric's own unit and sign. */
  readonly difference: number;
  /** Confidence limits of `difference`, corrected for the number of references; equal to it without any noise. */
  readonly low: number;
  readonly high: number;
  /**
   * `fail`: worse by more than the margin, beyond chance. `inconclusive`: the values say so, but chance could make them.
   * `pass`: the values do not say so. That is an alarm's silence, not a proof of non-inferiority.
   */
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** What the limits rest on; `point-rule` where nothing is known of the noise. */
  readonly method: 'intervals' | 'noise' | 'point-rule';
  /** References that were looked at. */
  readonly references: number;
}

type KnownNoise = Pick<NoiseEstimate, 'standardDeviation' | 'degreesOfFreedom'>;

export interface DecayOptions {
  readonly margin: Margin;
  /** One-sided error rate over all references. */
  readonly alpha: number;
  /** How the number varies by itself, where it has no intervals. */
  readonly noise: KnownNoise | undefined;
}

/**
 * How far main has fallen below any of its earlier levels, over many changes that each passed. The references are the
 * first point of the history, a typical point of each plateau, and the first of the last one; Bonferroni's correction
 * covers them. The examples of long ago are gone, so the difference is not paired; its half-width on either side is the
 * smaller of two upper bounds: both single intervals by square-and-add, which supposes no correlation where a shared test
 * set makes it positive, and the sum of the half-widths of the paired comparisons of every step between, because the
 * standard deviation of a sum is at most the sum of the standard deviations. Undefined if there is nothing to compare.
 * Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702, for square-and-add.
 */
export function estimateDecay(
  direction: Series['direction'],
  plateaus: readonly (readonly KnownPoint[])[],
  options: DecayOptions,
): Decay | undefined {
  const points = plateaus.flat();
  const now = points.at(-1);
  const references = listReferences(plateaus);
  if (now === undefined || direction === 'none' || references.length === 0) return undefined;
  const decays = references.map((reference) => {
    const path = points.slice(points.indexOf(reference), points.indexOf(now) + 1);
    return compareWith(path, direction, options, references.length);
  });
  return decays.reduce((worst, next) => (isWorse(next, worst) ? next : worst)).decay;
}
/** Earlier points that stand for a level of main, without the newest one. */
function listReferences(plateaus: readonly (readonly KnownPoint[])[]): readonly KnownPoint[] {
  const newest = plateaus.at(-1)?.at(-1);
  const typical = plateaus.slice(0, -1).map(typicalOf);
  const chosen = [plateaus[0]?.[0], ...typical, plateaus.at(-1)?.[0]];
  return [...new Set(chosen)].filter((point) => point !== undefined).filter((point) => point !== newest);
}

/** The point whose value is the median. */
function typicalOf(plateau: readonly KnownPoint[]): KnownPoint | undefined {
  return plateau.toSorted((a, b) => a.value - b.value)[Math.floor((plateau.length - 1) / 2)];
}

/** How far limits lie from a value, to either side. */
interface HalfWidths {
  readonly down: number;
  readonly up: number;
}

const NO_WIDTH: HalfWidths = { down: 0, up: 0 };

/** A decay, and how far it is beyond the margin by its value. */
interface MeasuredDecay {
  readonly decay: Decay;
  readonly excess: number;
}

/** A proven decay is worse than any other. */
function isWorse(next: MeasuredDecay, than: MeasuredDecay): boolean {
  const [proven, known] = [next.decay.verdict === 'fail', than.decay.verdict === 'fail'];
  return proven === known ? next.excess > than.excess : proven;
}

/** `path`: from the reference to now. */
function compareWith(
  path: readonly KnownPoint[],
  direction: Series['direction'],
  { margin, alpha, noise }: DecayOptions,
  references: number,
): MeasuredDecay {
  const [reference, now] = [path[0], path.at(-1)];
  if (reference === undefined || now === undefined) throw new TypeError('The path has no ends.');
  const sign = direction === 'lower-is-better' ? -1 : 1;
  const ratio = margin.kind === 'relative' ? 1 - sign * margin.value : 1;
  const allowed = margin.kind === 'relative' ? 0 : margin.value;
  const tail = alpha / references;
  const z = -normalQuantile(tail);
  const ofNoise = noise && noise.standardDeviation * studentTUpperQuantile(tail, noise.degreesOfFreedom);
  const [ofNow, ofReference] = [halfWidthsOf(now, z, ofNoise), halfWidthsOf(reference, z, ofNoise)];
  const paired = sumPairedSteps(path, z);
  const limitsAt = (factor: number) => {
    const single = {
      down: Math.hypot(ofNow?.down ?? 0, factor * (ofReference?.up ?? 0)),
      up: Math.hypot(ofNow?.up ?? 0, factor * (ofReference?.down ?? 0)),
    };
    const rest = Math.abs(1 - factor) * Math.max(ofReference?.down ?? 0, ofReference?.up ?? 0);
    const difference = now.value - factor * reference.value;
    return {
      difference,
      low: difference - Math.min(single.down, (paired?.down ?? Number.POSITIVE_INFINITY) + rest),
      high: difference + Math.min(single.up, (paired?.up ?? Number.POSITIVE_INFINITY) + rest),
    };
  };
  const tested = limitsAt(ratio);
  const slack = slackOf(now.value, reference.value, allowed);
  const estimate = sign * tested.difference + allowed;
  const best = (sign === 1 ? tested.high : -tested.low) + allowed;
  const verdict = best < -slack ? 'fail' : estimate < -slack ? 'inconclusive' : 'pass';
  const method = ofNow === undefined ? 'point-rule' : now.interval === undefined ? 'noise' : 'intervals';
  return {
    decay: { reference, now, ...limitsAt(1), verdict, method, references },
    excess: -estimate,
  };
}

/** From the interval that was recorded, or else as wide as the noise; undefined where there is neither. */
function halfWidthsOf(point: KnownPoint, z: number, ofNoise: number | undefined): HalfWidths | undefined {
  const { value, interval } = point;
  if (interval !== undefined) {
    const scale = z / levelQuantile(interval.level);
    return { down: (value - interval.low) * scale, up: (interval.high - value) * scale };
  }
  return ofNoise === undefined ? undefined : { down: ofNoise, up: ofNoise };
}

/** Quantile of the normal distribution that a two-sided interval of this level is made of. */
function levelQuantile(level: number): number {
  return -normalQuantile((1 - level) / 2);
}

/** The half-widths of all paired comparisons on a path, added; undefined if a step was not compared with the one before. */
function sumPairedSteps(path: readonly KnownPoint[], z: number): HalfWidths | undefined {
  let sum = NO_WIDTH;
  for (const [index, { commit: since, value: before }] of path.slice(0, -1).entries()) {
    const next = path[index + 1];
    if (next?.change?.since !== since) return undefined;
    const difference = next.value - before;
    const { low, high } = next.change;
    const scale = low === high || next.interval === undefined ? 1 : z / levelQuantile(next.interval.level);
    sum = {
      down: sum.down + Math.max(0, difference - low) * scale,
      up: sum.up + Math.max(0, high - difference) * scale,
    };
  }
  return sum;
}
