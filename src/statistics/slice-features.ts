/** Features as codes that are numbered through over all of them, with what the rows of each code add up to. */
import type { Tally } from './slice-tallies.ts';

export type CodeColumn = Uint8Array | Uint16Array | Uint32Array;

export interface Features {
  readonly n: number;
  /** For each feature the code of each row, counted from the feature's first. */
  readonly columns: readonly CodeColumn[];
  /** The first code of each feature, and behind the last one the number of all. */
  readonly firstOf: readonly number[];
  readonly featureOf: readonly number[];
  readonly valueOf: readonly number[];
  /** Errors times weights. */
  readonly errors: Float64Array;
  /** The same without weights, where they differ. */
  readonly bareErrors: Float64Array | undefined;
  readonly weights: Float64Array | undefined;
  readonly tallies: readonly Tally[];
  readonly whole: Tally;
}

/** Values up to here are looked up in an array. */
const LARGEST_TABLE = 1 << 20;

/** Values of a feature as codes from 0, ascending by value. */
function encodeFeature(column: ArrayLike<number>): {
  readonly codes: CodeColumn;
  readonly values: readonly number[];
} {
  const { length } = column;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < length; row++) {
    const value = column[row] ?? Number.NaN;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least >= 0 && most < LARGEST_TABLE && Number.isInteger(most)) {
    const seen = new Int32Array(most + 1).fill(-1);
    for (let row = 0; row < length; row++) seen[column[row] ?? 0] = 0;
    const values: number[] = [];
    for (let value = 0; value <= most; value++) if (seen[value] === 0) seen[value] = values.push(value) - 1;
    const codes = makeCodes(values.length, length);
    for (let row = 0; row < length; row++) codes[row] = seen[column[row] ?? 0] ?? 0;
    return { codes, values };
  }
  const values = [...new Set(Array.from(column))].sort((x, y) => x - y);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = makeCodes(values.length, length);
  for (let row = 0; row < length; row++) codes[row] = codeOf.get(column[row] ?? 0) ?? 0;
  return { codes, values };
}

function makeCodes(values: number, length: number): CodeColumn {
  if (values <= 256) return new Uint8Array(length);
  return values <= 65_536 ? new Uint16Array(length) : new Uint32Array(length);
}

export function encodeFeatures(
  features: readonly ArrayLike<number>[],
  errors: Float64Array,
  weights: Float64Array | undefined,
): Features {
  const encoded = features.map(encodeFeature);
  const firstOf = [0];
  for (const { values } of encoded) firstOf.push((firstOf.at(-1) ?? 0) + values.length);
  const products = weights === undefined ? errors : errors.map((error, row) => error * (weights[row] ?? 0));
  const rows = { errors: products, bareErrors: weights === undefined ? undefined : errors, weights };
  return {
    n: errors.length,
    columns: encoded.map(({ codes }) => codes),
    firstOf,
    featureOf: encoded.flatMap(({ values }, feature) => values.map(() => feature)),
    valueOf: encoded.flatMap(({ values }) => values),
    ...rows,
    tallies: encoded.flatMap(({ codes, values }) => tallyCodes(codes, values.length, rows)),
    whole: tallyCodes(new Uint8Array(errors.length), 1, rows)[0] ?? { size: 0, errorSum: 0, largestError: 0 },
  };
}

function tallyCodes(
  codes: CodeColumn,
  count: number,
  { errors, bareErrors = errors, weights }: Pick<Features, 'errors' | 'bareErrors' | 'weights'>,
): readonly Tally[] {
  const [sizes, sums, largest] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? 0;
    sizes[code] = (sizes[code] ?? 0) + (weights === undefined ? 1 : (weights[row] ?? 0));
    sums[code] = (sums[code] ?? 0) + (errors[row] ?? 0);
    const error = bareErrors[row] ?? 0;
    if (error > (largest[code] ?? 0)) largest[code] = error;
  }
  return Array.from(sizes, (size, code) => ({
    size,
    errorSum: sums[code] ?? 0,
    largestError: largest[code] ?? 0,
  }));
}
