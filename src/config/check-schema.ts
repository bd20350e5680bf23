/** Rules between the keys of a schema for a value. A rule that can never break, or never hold, would pass in silence. */
import { isSchemaObject, listSubschemas, type SchemaObject } from '../schemas/subschemas.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { joinWords } from './schema-node.ts';

type Path = readonly string[];

/** All mistakes of a schema and of those in it that need more than one key to be seen, and patterns that are none. */
export function checkSchema(path: Path, schema: unknown): readonly FoundMistake[] {
  if (!isSchemaObject(schema)) return [];
  return [
    ...checkPattern([...path, 'pattern'], schema['pattern'], 'value'),
    ...listPatternNames(schema).flatMap((name) =>
      checkPattern([...path, 'patternProperties', name], name, 'key'),
    ),
    ...checkLimits(path, schema),
    ...checkPairs(path, schema),
    ...checkLeftovers(path, schema),
    ...checkNames(path, schema),
    ...checkKeywordsApply(path, schema),
    ...checkValuesFit(path, schema),
    ...listSubschemas(schema).flatMap((held) => checkSchema([...path, ...held.path], held.schema)),
  ];
}

function listPatternNames(schema: SchemaObject): readonly string[] {
  const patterns = schema['patternProperties'];
  return isSchemaObject(patterns) ? Object.keys(patterns) : [];
}

function checkPattern(path: Path, pattern: unknown, at: FoundMistake['at']): readonly FoundMistake[] {
  if (typeof pattern !== 'string') return [];
  const reason = whyNoPattern(pattern);
  if (reason === undefined) return [];
  return [{ path, at, text: `is no regular expression (ECMA-262 with the flag u): ${reason}.` }];
}

function whyNoPattern(pattern: string): string | undefined {
  try {
    RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.replace(/^Invalid regular expression: /, '');
  }
}

const LIMIT_PAIRS: readonly (readonly [string, string, 'may be equal' | 'may not be equal'])[] = [
  ['minimum', 'maximum', 'may be equal'],
  ['minimum', 'exclusiveMaximum', 'may not be equal'],
  ['exclusiveMinimum', 'maximum', 'may not be equal'],
  ['exclusiveMinimum', 'exclusiveMaximum', 'may not be equal'],
  ['minLength', 'maxLength', 'may be equal'],
  ['minItems', 'maxItems', 'may be equal'],
  ['minContains', 'maxContains', 'may be equal'],
  ['minProperties', 'maxProperties', 'may be equal'],
];

function checkLimits(path: Path, column: SchemaObject): readonly FoundMistake[] {
  return LIMIT_PAIRS.flatMap(([lower, upper, equality]): readonly FoundMistake[] => {
    const [least, most] = [column[lower], column[upper]];
    if (typeof least !== 'number' || typeof most !== 'number') return [];
    if (least < most || (least === most && equality === 'may be equal')) return [];
    return [
      {
        path: [...path, lower],
        at: 'value',
        text: `${least} contradicts \`${upper}\` (${most}): no value can satisfy both.`,
      },
    ];
  });
}

/** Keywords that mean nothing without another. */
const NEEDED: readonly (readonly [string, string])[] = [
  ['then', 'if'],
  ['else', 'if'],
  ['minContains', 'contains'],
  ['maxContains', 'contains'],
];

function checkPairs(path: Path, schema: SchemaObject): readonly FoundMistake[] {
  return NEEDED.filter(([keyword, needed]) => keyword in schema && !(needed in schema)).map(
    ([keyword, needed]) => ({
      path: [...path, keyword],
      at: 'key',
      text: `says nothing without \`${needed}\`, so it would never fail. Add \`${needed}\`, or remove it.`,
    }),
  );
}

/** Keywords that leave nothing to another: each looks at everything that the other would. */
const LEFT_NOTHING: readonly (readonly [string, string])[] = [
  ['unevaluatedProperties', 'additionalProperties'],
  ['unevaluatedItems', 'items'],
];

function checkLeftovers(path: Path, schema: SchemaObject): readonly FoundMistake[] {
  return LEFT_NOTHING.filter(([keyword, other]) => keyword in schema && other in schema).map(
    ([keyword, other]) => ({
      path: [...path, keyword],
      at: 'key',
      text: `says nothing beside \`${other}\`, which looks at everything, so it would never fail. Remove one of the two.`,
    }),
  );
}

/** The validator has no way to say it: the name means something else to JavaScript. */
function checkNames(path: Path, { properties }: SchemaObject): readonly FoundMistake[] {
  if (path.length === 0 || !isSchemaObject(properties) || !Object.hasOwn(properties, '__proto__')) return [];
  const text = 'a property of this name can only be described as a column of the table.';
  return [{ path: [...path, 'properties', '__proto__'], at: 'key', text }];
}

/** Keywords that are about values of some types only. */
const ABOUT: readonly { readonly types: readonly string[]; readonly keywords: readonly string[] }[] = [
  {
    types: ['number', 'integer'],
    keywords: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  },
  { types: ['string'], keywords: ['minLength', 'maxLength', 'pattern', 'format'] },
  {
    types: ['array'],
    keywords: ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems', 'unevaluatedItems'],
  },
  {
    types: ['object'],
    keywords: [
      'properties',
      'required',
      'additionalProperties',
      'patternProperties',
      'propertyNames',
      'minProperties',
      'maxProperties',
      'dependentRequired',
      'dependentSchemas',
      'unevaluatedProperties',
    ],
  },
];

function checkKeywordsApply(path: Path, column: SchemaObject): readonly FoundMistake[] {
  const types = typesOf(column);
  if (types.length === 0) return [];
  const unused = ABOUT.filter((about) => !about.types.some((type) => types.includes(type))).flatMap(
    ({ keywords }) => keywords,
  );
  return unused
    .filter((keyword) => keyword in column)
    .map((keyword) => ({
      path: [...path, keyword],
      at: 'key',
      text: `says nothing about ${joinWords(
        types.map((type) => `\`${type}\``),
        'or',
      )}, the column's type, so it would never fail. Change the type, or remove it.`,
    }));
}

function checkValuesFit(path: Path, column: SchemaObject): readonly FoundMistake[] {
  const types = typesOf(column);
  if (types.length === 0) return [];
  const lists: readonly (readonly [Path, unknown])[] = [
    ...(Array.isArray(column['enum'])
      ? column['enum'].map((value, index) => [[...path, 'enum', String(index)], value] as const)
      : []),
    ...('const' in column ? [[[...path, 'const'], column['const']] as const] : []),
  ];
  return lists
    .filter(([, value]) => !types.some((type) => hasType(value, type)))
    .map(([where, value]) => ({
      path: where,
      at: 'value',
      text: `${showValue(value)} is no ${joinWords(
        types.map((type) => `\`${type}\``),
        'or',
      )}, so no cell can have it.`,
    }));
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isSchemaObject(value);
    default:
      return typeof value === type;
  }
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'];

/** None when a type is misspelt: that mistake is enough. */
function typesOf(column: SchemaObject): readonly string[] {
  const types = Array.isArray(column['type']) ? column['type'] : [column['type']];
  return types.every((type): type is string => TYPES.includes(type)) ? types : [];
}
