/** Words for rules about whole rows and nested values. */
import type { RowRule } from './rule.ts';
import { joinNames, showName } from './word-condition.ts';

/** What a value, or a row, is that breaks a keyword: completes "`x` that …". */
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

/** What a row that breaks the rule has: completes "3 of 10,000 rows have …". */
export function wordBrokenRow({ column, columns, isAboutAll, keyword }: RowRule): string {
  const broken = BROKEN[keyword] ?? `does not fit \`${keyword}\``;
  if (column !== undefined) return `${showName(column)} that ${broken}`;
  return isAboutAll || columns.length === 0
    ? `a value that ${broken}`
    : `${joinNames(columns)} that ${broken}`;
}

/** What a rule asks for, as one scalar of evidence. */
export function expectedOfRow({ keyword, columns, column }: RowRule): string {
  return column === undefined && columns.length > 0 ? `${keyword} of ${joinNames(columns)}` : keyword;
}
