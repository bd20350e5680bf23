/** What the values inside of lists and objects are like: one pass over their JSON texts. */
import type { CellFormat } from '../engine.ts';
import type { NestedSurvey } from '../survey.ts';

/** Deeper nesting is not followed. */
const MAX_DEPTH = 6;
/** Objects with more keys than this are maps, whose keys are no names. */
const MAX_KEYS = 100;

interface Tally {
  count: number;
  nulls: number;
  booleans: number;
  wholes: number;
  fractions: number;
  texts: number;
  formats: readonly CellFormat[];
  arrays: number;
  items: Tally | undefined;
  objects: number;
  /** Undefined once there were too many. */
  keys: Map<string, Tally> | undefined;
}

type Accepts = (format: CellFormat, text: string) => boolean;

export interface NestedFold {
  /** @param json the text of one list or object; a text that is no JSON is not looked into */
  readonly add: (json: string) => void;
  readonly finish: () => NestedSurvey;
}

/** @param accepts whether a text has a format; only `formats` are asked for */
export function foldNested(formats: readonly CellFormat[], accepts: Accepts): NestedFold {
  const root = emptyTally(formats);
  return {
    add: (json) => {
      tally(root, parseJson(json), 0, formats, accepts);
    },
    finish: () => readTally(root),
  };
}

function emptyTally(formats: readonly CellFormat[]): Tally {
  return {
    count: 0,
    nulls: 0,
    booleans: 0,
    wholes: 0,
    fractions: 0,
    texts: 0,
    formats,
    arrays: 0,
    items: undefined,
    objects: 0,
    keys: new Map(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function tally(
  into: Tally,
  value: unknown,
  depth: number,
  formats: readonly CellFormat[],
  accepts: Accepts,
): void {
  into.count += 1;
  if (value === null) into.nulls += 1;
  else if (typeof value === 'boolean') into.booleans += 1;
  else if (typeof value === 'number') into[Number.isInteger(value) ? 'wholes' : 'fractions'] += 1;
  else if (typeof value === 'string') {
    into.texts += 1;
    if (into.formats.length > 0) into.formats = into.formats.filter((format) => accepts(format, value));
  } else if (Array.isArray(value)) {
    into.arrays += 1;
    if (depth >= MAX_DEPTH) return;
    for (const item of value) tally((into.items ??= emptyTally(formats)), item, depth + 1, formats, accepts);
  } else if (typeof value === 'object') {
    into.objects += 1;
    if (depth >= MAX_DEPTH) into.keys = undefined;
    for (const [key, item] of Object.entries(value)) {
      const known = keyTally(into, key, formats);
      if (known === undefined) return;
      tally(known, item, depth + 1, formats, accepts);
    }
  }
}

function keyTally(into: Tally, key: string, formats: readonly CellFormat[]): Tally | undefined {
  if (into.keys === undefined) return undefined;
  const known = into.keys.get(key) ?? emptyTally(formats);
  into.keys.set(key, known);
  if (into.keys.size <= MAX_KEYS) return known;
  into.keys = undefined;
  return undefined;
}

function readTally({ items, keys, formats, ...counts }: Tally): NestedSurvey {
  const sorted = [...(keys ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    ...counts,
    formats: counts.texts === 0 ? [] : formats,
    ...(items === undefined ? {} : { items: readTally(items) }),
    ...(keys === undefined ? {} : { keys: sorted.map(([key, value]) => [key, readTally(value)] as const) }),
  };
}
