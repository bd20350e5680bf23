export interface Counted {
  readonly key: string;
  readonly count: number;
}

/** The most frequent first, and of those that are equally frequent the one that sorts first. */
export function sortCounts(all: readonly Counted[]): readonly Counted[] {
  return all.toSorted((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
}
