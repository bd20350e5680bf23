import type { EvidenceScalar } from '../schemas/evidence.generated.ts';
import { boundDistinctly } from './bound-text.ts';

/** Values of one document that evidence has room for. */
export const MAX_VALUES = 500;

interface FlatValues {
  /** By key: keys from the outside in, joined by dots. */
  readonly values: Readonly<Record<string, EvidenceScalar>>;
  /** How many more there are. */
  readonly omitted: number;
}

/**
 * A document of settings as a flat list, by the rules of `dvc params`: nested keys are joined by dots, a list of plain
 * values is one value in JSON, and what stands in other lists is found by its position. Of more than 500 values the
 * first are kept. Keys that could be read in two ways stand in quotes; long keys and texts end in a digest, so that
 * two that differ stay different.
 */
export function flattenValues(document: Readonly<Record<string, unknown>>): FlatValues {
  const found: [string, EvidenceScalar][] = [];
  let omitted = 0;
  const visit = (value: unknown, path: readonly string[]): void => {
    const children = childrenOf(value);
    if (children !== undefined) {
      for (const [key, child] of children) visit(child, [...path, key]);
    } else if (found.length < MAX_VALUES) {
      found.push([boundDistinctly(path.map(writeKey).join('.')), toScalar(value)]);
    } else omitted += 1;
  };
  visit(document, []);
  return { values: Object.fromEntries(found), omitted };
}

/** What a value is made of; undefined where it is one value itself. An empty mapping is a value: it says something. */
function childrenOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    return undefined;
  }
  const entries = Object.entries(value);
  return entries.length === 0 ? undefined : entries;
}

/** Keys with a dot or a quote in them, empty ones and those that do not fit into a line. */
const AMBIGUOUS = /^$|[."\p{C}]/u;

function writeKey(key: string): string {
  return AMBIGUOUS.test(key) ? JSON.stringify(key) : key;
}

function toScalar(value: unknown): EvidenceScalar {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return boundDistinctly(value);
  return boundDistinctly(JSON.stringify(value, writeNonFinite));
}

/** JSON has no word for NaN and infinities, and `null` is another value. */
function writeNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
