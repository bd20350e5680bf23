/** Counting of slices: over the rows of a slice, by the codes of one more feature, all of them in one pass. */
import type { CodeColumn, Features } from './slice-features.ts';

/** What the rows of a slice add up to. */
export interface Tally {
  /** Rows, or their weight. */
  readonly size: number;
  /** Errors, times weights. */
  readonly errorSum: number;
  /** Without weight. */
  readonly largestError: number;
}

/** A slice that is still in the race. */
export interface Parent {
  /** Codes of its values, ascending. */
  readonly codes: readonly number[];
  readonly tally: Tally;
}

interface Race {
  /** Whether any part of a slice with at most these sums can still reach a place. */
  readonly hasChance: (tally: Tally) => boolean;
  /** Takes note of a slice. */
  readonly look: (codes: readonly number[], tally: Tally, parents: readonly Tally[]) => void;
  /** Nothing is counted for a next level. */
  readonly isLast: boolean;
}

/** Rows of a slice, side by side: numbers of rows in their block, and what is summed over them. */
interface Rows {
  readonly order: Uint32Array;
  readonly errors: Float64Array;
  readonly bareErrors: Float64Array | undefined;
  readonly weights: Float64Array | undefined;
}

/** The rows with one value of a first feature, with their codes of all features behind it. */
interface Block {
  readonly columns: readonly CodeColumn[];
  readonly rows: Rows;
}

/** Where slices of the level before are found by their codes. */
interface Known {
  readonly find: (key: Key) => Tally | undefined;
  readonly extend: (key: Key, code: number) => Key;
  readonly keyOf: (codes: readonly number[]) => Key;
}
type Key = number | string;

/** Slices with one value more than those of a level, if all that have one value fewer than they are in it. */
export function countChildren(features: Features, level: readonly Parent[], race: Race): readonly Parent[] {
  const known = indexLevel(features, level);
  const found: Parent[] = [];
  const search: Search = { features, known, race, found, counts: makeCounts(features), spares: new Map() };
  for (const [first, ofFeature] of groupByFirst(features, level)) {
    const blocks = sortIntoBlocks(features, first);
    for (const [code, parents] of ofFeature) {
      const block = blocks(code - (features.firstOf[first] ?? 0));
      visit(search, block, block.rows, [code], parents);
    }
  }
  return found;
}

interface Search {
  readonly features: Features;
  readonly known: Known;
  readonly race: Race;
  readonly found: Parent[];
  readonly counts: Counts;
  /** Room for the rows of parts, by depth. */
  readonly spares: Map<number, Rows>;
}

function indexLevel({ firstOf }: Features, level: readonly Parent[]): Known {
  const codes = firstOf.at(-1) ?? 0;
  const depth = level[0]?.codes.length ?? 1;
  const isNumber = codes ** depth <= Number.MAX_SAFE_INTEGER;
  const extend = (key: Key, code: number): Key =>
    typeof key === 'number' ? key * codes + code : `${key},${code}`;
  const keyOf = (own: readonly number[]): Key => own.reduce<Key>(extend, isNumber ? 0 : '');
  const tallies = new Map(level.map(({ codes: own, tally }) => [keyOf(own), tally]));
  return { find: (key) => tallies.get(key), extend, keyOf };
}

/** Slices of a level by their first feature, and by their first code. */
function groupByFirst(
  { featureOf }: Features,
  level: readonly Parent[],
): ReadonlyMap<number, ReadonlyMap<number, readonly Parent[]>> {
  const groups = new Map<number, Map<number, Parent[]>>();
  for (const parent of level) {
    const code = parent.codes[0] ?? 0;
    const feature = featureOf[code] ?? 0;
    const ofFeature = groups.get(feature) ?? new Map<number, Parent[]>();
    groups.set(feature, ofFeature);
    const ofCode = ofFeature.get(code);
    if (ofCode === undefined) ofFeature.set(code, [parent]);
    else ofCode.push(parent);
  }
  return groups;
}

