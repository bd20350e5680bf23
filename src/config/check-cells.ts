/** Rules of cells that contradict themselves, or that can never mean anything. */
import { showValue, type FoundMistake } from './mistake.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** Mistakes in `cells` and `column-cells` of a data schema's `dataset` block, each of which may contradict the other. */
export function checkCells(dataset: Mapping): readonly FoundMistake[] {
  const table = mappingOf(dataset['cells']);
  return [
    ...checkRules(['dataset', 'cells'], table, {}),
    ...Object.entries(mappingOf(dataset['column-cells'])).flatMap(([column, rules]) =>
      checkRules(['dataset', 'column-cells', column], mappingOf(rules), table),
    ),
  ];
}

/** The columns that rules of cells name. */
export function listCellMentions(
  dataset: Mapping,
): readonly { readonly path: Path; readonly at: 'key'; readonly column: string }[] {
  return Object.keys(mappingOf(dataset['column-cells'])).map((column) => ({
    path: ['dataset', 'column-cells', column],
    at: 'key',
    column,
  }));
}

/** @param inherited what holds where the rules themselves say nothing */
function checkRules(path: Path, rules: Mapping, inherited: Mapping): readonly FoundMistake[] {
  return [
    ...checkMarks(path, rules, inherited),
    ...checkBooleans(path, rules, inherited),
    ...listOf(rules['dates']).flatMap((notation, index) =>
      checkNotation([...path, 'dates', String(index)], notation),
    ),
  ];
}

function checkMarks(path: Path, rules: Mapping, inherited: Mapping): readonly FoundMistake[] {
  const key = 'thousands' in rules ? 'thousands' : 'decimal';
  const all = { decimal: '.', ...inherited, ...rules };
  if (!(key in rules) || !('thousands' in all) || all['thousands'] !== all.decimal) return [];
  const text = `${showValue(all.decimal)} cannot be the decimal mark and stand between thousands too: "1${all.decimal}234" would be two numbers.`;
  return [{ path: [...path, key], at: 'value', text }];
}

function checkBooleans(path: Path, rules: Mapping, inherited: Mapping): readonly FoundMistake[] {
  const key = 'true-values' in rules ? 'true-values' : 'false-values';
  const all: Mapping = { ...inherited, ...rules };
  const both = listOf(all['true-values']).filter((text) => listOf(all['false-values']).includes(text));
  if (!(key in rules) || both.length === 0) return [];
  const text = `${both.map(showValue).join(', ')} cannot mean true and false.`;
  return [{ path: [...path, key], at: 'value', text }];
}

const DIRECTIVES = ['%Y', '%y', '%m', '%-m', '%d', '%-d', '%H', '%-H', '%M', '%S', '%f', '%z'];
const NEEDED: readonly (readonly [string, RegExp])[] = [
  ['a year (%Y, %y)', /^%[Yy]$/u],
  ['a month (%m, %-m)', /^%-?m$/u],
  ['a day (%d, %-d)', /^%-?d$/u],
];

/** The gross mistakes; the engine, which reads the cells, knows the finer ones. */
function checkNotation(path: Path, notation: unknown): readonly FoundMistake[] {
  if (typeof notation !== 'string') return [];
  const found = [...notation.matchAll(/%-?.?/gsu)].map(([directive]) => directive);
  const unknown = found.find((directive) => directive !== '%%' && !DIRECTIVES.includes(directive));
  const missing = NEEDED.find(([, pattern]) => !found.some((directive) => pattern.test(directive)));
  if (unknown === undefined && missing === undefined) return [];
  const reason =
    unknown === undefined
      ? `${showValue(notation)} has no place for ${missing?.[0] ?? ''}.`
      : `${showValue(unknown)} is none of ${DIRECTIVES.join(', ')}.`;
  return [{ path, at: 'value', text: reason }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mappingOf(value: unknown): Mapping {
  return isSchemaNode(value) ? value : {};
}
