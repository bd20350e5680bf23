/** From ajv's violations to sentences: what is wrong, what is allowed, what was probably meant. */
import { findNearest } from '../evidence/find-nearest.ts';
import { SCHEMAS, type SchemaViolation } from '../schemas/validate.ts';
import { findLaterKey, isLaterValue } from './later-features.ts';
import { showValue, type FoundMistake } from './mistake.ts';
import {
  alternativesOf,
  describeAllowed,
  isSchemaNode,
  joinWords,
  propertiesOf,
  resolveNode,
  type SchemaNode,
} from './schema-node.ts';

export type DescribedKind = 'config' | 'data-schema' | 'referred-schema';

const DOCUMENT_WORDS: Readonly<Record<DescribedKind, string>> = {
  config: 'config',
  'data-schema': 'data schema',
  'referred-schema': 'schema',
};

/** One mistake for each rule that is broken; what ajv says of the branches of `oneOf` and `anyOf` is folded into one. */
export function describeViolations(
  kind: DescribedKind,
  violations: readonly SchemaViolation[],
): readonly FoundMistake[] {
  const root: SchemaNode = SCHEMAS[kind === 'config' ? 'config' : 'data-schema'];
  return foldAlternatives(violations, root)
    .filter((violation, _, all) => !isAboutKeyName(violation, all, root))
    .map((violation) => describeViolation(kind, violation, root));
}

/** `propertyNames` reports the broken rule of the name once more, with the name as the value: the outer one suffices. */
function isAboutKeyName(
  violation: SchemaViolation,
  all: readonly SchemaViolation[],
  root: SchemaNode,
): boolean {
  return all.some(
    ({ keyword, schema }) =>
      keyword === 'propertyNames' &&
      isSchemaNode(schema['propertyNames']) &&
      listNodes(schema['propertyNames'], root).includes(violation.schema),
  );
}

/**
 * A value that fits no branch breaks a rule in each. If the trouble lies deeper in one of them (an item of a list),
 * the deeper mistakes are told; of a mapping what is wrong with its keys, in the branch that knows most of them; else
 * only that no branch fits.
 */
function foldAlternatives(
  violations: readonly SchemaViolation[],
  root: SchemaNode,
): readonly SchemaViolation[] {
  const dropped = new Set<SchemaViolation>();
  for (const outer of violations.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')) {
    const branches = new Set(alternativesOf(outer.schema).flatMap((branch) => listNodes(branch, root)));
    const inner = violations.filter(
      (violation) =>
        violation !== outer && branches.has(violation.schema) && startsWith(violation.path, outer.path),
    );
    const deeper = inner.filter((violation) => violation.path.length > outer.path.length);
    const told = deeper.length > 0 ? deeper : listKeyMistakes(inner, outer.value);
    if (told.length > 0) dropped.add(outer);
    for (const violation of inner) if (!told.includes(violation)) dropped.add(violation);
  }
  return violations.filter((violation) => !dropped.has(violation));
}

/** Unknown and missing keys in the branch that knows most keys of a mapping; none where no branch knows more than others. */
function listKeyMistakes(inner: readonly SchemaViolation[], value: unknown): readonly SchemaViolation[] {
  if (!isSchemaNode(value)) return [];
  const ofKeys = inner.filter(({ keyword }) => keyword === 'additionalProperties' || keyword === 'required');
  const branches = [...new Set(ofKeys.map(({ schema }) => schema))]
    .map((schema) => ({ schema, known: countKnown(schema, value) }))
    .toSorted((left, right) => right.known - left.known);
  const [first, second] = branches;
  return first === undefined || first.known === second?.known
    ? []
    : ofKeys.filter(({ schema }) => schema === first.schema);
}

function countKnown(schema: SchemaNode, value: SchemaNode): number {
  const known = propertiesOf(schema);
  return Object.keys(value).filter((key) => Object.hasOwn(known, key)).length;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((part, index) => path[index] === part);
}

/** A branch and every schema in it, as the very objects that ajv reports. */
function listNodes(node: SchemaNode, root: SchemaNode): readonly SchemaNode[] {
  const reference = node['$ref'];
  const definitions = root['$defs'];
  const target =
    typeof reference === 'string' && isSchemaNode(definitions)
      ? definitions[reference.replace('#/$defs/', '')]
      : undefined;
  return [node, target, node['items']]
    .filter(isSchemaNode)
    .flatMap((part) => (part === node ? [part] : listNodes(part, root)));
}

function describeViolation(kind: DescribedKind, violation: SchemaViolation, root: SchemaNode): FoundMistake {
  const { path, keyword, parameters } = violation;
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(parameters['additionalProperty']);
      return { path: [...path, key], at: 'key', text: describeUnknownKey(kind, key, violation.schema) };
    }
    case 'required': {
      const key = String(parameters['missingProperty']);
      return { path, at: 'key', text: describeMissingKey(key, violation.schema, root) };
    }
    case 'propertyNames': {
      const key = String(parameters['propertyName']);
      return { path: [...path, key], at: 'key', text: describeBadName(key, violation.schema, root) };
    }
    default:
      return { path, at: 'value', text: describeBadValue(kind, violation, root) };
  }
}

function describeBadName(key: string, schema: SchemaNode, root: SchemaNode): string {
  const names = isSchemaNode(schema['propertyNames']) ? resolveNode(schema['propertyNames'], root) : {};
  if (names['title'] !== 'Name' && typeof names['description'] === 'string')
    return `${showValue(key)} is not ${names['description']}.`;
  const allowed = 'letters, digits, `-`, `_` and `.`, at most 64, and begins with a letter or a digit';
  return `${showValue(key)} is no name: a name has ${allowed}.`;
}

