/**
 * Generates docs/reference/ from action-schema/ and from the catalogue of anomalies. `--check` writes nothing and
 * fails if a file is out of date.
 */
import { writeGenerated } from './write-generated.ts';
import { isPlaceholder, listKeys, printYamlValue, rootOf, type KeyInfo } from '../src/config/list-keys.ts';
import { isSchemaNode, propertiesOf, resolveNode, type SchemaNode } from '../src/config/schema-node.ts';
import type { Anomaly } from '../src/data/anomalies/anomaly.ts';
import { ANOMALIES } from '../src/data/anomalies.ts';
import type { DocumentKind } from '../src/schemas/validate.ts';

const FOLDER = 'docs/reference';

/** Headings, and whether examples are shown as YAML (what people write) or as JSON (what programs write). */
const DOCUMENTS: Readonly<
  Record<DocumentKind, { readonly title: string; readonly notation: 'YAML' | 'JSON' }>
> = {
  config: { title: 'mlgate.yml', notation: 'YAML' },
  'data-schema': { title: 'The data schema', notation: 'JSON' },
  evidence: { title: 'Evidence', notation: 'JSON' },
  'schema-diff': { title: 'What changed in a data schema', notation: 'JSON' },
  'schema-import': { title: "Another tool's schema, imported", notation: 'JSON' },
  'ledger-entry': { title: 'Entries of the promotion ledger', notation: 'JSON' },
  profile: { title: 'Profile files', notation: 'JSON' },
};

interface Section {
  /** Where in the document it stands, for the heading; empty for the document itself. */
  readonly path: string;
  readonly node: SchemaNode;
  readonly keys: readonly KeyInfo[];
}

/** One section for each object, in the order of the document; a definition that several keys share has one. */
function listSections(root: SchemaNode): readonly Section[] {
  const sections: Section[] = [];
  const seen = new Set<unknown>();
  const visit = (path: string, node: SchemaNode): void => {
    const mark = node['title'] ?? node;
    if (seen.has(mark)) return;
    seen.add(mark);
    const keys = listKeys(node, root);
    sections.push({ path, node, keys });
    for (const key of keys)
      for (const nested of nestedObjects(key, root)) visit(join(path, nested.path), nested.node);
  };
  visit('', root);
  return sections;
}

function join(path: string, more: string): string {
  return path === '' ? more : `${path}.${more}`;
}

/** The objects that a key leads to: itself, a map's entries, a list's items, the alternatives of either. */
function nestedObjects(
  key: KeyInfo,
  root: SchemaNode,
): readonly { readonly path: string; readonly node: SchemaNode }[] {
  const { node, name } = key;
  if (Object.keys(propertiesOf(node)).length > 0) return [{ path: name, node }];
  if (isSchemaNode(node['additionalProperties'])) {
    return listKeys(node, root)
      .filter((entry) => isPlaceholder(entry.name))
      .flatMap((entry) => nestedObjects({ ...entry, name: `${name}.${entry.name}` }, root));
  }
  const items = node['items'];
  if (isSchemaNode(items))
    return nestedObjects({ ...key, name: `${name}[]`, node: resolveNode(items, root) }, root);
  const alternatives = node['oneOf'];
  if (!Array.isArray(alternatives)) return [];
  return alternatives.filter(isSchemaNode).flatMap((alternative) => {
    const resolved = resolveNode(alternative, root);
    return nestedObjects({ ...key, name: `${name} (${String(resolved['title'])})`, node: resolved }, root);
  });
}

function writeDocument(kind: DocumentKind): string {
  const { title, notation } = DOCUMENTS[kind];
  const root = rootOf(kind);
  const sections = listSections(root);
  return [
    `<!-- Generated from action-schema/${kind}.schema.json by scripts/generate-reference.ts. Do not edit. -->`,
    '',
    `# ${title}`,
    ...sections.flatMap((section) => writeSection(section, notation)),
    '',
  ].join('\n');
}

function writeSection({ path, node, keys }: Section, notation: 'YAML' | 'JSON'): readonly string[] {
  const heading = path === '' ? [] : ['', `## \`${path}\``];
  const description = node['description'];
  return [
    ...heading,
    '',
    ...(typeof description === 'string' ? [description, ''] : []),
    '| Key | Meaning | Allowed | Default | Example |',
    '|---|---|---|---|---|',
    ...keys.map((key) => writeRow(key, notation)),
  ];
}

function writeRow(key: KeyInfo, notation: 'YAML' | 'JSON'): string {
  const print = (value: unknown): string =>
    code(notation === 'YAML' ? printYamlValue(value) : JSON.stringify(value));
  const fallback = key.required ? 'required' : key.defaultValue === undefined ? '' : print(key.defaultValue);
  const cells = [code(key.name), key.description, key.allowed, fallback, key.examples.map(print).join(' ')];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** GitHub's tables end a cell at every `|`, even inside code. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function writeAnomalies(): string {
  const rows = ANOMALIES.map((anomaly: Anomaly) =>
    [
      code(anomaly.name),
      anomaly.meaning,
      anomaly.asked,
      anomaly.cause,
      anomaly.example,
      anomaly.cure,
      anomaly.origin,
    ]
      .map(escapeCell)
      .join(' | '),
  );
  return [
    '<!-- Generated from src/data/anomalies.ts by scripts/generate-reference.ts. Do not edit. -->',
    '',
    '# Anomalies of data',
    '',
    'What a check of a dataset can find. A name is that of [TensorFlow Data Validation](https://www.tensorflow.org/tfx/data_validation/anomalies) where it has one for the same condition, and else our own.',
    '',
    '| Name | Meaning | Asked for by | Usual cause | Example | What to do | Origin |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(DOCUMENTS).map((kind) => [`${kind}.md`, writeDocument(kind as DocumentKind)]),
  ),
  'anomalies.md': writeAnomalies(),
};
for (const [name, text] of Object.entries(files)) writeGenerated(`${FOLDER}/${name}`, text);
