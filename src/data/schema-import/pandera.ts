/** Schemas of pandera, as `to_yaml` and `to_json` write them. */
import {
  at,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
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
  numberKeyword,
  textKeyword,
  valuesKeyword,
  type Carried,
  type ForeignTable,
  type Outcome,
  type Put,
  type SchemaImporter,
} from './carry.ts';
import { findColumnType, putType, TIME_NOTE } from './column-types.ts';
import { quotePattern, translatePythonPattern } from './python-pattern.ts';

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

/** One check: its name, its arguments by name, and what kind of failure it is. */
interface Check {
  readonly place: Place;
  readonly name: string;
  /** The arguments; where the file gives one value alone, that value. */
  readonly value: Place;
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

/** An argument by its name; a value that stands alone is that of the check's only argument. */
function argument({ value }: Check, name: string): Place {
  return isMapping(value) ? at(value, name) : value;
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

type Read =
  | { readonly puts: readonly Put[]; readonly note?: Carried['note'] }
  | { readonly why: string; readonly instead: string };

interface CheckMeaning {
  readonly ours: string;
  readonly arguments?: readonly string[];
  readonly read: (column: string, check: Check) => Read;
}

const DATES: Read = {
  why: 'its bound is a date or a text, and JSON Schema bounds numbers only',
  instead: 'Write it as `dataset.sql`: a SELECT of the rows beyond the bound.',
};

function bound(name: string, word: string): CheckMeaning {
  return {
    ours: `\`${word}\``,
    arguments: [name, 'value'],
    read: (column, check) => {
      const number = numberAt(argument(check, name)) ?? numberAt(argument(check, 'value'));
      return number === undefined ? DATES : { puts: numberKeyword(column, word, number) };
    },
  };
}

function readRange(column: string, check: Check): Read {
  const sides = (['min', 'max'] as const).map((side) => {
    const isIncluded = argument(check, `include_${side}`).value !== false;
    const word = side === 'min' ? 'Minimum' : 'Maximum';
    return [
      isIncluded ? word.toLowerCase() : `exclusive${word}`,
      numberAt(argument(check, `${side}_value`)),
    ] as const;
  });
  return sides.some(([, number]) => number === undefined)
    ? DATES
    : { puts: sides.flatMap(([word, number = 0]) => numberKeyword(column, word, number)) };
}

function values(
  name: string,
  argumentName: string,
  wrap: (list: readonly unknown[]) => unknown,
): CheckMeaning['read'] {
  return (column, check) => {
    const place = argument(check, argumentName);
    const list = Array.isArray(place.value) ? listOf(place).map(({ value }) => value) : [place.value];
    return list.some((value) => value === undefined || (typeof value === 'object' && value !== null))
      ? { why: 'it has no plain values', instead: 'List the values in `enum`.' }
      : { puts: valuesKeyword(column, name, wrap(list), list) };
  };
}

function pattern(anchoring: 'match' | 'search'): CheckMeaning {
  return {
    ours: '`pattern`',
    arguments: ['pattern'],
    read: (column, check) => {
      const read = translatePythonPattern(String(argument(check, 'pattern').value), anchoring);
      return 'why' in read
        ? { why: read.why, instead: 'Write a pattern of ECMA-262 by hand.' }
        : {
            puts: textKeyword(column, 'pattern', read.pattern),
            ...(read.note === undefined ? {} : { note: read.note }),
          };
    },
  };
}

function text(wrap: (quoted: string) => string): CheckMeaning {
  return {
    ours: '`pattern`',
    arguments: ['string'],
    read: (column, check) => ({
      puts: textKeyword(column, 'pattern', wrap(quotePattern(String(argument(check, 'string').value)))),
    }),
  };
}

/** The checks that pandera itself brings for columns of data frames. */
export const CHECKS: Readonly<Record<string, CheckMeaning>> = {
  equal_to: {
    ours: '`enum` of one value',
    arguments: ['value'],
    read: values('enum', 'value', (list) => list),
  },
  not_equal_to: {
    ours: '`not` with `enum`',
    arguments: ['value'],
    read: values('not', 'value', (list) => ({ enum: list })),
  },
  greater_than: bound('min_value', 'exclusiveMinimum'),
  greater_than_or_equal_to: bound('min_value', 'minimum'),
  less_than: bound('max_value', 'exclusiveMaximum'),
  less_than_or_equal_to: bound('max_value', 'maximum'),
  in_range: {
    ours: '`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`',
    arguments: ['min_value', 'max_value', 'include_min', 'include_max'],
    read: readRange,
  },
  isin: {
    ours: '`enum`',
    arguments: ['allowed_values', 'value'],
    read: values('enum', 'allowed_values', (list) => list),
  },
  notin: {
    ours: '`not` with `enum`',
    arguments: ['forbidden_values', 'value'],
    read: values('not', 'forbidden_values', (list) => ({ enum: list })),
  },
  str_matches: pattern('match'),
  str_contains: pattern('search'),
  str_startswith: text((quoted) => `^${quoted}`),
  str_endswith: text((quoted) => `${quoted}$`),
  str_length: {
    ours: '`minLength`, `maxLength`',
    arguments: ['min_value', 'max_value', 'exact_value'],
    read: (column, check) => {
      const exact = numberAt(argument(check, 'exact_value'));
      const least = exact ?? numberAt(argument(check, 'min_value'));
      const most = exact ?? numberAt(argument(check, 'max_value'));
      return {
        puts: [
          ...(least === undefined ? [] : textKeyword(column, 'minLength', least)),
          ...(most === undefined ? [] : textKeyword(column, 'maxLength', most)),
        ],
      };
    },
  },
  unique_values_eq: {
    ours: '`enum`; that each value occurs: `dataset.statistics` with `distinct`',
    arguments: ['values'],
    read: (column, check) => {
      const read = values('enum', 'values', (list) => list)(column, check);
      return 'why' in read
        ? read
        : {
            ...read,
            note: 'That each of the values occurs is not checked: bound `distinct` in `dataset.statistics`.',
          };
    },
  },
};
