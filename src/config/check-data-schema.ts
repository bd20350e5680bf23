/**
 * Rules between keys of a data schema. They look at the unvalidated document, so that their mistakes are listed
 * together with the meta-schema's. A rule that can never break, or never hold, is a mistake: it would pass in silence.
 */
import { findNearest } from '../evidence/find-nearest.ts';
import { checkOrder } from './check-config.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import { isSchemaNode, joinWords } from './schema-node.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** All mistakes that need more than one key to be seen, and patterns that are none. */
export function checkDataSchema(document: unknown): readonly FoundMistake[] {
  const schema = mappingOf(document);
  const columns = mappingOf(schema['properties']);
  const dataset = mappingOf(schema['dataset']);
  return [
    ...Object.entries(columns).flatMap(([name, column]) =>
      checkColumn(['properties', name], mappingOf(column)),
    ),
    ...checkOrder(['dataset', 'rows'], mappingOf(dataset['rows'])),
    ...Object.entries(mappingOf(dataset['null-fraction'])).flatMap(([name, bounds]) =>
      checkOrder(['dataset', 'null-fraction', name], mappingOf(bounds)),
    ),
    ...(schema['additionalProperties'] === false ? checkListed(schema, Object.keys(columns)) : []),
  ];
}

function checkColumn(path: Path, column: Mapping): readonly FoundMistake[] {
  return [
    ...checkPattern([...path, 'pattern'], column['pattern']),
    ...checkLimits(path, column),
    ...checkKeywordsApply(path, column),
    ...checkValuesFit(path, column),
  ];
}

function checkPattern(path: Path, pattern: unknown): readonly FoundMistake[] {
  if (typeof pattern !== 'string') return [];
  const reason = whyNoPattern(pattern);
  if (reason === undefined) return [];
  return [{ path, at: 'value', text: `is no regular expression (ECMA-262 with the flag u): ${reason}.` }];
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
];

function checkLimits(path: Path, column: Mapping): readonly FoundMistake[] {
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

const NUMBER_KEYWORDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const STRING_KEYWORDS = ['minLength', 'maxLength', 'pattern', 'format'];

function checkKeywordsApply(path: Path, column: Mapping): readonly FoundMistake[] {
  const types = typesOf(column);
  if (types.length === 0) return [];
  const unused = [
    ...(types.includes('number') || types.includes('integer') ? [] : NUMBER_KEYWORDS),
    ...(types.includes('string') ? [] : STRING_KEYWORDS),
  ];
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

function checkValuesFit(path: Path, column: Mapping): readonly FoundMistake[] {
  const types = typesOf(column);
  if (types.length === 0) return [];
  const lists: readonly (readonly [Path, unknown])[] = [
    ...(Array.isArray(column['enum'])
      ? column['enum'].map((value, index) => [[...path, 'enum', String(index)], value] as const)
      : []),
    ...('const' in column ? [[[...path, 'const'], column['const']] as const] : []),
  ];
  return lists
    .filter(([, value]) => isScalar(value) && !types.some((type) => hasType(value, type)))
    .map(([where, value]) => ({
      path: where,
      at: 'value',
      text: `${showValue(value)} is no ${joinWords(
        types.map((type) => `\`${type}\``),
        'or',
      )}, so no cell can have it.`,
    }));
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'null'];

/** None when a type is misspelt: that mistake is enough. */
function typesOf(column: Mapping): readonly string[] {
  const types = Array.isArray(column['type']) ? column['type'] : [column['type']];
  return types.every((type): type is string => TYPES.includes(type)) ? types : [];
}

/** With `additionalProperties: false`, a column that is not listed may not exist, so nothing can be asked of it. */
function checkListed(schema: Mapping, columns: readonly string[]): readonly FoundMistake[] {
  return listMentions(schema)
    .filter(({ column }) => !columns.includes(column))
    .map(({ path, at, column }) => {
      const nearest = findNearest(column, columns);
      const hint = nearest === undefined ? '' : ` Did you mean ${showValue(nearest)}?`;
      return {
        path,
        at,
        text: `the column ${showValue(column)} is not listed in \`properties\`, and \`additionalProperties\` is false.${hint}`,
      };
    });
}

interface Mention {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly column: string;
}

function listMentions(schema: Mapping): readonly Mention[] {
  const dataset = mappingOf(schema['dataset']);
  return [
    ...namesIn(['required'], schema['required']),
    ...(Array.isArray(dataset['unique'])
      ? dataset['unique'].flatMap((key, index) => namesIn(['dataset', 'unique', String(index)], key))
      : []),
    ...Object.keys(mappingOf(dataset['null-fraction'])).map((column): Mention => ({
      path: ['dataset', 'null-fraction', column],
      at: 'key',
      column,
    })),
  ];
}

function namesIn(path: Path, names: unknown): readonly Mention[] {
  if (!Array.isArray(names)) return [];
  return names.flatMap((column: unknown, index): readonly Mention[] =>
    typeof column === 'string' ? [{ path: [...path, String(index)], at: 'value', column }] : [],
  );
}

function mappingOf(value: unknown): Mapping {
  return isSchemaNode(value) ? value : {};
}
