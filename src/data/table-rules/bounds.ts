/** Bounds on one number: `at-least` and `at-most`, each a rule of its own. */
import type { Measure } from '../../engine/aggregates.ts';
import type { AnomalyName } from '../anomalies.ts';
import { frameRule, type Outcome, type RuleContext, type TableRule } from './table-rule.ts';

interface Bounds {
  readonly 'at-least'?: number;
  readonly 'at-most'?: number;
}

const SIDES = ['at-least', 'at-most'] as const;
type Side = (typeof SIDES)[number];

/** A number with at most six digits that tell: 1234.5678 as "1,234.57". */
export function showNumber(value: number): string {
  return Number.isFinite(value)
    ? value.toLocaleString('en-US', { maximumSignificantDigits: 6 })
    : 'not a finite number';
}

function holds(value: number, side: Side, bound: number): boolean {
  return side === 'at-least' ? value >= bound : value <= bound;
}

/** "at least 5". */
function wordBound(side: Side, bound: string): string {
  return `${side.replace('-', ' ')} ${bound}`;
}

export interface Bounded {
  readonly bounds: Bounds | undefined;
  /** Anomaly and id of each side. */
  readonly names: Readonly<Record<Side, AnomalyName>>;
  readonly idOf: (name: AnomalyName) => string;
  readonly path: readonly string[];
  readonly columns: readonly string[];
  readonly measure: Measure;
  /** The number from the measure and the rows of the scope; null where there is none. */
  readonly value?: (figure: number | null, rows: number) => number | null;
  /** What the number is, for a sentence: "The mean of `age`". */
  readonly subject: string;
  readonly show: (value: number) => string;
  /** Offending cells where it fails. */
  readonly violations?: (figure: number) => number;
}

/** The rules of the sides that are given. */
export function listBoundRules(context: RuleContext, bounded: Bounded): readonly TableRule[] {
  return SIDES.flatMap((side): readonly TableRule[] => {
    const bound = bounded.bounds?.[side];
    if (bound === undefined) return [];
    const name = bounded.names[side];
    return [
      {
        ...frameRule(context, name, bounded.idOf(name), [...bounded.path, side]),
        columns: bounded.columns,
        expected: wordBound(side, String(bound)),
        ask: {
          kind: 'measures',
          measures: { value: bounded.measure },
          judge: (figureOf, rows) => judgeBound(bounded, side, bound, figureOf('value'), rows, context),
        },
      },
    ];
  });
}

function judgeBound(
  { value: read, subject, show, violations }: Bounded,
  side: Side,
  bound: number,
  figure: number | null,
  rows: number,
  { scope }: RuleContext,
): Outcome {
  const value = read === undefined ? figure : read(figure, rows);
  if (value === null) {
    return {
      verdict: 'fail',
      reason: 'empty',
      told: `${subject}${scope.words} cannot be told: there are no values.`,
    };
  }
  if (!Number.isFinite(value)) {
    return {
      verdict: 'fail',
      reason: 'not-finite',
      told: `${subject}${scope.words} is not a finite number.`,
    };
  }
  const told = `${subject}${scope.words} is ${show(value)}`;
  return holds(value, side, bound)
    ? { verdict: 'pass', observed: value, told: `${told}.` }
    : {
        verdict: 'fail',
        observed: value,
        told: `${told}; ${wordBound(side, show(bound))} is ${side === 'at-least' ? 'asked for' : 'allowed'}.`,
        ...(violations === undefined || figure === null ? {} : { violations: violations(figure) }),
      };
}
