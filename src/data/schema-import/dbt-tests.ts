/** The tests of dbt itself and of dbt_utils, one by one: what each is here. */
import { at, listOf, numberAt, optional, type Place } from '../../evidence/foreign/places.ts';
import {
  add,
  carry,
  carryQuery,
  complement,
  leave,
  numberKeyword,
  set,
  setBounds,
  textKeyword,
  valuesKeyword,
  type Outcome,
  type Put,
} from './carry.ts';

export interface Test {
  readonly place: Place;
  /** With its package: `dbt_utils.accepted_range`. */
  readonly name: string;
  readonly arguments: Place;
  readonly column: string;
}

interface TestMeaning {
  readonly ours: string;
  readonly instead?: string;
  readonly read?: (test: Test) => readonly Outcome[];
}

function number({ arguments: given }: Test, key: string): number | undefined {
  return numberAt(at(given, key));
}

function columnsOf({ arguments: given }: Test, key: string): readonly string[] {
  return (optional(at(given, key), listOf) ?? []).map(({ value }) => String(value));
}

function readAccepted({ place, arguments: given, column }: Test, negated: boolean): readonly Outcome[] {
  const values = listOf(at(given, 'values')).map(({ value }) => value);
  const value = negated ? { enum: values } : values;
  return [
    carry(place, [
      { kind: 'exists', column },
      ...valuesKeyword(column, negated ? 'not' : 'enum', value, values),
    ]),
  ];
}

/** `ref('customers')`, `source('raw', 'customers')`: the last name is the table's. */
function tableOf(reference: unknown): string | undefined {
  const names = [...String(reference).matchAll(/['"]([^'"]+)['"]/gu)].map(([, name]) => name);
  return names.at(-1);
}

function readRelationship({ place, arguments: given, column }: Test): readonly Outcome[] {
  const dataset = tableOf(at(given, 'to').value);
  const { value: field } = at(given, 'field');
  if (dataset === undefined || typeof field !== 'string') {
    return [
      leave(
        place,
        'relationships',
        'its table is no `ref` or `source`',
        'Set `dataset.foreign-keys` by hand.',
      ),
    ];
  }
  return [
    carry(place, [add('foreign-keys', { columns: [column], references: { dataset, columns: [field] } })], {
      note: `mlgate.yml must have a dataset \`${dataset}\`; a \`path\` in place of \`dataset\` names its file.`,
    }),
  ];
}

function readAcceptedRange(test: Test): readonly Outcome[] {
  const isInclusive = at(test.arguments, 'inclusive').value !== false;
  const puts = (['min', 'max'] as const).flatMap((side): readonly Put[] => {
    const bound = number(test, `${side}_value`);
    const word = `${side === 'min' ? 'Min' : 'Max'}imum`;
    return bound === undefined
      ? []
      : numberKeyword(test.column, isInclusive ? word.toLowerCase() : `exclusive${word}`, bound);
  });
  return puts.length === 0
    ? [leave(test.place, test.name, 'its bounds are expressions of SQL', 'Write it as `dataset.sql`.')]
    : [carry(test.place, [{ kind: 'exists', column: test.column }, ...puts])];
}

function readExpression({ place, arguments: given, column }: Test): readonly Outcome[] {
  const { value: expression } = at(given, 'expression');
  if (typeof expression !== 'string')
    return [leave(place, 'expression_is_true', 'it has no expression', 'Give it one.')];
  const quoted = column === '' ? '' : `"${column.replaceAll('"', '""')}" `;
  const name = `${column}${column === '' ? '' : ' '}${expression}`.replaceAll(/\s+/gu, ' ');
  return [carryQuery(place, name, `SELECT * FROM data WHERE NOT (${quoted}${expression})`)];
}

/** Units of dbt's periods, as durations have them. */
export const UNITS: Readonly<Record<string, string>> = {
  second: 's',
  minute: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
};