/** What became of keywords that JSON Schema 2020-12 no longer has (its appendix on changes). */
const FORMER_KEYWORDS: Readonly<Record<string, string>> = {
  id: '`$id`',
  dependencies: '`dependentRequired` or `dependentSchemas`',
  additionalItems: '`items` beside `prefixItems`',
  $recursiveRef: '`$dynamicRef`',
  $recursiveAnchor: '`$dynamicAnchor`',
};

/** All of JSON Schema's keywords would bury the one that is meant. */
const MOST_KEYS_BESIDE_A_GUESS = 30;

function describeUnknownKey(kind: DescribedKind, key: string, schema: SchemaNode): string {
  const allowed = Object.keys(propertiesOf(schema));
  const later = findLaterKey(kind === 'config' ? 'config' : 'data-schema', key);
  const list = `Allowed here: ${allowed.join(', ')}.`;
  if (later !== undefined) return `does not exist yet in this version: ${later} will come later. ${list}`;
  if (kind !== 'config' && Object.hasOwn(FORMER_KEYWORDS, key))
    return `is a keyword of an older JSON Schema: in 2020-12 write ${FORMER_KEYWORDS[key] ?? ''}.`;
  if (key === '<<') return `merge keys are not read. Write the keys out. ${list}`;
  const nearest = findNearest(key, allowed);
  if (nearest === undefined) return `unknown key. ${list}`;
  const guess = `unknown key. Did you mean \`${nearest}\`?`;
  return allowed.length > MOST_KEYS_BESIDE_A_GUESS ? guess : `${guess} ${list}`;
}

function describeMissingKey(key: string, schema: SchemaNode, root: SchemaNode): string {
  const node = resolveNode(propertiesOf(schema)[key] ?? {}, root);
  const examples = Array.isArray(node['examples']) ? node['examples'] : [];
  const example =
    examples.length === 0
      ? ''
      : ` Example: \`${key}: ${typeof examples[0] === 'string' ? examples[0] : JSON.stringify(examples[0])}\`.`;
  const description = typeof node['description'] === 'string' ? ` ${node['description']}` : '';
  return `the key \`${key}\` is missing.${description}${example}`;
}

function describeBadValue(kind: DescribedKind, violation: SchemaViolation, root: SchemaNode): string {
  const { keyword, path, value, schema, parameters } = violation;
  switch (keyword) {
    case 'minProperties':
      return `is empty; ${describeOptions(schema)}`;
    case 'anyOf':
      return `asks for nothing: at least one of ${joinWords(
        alternativesOf(schema).flatMap(({ required }) =>
          Array.isArray(required) ? required.map((key) => `\`${key}\``) : [],
        ),
        'or',
      )} must be there.`;
    case 'uniqueItems':
      return `items ${Number(parameters['j']) + 1} and ${Number(parameters['i']) + 1} of the list are the same. Keep one.`;
    case 'minItems':
    case 'maxItems':
      return `the list must have ${keyword === 'minItems' ? 'at least' : 'at most'} ${String(parameters['limit'])} ${parameters['limit'] === 1 ? 'item' : 'items'}; it has ${Array.isArray(value) ? value.length : 0}.`;
    default:
      break;
  }
  if (kind === 'config' && isLaterValue(path, value)) {
    return `${showValue(value)} does not exist yet in this version. Allowed: ${describeAllowed(schema, root)}.`;
  }
  const document = path.length > 0 ? '' : `this is no ${DOCUMENT_WORDS[kind]}: `;
  return `${document}must be ${describeAllowed(schema, root)}; it is ${showValue(value)}.${suggestValue(schema, value, root)}`;
}

function describeOptions(schema: SchemaNode): string {
  const keys = Object.keys(propertiesOf(schema));
  return keys.length === 0
    ? 'write at least one entry, or remove the key.'
    : `write at least one of ${keys.join(', ')}.`;
}

/** What a value of the wrong kind was probably meant to be. */
function suggestValue(schema: SchemaNode, value: unknown, root: SchemaNode): string {
  const values = [schema, ...alternativesOf(schema).map((branch) => resolveNode(branch, root))].flatMap(
    (node): readonly unknown[] => (Array.isArray(node['enum']) ? node['enum'] : []),
  );
  if (values.length > 0 && typeof value === 'string') {
    const nearest = findNearest(value, values.map(String));
    return nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  }
  const wantsMargin = schema['title'] === 'Margin';
  if (wantsMargin && typeof value === 'number' && value < 0)
    return ' A margin has no sign: it says how much worse is tolerated.';
  if (schema['type'] === 'boolean' && typeof value === 'string') return suggestBoolean(value);
  if (schema['type'] === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return ` Put it in quotes: \`"${String(value)}"\`.`;
  if (typeof value !== 'string') return '';
  if (value.trim().endsWith('%') && !wantsMargin)
    return ' Only margins can be percentages: write a plain number.';
  return value.trim() !== '' && Number.isFinite(Number(value)) ? ' Remove the quotes.' : '';
}

function suggestBoolean(value: string): string {
  if (/^(yes|on|true)$/i.test(value)) return ' Write `true`, without quotes.';
  return /^(no|off|false)$/i.test(value) ? ' Write `false`, without quotes.' : '';
}
