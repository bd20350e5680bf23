/** Walks over the nodes of a YAML document whose depth has been checked: what the composer lets through, and where things stand. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { MAX_ALIASES } from './limits.ts';
import { showValue, type Mistake, type Position } from './mistake.ts';

export type PositionAt = (offset: number) => Position;

/** What each alias stands for. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

export interface TreeFindings {
  readonly mistakes: readonly Mistake[];
  /** Numbers that nobody who computes with doubles keeps: a mistake only where each digit counts. */
  readonly rounded: readonly Mistake[];
  readonly targets: AliasTargets;
}

/** Finds duplicate keys, aliases without an anchor, aliases inside what they stand for, too many aliases, and rounded numbers. */
export function examineTree(root: ParsedNode, positionAt: PositionAt): TreeFindings {
  const [mistakes, rounded]: [Mistake[], Mistake[]] = [[], []];
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const note = (offset: number, path: readonly string[], text: string): void => {
    mistakes.push({ position: positionAt(offset), path, text });
  };
  const visitAlias = (alias: Alias, path: readonly string[]): void => {
    const target = anchors.get(alias.source);
    const offset = startOf(alias);
    if (target === undefined) {
      return note(
        offset,
        path,
        `the alias \`*${alias.source}\` has no anchor \`&${alias.source}\` before it.`,
      );
    }
    if (offset < (target.range?.[1] ?? 0)) {
      return note(offset, path, `the alias \`*${alias.source}\` stands inside what it stands for.`);
    }
    targets.set(alias, target);
    if (targets.size === MAX_ALIASES + 1) note(offset, path, `more than ${MAX_ALIASES} aliases.`);
  };
  const visit = (node: unknown, path: readonly string[]): void => {
    if (isAlias(node)) return visitAlias(node, path);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, node);
    const rounding = isScalar(node) ? findRounding(node) : undefined;
    if (rounding !== undefined) rounded.push({ position: positionAt(startOf(node)), path, text: rounding });
    if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...path, String(index)]));
    if (isMap(node)) {
      for (const { key, first } of findDuplicates(node)) {
        const { line } = positionAt(startOf(first));
        note(
          startOf(key),
          [...path, keyOf(key)],
          `duplicate key: ${showValue(keyOf(key))} stands in line ${line} already. Keep one.`,
        );
      }
      for (const pair of node.items) visit(pair.value, [...path, keyOf(pair.key)]);
    }
  };
  visit(root, []);
  return { mistakes, rounded, targets };
}

/** Of a whole number that changes when it is read: so many digits stand for another number. */
function findRounding({ value, source = '' }: Scalar): string | undefined {
  if (typeof value !== 'number' || !/^[-+]?\d{16,300}$/u.test(source)) return undefined;
  const read = BigInt(value);
  return BigInt(source.replace('+', '')) === read
    ? undefined
    : `${source} would be read as ${read}, the nearest double. Write a number that is kept as it is.`;
}

function findDuplicates(map: YAMLMap): readonly { readonly key: unknown; readonly first: unknown }[] {
  const seen = new Map<string, unknown>();
  return map.items.flatMap(({ key }) => {
    const name = keyOf(key);
    const first = seen.get(name);
    if (first !== undefined) return [{ key, first }];
    seen.set(name, key);
    return [];
  });
}

/** Finds where the parts of a document stand: `key` and `value` are the same place for items of a list. */
export function makeLocator(
  root: ParsedNode,
  targets: AliasTargets,
  positionAt: PositionAt,
): (path: readonly string[]) => { readonly key: Position; readonly value: Position } {
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Step>>();
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Step> => {
    const known = indexes.get(map) ?? indexPairs(map);
    indexes.set(map, known);
    return known;
  };
  return (path) => {
    let step: Step = { key: root, value: root };
    for (const name of path) {
      const node = follow(step.value, targets);
      const next = isMap(node) ? indexOf(node).get(name) : isSeq(node) ? itemAt(node.items, name) : undefined;
      if (next === undefined) break;
      step = next;
    }
    return { key: positionAt(startOf(step.key)), value: positionAt(startOf(step.value ?? step.key)) };
  };
}

interface Step {
  readonly key: unknown;
  readonly value: unknown;
}

function itemAt(items: readonly unknown[], name: string): Step | undefined {
  const item = items[Number(name)];
  return item === undefined ? undefined : { key: item, value: item };
}

function indexPairs(map: YAMLMap): ReadonlyMap<string, Step> {
  return new Map(map.items.map(({ key, value }) => [keyOf(key), { key, value }]));
}

function follow(node: unknown, targets: AliasTargets): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

function keyOf(key: unknown): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

function startOf(node: unknown): number {
  return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}
