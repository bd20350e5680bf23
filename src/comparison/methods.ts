/**
 * The methods of comparison by the names that evidence gives them: one table, from which the reference is generated and
 * against which every name that is emitted is tested.
 */
import type { MetricComparison } from '../schemas/evidence.generated.ts';

export interface ComparisonMethod {
  /** As `comparison.method` has it. */
  readonly name: MetricComparison['method'];
  readonly usedWhen: string;
  readonly estimand: string;
  readonly assumes: string;
  readonly source: string;
}

export const COMPARISON_METHODS: readonly ComparisonMethod[] = [
  {
    name: 'paired',
    usedWhen: 'Both models answered the same examples: the same ids with the same targets.',
    estimand:
      'candidate − baseline of these two trained models, on the population that the examples stand for',
    assumes: 'Examples, or groups of examples where `group` says so, are independent draws.',
    source: 'one interval method by the form of the metric, below',
  },
  {
    name: 'unpaired',
    usedWhen: '`unpaired: true`, or the test set is one of `compatible-test-sets`.',
    estimand: 'the same difference, each model on examples of its own',
    assumes: 'The two test sets are independent draws of one population.',
    source: 'Zou and Donner, Statistics in Medicine 27 (2008), equation 4',
  },
  {
    name: 'noise',
    usedWhen: 'A number of a metrics file says `noise:`, stated or estimated from `history`.',
    estimand: 'difference of what both numbers would be without noise',
    assumes: 'The noise of both is independent, normal and of this size.',
    source: 'normal or Student t, factor √2',
  },
  {
    name: 'folds',
    usedWhen: 'A number of a metrics file says `folds:`.',
    estimand: 'mean difference over folds of cross-validation',
    assumes:
      'Both used the same folds in the same order; the correlation between folds is test share / (1 − test share).',
    source: 'Nadeau and Bengio, Machine Learning 52 (2003), section 3',
  },
  {
    name: 'seeds',
    usedWhen: 'A number of a metrics file says `seeds: true`.',
    estimand: 'difference of the means over trainings with other seeds',
    assumes: 'Trainings are independent; the exact test, that only the location differs.',
    source: 'Edgington, Randomization Tests (1995), chapter 13; Welch, Biometrika 34 (1947)',
  },
  {
    name: 'point-rule',
    usedWhen: 'A number of a metrics file of which nobody says how much it varies.',
    estimand: 'the numbers as they stand',
    assumes: 'Nothing, and has no error rate: the check says `point-rule`.',
    source: 'none',
  },
  {
    name: 'unchanged',
    usedWhen:
      'Outputs are equal to the last bit and not as coarse as labels, or the artifact is the same and outputs agree.',
    estimand: 'the difference is 0',
    assumes: 'Predictions come from the model that they claim to come from.',
    source: 'docs/decisions/0011-intervals-of-comparisons.md',
  },
  {
    name: 'none',
    usedWhen: 'The two could not be compared; `reason` and `detail` say why.',
    estimand: 'none',
    assumes: 'Nothing.',
    source: 'none',
  },
];

export interface IntervalMethod {
  /** As `interval.method` has it, without what stands before and behind. */
  readonly name: string;
  readonly metrics: string;
  readonly usedWhen: string;
  readonly assumes: string;
  readonly source: string;
}

const TANGO_SOURCE =
  'Tango, Statistics in Medicine 17 (1998), equation 7; continuity: Fleiss (1981), section 8.1; skewness: Hall, The Bootstrap and Edgeworth Expansion (1992), section 2.5';
const SHARES = 'accuracy, recall';
const MEANS = 'log loss, Brier score, mean absolute error';
const SMOOTH = 'RMSE, R²';
const TABLES = 'precision, F1, macro F1';

