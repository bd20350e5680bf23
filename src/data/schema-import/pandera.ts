/** Schemas of pandera, as `to_yaml` and `to_json` write them. */
import {
  at,
  entriesOf,
  isAbsent,
  listOf,
  optional,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';
import {
  add,
  carry,
  keyword,
  leave,
  leaveOthers,
  type ForeignTable,
  type Outcome,
  type SchemaImporter,
} from './carry.ts';
import { findColumnType, putType, TIME_NOTE } from './column-types.ts';
import { CHECKS, type Check } from './pandera-checks.ts';

export const PANDERA: SchemaImporter = {
  format: 'pandera',
  title: 'pandera schemas of data frames (to_yaml, to_json)',
  tested: 'fixture',
  versions: 'pandera 0.35.0 and 0.20.4',
  source: 'https://pandera.readthedocs.io/en/stable/schema_inference.html#write-to-a-yaml-file',
  recognise: (document) => at(document.parsed(), 'schema_type').value === 'dataframe',
  read: (document) => [readSchema(document.parsed())],
};

/** What the schema as a whole says; the rest of its keys say how pandera itself goes about it. */
const SCHEMA_KEYS = [
  'schema_type',
  'version',
  'api',
  'columns',
  'checks',
  'index',
  'strict',
  'ordered',
  'unique',
  'name',
  'title',
  'description',
  'dtype',
  'coerce',
  'report_duplicates',
  'unique_column_names',
  'add_missing_columns',
  'drop_invalid_rows',
  'metadata',
  'multiindex',
];

function readSchema(schema: Place): ForeignTable {
  const [name, title, description] = (['name', 'title', 'description'] as const).map((key) => {
    const { value } = at(schema, key);
    return typeof value === 'string' ? value : undefined;
  });
  return {
    name: name ?? 'table',
    title,
    description,
    outcomes: [
      ...listColumns(schema).flatMap(([column, place]) => readColumn(column, place)),
      ...readWhole(schema),
      ...leaveOthers(schema, SCHEMA_KEYS),
    ],
  };
}

/** A mapping, or a list where a name is no text. */
function listColumns(schema: Place): readonly (readonly [string, Place])[] {
  const columns = at(schema, 'columns');
  if (isAbsent(columns)) return [];
  return Array.isArray(columns.value)
    ? listOf(columns).map((place) => [String(at(place, 'name').value), place])
    : entriesOf(columns);
}

function readWhole(schema: Place): readonly Outcome[] {
  const unique = at(schema, 'unique');
  const keys = isAbsent(unique)
    ? []
    : Array.isArray(unique.value)
      ? listOf(unique).map(textOf)
      : [textOf(unique)];
  return [
    ...(at(schema, 'strict').value === true ? [carry(at(schema, 'strict'), [{ kind: 'closed' }])] : []),
    ...(keys.length === 0 ? [] : [carry(unique, [add('unique', { columns: keys })])]),
    ...(at(schema, 'ordered').value === true
      ? [leave(at(schema, 'ordered'), 'ordered', 'columns are found by their names here', 'Leave it out.')]
      : []),
    ...(isAbsent(at(schema, 'dtype'))
      ? []
      : [
          leave(
            at(schema, 'dtype'),
            'dtype of all columns',
            'each column has its own type',
            'Set `type` of each.',
          ),
        ]),
    ...(optional(at(schema, 'index'), listOf) ?? []).map((index) =>
      leave(index, 'index', 'files have no index', 'Describe it as a column, if the file has it.'),
    ),
    ...readFrameChecks(at(schema, 'checks')),
  ];
}

function readFrameChecks(checks: Place): readonly Outcome[] {
  if (isAbsent(checks)) return [];
  const places = Array.isArray(checks.value) ? listOf(checks) : entriesOf(checks).map(([, place]) => place);
  return places.map((place) =>
    leave(
      place,
      'check of the whole frame',
      'it is Python over all columns',
      'Give each column its own rule, or write it as `dataset.sql`.',
    ),
  );
}

/** What a column says besides its checks. */
const COMPONENT_KEYS = [
  'title',
  'description',
  'dtype',
  'nullable',
  'checks',
  'name',
  'unique',
  'coerce',
  'required',
  'regex',
  'default',
  'report_duplicates',
  'drop_invalid_rows',
  'metadata',
];

function readColumn(column: string, place: Place): readonly Outcome[] {
  if (at(place, 'regex').value === true) {
    return [
      leave(
        place,
        'columns whose names match a pattern',
        'Python and pandera decide which columns those are',
        'List the columns, or use `patternProperties` of JSON Schema.',
      ),
    ];
  }
  const described = (['title', 'description'] as const).flatMap((key) => {
    const { value } = at(place, key);
    return typeof value === 'string' ? [keyword(column, key, value)] : [];
  });
  return [
    carry(place, [{ kind: 'listed', column }, ...described]),
    ...readPresence(column, place),
    ...readType(column, at(place, 'dtype')),
    ...(at(place, 'unique').value === true
      ? [carry(at(place, 'unique'), [add('unique', { columns: [column] })])]
      : []),
    ...listChecks(place).flatMap((check) => readCheck(column, check)),
    ...(isAbsent(at(place, 'default'))
      ? []
      : [leave(at(place, 'default'), 'default', 'data are checked, not changed', 'Leave it out.')]),
  ];
}

/** Columns are required and their cells present, unless they say otherwise. */
function readPresence(column: string, place: Place): readonly Outcome[] {
  const isNullable = at(place, 'nullable').value === true;
  const isRequired = at(place, 'required').value !== false;
  const from = isAbsent(at(place, 'nullable')) ? place : at(place, 'nullable');
  if (isRequired) return [carry(from, [{ kind: isNullable ? 'exists' : 'required', column }])];
  return isNullable
    ? []
    : [
        leave(
          at(place, 'required'),
          'no absent cell in a column that may be missing',
          'a column whose cells must all be there is one that must be there',
          'List the column in `required`, or name the environments where it is absent in `dataset.environments`.',
        ),
      ];
}

function readType(column: string, dtype: Place): readonly Outcome[] {
  if (isAbsent(dtype)) return [];
  const type = findColumnType(String(dtype.value));
  return [
    type === undefined
      ? leave(
          dtype,
          `dtype ${String(dtype.value)}`,
          'it says nothing of single values',
          'Set `type` or `enum`.',
        )
      : carry(dtype, putType(column, type), type.format === 'date-time' ? { note: TIME_NOTE } : {}),
  ];
}

/** Options of a check that say nothing of the data. */
const OPTIONS = [
  'check_name',
  'ignore_na',
  'raise_warning',
  'n_failure_cases',
  'error',
  'name',
  'title',
  'description',
];

/** Flat (`isin: [...]` beside `dtype`, from 0.27), as a mapping (`checks: {isin: ...}`), or as a list with `options`. */
function listChecks(place: Place): readonly Check[] {
  const checks = at(place, 'checks');
  const flat = entriesOf(place)
    .filter(([key]) => !COMPONENT_KEYS.includes(key))
    .map(([name, value]) => ({ place: value, name, value }));
  if (isAbsent(checks)) return flat;
  const listed = Array.isArray(checks.value)
    ? listOf(checks).map((check) => {
        const { value } = at(check, 'options', 'check_name');
        return { place: check, name: typeof value === 'string' ? value : 'unnamed check', value: check };
      })
    : entriesOf(checks).map(([name, value]) => ({ place: value, name, value }));
  return [...flat, ...listed];
}

function option({ value }: Check, name: string): unknown {
  return at(value, 'options', name).value ?? at(value, name).value;
}

function readCheck(column: string, check: Check): readonly Outcome[] {
  if (option(check, 'groupby') !== undefined || option(check, 'groups') !== undefined) {
    return [
      leave(
        check.place,
        check.name,
        'it looks at groups of rows',
        'Write it as `dataset.slices` or `dataset.sql`.',
      ),
    ];
  }
  const meaning = Object.hasOwn(CHECKS, check.name) ? CHECKS[check.name] : undefined;
  if (meaning === undefined) {
    return [leave(check.place, check.name, 'it is a function of Python', 'Write it as `dataset.sql`.')];
  }
  const read = meaning.read(column, check);
  if ('why' in read) return [leave(check.place, check.name, read.why, read.instead)];
  const severity = option(check, 'raise_warning') === true ? ({ severity: 'warn' } as const) : {};
  const note = read.note === undefined ? {} : { note: read.note };
  return [
    carry(check.place, read.puts, { ...severity, ...note }),
    ...leaveOthers(check.value, [...(meaning.arguments ?? []), ...OPTIONS, 'options']),
  ];
}
