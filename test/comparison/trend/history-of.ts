import type { HistoryEntry, HistoryValue } from '../../../src/evidence/metric-history.ts';

/** `1` becomes forty digits that end in it. */
export function commitOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

const TEST_SET = 'a'.repeat(64);

/** A history of one metric: one commit for each value, or the value of a chosen commit. */
export function historyOf(
  values: readonly (number | null | { readonly commit: number; readonly value: number })[],
  each: (value: number, index: number) => Partial<HistoryValue> = () => ({}),
): readonly HistoryEntry[] {
  return values.map((item, index) => {
    const value = typeof item === 'object' && item !== null ? item.value : item;
    const commit = typeof item === 'object' && item !== null ? item.commit : index + 1;
    return {
      commit: commitOf(commit),
      evidence: index.toString(16).padStart(64, '0'),
      at: new Date(Date.UTC(2026, 0, 1, index)).toISOString().replace('.000', ''),
      values: [
        {
          metric: 'accuracy',
          about: { model: 'churn', datasetDigest: TEST_SET },
          definition: 1,
          direction: 'higher-is-better',
          value,
          ...each(value ?? Number.NaN, index),
        },
      ],
    };
  });
}

/** The 90 % interval of a share of n examples, by the normal approximation. */
export function shareInterval(value: number, n: number) {
  const half = 1.6448536269514722 * Math.sqrt((value * (1 - value)) / n);
  return { level: 0.9, low: value - half, high: value + half };
}