/** How intervals are made, single values and differences, by the names in evidence. */
export const INTERVAL_METHODS: readonly IntervalMethod[] = [
  {
    name: 'Clopper-Pearson',
    metrics: 'accuracy, precision, recall, shares of flips',
    usedWhen: 'A single share.',
    assumes: 'Independent examples.',
    source: 'Clopper and Pearson, Biometrika 26 (1934)',
  },
  {
    name: 'Korn-Graubard',
    metrics: 'accuracy, precision, recall, shares of flips',
    usedWhen: 'The same, where examples belong to groups.',
    assumes: 'Independent groups.',
    source: 'Korn and Graubard, Survey Methodology 24 (1998)',
  },
  {
    name: 'Tango score',
    metrics: 'accuracy within a class or slice',
    usedWhen: 'A paired difference of shares in the explanation of a change.',
    assumes: 'Independent examples.',
    source: 'Tango, Statistics in Medicine 17 (1998), equation 7',
  },
  {
    name: 'Tango score, corrected',
    metrics: SHARES,
    usedWhen: 'A paired difference of shares.',
    assumes:
      'Independent examples; with groups, their effective number, and with fewer than 40 groups the bootstrap of whole groups where it says more.',
    source: TANGO_SOURCE,
  },
  {
    name: 'Nam-Blackwelder score, corrected',
    metrics: SHARES,
    usedWhen: 'A relative margin: candidate − (1 ∓ p)·baseline.',
    assumes: 'As above.',
    source: 'Nam and Blackwelder, Statistics in Medicine 21 (2002), section 2, with the same corrections',
  },
  {
    name: 'Newcombe hybrid score, corrected',
    metrics: SHARES,
    usedWhen: 'An unpaired difference of shares.',
    assumes: 'Two independent samples. Corrected for continuity.',
    source: 'Newcombe, Statistics in Medicine 17 (1998) 873–890, method 11',
  },
  {
    name: 'DeLong',
    metrics: 'ROC AUC',
    usedWhen: 'A paired difference of areas.',
    assumes:
      'Independent examples; with groups, Obuchowski’s variance and Student t with groups − 1 degrees of freedom.',
    source:
      'DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); Sun and Xu, IEEE SPL 21 (2014); Obuchowski, Biometrics 53 (1997)',
  },
  {
    name: 'DeLong (logit)',
    metrics: 'ROC AUC',
    usedWhen: 'A single area.',
    assumes: 'As above.',
    source: 'DeLong et al. (1988) on the logit scale; Pepe (2003), section 5.2',
  },
  {
    name: 'Wilson score of the smaller class',
    metrics: 'ROC AUC',
    usedWhen: 'An area whose variance DeLong’s method finds to be 0, such as 1.',
    assumes: 'Each example of the smaller class is ranked rightly or not.',
    source: 'Wilson (1927)',
  },
  {
    name: 'Student t',
    metrics: MEANS,
    usedWhen: 'More than 5,000 examples, or where it says more than the bootstrap.',
    assumes:
      'A mean of so many is normal; with groups, the cluster-robust error CR1 with groups − 1 degrees of freedom.',
    source:
      'Student, Biometrika 6 (1908); groups: Cameron and Miller, Journal of Human Resources 50 (2015), equation 12',
  },
  {
    name: 'delta method',
    metrics: `${SMOOTH}; macro F1 with more than 5,000 different cells`,
    usedWhen: 'As Student t, on the first-order influence of each example.',
    assumes: 'The metric is smooth in the means that it is made of.',
    source: 'van der Vaart, Asymptotic Statistics (1998), section 3.1',
  },
  {
    name: 'bootstrap (BCa)',
    metrics: `${MEANS}, ${SMOOTH}, ${TABLES}`,
    usedWhen: 'Up to 5,000 examples; counts of a confusion table at any number.',
    assumes:
      'Independent examples; groups are drawn whole, strata each by itself. Both models get the same resamples.',
    source:
      'Efron, JASA 82 (1987); Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 14',
  },
  {
    name: 'bootstrap (BCa, studentised)',
    metrics: `${MEANS}, ${SMOOTH}`,
    usedWhen: 'Up to 200 examples: the wider of the two.',
    assumes: 'As above.',
    source: 'Hall, The Annals of Statistics 16 (1988)',
  },
  {
    name: 'unseen-flips bound',
    metrics: TABLES,
    usedWhen: 'What unseen changed predictions could do is more than resampling shows.',
    assumes: 'z²·n/(n+z²) examples may be unseen.',
    source: 'docs/decisions/0011-intervals-of-comparisons.md',
  },
  {
    name: 'point',
    metrics: `${MEANS}, ${SMOOTH}`,
    usedWhen: 'No spread at all: the interval is marked `degenerate` and decides nothing.',
    assumes: 'Nothing.',
    source: 'none',
  },
  {
    name: 'normal, of stated noise',
    metrics: 'numbers of metrics files',
    usedWhen: '`noise:` is a number.',
    assumes: 'As stated.',
    source: 'none',
  },
  {
    name: 'Student t of known noise',
    metrics: 'numbers of metrics files',
    usedWhen: '`noise: history`.',
    assumes: 'As many degrees of freedom as measurements less one.',
    source: 'Student (1908)',
  },
  {
    name: 'Nadeau-Bengio corrected t',
    metrics: 'numbers of metrics files',
    usedWhen: '`folds:`.',
    assumes: 'As for the method `folds`.',
    source: 'Nadeau and Bengio (2003), section 3',
  },
  {
    name: 'Student t over trainings',
    metrics: 'numbers of metrics files',
    usedWhen: '`seeds: true`, a single mean.',
    assumes: 'Independent trainings.',
    source: 'Student (1908)',
  },
  {
    name: 'exact permutation over trainings',
    metrics: 'numbers of metrics files',
    usedWhen: '`seeds: true`, up to 20,000 ways to part the trainings.',
    assumes: 'Only the location differs.',
    source: 'Edgington, Randomization Tests (1995), chapter 13; Hartigan, JASA 64 (1969), theorem 1',
  },
  {
    name: "Welch's t over trainings",
    metrics: 'numbers of metrics files',
    usedWhen: '`seeds: true`, with more trainings.',
    assumes: 'Independent trainings.',
    source: 'Welch, Biometrika 34 (1947)',
  },
];

