/** Generated from action-schema/profile.schema.json by npm run generate. Do not edit. */

/**
 * A profile of a table as `mlgate profile` writes it: small, without rows, and in a form that merges. Quantiles, histograms and frequent values are made of it.
 */
export interface StoredProfile {
  /**
   * Version of this format.
   */
  readonly version: 1;
  /**
   * What was profiled.
   */
  readonly dataset: string;
  /**
   * Rows.
   */
  readonly rows: number;
  /**
   * Most different values, or buckets of numbers, that are kept of a column.
   */
  readonly buckets: 1024 | 4096;
  /**
   * What hashed texts: only profiles of one hash can be merged.
   */
  readonly hash: string;
  /**
   * Its columns, in the table's order.
   *
   * @maxItems 10000
   */
  readonly columns: readonly StoredColumn[];
}
/**
 * What is kept of one column.
 */
export interface StoredColumn {
  /**
   * The column.
   */
  readonly name: string;
  /**
   * As what its cells are summarised.
   */
  readonly type: 'number' | 'integer' | 'boolean' | 'string' | 'date' | 'date-time' | 'other';
  /**
   * Whether it looks personal: nothing is here from which a value could be told.
   */
  readonly withheld: boolean;
  /**
   * Cells that hold a value.
   */
  readonly present: number;
  /**
   * Cells that hold none.
   */
  readonly absent: number;
  /**
   * Present cells of another type, and numbers that are not finite.
   */
  readonly unread: number;
  /**
   * How many of those are NaN or infinite.
   */
  readonly notFinite?: number;
  readonly numbers?: StoredNumbers;
  readonly texts?: StoredTextColumn;
  readonly booleans?: StoredBooleans;
  /**
   * HyperLogLog with 4,096 registers, one character each (RFC 4648 section 5), for the number of different values where they are not all listed.
   */
  readonly registers?: string;
  /**
   * How many different values there are, where nothing else here tells.
   */
  readonly distinct?: number;
}
/**
 * What is kept of finite numbers.
 */
export interface StoredNumbers {
  /**
   * Smallest.
   */
  readonly min: number;
  /**
   * Largest.
   */
  readonly max: number;
  /**
   * How many are 0.
   */
  readonly zeros: number;
  readonly moments?: StoredMoments;
  readonly sketch: StoredSketch;
  readonly frozen?: StoredEdgeCounts;
}
/**
 * Count, mean and sums of powers of deviations from the mean; left out where they are beyond what a number can hold.
 */
export interface StoredMoments {
  /**
   * How many.
   */
  readonly n: number;
  /**
   * Arithmetic mean.
   */
  readonly mean: number;
  /**
   * Sum of squared deviations.
   */
  readonly sum2: number;
  /**
   * Sum of third powers.
   */
  readonly sum3: number;
  /**
   * Sum of fourth powers.
   */
  readonly sum4: number;
}
/**
 * How often each number stands, or, once there are more than `buckets` different ones, how many lie in each bucket. A bucket is what is left of a double when its last `dropped` bits are rounded towards minus infinity, so that sketches of parts merge to that of the whole.
 */
export interface StoredSketch {
  /**
   * Bits that do not count; 0 where every number has a bucket of its own.
   */
  readonly dropped: number;
  /**
   * The least number of each bucket, in rising order.
   *
   * @maxItems 4096
   */
  readonly values: readonly number[];
  /**
   * Numbers in each bucket.
   *
   * @maxItems 4096
   */
  readonly counts: readonly number[];
}
/**
 * Counts between edges that another profile chose.
 */
export interface StoredEdgeCounts {
  /**
   * Edges in rising order; a bin holds its lower edge, the last one both.
   *
   * @maxItems 129
   */
  readonly edges: readonly number[];
  /**
   * Numbers in each bin.
   *
   * @maxItems 128
   */
  readonly counts: readonly number[];
  /**
   * Numbers below the first edge.
   */
  readonly below: number;
  /**
   * Numbers above the last edge.
   */
  readonly above: number;
}
/**
 * Of texts.
 */
export interface StoredTextColumn {
  readonly lengths: StoredNumbers;
  readonly counts?: StoredTexts;
}
/**
 * How often each text stands; left out where there are more than `buckets` different ones, and for columns that look personal.
 */
export interface StoredTexts {
  /**
   * Texts of at most 100 characters, the most frequent first.
   *
   * @maxItems 4096
   */
  readonly values: readonly string[];
  /**
   * How often each of them stands.
   *
   * @maxItems 4096
   */
  readonly counts: readonly number[];
  /**
   * What tells longer texts apart.
   *
   * @maxItems 4096
   */
  readonly longHashes: readonly string[];
  /**
   * How often each of those stands.
   *
   * @maxItems 4096
   */
  readonly longCounts: readonly number[];
}
/**
 * Of truth values.
 */
export interface StoredBooleans {
  /**
   * True ones.
   */
  readonly true: number;
  /**
   * False ones.
   */
  readonly false: number;
}
