import { UserError } from '../evidence/errors.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import { findLaterKey } from './later-features.ts';
import { describeKey, isPlaceholder, listKeys, printYamlValue, rootOf, type KeyInfo } from './list-keys.ts';
import type { SchemaNode } from './schema-node.ts';

type Explained = 'config' | 'data-schema';

interface Found {
  /** With placeholders for the user's names. */
  readonly path: readonly string[];
  readonly key: KeyInfo;
}

/** What a key of the data schema begins with, since both documents are explained. */
const DATA_SCHEMA = 'data-schema';

/**
 * Text of `mlgate explain KEY`. KEY is a path joined by dots, with or without the user's own names
 * (`models.churn.task`, `models.<model>.task`), the last key alone (`max-regression`), `data-schema` or
 * `data-schema.PATH`, or empty for an overview. Throws a UserError with the nearest key for one that does not exist.
 */
export function explainKey(key: string): string {
  const words = key.trim() === '' ? [] : key.trim().split('.');
  const [kind, path]: readonly [Explained, readonly string[]] =
    words[0] === DATA_SCHEMA ? [DATA_SCHEMA, words.slice(1)] : ['config', words];
  if (path.length === 0) return explainDocument(kind);
  const found = resolvePath(kind, path);
  if (found !== undefined) return explainFound(kind, found);
  const elsewhere = path.length === 1 ? findAnywhere(kind, path[0] ?? '') : [];
  if (elsewhere.length > 0) return elsewhere.map((place) => explainFound(kind, place)).join('\n');
  throw describeUnknown(kind, path);
}

function explainDocument(kind: Explained): string {
  const root = rootOf(kind);
  const title = kind === 'config' ? 'mlgate.yml' : 'The data schema';
  const keys = listKeys(root, root);
  return [
    title,
    '',
    describeKey('', root, root, false).description,
    '',
    'Keys:',
    ...listChildren(keys),
    '',
    `Explain one: mlgate explain ${kind === 'config' ? 'models' : `${DATA_SCHEMA}.properties`}`,
    ...(kind === 'config' ? [`The data schema: mlgate explain ${DATA_SCHEMA}`] : []),
    '',
  ].join('\n');
}

/** A name of the user's may hold dots, so a placeholder takes as few words as let the rest be found. */
function resolvePath(
  kind: Explained,
  path: readonly string[],
  node: SchemaNode = rootOf(kind),
  walked: readonly string[] = [],
): Found | undefined {
  for (const key of listKeys(node, rootOf(kind))) {
    const most = isPlaceholder(key.name) ? path.length : path[0] === key.name ? 1 : 0;
    for (let taken = 1; taken <= most; taken += 1) {
      const here = [...walked, key.name];
      const rest = path.slice(taken);
      if (rest.length > 0) {
        const found = resolvePath(kind, rest, key.node, here);
        if (found !== undefined) return found;
      } else if (!path.slice(1).some((word) => looksLikeKey(kind, word, key))) return { path: here, key };
    }
  }
  return undefined;
}

/** Whether a word of what would be a name with dots is rather a key below the name, well or badly spelt. */
function looksLikeKey(kind: Explained, word: string, { node }: KeyInfo): boolean {
  const names = listKeys(node, rootOf(kind)).map(({ name }) => name);
  return findLaterKey(kind, word) !== undefined || findNearest(word, names) !== undefined;
}

function findAnywhere(kind: Explained, name: string): readonly Found[] {
  const root = rootOf(kind);
  // A schema may hold schemas of its own kind: what is below is told once.
  const search = (
    node: SchemaNode,
    walked: readonly string[],
    open: readonly unknown[],
  ): readonly Found[] => {
    const { title = node } = node;
    if (open.includes(title)) return [];
    return listKeys(node, root).flatMap((key) => {
      const path = [...walked, key.name];
      return [...(key.name === name ? [{ path, key }] : []), ...search(key.node, path, [...open, title])];
    });
  };
  return search(root, [], []);
}

function explainFound(kind: Explained, { path, key }: Found): string {
  const children = listKeys(key.node, rootOf(kind));
  const lines = [
    [kind === 'config' ? '' : `${DATA_SCHEMA}.`, path.join('.')].join(''),
    '',
    key.description,
    '',
    `Value:    ${key.allowed}`,
    ...(key.defaultValue === undefined || children.length > 0
      ? []
      : [`Default:  ${printYamlValue(key.defaultValue)}`]),
    ...(key.required ? ['Required: yes'] : []),
    ...key.examples.map(
      (example, index) =>
        `${index === 0 ? 'Example:  ' : '          '}${key.name}: ${printYamlValue(example)}`,
    ),
    ...(children.length === 0 ? [] : ['', 'Keys:', ...listChildren(children)]),
  ];
  return `${lines.join('\n')}\n`;
}

function listChildren(keys: readonly KeyInfo[]): readonly string[] {
  const width = Math.max(...keys.map(({ name }) => name.length));
  return keys.map(({ name, description }) => `  ${name.padEnd(width)}  ${firstSentence(description)}`);
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

function describeUnknown(kind: Explained, path: readonly string[]): UserError {
  const root = rootOf(kind);
  let known = 0;
  while (known < path.length - 1 && resolvePath(kind, path.slice(0, known + 1)) !== undefined) known += 1;
  const parent = resolvePath(kind, path.slice(0, known));
  const allowed = listKeys(parent?.key.node ?? root, root).map(({ name }) => name);
  const wrong = path[known] ?? '';
  const later = findLaterKey(kind, wrong);
  if (later !== undefined)
    return new UserError(`\`${wrong}\` does not exist yet in this version: ${later} will come later.`);
  const nearest = findNearest(
    wrong,
    allowed.filter((name) => !isPlaceholder(name)),
  );
  const hint =
    nearest === undefined ? '' : ` Did you mean \`${[...path.slice(0, known), nearest].join('.')}\`?`;
  const place = known === 0 ? '' : ` under \`${path.slice(0, known).join('.')}\``;
  const list = allowed.length === 0 ? 'There are no keys there.' : `Keys there: ${allowed.join(', ')}.`;
  return new UserError(`There is no key \`${wrong}\`${place}.${hint} ${list}`, {
    help: 'Run `mlgate explain` for an overview.',
  });
}
