/** How far apart two distributions are: the distances, what they are made of, and above what they matter. */
import type { ColumnDrift } from '../../schemas/evidence.generated.ts';
import type { AnomalyName } from '../anomalies.ts';

export type DriftMethod = ColumnDrift['method'];

interface Method {
  /** What it is called in sentences. */
  readonly words: string;
  /** Over counts r of the reference and c of the current data, with the sums m and n. */
  readonly formula: string;
  readonly threshold: number;
  /** Whether it knows which value is larger, and so needs bins of numbers. */
  readonly isOrdered: boolean;
  readonly anomaly: AnomalyName;
}

export const METHODS: Readonly<Record<DriftMethod, Method>> = {
  wasserstein: {
    words: 'the Wasserstein distance in standard deviations of the reference',
    formula:
      'sum over neighbouring bins of |R - C| * (distance of their middles), divided by scale; R and C are cumulative shares of r and c',
    threshold: 0.1,
    isOrdered: true,
    anomaly: 'COMPARATOR_DISTANCE_HIGH',
  },
  'kolmogorov-smirnov': {
    words: "Kolmogorov and Smirnov's distance",
    formula: 'max |R - C| over the ends of the bins; R and C are cumulative shares of r and c',
    threshold: 0.1,
    isOrdered: true,
    anomaly: 'COMPARATOR_DISTANCE_HIGH',
  },
  'jensen-shannon': {
    words: 'the Jensen-Shannon distance (natural logarithm)',
    formula:
      'sqrt((KL(p, h) + KL(q, h)) / 2) with p = r/m, q = c/n, h = (p + q) / 2, KL(p, h) = sum p ln(p/h); times 1.2011 for base 2',
    threshold: 0.1,
    isOrdered: false,
    anomaly: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
  },
  psi: {
    words: 'the population stability index',
    formula:
      'sum (q - p) ln(q/p) over k bins with p = (r + 1/2) / (m + k/2) and q = (c + 1/2) / (n + k/2), whether or not a bin is empty',
    threshold: 0.1,
    isOrdered: false,
    anomaly: 'COMPARATOR_DISTANCE_HIGH',
  },
  'cramers-v': {
    words: "Cramér's V (Bergsma's correction)",
    formula:
      'sqrt(max(0, x - (k-1)/(N-1)) / min(1 - 1/(N-1), k - 1 - (k-1)^2/(N-1))) with x = chi-squared / N, N = m + n, k bins',
    threshold: 0.1,
    isOrdered: false,
    anomaly: 'COMPARATOR_DISTANCE_HIGH',
  },
  'total-variation': {
    words: 'the total variation',
    formula: 'sum |r/m - c/n| / 2',
    threshold: 0.1,
    isOrdered: false,
    anomaly: 'COMPARATOR_DISTANCE_HIGH',
  },
  'l-infinity': {
    words: 'the largest difference of a share',
    formula: 'max |r/m - c/n|',
    threshold: 0.1,
    isOrdered: false,
    anomaly: 'COMPARATOR_L_INFTY_HIGH',
  },
  difference: {
    words: 'the difference of the shares',
    formula: '|r/m - c/n| of the absent cells',
    threshold: 0.05,
    isOrdered: false,
    anomaly: 'COMPARATOR_MISSING_SHARE_HIGH',
  },
};