export interface MethodPart {
  /** As it stands in the name, before or behind the method. */
  readonly text: string;
  readonly meaning: string;
}

/** What may stand before the name of an interval's method. */
export const METHOD_PREFIXES: readonly MethodPart[] = [
  { text: 'paired ', meaning: 'of the difference on the same examples' },
  {
    text: 'unpaired, square-and-add of ',
    meaning: 'of the difference of two samples, from the limits of each by this method',
  },
  { text: 'unpaired, ', meaning: 'of the difference of two samples' },
];

/** What may stand behind it. */
export const METHOD_SUFFIXES: readonly MethodPart[] = [
  {
    text: ', clustered by group',
    meaning: 'groups of examples, not single ones, are independent (`predictions.group`)',
  },
  { text: ', by stratum', meaning: 'each task has a fixed number of examples (`predictions.stratum`)' },
  { text: ', widened by bootstrap (BCa)', meaning: 'the BCa bootstrap says more than the variance' },
  {
    text: ', widened for unseen ranks',
    meaning: 'what unseen examples of the smaller class could do is more still',
  },
  { text: ', widened by training noise', meaning: 'for the recipes instead of these two models (`seeds`)' },
];

/** The method in the name of an interval's method; undefined if the name has a part that is not in the tables. */
export function findIntervalMethod(name: string): IntervalMethod | undefined {
  const suffix = METHOD_SUFFIXES.find(({ text }) => name.endsWith(text));
  if (suffix !== undefined) return findIntervalMethod(name.slice(0, -suffix.text.length));
  const prefix = METHOD_PREFIXES.find(({ text }) => name.startsWith(text));
  if (prefix !== undefined) return findIntervalMethod(name.slice(prefix.text.length));
  return INTERVAL_METHODS.find((method) => method.name === name);
}
