/** Reading our own JSON Schemas: what `mlgate explain`, the reference and the messages tell about a key. */

/** A JSON Schema, or a part of one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

export function isSchemaNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Follows `$ref` into `$defs`. What stands beside the reference (description, default, examples) wins. */
export function resolveNode(node: SchemaNode, root: SchemaNode): SchemaNode {
  const name = definitionName(node);
  const definitions = root['$defs'];
  const target = name !== undefined && isSchemaNode(definitions) ? definitions[name] : undefined;
  if (!isSchemaNode(target)) return node;
  const { $ref: _ref, ...beside } = node;
  return { ...resolveNode(target, root), ...beside };
}

/** Name in `$defs` of what a node refers to. */
export function definitionName(node: SchemaNode): string | undefined {
  const reference = node['$ref'];
  return typeof reference === 'string' ? reference.replace('#/$defs/', '') : undefined;
}

/** The named properties of an object's schema. */
export function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> {
  const properties = node['properties'];
  if (!isSchemaNode(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, SchemaNode] => isSchemaNode(entry[1])),
  );
}

/** The alternatives of `oneOf` or `anyOf`. */
export function alternativesOf(node: SchemaNode): readonly SchemaNode[] {
  const alternatives = node['oneOf'] ?? node['anyOf'];
  return Array.isArray(alternatives) ? alternatives.filter(isSchemaNode) : [];
}

/** What a schema allows, as the end of a sentence: "a number of at least 0", "`fail` or `warn`". */
export function describeAllowed(schema: SchemaNode, root: SchemaNode): string {
  const node = resolveNode(schema, root);
  if ('const' in node) return code(node['const']);
  const values = node['enum'];
  if (Array.isArray(values)) return joinWords(values.map(code), 'or');
  const alternatives = alternativesOf(node);
  if (!('type' in node) && alternatives.length > 0) {
    return joinWords(
      alternatives.map((alternative) => describeAlternative(alternative, root)),
      'or',
    );
  }
  const types = Array.isArray(node['type']) ? node['type'] : [node['type']];
  return joinWords(
    types.map((type) => describeType(type, node, root)),
    'or',
  );
}

function describeAlternative(alternative: SchemaNode, root: SchemaNode): string {
  const description = alternative['description'];
  return typeof description === 'string' ? description : describeAllowed(alternative, root);
}

function describeType(type: unknown, node: SchemaNode, root: SchemaNode): string {
  switch (type) {
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return '`null`';
    case 'string':
      return `a text${describeText(node)}`;
    case 'array':
      return `a list${describeItems(node, root)}`;
    case 'object':
      return 'a mapping (`key: value`)';
    default:
      return 'any value';
  }
}

function describeRange(node: SchemaNode): string {
  const {
    minimum,
    maximum,
    exclusiveMinimum: above,
    exclusiveMaximum: below,
  } = node as Readonly<Record<string, number | undefined>>;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const lower =
    minimum === undefined ? (above === undefined ? '' : ` greater than ${above}`) : ` of at least ${minimum}`;
  const upper =
    maximum === undefined ? (below === undefined ? '' : ` less than ${below}`) : ` of at most ${maximum}`;
  return lower !== '' && upper !== '' ? `${lower} and${upper}` : `${lower}${upper}`;
}

function describeText(node: SchemaNode): string {
  const { minLength, maxLength, pattern } = node;
  const least = typeof minLength === 'number' && minLength > 1 ? ` of at least ${minLength}` : '';
  const most = typeof maxLength === 'number' ? ` of at most ${maxLength}` : '';
  const bounds = [least, most].filter((bound) => bound !== '').join(' and');
  const length = bounds === '' ? '' : `${bounds} characters`;
  return typeof pattern === 'string' ? `${length} that matches \`${pattern}\`` : length;
}

function describeItems(node: SchemaNode, root: SchemaNode): string {
  return isSchemaNode(node['items']) ? ` of values, each ${describeAllowed(node['items'], root)}` : '';
}

/** "a", "a or b", "a, b or c". */
export function joinWords(words: readonly string[], last: 'or' | 'and'): string {
  const [head, tail] = [words.slice(0, -1), words.at(-1) ?? ''];
  return head.length === 0 ? tail : `${head.join(', ')} ${last} ${tail}`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
