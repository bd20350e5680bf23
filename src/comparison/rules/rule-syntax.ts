/** The tree of a rule as it is written, before anybody knows which metrics there are. */

export type Quantity = 'value' | 'regression' | 'improvement';

export const QUANTITIES: readonly Quantity[] = ['value', 'regression', 'improvement'];

/** A column with its value, or the name of a condition, which has none. */
export interface SliceTerm {
  readonly column: string;
  readonly value: string | undefined;
}

/** `churn.accuracy`, `churn[region=north].accuracy`, `churn["at night"].accuracy`, `training."val loss"`. */
export interface Reference {
  /** The name of a model or metrics file; where `metric` is undefined, with the metric behind one of its dots. */
  readonly path: string;
  /** Empty for the whole test set. */
  readonly slice: readonly SliceTerm[];
  readonly metric: string | undefined;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly quantity: Quantity;
  readonly reference: Reference;
  readonly bound: 'at-least' | 'at-most';
  readonly constant: number;
  readonly unit: string | undefined;
  /** Where its parts begin in the text, from 0. */
  readonly offsets: { readonly quantity: number; readonly reference: number; readonly constant: number };
}

export interface Combination<T> {
  readonly kind: 'all' | 'any';
  /** At least two, none of the same kind. */
  readonly parts: readonly T[];
}

export type RuleSyntax = Comparison | Combination<RuleSyntax>;

const WORD_OF = { all: 'and', any: 'or' } as const;

/** A rule as text: reading it gives the same tree. */
export function printRule(rule: RuleSyntax): string {
  if (rule.kind === 'comparison') return printComparison(rule);
  return rule.parts
    .map((part) => (part.kind === 'comparison' ? printRule(part) : `(${printRule(part)})`))
    .join(` ${WORD_OF[rule.kind]} `);
}

/** One comparison of a rule as text. */
export function printComparison({ quantity, reference, bound, constant, unit }: Comparison): string {
  const sign = bound === 'at-least' ? '>=' : '<=';
  const number = String(constant).replace('e+', 'e');
  return `${quantity}(${printReference(reference)}) ${sign} ${number}${unit === undefined ? '' : ` ${unit}`}`;
}

function printReference({ path, slice, metric }: Reference): string {
  if (metric === undefined) return path;
  if (slice.length === 0) return `${path}.${quote(metric)}`;
  const terms = slice.map(
    ({ column, value }) => `${printName(column)}${value === undefined ? '' : `=${printName(value)}`}`,
  );
  return `${path}[${terms.join(', ')}].${printName(metric)}`;
}

/** What may stand without quotes: letters, digits and `_ . / : -`. */
const BARE_WORD = /^[\p{L}\p{N}_./:-]+$/u;

function printName(name: string): string {
  return BARE_WORD.test(name) ? name : quote(name);
}

function quote(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}
