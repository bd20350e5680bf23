/** What is wrong with the bounds of one gate, before anything is measured. */
import type { MetricDefinition } from '../metrics/definition.ts';
import type { ModelMetricGate } from '../schemas/config.generated.ts';
import type { Bound, BoundValues } from './gate.ts';
import type { Margin } from '../schemas/parse-margin.ts';

/** A mistake in one bound. */
export interface BoundMistake {
  readonly bound: Bound;
  readonly text: string;
  readonly help: string;
}

/** Bounds that no value can keep, or of which one says what the other says. */
export function findContradiction(bounds: BoundValues): BoundMistake | undefined {
  const { atLeast, atMost, maxRegression, minImprovement, maxImprovement, maxChange } = bounds;
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
    return {
      bound: 'at-least',
      text: `${atLeast} is above the ${atMost} of \`at-most\`: no value keeps both.`,
      help: 'Exchange them, or keep one.',
    };
  }
  if (isAbove(minImprovement, maxImprovement)) {
    return {
      bound: 'min-improvement',
      text: 'asks for more than `max-improvement` allows: no change keeps both.',
      help: 'Lower `min-improvement` or raise `max-improvement`.',
    };
  }
  if (maxChange === undefined) return undefined;
  if (maxChange.value === 0) {
    return {
      bound: 'max-change',
      text: '0 can never pass: no interval has no width.',
      help: 'Say how far apart the two may be, such as 0.005. A model whose bytes are the same passes at any margin.',
    };
  }
  if (minImprovement !== undefined) {
    return {
      bound: 'max-change',
      text: 'asks for the same, and `min-improvement` for something better.',
      help: 'Keep one of them; `max-improvement` bounds an improvement from above.',
    };
  }
  if (maxRegression !== undefined || maxImprovement !== undefined) {
    return {
      bound: 'max-change',
      text: `bounds both directions, and \`${maxRegression === undefined ? 'max-improvement' : 'max-regression'}\` one of them again.`,
      help: 'Keep `max-change`, or bound each direction with `max-regression` and `max-improvement`.',
    };
  }
  return undefined;
}

/** Margins of different kinds are not compared: what a share is depends on the baseline. */
function isAbove(first: Margin | undefined, second: Margin | undefined): boolean {
  return (
    first !== undefined && second !== undefined && first.kind === second.kind && first.value > second.value
  );
}

function formatBounds([least, most]: MetricDefinition['bounds']): string {
  if (Number.isFinite(least) && Number.isFinite(most)) return `from ${least} to ${most}`;
  return Number.isFinite(least) ? `at least ${least}` : `at most ${most}`;
}

/** What a margin above all differences was probably meant to be. */
function suggestShare(margin: number): string {
  return margin <= 100 ? ` Did you mean ${margin / 100}, or "${margin}%"?` : '';
}

const ALLOWED = ['max-regression', 'max-improvement', 'max-change'] as const;

/** A bound that can never be reached, or never be missed, is a slip (75 for 0.75). */
export function findUnreachable(
  definition: MetricDefinition,
  gate: Partial<ModelMetricGate>,
): BoundMistake | undefined {
  const [least, most] = definition.bounds;
  const help = `${definition.title} is ${formatBounds(definition.bounds)}.`;
  for (const bound of ['at-least', 'at-most'] as const) {
    const value = gate[bound];
    if (value === undefined || (value >= least && value <= most)) continue;
    const percent = most === 1 && value > 1 && value <= 100 ? ` Did you mean ${value / 100}?` : '';
    return { bound, text: `${value} can never decide.${percent}`, help };
  }
  const improvement = gate['min-improvement'];
  if (typeof improvement === 'number' && improvement > most - least) {
    const text = `${improvement} can never be reached.${suggestShare(improvement)}`;
    return { bound: 'min-improvement', text, help };
  }
  for (const bound of ALLOWED) {
    const margin = gate[bound];
    if (margin === undefined) continue;
    if (typeof margin === 'number' && margin >= most - least) {
      return { bound, text: `${margin} would allow any change.${suggestShare(margin)}`, help };
    }
  }
  return undefined;
}

/** A share of a metric that is better when higher leaves nothing to beat from 100 % on. */
export function findEmptyShare(
  definition: Pick<MetricDefinition, 'direction' | 'title' | 'bounds'>,
  bounds: BoundValues,
): BoundMistake | undefined {
  if (definition.direction !== 'higher-is-better') return undefined;
  for (const [bound, margin] of [
    ['max-regression', bounds.maxRegression],
    ['max-change', bounds.maxChange],
  ] as const) {
    if (margin?.kind !== 'relative' || margin.value < 1) continue;
    const help = `${definition.title} is ${formatBounds(definition.bounds)}.`;
    return { bound, text: `${margin.value * 100}% would allow any change.`, help };
  }
  return undefined;
}
