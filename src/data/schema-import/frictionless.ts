/** Table Schemas of Frictionless (v1 and v2): alone, in a resource, or in a data package. */
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
  set,
  type ForeignTable,
  type Outcome,
  type Put,
  type SchemaImporter,
} from './carry.ts';
import { putNotation, putType, TIME_NOTE } from './column-types.ts';
import { translatePythonPattern } from './python-pattern.ts';

export const FRICTIONLESS: SchemaImporter = {
  format: 'frictionless',
  title: 'Frictionless Table Schema and Data Package (JSON, YAML)',
  tested: 'fixture',
  versions: 'frictionless 5.21.0',
  source: 'https://datapackage.org/standard/table-schema/',
  recognise: (document) => {
    const root = document.parsed();
    return [at(root, 'fields'), at(root, 'resources'), at(root, 'schema', 'fields')].some(({ value }) =>
      Array.isArray(value),
    );
  },
  read: (document) => readDocument(document.parsed()),
};

function readDocument(root: Place): readonly ForeignTable[] {
  if (!isAbsent(at(root, 'resources'))) {
    return listOf(at(root, 'resources')).flatMap((resource, index) =>
      readResource(resource, `resource-${index + 1}`),
    );
  }
  return isAbsent(at(root, 'schema'))
    ? [readSchema(root, 'table', at(root, 'title').value)]
    : readResource(root, 'resource');
}

/** A resource without a schema describes no columns. */
function readResource(resource: Place, otherwise: string): readonly ForeignTable[] {
  const { value } = at(resource, 'name');
  const name = typeof value === 'string' ? value : otherwise;
  const schema = at(resource, 'schema');
  if (isMapping(schema)) return [readSchema(schema, name, at(resource, 'title').value)];
  if (isAbsent(schema)) return [];
  return [
    {
      name,
      outcomes: [leave(schema, 'schema', 'it is in a file of its own', 'Import that file, too.')],
    },
  ];
}

const SCHEMA_KEYS = [
  'fields',
  'missingValues',
  'primaryKey',
  'uniqueKeys',
  'foreignKeys',
  'fieldsMatch',
  'name',
  'title',
  'description',
  '$schema',
  'profile',
];

function readSchema(schema: Place, name: string, title: unknown): ForeignTable {
  const { value: description } = at(schema, 'description');
  return {
    name,
    title: typeof title === 'string' ? title : undefined,
    description: typeof description === 'string' ? description : undefined,
    outcomes: [
      ...readFieldsMatch(schema),
      ...listOf(at(schema, 'fields')).flatMap((field) => readField(field, existsAlways(schema))),
      ...readMissingValues(at(schema, 'missingValues'), ['cells', 'null-values']),
      ...readKeys(schema),
      ...(optional(at(schema, 'foreignKeys'), listOf) ?? []).flatMap(readForeignKey),
      ...leaveOthers(schema, SCHEMA_KEYS),
    ],
  };
}

/** Which of the fields a file must have: all, unless `fieldsMatch` of v2 says otherwise. */
function matchOf(schema: Place): string {
  const { value } = at(schema, 'fieldsMatch');
  const word = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  return typeof word === 'string' ? word : 'exact';
}

function existsAlways(schema: Place): boolean {
  return ['exact', 'equal', 'superset'].includes(matchOf(schema).toLowerCase());
}

function readFieldsMatch(schema: Place): readonly Outcome[] {
  const match = matchOf(schema).toLowerCase();
  const isClosed = ['exact', 'equal', 'subset'].includes(match);
  const place = isAbsent(at(schema, 'fieldsMatch')) ? at(schema, 'fields') : at(schema, 'fieldsMatch');
  if (!isClosed) return [];
  const note =
    match === 'exact'
      ? { note: 'The order of the columns is not checked: they are found by their names here.' }
      : {};
  return [carry(place, [{ kind: 'closed' }], note)];
}

const FIELD_KEYS = [
  'name',
  'type',
  'format',
  'title',
  'description',
  'example',
  'examples',
  'rdfType',
  'constraints',
  'missingValues',
  'trueValues',
  'falseValues',
  'decimalChar',
  'groupChar',
  'bareNumber',
  'floatNumber',
];

