/**
 * Rules between keys of the `dataset` block of a data schema: what contradicts itself, what would never fail, and what
 * could not be told apart in a report.
 */
import { parseCondition, type RowCondition } from '../evidence/row-condition.ts';
import { showPlace } from '../evidence/show-mistake.ts';
import { checkOrder } from './check-config.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { isSchemaNode } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** A place of the block that names a column. */
export interface Mention {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly column: string;
}

/** @param columns the schema's `properties` */
export function checkDatasetBlock(dataset: Mapping, columns: Mapping): readonly FoundMistake[] {
  const path = ['dataset'];
  return [
    ...checkOrder([...path, 'rows'], mappingOf(dataset['rows'])),
    ...checkScoped(path, dataset, columns),
    ...checkMasses(dataset, columns),
    ...listItems(dataset, path, 'order').flatMap(([where, rule]) => checkOrdered(where, rule, columns)),
    ...listItems(dataset, path, 'foreign-keys').flatMap(([where, rule]) => checkForeignKey(where, rule)),
    ...listItems(dataset, path, 'compare').flatMap(([where, rule]) => checkCompare(where, rule)),
    ...listItems(dataset, path, 'rules').flatMap(([where, rule]) => [
      ...checkWhen(where, rule['when']),
      ...checkScoped([...where, 'then'], mappingOf(rule['then']), columns, true),
    ]),
    ...listItems(dataset, path, 'slices').flatMap(([where, rule]) =>
      checkScoped([...where, 'each'], mappingOf(rule['each']), columns, true),
    ),
    ...listItems(dataset, path, 'sql').flatMap(([where, rule]) => checkQueryTables(where, rule)),
    ...listItems(dataset, path, 'skip').flatMap(([where, rule]) => checkDay(where, rule['until'])),
    ...LISTS.flatMap(([key, nameOf]) => checkTwins(listItems(dataset, path, key), nameOf)),
    ...checkEnvironments(dataset, columns),
  ];
}

/** What may be asked of a part of the rows, and of all. */
function checkScoped(path: Path, rules: Mapping, columns: Mapping, isPart = false): readonly FoundMistake[] {
  const statistics = Object.entries(mappingOf(rules['statistics']));
  return [
    ...(isPart ? checkOrder([...path, 'rows'], mappingOf(rules['rows'])) : []),
    ...Object.entries(mappingOf(rules['null-fraction'])).flatMap(([column, bounds]) =>
      checkOrder([...path, 'null-fraction', column], mappingOf(bounds)),
    ),
    ...statistics.flatMap(([column, asked]) =>
      checkStatistics([...path, 'statistics', column], mappingOf(asked), typesOf(columns, column)),
    ),
    ...Object.keys(mappingOf(rules['freshness'])).flatMap((column) =>
      refuseTypes([...path, 'freshness', column], typesOf(columns, column), ['string'], 'dates and times'),
    ),
    ...listItems(rules, path, 'sums').flatMap(([where, rule]) =>
      strings(rule['columns']).flatMap((column, index) =>
        refuseTypes([...where, 'columns', String(index)], typesOf(columns, column), NUMBERS, 'numbers'),
      ),
    ),
    ...SCOPED_LISTS.flatMap(([key, nameOf]) => checkTwins(listItems(rules, path, key), nameOf)),
  ];
}

const NUMBERS = ['number', 'integer'];

/** Statistics that are of values of every kind. */
const OF_ANY_VALUE = ['distinct', 'distinct-share'];

function checkStatistics(path: Path, asked: Mapping, types: readonly string[]): readonly FoundMistake[] {
  const quantiles = Object.entries(mappingOf(asked['quantiles']));
  const [numeric] = Object.keys(asked).filter((key) => !OF_ANY_VALUE.includes(key));
  return [
    ...Object.entries(asked).flatMap(([key, bounds]) =>
      key === 'quantiles' ? [] : checkOrder([...path, key], mappingOf(bounds)),
    ),
    ...quantiles.flatMap(([key, bounds]) => checkOrder([...path, 'quantiles', key], mappingOf(bounds))),
    ...(numeric === undefined ? [] : refuseTypes([...path, numeric], types, NUMBERS, 'numbers')),
  ];
}

/** A column whose declared types leave nothing to look at. */
function refuseTypes(
  path: Path,
  types: readonly string[],
  fitting: readonly string[],
  what: string,
): readonly FoundMistake[] {
  if (types.length === 0 || types.some((type) => fitting.includes(type))) return [];
  const text = `is about ${what}, and the column's type is ${types.map(showValue).join(' or ')}, so there would be nothing to look at.`;
  return [{ path, at: 'key', text }];
}

