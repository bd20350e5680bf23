/** `schema.yml` of dbt: what the tests of models, sources, seeds and snapshots ask. */
import {
  at,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';
import {
  add,
  carry,
  keyword,
  leave,
  set,
  type ForeignTable,
  type Outcome,
  type Put,
  type SchemaImporter,
} from './carry.ts';
import { findColumnType, putType } from './column-types.ts';
import { BY_SQL, DBT_TESTS, UNITS, type Test } from './dbt-tests.ts';
import { readExpectation } from './expectations.ts';

export const DBT: SchemaImporter = {
  format: 'dbt',
  title:
    'dbt schema.yml: tests of models, sources, seeds and snapshots, also those of dbt_utils and dbt_expectations',
  tested: 'fixture',
  versions:
    'dbt-core 1.10.15 with dbt-duckdb 1.10.0; dbt_utils and dbt_expectations after their documentation',
  source: 'https://docs.getdbt.com/reference/resource-properties/data-tests',
  recognise: (document) => {
    const root = document.parsed();
    return KINDS.some((kind) => {
      const first = at(root, kind, 0);
      return isMapping(first) && typeof at(first, 'name').value === 'string';
    });
  },
  read: (document) => readProject(document.parsed()),
};

const KINDS = ['models', 'sources', 'seeds', 'snapshots'];

function readProject(root: Place): readonly ForeignTable[] {
  return KINDS.flatMap((kind) =>
    (optional(at(root, kind), listOf) ?? []).flatMap((node) =>
      kind === 'sources'
        ? (optional(at(node, 'tables'), listOf) ?? []).map((table) => readNode(table, node))
        : [readNode(node, undefined)],
    ),
  );
}

function readNode(node: Place, source: Place | undefined): ForeignTable {
  const { value: description } = at(node, 'description');
  const columns = optional(at(node, 'columns'), listOf) ?? [];
  return {
    name: textOf(at(node, 'name')),
    description: typeof description === 'string' ? description : undefined,
    outcomes: [
      ...columns.flatMap(readColumn),
      ...testsOf(node).flatMap((test) => readTest(test, '')),
      ...readFreshness(node, source),
      ...(optional(at(node, 'constraints'), listOf) ?? []).flatMap((constraint) =>
        readConstraint(constraint, ''),
      ),
    ],
  };
}

function readColumn(place: Place): readonly Outcome[] {
  const column = textOf(at(place, 'name'));
  const { value: description } = at(place, 'description');
  const dataType = at(place, 'data_type');
  const type = isAbsent(dataType) ? undefined : findColumnType(String(dataType.value));
  return [
    carry(at(place, 'name'), [
      { kind: 'listed', column },
      ...(typeof description === 'string' && description !== ''
        ? [keyword(column, 'description', description)]
        : []),
    ]),
    ...(isAbsent(dataType)
      ? []
      : [
          type === undefined
            ? leave(
                dataType,
                `data_type ${String(dataType.value)}`,
                'it is a type of the warehouse that is not known here',
                'Set `type`.',
              )
            : carry(dataType, putType(column, type)),
        ]),
    ...(optional(at(place, 'constraints'), listOf) ?? []).flatMap((constraint) =>
      readConstraint(constraint, column),
    ),
    ...testsOf(place).flatMap((test) => readTest(test, column)),
  ];
}

/** `data_tests`, or `tests` as it was called before dbt 1.8. */
function testsOf(place: Place): readonly Place[] {
  return ['data_tests', 'tests'].flatMap((key) => optional(at(place, key), listOf) ?? []);
}

function readTest(place: Place, column: string): readonly Outcome[] {
  if (typeof place.value === 'string') {
    return readMeaning({ place, name: place.value, arguments: placeOf({}, place.file), column });
  }
  const [entry] = isMapping(place) ? entriesOf(place) : [];
  if (entry === undefined)
    return [leave(place, 'test', 'it is neither a name nor a mapping', 'Repair the file.')];
  const [key, inner] = entry;
  const explicit = at(place, 'test_name').value;
  const holder = typeof explicit === 'string' ? place : inner;
  const nested = at(holder, 'arguments');
  const test = {
    place: typeof explicit === 'string' ? place : inner,
    name: typeof explicit === 'string' ? explicit : key,
    arguments: isMapping(nested) ? nested : holder,
    column,
  };
  return applyConfig(test, holder, readMeaning(test));
}

function setting(holder: Place, key: string): Place {
  const own = at(holder, key);
  return isAbsent(own) ? at(holder, 'config', key) : own;
}

/** What the test's `config` says of rows, failures and severity. */
function applyConfig({ place, name }: Test, holder: Place, outcomes: readonly Outcome[]): readonly Outcome[] {
  if (setting(holder, 'enabled').value === false) {
    return [leave(place, name, 'it is not enabled', 'Leave it out.')];
  }
  if (!isAbsent(setting(holder, 'where'))) {
    return [
      leave(
        place,
        name,
        'it looks at some rows only, chosen by an expression of the warehouse',
        'Write it as `dataset.rules` with `when` and `then`.',
      ),
    ];
  }
  const isWarning = String(setting(holder, 'severity').value).toLowerCase() === 'warn';
  const bounds = ['error_if', 'warn_if']
    .map((key) => setting(holder, key))
    .filter((bound) => !isAbsent(bound));
  return [
    ...outcomes.map((outcome): Outcome =>
      isWarning && outcome.kind === 'carried' ? { ...outcome, severity: 'warn' } : outcome,
    ),
    ...bounds.map((bound) =>
      leave(
        bound,
        `failures ${String(bound.value)}`,
        'a rule holds for all rows here; it was carried over, and tolerates none',
        'Set `dataset.mostly`, if a share of the values may break it.',
      ),
    ),
  ];
}

const DBT_EXPECTATIONS = /^(?:dbt_expectations|dbt_great_expectations)\./u;

function readMeaning(test: Test): readonly Outcome[] {
  const { place, name, column } = test;
  if (DBT_EXPECTATIONS.test(name)) {
    if (!isAbsent(at(test.arguments, 'row_condition'))) {
      return [
        leave(
          place,
          name,
          'it looks at some rows only',
          'Write it as `dataset.rules` with `when` and `then`.',
        ),
      ];
    }
    return readExpectation({
      place,
      name: name.replace(DBT_EXPECTATIONS, ''),
      kwargs: test.arguments,
      column,
    });
  }
  const meaning = Object.hasOwn(DBT_TESTS, name) ? DBT_TESTS[name] : undefined;
  if (meaning?.read !== undefined) return meaning.read(test);
  return [
    leave(
      place,
      name,
      meaning === undefined ? 'it is a query of the project' : 'nothing here says the same',
      meaning?.instead ?? 'Write it as `dataset.sql`: a SELECT of the rows that must not be there.',
    ),
  ];
}

function readConstraint(constraint: Place, column: string): readonly Outcome[] {
  const { value } = at(constraint, 'type');
  const named = (optional(at(constraint, 'columns'), listOf) ?? []).map((place) => String(place.value));
  const columns = column === '' ? named : [column];
  if (value === 'not_null') return columns.map((column) => carry(constraint, [{ kind: 'required', column }]));
  if (value === 'unique' || value === 'primary_key') {
    const required =
      value === 'primary_key' ? columns.map((column): Put => ({ kind: 'required', column })) : [];
    return [carry(constraint, [add('unique', { columns }), ...required])];
  }
  return [leave(constraint, `constraint ${String(value)}`, 'it is SQL of the warehouse', BY_SQL)];
}

/** `freshness` of a source, with the column that says when a row came. */
function readFreshness(node: Place, source: Place | undefined): readonly Outcome[] {
  const pick = (key: string): Place =>
    [
      at(node, key),
      at(node, 'config', key),
      ...(source === undefined ? [] : [at(source, key), at(source, 'config', key)]),
    ].find((place) => !isAbsent(place)) ?? at(node, key);
  const freshness = pick('freshness');
  const field = pick('loaded_at_field').value;
  if (isAbsent(freshness)) return [];
  const [level, place] = (['error_after', 'warn_after'] as const)
    .map((key) => [key, at(freshness, key)] as const)
    .find(([, place]) => !isAbsent(place)) ?? ['error_after', freshness];
  const unit = UNITS[String(at(place, 'period').value)];
  const count = numberAt(at(place, 'count'));
  if (unit === undefined || count === undefined || typeof field !== 'string' || !/^\w+$/u.test(field)) {
    return [
      leave(
        freshness,
        'freshness',
        'its column is an expression, or it has no period',
        'Set `dataset.freshness`.',
      ),
    ];
  }
  return [
    carry(
      place,
      [set(['freshness', field, 'at-most'], `${count}${unit}`)],
      level === 'warn_after' ? { severity: 'warn' } : {},
    ),
    ...(level === 'error_after' && !isAbsent(at(freshness, 'warn_after'))
      ? [
          leave(
            at(freshness, 'warn_after'),
            'warn_after',
            'a column has one bound here: that of error_after',
            'Leave it out.',
          ),
        ]
      : []),
  ];
}