function readField(field: Place, mustExist: boolean): readonly Outcome[] {
  const column = textOf(at(field, 'name'));
  const described = (['title', 'description'] as const).flatMap((key) => {
    const { value } = at(field, key);
    return typeof value === 'string' ? [keyword(column, key, value)] : [];
  });
  const present: readonly Put[] = mustExist ? [{ kind: 'exists', column }] : [];
  return [
    carry(at(field, 'name'), [...present, { kind: 'listed', column }, ...described]),
    ...readType(field, column),
    ...readReading(field, column),
    ...(isAbsent(at(field, 'constraints'))
      ? []
      : entriesOf(at(field, 'constraints')).flatMap(([name, place]) =>
          readConstraint(name, place, column, typeOf(field)),
        )),
    ...leaveOthers(field, FIELD_KEYS),
  ];
}

function typeOf(field: Place): string {
  const { value } = at(field, 'type');
  return typeof value === 'string' ? value : 'string';
}

const STRING_FORMATS: Readonly<Record<string, string>> = { email: 'email', uri: 'uri', uuid: 'uuid' };

function readType(field: Place, column: string): readonly Outcome[] {
  const place = isAbsent(at(field, 'type')) ? field : at(field, 'type');
  const format = at(field, 'format').value;
  const notation = typeof format === 'string' && format !== 'default' ? format : undefined;
  const type = typeOf(field);
  switch (type) {
    case 'any':
      return [];
    case 'string':
      return readString(place, at(field, 'format'), column, notation);
    case 'integer':
    case 'boolean':
      return [carry(place, [keyword(column, 'type', type)])];
    case 'number':
      return [
        carry(place, [keyword(column, 'type', type)], {
          note: 'NaN and infinities are numbers for Frictionless, and none here unless `dataset.cells` makes them null.',
        }),
      ];
    case 'year':
      return [
        carry(place, [
          keyword(column, 'type', 'integer'),
          keyword(column, 'minimum', 0),
          keyword(column, 'maximum', MAX_YEAR),
        ]),
      ];
    case 'yearmonth':
      return [carry(place, [keyword(column, 'type', 'string'), keyword(column, 'pattern', YEAR_MONTH)])];
    case 'date':
    case 'datetime':
    case 'time':
      return readTime(place, column, type, notation);
    case 'object':
    case 'array':
      return [
        carry(place, [keyword(column, 'type', type)], {
          note: 'Cells of CSV are texts, also those that hold JSON: the type fits JSON and Parquet files.',
        }),
      ];
    default:
      return [
        leave(
          place,
          `type ${type}`,
          'there is no such type in JSON Schema',
          'Describe the texts with `pattern`.',
        ),
      ];
  }
}

const MAX_YEAR = 9999;
const YEAR_MONTH = '^[0-9]+-(?:0?[1-9]|1[0-2])$';

function readString(
  place: Place,
  formatPlace: Place,
  column: string,
  format: string | undefined,
): readonly Outcome[] {
  const type = carry(place, [keyword(column, 'type', 'string')]);
  if (format === undefined) return [type];
  const known = Object.hasOwn(STRING_FORMATS, format) ? STRING_FORMATS[format] : undefined;
  return [
    type,
    known === undefined
      ? leave(
          formatPlace,
          `format ${format}`,
          'JSON Schema checks no such format',
          'Describe the texts with `pattern`.',
        )
      : carry(formatPlace, [keyword(column, 'format', known)]),
  ];
}

function readTime(
  place: Place,
  column: string,
  type: 'date' | 'datetime' | 'time',
  notation: string | undefined,
): readonly Outcome[] {
  if (notation === undefined) {
    const format = type === 'datetime' ? 'date-time' : type;
    const note =
      type === 'date' ? {} : { note: type === 'time' ? 'RFC 3339 wants a time zone: 09:30:00Z.' : TIME_NOTE };
    return [carry(place, putType(column, { type: 'string', format }), note)];
  }
  const puts = type === 'time' ? undefined : putNotation(column, notation);
  return [
    puts === undefined
      ? leave(
          place,
          `${type} with the format ${notation}`,
          'dates are read in one notation that is known, not in any',
          'Name the notation in `dataset.column-cells`, or describe the texts with `pattern`.',
        )
      : carry(place, puts),
  ];
}