/** All rows, sorted by the codes of one feature, so that those of one code lie side by side in memory. */
function sortIntoBlocks(features: Features, first: number): (code: number) => Block {
  const { columns, errors, bareErrors, weights, firstOf } = features;
  const column = columns[first] ?? new Uint8Array();
  const { order, ends } = sortByCode(column, (firstOf[first + 1] ?? 0) - (firstOf[first] ?? 0));
  const pickNumbers = (from: Float64Array): Float64Array => {
    const picked = new Float64Array(order.length);
    for (let at = 0; at < order.length; at++) picked[at] = from[order[at] ?? 0] ?? 0;
    return picked;
  };
  const sorted = {
    columns: columns.map((codes, feature) =>
      feature <= first ? codes.subarray(0, 0) : pickCodes(codes, order),
    ),
    errors: pickNumbers(errors),
    bareErrors: bareErrors && pickNumbers(bareErrors),
    weights: weights && pickNumbers(weights),
  };
  const identity = Uint32Array.from({ length: order.length }, (_, row) => row);
  return (code) => {
    const [start, end] = [code === 0 ? 0 : (ends[code - 1] ?? 0), ends[code] ?? 0];
    return {
      columns: sorted.columns.map((codes) => codes.subarray(start, end)),
      rows: {
        order: identity.subarray(0, end - start),
        errors: sorted.errors.subarray(start, end),
        bareErrors: sorted.bareErrors?.subarray(start, end),
        weights: sorted.weights?.subarray(start, end),
      },
    };
  };
}

function pickCodes(from: CodeColumn, order: Uint32Array): CodeColumn {
  const picked = from.slice();
  for (let at = 0; at < order.length; at++) picked[at] = from[order[at] ?? 0] ?? 0;
  return picked;
}

/** Numbers of rows by code, and where those of each code end. */
function sortByCode(
  column: CodeColumn,
  codes: number,
): { readonly order: Uint32Array; readonly ends: Uint32Array } {
  const ends = new Uint32Array(codes);
  for (let row = 0; row < column.length; row++) {
    const code = column[row] ?? 0;
    ends[code] = (ends[code] ?? 0) + 1;
  }
  turnIntoStarts(ends);
  const order = new Uint32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const code = column[row] ?? 0;
    const at = ends[code] ?? 0;
    order[at] = row;
    ends[code] = at + 1;
  }
  return { order, ends };
}

/** Counts by code become the place at which each code begins; where rows are put one by one, it ends as that of the next. */
function turnIntoStarts(counts: Uint32Array): void {
  let start = 0;
  for (let code = 0; code < counts.length; code++) {
    const size = counts[code] ?? 0;
    counts[code] = start;
    start += size;
  }
}

/** Goes down to each parent with the rows of its first codes, and counts its children there. */
function visit(
  search: Search,
  block: Block,
  rows: Rows,
  prefix: readonly number[],
  parents: readonly Parent[],
): void {
  const depth = prefix.length;
  const [parent] = parents;
  if (parent === undefined) return;
  if (parent.codes.length === depth) {
    countOne(search, block, rows, parent);
    return;
  }
  const { featureOf, firstOf } = search.features;
  let at = 0;
  while (at < parents.length) {
    const feature = featureOf[parents[at]?.codes[depth] ?? 0] ?? 0;
    const [first, beyond] = [firstOf[feature] ?? 0, firstOf[feature + 1] ?? 0];
    const parts = partition(search, block, rows, { feature, codes: beyond - first, depth });
    while (at < parents.length && (parents[at]?.codes[depth] ?? 0) < beyond) {
      const code = parents[at]?.codes[depth] ?? 0;
      let end = at;
      while (parents[end]?.codes[depth] === code) end += 1;
      visit(search, block, parts(code - first), [...prefix, code], parents.slice(at, end));
      at = end;
    }
  }
}

/** The rows of a slice by the codes of one more feature. */
function partition(
  search: Search,
  { columns }: Block,
  rows: Rows,
  { feature, codes, depth }: { readonly feature: number; readonly codes: number; readonly depth: number },
): (code: number) => Rows {
  const spare = spareRows(search, rows, depth);
  const column = columns[feature] ?? new Uint8Array();
  const ends = new Uint32Array(codes);
  const { length } = rows.order;
  for (let index = 0; index < length; index++) {
    const code = column[rows.order[index] ?? 0] ?? 0;
    ends[code] = (ends[code] ?? 0) + 1;
  }
  turnIntoStarts(ends);
  for (let index = 0; index < length; index++) {
    const row = rows.order[index] ?? 0;
    const code = column[row] ?? 0;
    const at = ends[code] ?? 0;
    ends[code] = at + 1;
    spare.order[at] = row;
    spare.errors[at] = rows.errors[index] ?? 0;
    if (spare.bareErrors !== undefined) spare.bareErrors[at] = rows.bareErrors?.[index] ?? 0;
    if (spare.weights !== undefined) spare.weights[at] = rows.weights?.[index] ?? 0;
  }
  return (code) => {
    const [from, to] = [code === 0 ? 0 : (ends[code - 1] ?? 0), ends[code] ?? 0];
    return {
      order: spare.order.subarray(from, to),
      errors: spare.errors.subarray(from, to),
      bareErrors: spare.bareErrors?.subarray(from, to),
      weights: spare.weights?.subarray(from, to),
    };
  };
}

