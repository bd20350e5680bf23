/** Schemas of TensorFlow Data Validation: `tensorflow.metadata.v0.Schema` as text. */
import {
  at,
  entriesOf,
  isAbsent,
  listOf,
  numberAt,
  optional,
  placeOf,
  showPath,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';
import {
  carry,
  complement,
  keyword,
  leave,
  leaveOthers,
  set,
  setBounds,
  type ForeignTable,
  type LeftBehind,
  type Outcome,
  type Put,
  type SchemaImporter,
} from './carry.ts';
import { putNotation } from './column-types.ts';
import { parseTextProto } from './text-proto.ts';
import { toValue } from './tfdv-message.ts';

export const TFDV: SchemaImporter = {
  format: 'tfdv',
  title: 'TensorFlow Data Validation schemas (schema.pbtxt)',
  tested: 'fixture',
  versions: 'tensorflow-data-validation 1.16.1',
  source: 'https://github.com/tensorflow/metadata/blob/master/tensorflow_metadata/proto/v0/schema.proto',
  recognise: ({ text }) =>
    /^(?:\s|#[^\n]*\n)*(?:feature|string_domain|int_domain|float_domain|default_environment|dataset_constraints|sparse_feature|weighted_feature|tensor_representation_group|annotation)\s*[:{<]/u.test(
      text,
    ) && /^\s*feature\s*:?\s*[{<]/mu.test(text),
  read: (document) => [
    readSchema(placeOf(toValue(parseTextProto(document.text, document.name), ''), document.name)),
  ],
};

const SCHEMA_FIELDS = [
  'feature',
  'string_domain',
  'float_domain',
  'int_domain',
  'default_environment',
  'dataset_constraints',
  'annotation',
  'represent_variable_length_as_ragged',
];

function many(place: Place): readonly Place[] {
  return optional(place, listOf) ?? [];
}

function readSchema(schema: Place): ForeignTable {
  const features = many(at(schema, 'feature'));
  return {
    name: 'schema',
    description: commentOf(schema),
    outcomes: [
      // A column that the schema does not know is an anomaly for TFDV: SCHEMA_NEW_COLUMN.
      carry(at(schema, 'feature'), [{ kind: 'closed' }]),
      ...features.flatMap((feature) => readFeature(feature, schema)),
      ...readEnvironments(features, schema),
      ...readDatasetConstraints(at(schema, 'dataset_constraints')),
      ...leaveOthers(schema, SCHEMA_FIELDS),
    ],
  };
}

function commentOf(place: Place): string | undefined {
  const comments = many(at(place, 'annotation', 'comment')).map(({ value }) => String(value));
  return comments.length === 0 ? undefined : comments.join('\n');
}

const FEATURE_FIELDS = [
  'name',
  'type',
  'presence',
  'group_presence',
  'shape',
  'value_count',
  'domain',
  'int_domain',
  'float_domain',
  'string_domain',
  'bool_domain',
  'url_domain',
  'time_domain',
  'distribution_constraints',
  'annotation',
  'skew_comparator',
  'drift_comparator',
  'in_environment',
  'not_in_environment',
  'lifecycle_stage',
  'deprecated',
  'unique_constraints',
];

/** Stages in which TFDV looks at nothing. */
const UNCHECKED_STAGES = ['PLANNED', 'ALPHA', 'DEPRECATED', 'DEBUG_ONLY', 'DISABLED'];

function readFeature(feature: Place, schema: Place): readonly Outcome[] {
  const column = textOf(at(feature, 'name'));
  const description = commentOf(feature);
  const listed = carry(at(feature, 'name'), [
    { kind: 'listed', column },
    ...(description === undefined ? [] : [keyword(column, 'description', description)]),
  ]);
  const stage = at(feature, 'lifecycle_stage');
  if (UNCHECKED_STAGES.includes(String(stage.value)) || at(feature, 'deprecated').value === true) {
    return [
      { ...listed, note: 'TFDV checks nothing of a column in this stage, so nothing is checked here.' },
    ];
  }
  return [
    listed,
    ...readPresence(feature, column),
    ...readShape(feature, column),
    ...readDomain(feature, schema, column),
    ...readMass(at(feature, 'distribution_constraints'), column),
    ...readUnique(at(feature, 'unique_constraints'), column),
    ...['skew_comparator', 'drift_comparator'].flatMap((key) =>
      readComparator(at(feature, key), key, column),
    ),
    ...leaveOthers(feature, FEATURE_FIELDS),
  ];
}

function readPresence(feature: Place, column: string): readonly Outcome[] {
  const presence = at(feature, 'presence');
  if (isAbsent(presence)) return [];
  const share = numberAt(at(presence, 'min_fraction'));
  const count = numberAt(at(presence, 'min_count')) ?? 0;
  const some = share !== undefined && share > 0 && share < 1;
  return [
    ...(share === 1 ? [carry(at(presence, 'min_fraction'), [{ kind: 'required', column }])] : []),
    ...(some
      ? [carry(at(presence, 'min_fraction'), [set(['null-fraction', column, 'at-most'], complement(share))])]
      : []),
    // One value is what any statistic of the column needs.
    ...(count >= 1
      ? [
          carry(
            at(presence, 'min_count'),
            share === 1 || some
              ? [{ kind: 'exists', column }]
              : [{ kind: 'exists', column }, set(['statistics', column, 'distinct', 'at-least'], 1)],
          ),
        ]
      : []),
    ...(count > 1
      ? [
          leave(
            at(presence, 'min_count'),
            `at least ${count} values`,
            'a schema bounds shares of values here; that there is one was carried over',
            'Set `dataset.rows`, and `dataset.null-fraction` of the column.',
          ),
        ]
      : []),
  ];
}

/** A cell holds one value; several are an array. */
function readShape(feature: Place, column: string): readonly Outcome[] {
  const type = readTypeOf(feature);
  const shape = at(feature, 'shape');
  const count = at(feature, 'value_count');
  const sizes = many(at(shape, 'dim')).map((dim) => numberAt(at(dim, 'size')) ?? 0);
  const values = sizes.reduce((product, size) => product * size, 1);
  const [least, most] = isAbsent(shape)
    ? [numberAt(at(count, 'min')), numberAt(at(count, 'max'))]
    : [values, values];
  const place = isAbsent(shape) ? count : shape;
  const isList = (least ?? 1) > 1 || (!isAbsent(place) && most !== 1);
  if (!isList) {
    return [
      ...(isAbsent(place) ? [] : [carry(place, [{ kind: 'listed', column }])]),
      ...(type === undefined ? [] : [carry(at(feature, 'type'), [keyword(column, 'type', type)])]),
    ];
  }
  return [
    carry(place, [
      keyword(column, 'type', 'array'),
      ...(least === undefined ? [] : [keyword(column, 'minItems', least)]),
      ...(most === undefined ? [] : [keyword(column, 'maxItems', most)]),
    ]),
    ...(type === undefined ? [] : [carry(at(feature, 'type'), [keyword(column, 'items', { type })])]),
  ];
}

const TYPES: Readonly<Record<string, string>> = { BYTES: 'string', INT: 'integer', FLOAT: 'number' };

function readTypeOf(feature: Place): string | undefined {
  const { value } = at(feature, 'type');
  // Numbers and truth values that are written as texts have the type of their values.
  if (value === 'BYTES' && !isAbsent(at(feature, 'int_domain'))) return 'integer';
  if (value === 'BYTES' && !isAbsent(at(feature, 'float_domain'))) return 'number';
  return typeof value === 'string' && Object.hasOwn(TYPES, value) ? TYPES[value] : undefined;
}

function readDomain(feature: Place, schema: Place, column: string): readonly Outcome[] {
  const reference = at(feature, 'domain');
  if (!isAbsent(reference)) return readReference(reference, schema, column);
  return [
    ...readStrings(at(feature, 'string_domain'), column),
    ...readRange(at(feature, 'int_domain'), column),
    ...readRange(at(feature, 'float_domain'), column),
    ...readBooleans(feature, column),
    ...(isAbsent(at(feature, 'url_domain'))
      ? []
      : [carry(at(feature, 'url_domain'), [keyword(column, 'format', 'uri')])]),
    ...readTime(at(feature, 'time_domain'), column),
  ];
}

function readReference(reference: Place, schema: Place, column: string): readonly Outcome[] {
  const name = textOf(reference);
  const domains: readonly (readonly [string, (place: Place, column: string) => readonly Outcome[]])[] = [
    ['string_domain', readStrings],
    ['int_domain', readRange],
    ['float_domain', readRange],
  ];
  for (const [key, read] of domains) {
    const found = many(at(schema, key)).find((domain) => at(domain, 'name').value === name);
    if (found !== undefined) {
      const from = showPath(reference);
      return read(found, column).map((outcome) => ({ ...outcome, from }));
    }
  }
  return [leave(reference, `domain ${name}`, 'the file does not hold it', 'List the values in `enum`.')];
}

function readStrings(domain: Place, column: string): readonly Outcome[] {
  const values = many(at(domain, 'value')).map(({ value }) => String(value));
  return values.length === 0 ? [] : [carry(domain, [keyword(column, 'enum', values)])];
}

function readRange(domain: Place, column: string): readonly Outcome[] {
  if (isAbsent(domain)) return [];
  const sides = (['min', 'max'] as const).map((side) => at(domain, side));
  const puts = sides.flatMap((place, index): readonly Put[] => {
    const bound = numberAt(place);
    return bound === undefined || !Number.isFinite(bound)
      ? []
      : [keyword(column, index === 0 ? 'minimum' : 'maximum', bound)];
  });
  // NaN and infinities are no numbers of JSON, so `type` refuses them.
  const finite = ['disallow_nan', 'disallow_inf']
    .map((key) => at(domain, key))
    .filter(({ value }) => value === true);
  return [
    ...(puts.length === 0 ? [] : [carry(domain, puts)]),
    ...sides
      .filter(({ value }) => typeof value === 'string')
      .map((place) =>
        leave(
          place,
          `a bound of ${String(place.value)}`,
          'doubles do not hold it exactly',
          'Leave it out: columns of 64 bits hold no more.',
        ),
      ),
    ...finite.map((place) => carry(place, [keyword(column, 'type', 'number')])),
    ...leaveOthers(domain, ['name', 'min', 'max', 'is_categorical', 'disallow_nan', 'disallow_inf']),
  ];
}

function readBooleans(feature: Place, column: string): readonly Outcome[] {
  const domain = at(feature, 'bool_domain');
  if (isAbsent(domain)) return [];
  const texts = ['true_value', 'false_value'].flatMap((key) => {
    const { value } = at(domain, key);
    return typeof value === 'string' ? [value] : [];
  });
  return [carry(domain, [keyword(column, 'enum', texts.length > 0 ? texts : [0, 1])])];
}

function readTime(domain: Place, column: string): readonly Outcome[] {
  if (isAbsent(domain)) return [];
  const notation = at(domain, 'string_format');
  const puts = typeof notation.value === 'string' ? putNotation(column, notation.value) : undefined;
  return [
    puts === undefined
      ? leave(
          domain,
          'time_domain',
          'its notation is none that is known here',
          'Name it in `dataset.column-cells`.',
        )
      : carry(domain, puts),
  ];
}

function readMass(constraints: Place, column: string): readonly Outcome[] {
  const place = at(constraints, 'min_domain_mass');
  const share = numberAt(place);
  return share === undefined || share >= 1 ? [] : [carry(place, [set(['min-domain-mass', column], share)])];
}

function readUnique(constraints: Place, column: string): readonly Outcome[] {
  const puts = setBounds(
    ['statistics', column, 'distinct'],
    numberAt(at(constraints, 'min')),
    numberAt(at(constraints, 'max')),
  );
  return puts.length === 0 ? [] : [carry(constraints, puts)];
}

const METHODS: Readonly<Record<string, string>> = {
  infinity_norm: 'l-infinity',
  jensen_shannon_divergence: 'jensen-shannon',
};

function readComparator(comparator: Place, key: string, column: string): readonly LeftBehind[] {
  if (isAbsent(comparator)) return [];
  const config = key === 'drift_comparator' ? 'drift' : 'skew';
  return entriesOf(comparator).map(([name, place]) => {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    const threshold = numberAt(at(place, 'threshold'));
    return leave(
      place,
      `${key} ${name}`,
      `what is compared with other data stands in mlgate.yml, not in the schema`,
      method === undefined || threshold === undefined
        ? `Set \`${config}\` of the dataset there.`
        : `Set it there: \`${config}: { columns: { ${JSON.stringify(column)}: { method: ${method}, threshold: ${threshold} } } }\`.`,
    );
  });
}

/** A column is absent where it is not in an environment that the schema names. */
function readEnvironments(features: readonly Place[], schema: Place): readonly Outcome[] {
  const defaults = textsOf(at(schema, 'default_environment'));
  const named = features.flatMap((feature) => [
    ...textsOf(at(feature, 'in_environment')),
    ...textsOf(at(feature, 'not_in_environment')),
  ]);
  return [...new Set([...defaults, ...named])].flatMap((environment) => {
    const absent = features.filter((feature) => {
      const isIn = [...defaults, ...textsOf(at(feature, 'in_environment'))].includes(environment);
      const isOut = textsOf(at(feature, 'not_in_environment')).includes(environment);
      const isEverywhere = defaults.length === 0 && textsOf(at(feature, 'in_environment')).length === 0;
      return isOut || !(isIn || isEverywhere);
    });
    const [first] = absent;
    if (first === undefined) return [];
    const columns = absent.map((feature) => textOf(at(feature, 'name')));
    const place = isAbsent(at(first, 'not_in_environment'))
      ? at(schema, 'default_environment')
      : at(first, 'not_in_environment');
    return [carry(place, [set(['environments', environment, 'absent'], columns)])];
  });
}

function textsOf(place: Place): readonly string[] {
  return many(place).map(({ value }) => String(value));
}

function readDatasetConstraints(constraints: Place): readonly Outcome[] {
  if (isAbsent(constraints)) return [];
  const rows = (['min_examples_count', 'max_examples_count'] as const).flatMap((key, index) => {
    const place = at(constraints, key);
    const bound = numberAt(place);
    return bound === undefined
      ? []
      : [carry(place, [set(['rows', index === 0 ? 'at-least' : 'at-most'], bound)])];
  });
  const compared = ['num_examples_drift_comparator', 'num_examples_version_comparator'].flatMap((key) => {
    const place = at(constraints, key);
    return isAbsent(place)
      ? []
      : [
          leave(
            place,
            key,
            'the number of rows may differ from the baseline by one share, either way',
            "Set `dataset.rows.max-change`, such as '20%'.",
          ),
        ];
  });
  return [...rows, ...compared];
}
