/** Words for rules about whole rows and nested values. */
import type { RowRule } from './rule.ts';
import { joinNames, showName } from './word-condition.ts';

/** What a value is that breaks a keyword: completes "`x` that …". */
const BROKEN: Readonly<Record<string, string>> = {
  anyOf: 'fits none of the alternatives of `anyOf`',
  oneOf: 'does not fit exactly one of the alternatives of `oneOf`',
  not: 'fits what `not` forbids',
  if: 'is not as `if` then asks',
  dependentRequired: 'lacks what must come with it (`dependentRequired`)',
  dependentSchemas: 'is not as `dependentSchemas` asks',
  items: 'has an item that does not fit `items`',
  prefixItems: 'has an item that does not fit `prefixItems`',
  contains: 'does not have the items that `contains` asks for',
  minItems: 'has too few items (`minItems`)',
  maxItems: 'has too many items (`maxItems`)',
  uniqueItems: 'has an item twice (`uniqueItems`)',
  unevaluatedItems: 'has an item that nothing describes (`unevaluatedItems`)',
  properties: 'has a property that does not fit `properties`',
  required: 'lacks a property of `required`',
  patternProperties: 'has a property that does not fit `patternProperties`',
  additionalProperties: 'has a property that does not fit `additionalProperties`',
  propertyNames: 'has a property whose name does not fit `propertyNames`',
  minProperties: 'has too few properties (`minProperties`)',
  maxProperties: 'has too many properties (`maxProperties`)',
  unevaluatedProperties: 'has a property that nothing describes (`unevaluatedProperties`)',
  enum: 'is none of `enum`',
  const: 'is not `const`',
};

/** What rows that break the rule do: completes "3 of 10,000 rows …". */
export function wordBreaking(rule: RowRule, isOne: boolean): string {
  return rule.column === undefined
    ? `${isOne ? 'does' : 'do'} not satisfy ${nameAsked(rule)}`
    : `${isOne ? 'has' : 'have'} ${nameBroken(rule, rule.column)}`;
}

/** @param rows all rows of the table, in words */
export function wordKept(rule: RowRule, rows: string): string {
  return rule.column === undefined
    ? `Each of ${rows} satisfies ${nameAsked(rule)}.`
    : `None of ${rows} has ${nameBroken(rule, rule.column)}.`;
}

function nameBroken({ keyword }: RowRule, column: string): string {
  return `${showName(column)} that ${BROKEN[keyword] ?? `does not fit \`${keyword}\``}`;
}

function nameAsked({ columns, isAboutAll, keyword }: RowRule): string {
  const asked = keyword === 'if' ? '`if` with `then` or `else`' : `\`${keyword}\``;
  return isAboutAll || columns.length === 0 ? asked : `${asked} on ${joinNames(columns)}`;
}

/** What a rule asks for, as one scalar of evidence. */
export function expectedOfRow({ keyword, columns, column }: RowRule): string {
  return column === undefined && columns.length > 0 ? `${keyword} of ${joinNames(columns)}` : keyword;
}