/** How cells of one field become values. */
function readReading(field: Place, column: string): readonly Outcome[] {
  const decimal = at(field, 'decimalChar').value;
  const group = at(field, 'groupChar').value;
  const rules: readonly (readonly [string, string, unknown])[] = [
    ['decimalChar', 'decimal', decimal === '.' ? undefined : decimal],
    ['groupChar', 'thousands', group === '' ? undefined : group],
    ['trueValues', 'true-values', at(field, 'trueValues').value],
    ['falseValues', 'false-values', at(field, 'falseValues').value],
  ];
  const isBare = at(field, 'bareNumber').value !== false;
  return [
    ...rules.flatMap(([key, rule, value]) =>
      value === undefined || value === null
        ? []
        : [carry(at(field, key), [set(['column-cells', column, rule], value)])],
    ),
    ...readMissingValues(at(field, 'missingValues'), ['column-cells', column, 'null-values']),
    ...(isBare
      ? []
      : [
          leave(
            at(field, 'bareNumber'),
            'bareNumber',
            'signs around numbers (`€12`, `12 %`) are not taken away here',
            'Write the number alone, and its unit into the name of the column.',
          ),
        ]),
  ];
}

function readMissingValues(place: Place, path: readonly string[]): readonly Outcome[] {
  const values = optional(place, listOf) ?? [];
  const texts = values.map((value) => (isMapping(value) ? at(value, 'value').value : value.value));
  const others = texts.filter((text) => typeof text === 'string' && text !== '');
  return others.length === 0 ? [] : [carry(place, [set(path, others)])];
}

/** Constraints that JSON Schema has by the same name. */
const SAME = ['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const ORDERED_TYPES = ['integer', 'number', 'year'];

function readConstraint(name: string, place: Place, column: string, type: string): readonly Outcome[] {
  if (name === 'required') return place.value === true ? [carry(place, [{ kind: 'required', column }])] : [];
  if (name === 'unique') {
    return place.value === true ? [carry(place, [add('unique', { columns: [column] })])] : [];
  }
  if (name === 'enum') return [carry(place, [keyword(column, 'enum', readEnum(place, type))])];
  if (name === 'pattern') {
    const read = translatePythonPattern(textOf(place), 'fullmatch');
    return 'why' in read
      ? [leave(place, 'pattern', read.why, 'Write a pattern of ECMA-262 by hand.')]
      : [
          carry(
            place,
            [keyword(column, 'pattern', read.pattern)],
            read.note === undefined ? {} : { note: read.note },
          ),
        ];
  }
  if (SAME.includes(name)) {
    const bound = numberAt(place) ?? toBound(place.value);
    const fits = name.endsWith('Length') ? type === 'string' : ORDERED_TYPES.includes(type);
    if (bound !== undefined && fits) return [carry(place, [keyword(column, name, bound)])];
    return [
      leave(
        place,
        name,
        'JSON Schema bounds numbers, and lengths of texts',
        'Write it as `dataset.sql`: a SELECT of the rows beyond the bound.',
      ),
    ];
  }
  return [leave(place, name, 'nothing here says the same', 'Write it as `dataset.sql`.')];
}

/** Bounds may be written as the cells are: in texts. */
function toBound(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Values may be written as the cells are. */
function readEnum(place: Place, type: string): readonly unknown[] {
  const isNumber = type === 'integer' || type === 'number' || type === 'year';
  return listOf(place).map(({ value }) => (isNumber ? (toBound(value) ?? value) : value));
}

function namesOf(place: Place): readonly string[] {
  return typeof place.value === 'string' ? [place.value] : listOf(place).map(textOf);
}

function readKeys(schema: Place): readonly Outcome[] {
  const primary = at(schema, 'primaryKey');
  const columns = isAbsent(primary) ? [] : namesOf(primary);
  const [only] = columns;
  const more: readonly Put[] =
    columns.length === 1 && only !== undefined ? [{ kind: 'required', column: only }] : [];
  return [
    ...(columns.length === 0 ? [] : [carry(primary, [add('unique', { columns }), ...more])]),
    ...(optional(at(schema, 'uniqueKeys'), listOf) ?? []).map((key) =>
      carry(key, [add('unique', { columns: namesOf(key) })]),
    ),
  ];
}

function readForeignKey(key: Place): Outcome {
  const columns = namesOf(at(key, 'fields'));
  const resource = at(key, 'reference', 'resource').value;
  if (typeof resource !== 'string' || resource === '') {
    return leave(
      key,
      'foreign key into the same table',
      'a key leads into another dataset here',
      'Set `dataset.foreign-keys` with the `path` of the file itself.',
    );
  }
  const references = { dataset: resource, columns: namesOf(at(key, 'reference', 'fields')) };
  return carry(key, [add('foreign-keys', { columns, references })], {
    note: `mlgate.yml must have a dataset \`${resource}\`; a \`path\` in place of \`dataset\` names its file.`,
  });
}