function checkMasses(dataset: Mapping, columns: Mapping): readonly FoundMistake[] {
  return Object.keys(mappingOf(dataset['min-domain-mass']))
    .filter((column) => {
      const described = mappingOf(columns[column]);
      return column in columns && !('enum' in described) && !('const' in described) && !('$ref' in described);
    })
    .map((column) => ({
      path: ['dataset', 'min-domain-mass', column],
      at: 'key',
      text: `the column ${showValue(column)} has no \`enum\` or \`const\`, so it has no outsiders. For its other keywords there is \`mostly\`.`,
    }));
}

function checkOrdered(path: Path, rule: Mapping, columns: Mapping): readonly FoundMistake[] {
  const column = rule['column'];
  if (typeof column !== 'string' || Object.hasOwn(columns, column)) return [];
  const text = `say in \`properties\` what the column ${showValue(column)} holds: numbers, dates and texts have different orders.`;
  return [{ path: [...path, 'column'], at: 'value', text }];
}

function checkReference(path: Path, value: unknown): readonly FoundMistake[] {
  const reference = mappingOf(value);
  const given = ['dataset', 'path'].filter((key) => key in reference);
  if (given.length === 1 || !isSchemaNode(value)) return [];
  return [
    { path, at: 'key', text: 'needs one of `dataset` (of mlgate.yml) and `path` (a file), and not both.' },
  ];
}

function checkForeignKey(path: Path, rule: Mapping): readonly FoundMistake[] {
  const here = strings(rule['columns']);
  const there = mappingOf(rule['references'])['columns'];
  const where = [...path, 'references'];
  return [
    ...checkReference(where, rule['references']),
    ...(Array.isArray(there) && there.length !== here.length
      ? [
          {
            path: [...where, 'columns'],
            at: 'value' as const,
            text: `has ${there.length} for the ${here.length} of \`columns\`; they belong together in pairs.`,
          },
        ]
      : []),
  ];
}

function checkCompare(path: Path, rule: Mapping): readonly FoundMistake[] {
  const isRows = rule['statistic'] === 'rows';
  const isBounded = ['at-least', 'at-most', 'max-difference'].some((key) => key in rule);
  return [
    ...checkReference([...path, 'with'], rule['with']),
    ...(isRows && 'column' in rule
      ? [{ path: [...path, 'column'], at: 'key' as const, text: 'says nothing about the number of rows.' }]
      : []),
    ...(!isRows && 'statistic' in rule && !('column' in rule)
      ? [{ path: [...path, 'statistic'], at: 'value' as const, text: 'is of a column: name it in `column`.' }]
      : []),
    ...(isBounded
      ? []
      : [{ path, at: 'key' as const, text: 'needs a bound: `at-least`, `at-most` or `max-difference`.' }]),
  ];
}

function checkWhen(path: Path, when: unknown): readonly FoundMistake[] {
  if (typeof when !== 'string' || when === '') return [];
  const parsed = parseCondition(when);
  return parsed.ok ? [] : [{ path: [...path, 'when'], at: 'value', text: showPlace(when, parsed.mistake) }];
}

function checkQueryTables(path: Path, rule: Mapping): readonly FoundMistake[] {
  return Object.entries(mappingOf(rule['tables'])).flatMap(([name, reference]): readonly FoundMistake[] => [
    ...checkReference([...path, 'tables', name], reference),
    ...(name === 'data'
      ? [{ path: [...path, 'tables', name], at: 'key' as const, text: 'is what the table itself is called.' }]
      : []),
  ]);
}

function checkDay(path: Path, until: unknown): readonly FoundMistake[] {
  if (typeof until !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(until)) return [];
  const day = new Date(`${until}T00:00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
  return exists
    ? []
    : [{ path: [...path, 'until'], at: 'value', text: `${showValue(until)} is no day of the calendar.` }];
}

type NameOf = (rule: Mapping) => unknown;

const SCOPED_LISTS: readonly (readonly [key: string, nameOf: NameOf])[] = [
  ['sums', ({ columns, equals, over }) => [columns, equals, over ?? 'row']],
  ['functional-dependencies', ({ columns, determine }) => [columns, determine]],
];

/** Lists of rules, with what makes the ids of their checks. */
const LISTS: readonly (readonly [key: string, nameOf: NameOf])[] = [
  ['order', ({ column, by }) => [column, by]],
  [
    'foreign-keys',
    ({ columns, references }) => [columns, mappingOf(references)['dataset'] ?? mappingOf(references)['path']],
  ],
  ['rules', ({ name }) => name],
  ['slices', ({ by }) => by],
  ['compare', ({ name }) => name],
  ['sql', ({ name }) => name],
];

/** Rules whose checks would have one id: one would hide the other. */
function checkTwins(items: readonly Item[], nameOf: NameOf): readonly FoundMistake[] {
  const seen = new Set<string>();
  return items.flatMap(([path, rule]): readonly FoundMistake[] => {
    const name = JSON.stringify(nameOf(rule)) ?? '';
    const isTwin = seen.has(name);
    seen.add(name);
    return isTwin
      ? [
          {
            path,
            at: 'key',
            text: 'is about the same as one before it: put them into one, or give it another name.',
          },
        ]
      : [];
  });
}

function checkEnvironments(dataset: Mapping, columns: Mapping): readonly FoundMistake[] {
  return Object.entries(mappingOf(dataset['environments'])).flatMap(([name, environment]) =>
    strings(mappingOf(environment)['absent']).flatMap((column, index): readonly FoundMistake[] =>
      Object.hasOwn(columns, column)
        ? []
        : [
            {
              path: ['dataset', 'environments', name, 'absent', String(index)],
              at: 'value',
              text: `the column ${showValue(column)} is not listed in \`properties\`.`,
            },
          ],
    ),
  );
}

