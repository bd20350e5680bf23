/** The keys of a schema as people read about them: `mlgate explain` and the generated reference are this text. */
import { SCHEMAS, type DocumentKind } from '../schemas/validate.ts';
import {
  definitionName,
  describeAllowed,
  isSchemaNode,
  propertiesOf,
  resolveNode,
  type SchemaNode,
} from './schema-node.ts';

export interface KeyInfo {
  /** As it is written, or a placeholder (`<model>`) for a name of the user's. */
  readonly name: string;
  readonly description: string;
  /** What it may be, in words. */
  readonly allowed: string;
  readonly required: boolean;
  /** Undefined where there is none. */
  readonly defaultValue: unknown;
  readonly examples: readonly unknown[];
  /** Schema of the value, references followed. */
  readonly node: SchemaNode;
  /** Name in `$defs` of the schema that the value or, for a map, each of its entries satisfies. */
  readonly definition: string | undefined;
}

/** What stands for a name of the user's, by the definition of what it names. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  dataset: '<dataset>',
  model: '<model>',
  modelMetricGate: '<metric>',
  metricsFile: '<file>',
  numberGate: '<key>',
  column: '<column>',
  rule: '<rule>',
  fractionBounds: '<column>',
  columnStatistics: '<column>',
  freshnessRule: '<column>',
  numberBounds: '<probability>',
  otherTable: '<table>',
  environment: '<environment>',
};

/** A kind of document as one schema node. */
export function rootOf(kind: DocumentKind): SchemaNode {
  return SCHEMAS[kind];
}

/** Keys of an object: the named ones, then the placeholder of a map. */
export function listKeys(node: SchemaNode, root: SchemaNode): readonly KeyInfo[] {
  const required = Array.isArray(node['required']) ? node['required'] : [];
  const named = Object.entries(propertiesOf(node)).map(([name, property]) =>
    describeKey(name, property, root, required.includes(name)),
  );
  const entry = node['additionalProperties'];
  return isSchemaNode(entry) ? [...named, describeKey(placeholderOf(entry), entry, root, false)] : named;
}

function placeholderOf(entry: SchemaNode): string {
  return PLACEHOLDERS[definitionName(entry) ?? ''] ?? '<name>';
}

/** One key; also for a definition on its own, under a name that is only shown. */
export function describeKey(
  name: string,
  property: SchemaNode,
  root: SchemaNode,
  required: boolean,
): KeyInfo {
  const node = resolveNode(property, root);
  const { description, examples } = node;
  return {
    name,
    description: typeof description === 'string' ? description : '',
    allowed: describeAllowed(node, root),
    required,
    defaultValue: node['default'],
    examples: Array.isArray(examples) ? examples : [],
    node,
    definition: definitionName(entryOf(property)),
  };
}

/** The schema of a map's or a list's entries; the schema itself for anything else. */
function entryOf(node: SchemaNode): SchemaNode {
  if (isSchemaNode(node['additionalProperties'])) return node['additionalProperties'];
  return isSchemaNode(node['items']) ? node['items'] : node;
}

/** Whether a key's name is a name of the user's. */
export function isPlaceholder(name: string): boolean {
  return name.startsWith('<');
}

/** A value as one would write it in YAML on one line. */
export function printYamlValue(value: unknown): string {
  if (typeof value === 'string') return /^[A-Za-z][\w./ -]*$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printYamlValue).join(', ')}]`;
  if (!isSchemaNode(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${printYamlValue(entry)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