function readRecency(test: Test): readonly Outcome[] {
  const unit = UNITS[String(at(test.arguments, 'datepart').value)];
  const { value: field } = at(test.arguments, 'field');
  const interval = number(test, 'interval');
  return unit === undefined || interval === undefined || typeof field !== 'string'
    ? [
        leave(
          test.place,
          test.name,
          'its field or its interval is none that is known here',
          'Set `dataset.freshness`.',
        ),
      ]
    : [carry(test.place, [set(['freshness', field, 'at-most'], `${interval}${unit}`)])];
}

export const BY_SQL = 'Write it as `dataset.sql`: a SELECT of the rows that must not be there.';

/** The tests of dbt itself and of dbt_utils. Those of dbt_expectations have the names of Great Expectations. */
export const DBT_TESTS: Readonly<Record<string, TestMeaning>> = {
  not_null: {
    ours: '`required`',
    read: ({ place, column }) => [carry(place, [{ kind: 'required', column }])],
  },
  unique: {
    ours: '`dataset.unique`',
    read: ({ place, column }) => [
      carry(place, [{ kind: 'exists', column }, add('unique', { columns: [column] })]),
    ],
  },
  accepted_values: { ours: '`enum`', read: (test) => readAccepted(test, false) },
  relationships: { ours: '`dataset.foreign-keys`', read: readRelationship },
  'dbt_utils.unique_combination_of_columns': {
    ours: '`dataset.unique`',
    read: (test) => [
      carry(test.place, [add('unique', { columns: columnsOf(test, 'combination_of_columns') })]),
    ],
  },
  'dbt_utils.accepted_range': {
    ours: '`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`',
    read: readAcceptedRange,
  },
  'dbt_utils.not_accepted_values': { ours: '`not` with `enum`', read: (test) => readAccepted(test, true) },
  'dbt_utils.not_null_proportion': {
    ours: '`dataset.null-fraction`',
    read: (test) => {
      const [least, most] = [number(test, 'at_least'), number(test, 'at_most')];
      const turned = [most, least].map((share) => (share === undefined ? undefined : complement(share)));
      return [carry(test.place, setBounds(['null-fraction', test.column], turned[0], turned[1]))];
    },
  },
  'dbt_utils.not_empty_string': {
    ours: '`minLength`, `pattern`',
    read: ({ place, arguments: given, column }) => [
      carry(
        place,
        at(given, 'trim_whitespace').value === false
          ? textKeyword(column, 'minLength', 1)
          : textKeyword(column, 'pattern', String.raw`\S`),
        { note: 'An empty cell of CSV is an absent one here: `required` refuses it.' },
      ),
    ],
  },
  'dbt_utils.not_constant': {
    ours: '`dataset.statistics` with `distinct`',
    read: ({ place, column }) => [carry(place, [set(['statistics', column, 'distinct', 'at-least'], 2)])],
  },
  'dbt_utils.at_least_one': {
    ours: '`dataset.statistics` with `distinct`',
    read: ({ place, column }) => [carry(place, [set(['statistics', column, 'distinct', 'at-least'], 1)])],
  },
  'dbt_utils.expression_is_true': { ours: '`dataset.sql`', read: readExpression },
  'dbt_utils.recency': { ours: '`dataset.freshness`', read: readRecency },
  'dbt_utils.equal_rowcount': {
    ours: '`dataset.compare` with `statistic: rows`',
    instead: 'Set `dataset.compare` with `max-difference: 0`.',
  },
  'dbt_utils.fewer_rows_than': {
    ours: '`dataset.compare` with `statistic: rows`',
    instead: "Set `dataset.compare` with `at-most: '100%'`.",
  },
  'dbt_utils.cardinality_equality': {
    ours: '`dataset.compare` with `statistic: distinct`',
    instead: 'Set `dataset.compare`.',
  },
  'dbt_utils.relationships_where': { ours: '`dataset.sql`', instead: BY_SQL },
  'dbt_utils.mutually_exclusive_ranges': { ours: '`dataset.sql`', instead: BY_SQL },
  'dbt_utils.sequential_values': {
    ours: '`dataset.order`; that none is missing: `dataset.sql`',
    instead: BY_SQL,
  },
  'dbt_utils.equality': { ours: '`mlgate diff`', instead: 'Compare the two with `mlgate diff`.' },
};