/** Every place of the block that names a column of the table itself. */
export function listDatasetMentions(dataset: Mapping): readonly Mention[] {
  const path = ['dataset'];
  return [
    ...listScopedMentions(path, dataset),
    ...['min-domain-mass', 'mostly'].flatMap((key) => keysOf([...path, key], dataset[key])),
    ...listItems(dataset, path, 'order').flatMap(([where, rule]) => [
      ...namesIn([...where], [rule['column']], 'column'),
      ...namesIn([...where, 'by'], rule['by']),
    ]),
    ...listItems(dataset, path, 'foreign-keys').flatMap(([where, rule]) =>
      namesIn([...where, 'columns'], rule['columns']),
    ),
    ...listItems(dataset, path, 'compare').flatMap(([where, rule]) =>
      namesIn(where, [rule['column']], 'column'),
    ),
    ...listItems(dataset, path, 'rules').flatMap(([where, rule]) => [
      ...listWhenMentions([...where, 'when'], rule['when']),
      ...listScopedMentions([...where, 'then'], mappingOf(rule['then'])),
    ]),
    ...listItems(dataset, path, 'slices').flatMap(([where, rule]) => [
      ...namesIn([...where, 'by'], rule['by']),
      ...listScopedMentions([...where, 'each'], mappingOf(rule['each'])),
    ]),
  ];
}

function listScopedMentions(path: Path, rules: Mapping): readonly Mention[] {
  const { unique } = rules;
  return [
    ...(Array.isArray(unique)
      ? unique.flatMap((key: unknown, index) => {
          const where = [...path, 'unique', String(index)];
          return isSchemaNode(key) ? namesIn([...where, 'columns'], key['columns']) : namesIn(where, key);
        })
      : []),
    ...['null-fraction', 'statistics', 'freshness'].flatMap((key) => keysOf([...path, key], rules[key])),
    ...listItems(rules, path, 'sums').flatMap(([where, rule]) => [
      ...namesIn([...where, 'columns'], rule['columns']),
      ...namesIn(where, [rule['equals']], 'equals'),
    ]),
    ...listItems(rules, path, 'functional-dependencies').flatMap(([where, rule]) =>
      ['columns', 'determine'].flatMap((key) => namesIn([...where, key], rule[key])),
    ),
  ];
}

function listWhenMentions(path: Path, when: unknown): readonly Mention[] {
  const parsed = typeof when === 'string' ? parseCondition(when) : undefined;
  return parsed?.ok === true ? columnsIn(parsed.tree).map((column) => ({ path, at: 'value', column })) : [];
}

function columnsIn(condition: RowCondition): readonly string[] {
  if (condition.kind === 'column') return [condition.column];
  return condition.kind === 'not' ? columnsIn(condition.part) : condition.parts.flatMap(columnsIn);
}

function keysOf(path: Path, value: unknown): readonly Mention[] {
  return Object.keys(mappingOf(value)).map((column) => ({ path: [...path, column], at: 'key', column }));
}

/** @param key where the one name stands, if it is not a list */
function namesIn(path: Path, names: unknown, key?: string): readonly Mention[] {
  if (!Array.isArray(names)) return [];
  return names.flatMap((column: unknown, index): readonly Mention[] =>
    typeof column === 'string' ? [{ path: [...path, key ?? String(index)], at: 'value', column }] : [],
  );
}

type Item = readonly [path: Path, rule: Mapping];

function listItems(rules: Mapping, path: Path, key: string): readonly Item[] {
  const list = rules[key];
  if (!Array.isArray(list)) return [];
  return list.map((rule: unknown, index): Item => [[...path, key, String(index)], mappingOf(rule)]);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The types that a column declares itself; none where it says nothing, or leaves it to another schema. */
function typesOf(columns: Mapping, column: string): readonly string[] {
  const { type } = mappingOf(Object.hasOwn(columns, column) ? columns[column] : undefined);
  return typeof type === 'string' ? [type] : strings(type);
}

function mappingOf(value: unknown): Mapping {
  return isSchemaNode(value) ? value : {};
}