function spareRows({ spares, features: { n } }: Search, like: Rows, depth: number): Rows {
  const known = spares.get(depth);
  if (known !== undefined) return known;
  const made: Rows = {
    order: new Uint32Array(n),
    errors: new Float64Array(n),
    bareErrors: like.bareErrors && new Float64Array(n),
    weights: like.weights && new Float64Array(n),
  };
  spares.set(depth, made);
  return made;
}

interface Counts {
  readonly sizes: Float64Array;
  readonly sums: Float64Array;
  readonly largest: Float64Array;
}

function makeCounts({ firstOf }: Features): Counts {
  const most = Math.max(0, ...firstOf.slice(1).map((end, feature) => end - (firstOf[feature] ?? 0)));
  return { sizes: new Float64Array(most), sums: new Float64Array(most), largest: new Float64Array(most) };
}

function countOne(search: Search, block: Block, rows: Rows, parent: Parent): void {
  const { features, known, race, counts, found } = search;
  const { codes, tally } = parent;
  const lastFeature = features.featureOf[codes.at(-1) ?? 0] ?? 0;
  // The other parents of a child are this one without one of its values, and with the child's.
  const others = codes.map((_, left) => known.keyOf(codes.filter((_code, at) => at !== left)));
  for (let feature = lastFeature + 1; feature < features.columns.length; feature++) {
    const first = features.firstOf[feature] ?? 0;
    const beyond = features.firstOf[feature + 1] ?? 0;
    const chances: { readonly code: number; readonly parents: readonly Tally[] }[] = [];
    for (let code = first; code < beyond; code++) {
      const parents = parentsOf(known, others, code, tally);
      if (parents !== undefined && race.hasChance(leastOf(parents))) chances.push({ code, parents });
    }
    if (chances.length === 0) continue;
    const column = block.columns[feature] ?? new Uint8Array();
    count(column, rows, beyond - first, counts, race.isLast);
    for (const { code, parents } of chances) {
      const child = {
        size: counts.sizes[code - first] ?? 0,
        errorSum: counts.sums[code - first] ?? 0,
        largestError: counts.largest[code - first] ?? 0,
      };
      const own = [...codes, code];
      race.look(own, child, parents);
      if (!race.isLast && race.hasChance(child)) found.push({ codes: own, tally: child });
    }
  }
}

function parentsOf(
  known: Known,
  others: readonly Key[],
  code: number,
  own: Tally,
): readonly Tally[] | undefined {
  const parents = [own];
  for (const key of others) {
    const parent = known.find(known.extend(key, code));
    if (parent === undefined) return undefined;
    parents.push(parent);
  }
  return parents;
}

/** A child is at most as large as the least of its parents, in each respect. */
function leastOf(parents: readonly Tally[]): Tally {
  let { size, errorSum, largestError } = parents[0] ?? { size: 0, errorSum: 0, largestError: 0 };
  for (const parent of parents) {
    size = Math.min(size, parent.size);
    errorSum = Math.min(errorSum, parent.errorSum);
    largestError = Math.min(largestError, parent.largestError);
  }
  return { size, errorSum, largestError };
}

/** Adds up rows by code. Written out, because this is where the time goes. */
function count(column: CodeColumn, rows: Rows, codes: number, counts: Counts, isLast: boolean): void {
  const { sizes, sums, largest } = counts;
  const { order, errors, bareErrors = errors, weights } = rows;
  sizes.fill(0, 0, codes);
  sums.fill(0, 0, codes);
  largest.fill(0, 0, codes);
  const { length } = order;
  for (let index = 0; index < length; index++) {
    const code = column[order[index] ?? 0] ?? 0;
    sizes[code] = (sizes[code] ?? 0) + (weights === undefined ? 1 : (weights[index] ?? 0));
    sums[code] = (sums[code] ?? 0) + (errors[index] ?? 0);
  }
  if (isLast) return;
  for (let index = 0; index < length; index++) {
    const code = column[order[index] ?? 0] ?? 0;
    const error = bareErrors[index] ?? 0;
    if (error > (largest[code] ?? 0)) largest[code] = error;
  }
}
