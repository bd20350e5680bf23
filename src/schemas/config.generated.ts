/** Generated from action-schema/config.schema.json by npm run generate. Do not edit. */

/**
 * At most so many rows, or such a percentage of them.
 */
export type RowsBound = number | string;
/**
 * A share: a number from 0 to 1, or a percentage.
 */
export type Share = number | string;
/**
 * How much worse than the baseline is tolerated: a number in the metric's own unit, or a percentage of the baseline's value.
 */
export type Margin = number | string;

/**
 * mlgate.yml: what is gated. Everything has a default that is right for most; the shortest useful config is a dataset with a schema, or a predictions file with two column names.
 */
export interface Config {
  /**
   * Version of this file's format.
   */
  readonly version: 1;
  /**
   * Datasets to validate, by name.
   */
  readonly data?: {
    readonly [key: string]: DatasetConfig;
  };
  /**
   * Models to test and to compare with the baseline, by name.
   */
  readonly models?: {
    readonly [key: string]: ModelConfig;
  };
  /**
   * Numbers that something else computed, by name: JSON or YAML files with metrics anywhere inside.
   */
  readonly metrics?: {
    readonly [key: string]: MetricsFileConfig;
  };
  /**
   * Conditions over several metrics, by name: all of, any of, and trade-offs ("accuracy may fall by 0.5 points if latency falls by 20 %").
   */
  readonly rules?: {
    readonly [key: string]: RuleConfig;
  };
  readonly comparison: ComparisonConfig;
  readonly trend: TrendConfig;
  /**
   * Whether a failing verdict blocks. `false` reports everything and blocks nothing, for a team's first weeks.
   */
  readonly enforce: boolean;
  readonly baseline: BaselineConfig;
  readonly report: ReportConfig;
  readonly promotion: PromotionConfig;
  readonly engine: EngineConfig;
}
/**
 * One dataset: a file and the schema that it must satisfy.
 */
export interface DatasetConfig {
  /**
   * The file: csv, tsv, json (an array of objects) or jsonl (plain, `.gz` or `.zst`), parquet or arrow. A pattern (`data/part-*.csv`) or a folder is read as one table; folders of partitions (`day=1/`) are columns of Parquet. Relative to the folder of mlgate.yml.
   */
  readonly path: string;
  /**
   * The file's format, when its name does not say it.
   */
  readonly format?: 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'arrow';
  /**
   * The data schema: a JSON Schema for one row, plus a `dataset` block for the whole table.
   */
  readonly schema: string;
  /**
   * How many offending rows each failed check shows.
   */
  readonly examples: number;
  /**
   * What a failed check of this dataset is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
  readonly columns?: DatasetColumns;
  /**
   * Which environment of the schema these data are of: columns that it says are absent there may be missing.
   */
  readonly environment?: string;
  /**
   * Whether evidence holds a profile of the data (counts, quantiles, histograms, frequent values): what drift compares with tomorrow. No value of a column that looks personal is in it.
   */
  readonly profile: boolean;
  readonly drift?: DriftConfig;
  readonly skew?: SkewConfig;
  readonly leakage?: LeakageConfig;
  readonly integrity?: IntegrityConfig;
  readonly privacy?: PrivacyConfig;
  readonly diff?: DataDiffConfig;
}
/**
 * What some columns are for. Checks of drift, leakage and labels look at them.
 */
export interface DatasetColumns {
  /**
   * Columns that name a row.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly id?: readonly string[];
  /**
   * The column that a model is to predict.
   */
  readonly label?: string;
  /**
   * The column with a model's predictions.
   */
  readonly prediction?: string;
  /**
   * The column whose rows of one value belong together: a customer, a patient.
   */
  readonly entity?: string;
  /**
   * The column that says when a row came to be.
   */
  readonly time?: string;
  /**
   * The column that says which split a row belongs to, where splits are in one file.
   */
  readonly split?: string;
}
/**
 * Whether the data have moved: an alarm needs an effect above its threshold, above what samples of these sizes differ by chance, and after correction for the number of columns.
 */
export interface DriftConfig {
  /**
   * What to compare with: `baseline` (what main recorded), the name of another dataset of this config, or a path of data or of a profile (`….profile.json`, as `mlgate profile` writes it).
   */
  readonly against: string;
  /**
   * Method and threshold by column; the rest are chosen automatically.
   */
  readonly columns?: {
    readonly [key: string]: ColumnDriftConfig;
  };
  /**
   * Columns that may move. Those that `columns` of the dataset calls id, entity, time or split need not be named.
   *
   * @maxItems 1000
   */
  readonly exclude?: readonly string[];
  /**
   * Share of the columns that may drift before the check fails. Drift of a column is a warning, unless it is critical.
   */
  readonly 'max-share': number;
  /**
   * Largest expected share of false alarms among the columns called drifted (Benjamini and Hochberg).
   */
  readonly 'false-discovery-rate': number;
  /**
   * Whether a classifier tries to tell the two tables apart. Needs the rows of both, so another dataset or file.
   */
  readonly multivariate: boolean;
  /**
   * What drift of a critical column or of too many columns is.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * How one column is compared.
 */
export interface ColumnDriftConfig {
  /**
   * How the distance is measured. Without it: `wasserstein` for numbers and times, `jensen-shannon` for categories and truth values.
   */
  readonly method?:
    | 'wasserstein'
    | 'jensen-shannon'
    | 'psi'
    | 'kolmogorov-smirnov'
    | 'cramers-v'
    | 'total-variation'
    | 'l-infinity';
  /**
   * Distance of the values above which it matters, in the method's unit; 0.1 without it.
   */
  readonly threshold?: number;
  /**
   * Difference of the shares of absent cells above which it matters; 0.05 without it.
   */
  readonly missing?: number;
  /**
   * Whether drift of this column alone fails.
   */
  readonly critical?: boolean;
}
/**
 * Whether training data and serving data differ: as drift, and a check of its own.
 */
export interface SkewConfig {
  /**
   * The other data: the name of a dataset of this config, or a path of data or of a profile (`….profile.json`, as `mlgate profile` writes it).
   */
  readonly against: string;
  /**
   * Method and threshold by column; the rest are chosen automatically.
   */
  readonly columns?: {
    readonly [key: string]: ColumnDriftConfig;
  };
  /**
   * Columns that may move. Those that `columns` of the dataset calls id, entity, time or split need not be named.
   *
   * @maxItems 1000
   */
  readonly exclude?: readonly string[];
  /**
   * Share of the columns that may drift before the check fails. Drift of a column is a warning, unless it is critical.
   */
  readonly 'max-share': number;
  /**
   * Largest expected share of false alarms among the columns called drifted (Benjamini and Hochberg).
   */
  readonly 'false-discovery-rate': number;
  /**
   * Whether a classifier tries to tell the two tables apart. Needs the rows of both, so another dataset or file.
   */
  readonly multivariate: boolean;
  /**
   * What drift of a critical column or of too many columns is.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * What this dataset may not share with other splits, and which columns may not give the label away (where `columns` names a `label`).
 */
export interface LeakageConfig {
  /**
   * Other splits: names of datasets of this config, in the order of time where there is one.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: A name that mlgate can show anywhere: letters, digits, `-`, `_`, `.`; at most 64 characters.
   */
  readonly against?: readonly string[];
  /**
   * Values of the column `columns.split`, in the order of time where there is one: each is held against those before it.
   *
   * @minItems 2
   * @maxItems 10
   */
  readonly splits?: readonly string[];
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-overlap': number | string;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-shared-entities': number | string;
  readonly 'max-time-overlap'?: RowsBound;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-new-labels': number | string;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-new-categories': number | string;
  readonly 'near-duplicates'?: NearDuplicatesConfig;
  /**
   * How much of what there is to know of the label one column alone may tell, on rows that it was not learned from: 0 nothing, 1 everything.
   */
  readonly 'max-label-score': number;
  /**
   * The same for the order of rows and for the columns of `columns.id`; more than that is a warning, never more.
   */
  readonly 'max-order-score': number;
  /**
   * Columns that may give the label away, each with the reason.
   */
  readonly allow?: {
    readonly [key: string]: string;
  };
  /**
   * What leaks are when found.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * Rows that are almost the same as a row of the other split: asked for by name, since tables of few columns have many such rows by nature.
 */
export interface NearDuplicatesConfig {
  /**
   * Texts to compare, by runs of three words; without it whole rows are compared, cell by cell.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly columns?: readonly string[];
  /**
   * Jaccard similarity from which two rows are near duplicates.
   */
  readonly similarity: number;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'at-most': number | string;
}
/**
 * Faults of data that no schema names: repeated rows and columns, contradicting labels, mixed types and spellings, junk characters, constant columns.
 */
export interface IntegrityConfig {
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-duplicate-rows': number | string;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-conflicting-labels': number | string;
  /**
   * Share of rows that the rarest label must have.
   */
  readonly 'min-class-share': number;
  /**
   * Share of the rows that one value of a column may have, from 1,000 rows on.
   */
  readonly 'max-same-value': number;
  /**
   * At most so many rows, or such a percentage of them.
   */
  readonly 'max-junk': number | string;
  /**
   * Columns that are as they are on purpose, each with the reason.
   */
  readonly allow?: {
    readonly [key: string]: string;
  };
  /**
   * What they are when found.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * Personal data: columns are named and cells counted; no value is ever shown.
 */
export interface PrivacyConfig {
  /**
   * Columns that may hold personal data, each with the reason.
   */
  readonly allow?: {
    readonly [key: string]: string;
  };
  /**
   * What personal data in a column that is not allowed are.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * What changed in the rows beside the file that main's record was made of, by its commit: from git or from DVC's cache.
 */
export interface DataDiffConfig {
  /**
   * Columns that name a row.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly key: readonly string[];
  /**
   * Columns that are not compared.
   *
   * @maxItems 1000
   */
  readonly exclude: readonly string[];
  /**
   * Numbers that differ by at most this much count as equal; without it cells are compared as they are written.
   */
  readonly tolerance?: number;
  readonly 'max-added'?: Share;
  readonly 'max-removed'?: Share;
  readonly 'max-changed'?: Share;
  /**
   * What it is if more rows differ than that.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * One model: its predictions on the test set, what they must reach, and what a promotion ships.
 */
export interface ModelConfig {
  /**
   * The file that a promotion ships. Its SHA-256 is its name.
   */
  readonly artifact?: string;
  /**
   * What the model does; decides which metrics are computed.
   */
  readonly task:
    | 'binary-classification'
    | 'multiclass-classification'
    | 'multilabel-classification'
    | 'regression'
    | 'quantile-regression'
    | 'ranking'
    | 'forecasting'
    | 'graded';
  readonly predictions: PredictionsConfig;
  /**
   * Predictions of the baseline model on the same test set, in the same columns. Used only when no baseline of main is found, or when `baseline.store` is `file`.
   */
  readonly 'baseline-predictions'?: string;
  /**
   * Bounds on metrics, by the catalogue's name or an alias of it (`roc_auc`, `accuracy`, `log_loss`, …). Every metric of the task is computed and shown, bounded or not.
   */
  readonly metrics: {
    readonly [key: string]: ModelMetricGate;
  };
  readonly slices?: SlicesConfig;
  readonly 'max-negative-flips'?: Share;
  /**
   * How many flipped examples the report lists by id. 0 lists none, where ids are private.
   */
  readonly 'flip-examples': number;
  /**
   * Compare without pairing, as two independent test sets. For a test set that is drawn anew for each model; it needs many more examples.
   */
  readonly unpaired: boolean;
  /**
   * Digests of other test sets of the same kind, with which a comparison counts though the examples differ. It is then unpaired.
   *
   * @maxItems 20
   */
  readonly 'compatible-test-sets'?: readonly string[];
  /**
   * Predictions of further trainings of main's recipe with other seeds, on the same test set. How much they differ among themselves widens the verdict from these two models to the recipes.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: A path relative to the folder of mlgate.yml, with forward slashes.
   */
  readonly seeds?: readonly string[];
  /**
   * YAML or JSON files with the parameters of the training. What changed since the baseline is shown beside the numbers.
   *
   * @minItems 1
   * @maxItems 10
   *
   * Items: A path relative to the folder of mlgate.yml, with forward slashes.
   */
  readonly params?: readonly string[];
  readonly fairness?: FairnessConfig;
  readonly training?: TrainingPredictionsConfig;
  /**
   * How much better than a trivial model (the most frequent class, the mean, the prior) the model must be, by metric.
   */
  readonly 'min-gain'?: {
    readonly [key: string]: Margin;
  };
  /**
   * How many of the most confident errors and of the likeliest wrong labels the report lists by id. 0 lists none, where ids are private.
   */
  readonly 'error-examples': number;
  readonly recompute?: RecomputeConfig;
}
/**
 * A file with one row for each example of the test set, and the columns to read from it.
 */
export interface PredictionsConfig {
  /**
   * The file: csv, tsv, json (an array of objects) or jsonl (plain, `.gz` or `.zst`), parquet or arrow. A pattern (`out/predictions-*.parquet`) or a folder is read as one table.
   */
  readonly path: string;
  /**
   * The file's format, when its name does not say it.
   */
  readonly format?: 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'arrow';
  /**
   * Column that identifies an example, or a list of columns that do so together. Candidate and baseline are paired by it. For ranking: the query.
   */
  readonly id: string | readonly string[];
  /**
   * Column with the truth. For ranking: the relevance of the item. For several labels: columns by a pattern such as `y_*`.
   */
  readonly target?: string;
  /**
   * Binary classification: column with the probability of the positive class, between 0 and 1.
   */
  readonly score?: string;
  /**
   * Column with the predicted label (classification) or value (regression). Binary classification derives it from `score` when it is left out.
   */
  readonly prediction?: string;
  /**
   * Binary classification: the value of `target` that counts as positive. By default `1`, `true`, `yes` or `positive`, whichever the column holds.
   */
  readonly positive?: string | number | boolean;
  /**
   * Binary classification: a score of at least this is predicted positive.
   */
  readonly threshold: number;
  /**
   * Column whose equal values belong together (a user, a document, a patient). Examples of one group are not independent: intervals are by group, not by row.
   */
  readonly group?: string;
  /**
   * Column with the task that an example belongs to, where the test set is several tasks of fixed size. Resampling stays within each.
   */
  readonly stratum?: string;
  readonly targets?: TargetsConfig;
  /**
   * `wide` (the default): one row for each example. `long`: one row for each example and label, with the columns `label` and `score`.
   */
  readonly layout?: 'wide' | 'long';
  /**
   * Long layout: column with the label that a row's score is of.
   */
  readonly label?: string;
  /**
   * Several labels: where each label's probability stands. A pattern whose `*` is the label (`p_*`), columns by label, or one column that holds a list or an object.
   */
  readonly scores?:
    | string
    | {
        /**
         * A column's name, exactly as the file spells it.
         */
        readonly [key: string]: string;
      };
  /**
   * Quantile regression and forecasting: columns with predicted quantiles, by level.
   */
  readonly quantiles?: {
    /**
     * A column's name, exactly as the file spells it.
     */
    readonly [key: string]: string;
  };
  /**
   * Ranking: column that identifies the item within its query.
   */
  readonly item?: string;
  /**
   * Forecasting: column that names the series. Examples of one series belong together.
   */
  readonly series?: string;
  /**
   * Forecasting: column with the mean absolute error of the naive forecast on the training part of the series, which MASE divides by.
   */
  readonly scale?: string;
  /**
   * Graded examples: columns with a grade of each example, by name.
   */
  readonly grades?: {
    readonly [key: string]: GradeConfig;
  };
  /**
   * Column with the weight of an example: how many examples of the population it stands for.
   */
  readonly weight?: string;
}
/**
 * Where the truth stands, if not in the predictions: another table, joined by id.
 */
export interface TargetsConfig {
  /**
   * The file with the truth.
   */
  readonly path: string;
  /**
   * The file's format, when its name does not say it.
   */
  readonly format?: 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'arrow';
  /**
   * Column, or columns, with the id; by default as in the predictions.
   */
  readonly id?: string | readonly string[];
}
/**
 * One grade.
 */
export interface GradeConfig {
  /**
   * The column; by default the grade's name.
   */
  readonly column?: string;
  /**
   * Which way is better.
   */
  readonly direction: 'higher-is-better' | 'lower-is-better';
  /**
   * The least and the most that a grade can be. Known bounds give better intervals.
   *
   * @minItems 2
   * @maxItems 2
   */
  readonly bounds?: readonly number[];
}
/**
 * What one metric of a model must satisfy.
 */
export interface ModelMetricGate {
  /**
   * Lower bound. `pass` if the metric's interval lies wholly at or above it, `fail` if wholly below, otherwise `inconclusive`.
   */
  readonly 'at-least'?: number;
  /**
   * Upper bound. `pass` if the metric's interval lies wholly at or below it, `fail` if wholly above, otherwise `inconclusive`.
   */
  readonly 'at-most'?: number;
  readonly 'max-regression'?: Margin;
  readonly 'min-improvement'?: Margin;
  readonly 'max-improvement'?: Margin;
  readonly 'max-change'?: Margin;
  /**
   * What a failed bound of this metric is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * Parts of the test set that are compared by themselves.
 */
export interface SlicesConfig {
  /**
   * Columns of the predictions file, lists of columns to cross, numeric columns in bins, named conditions. Each value of a column, each combination of values, each bin and each condition is a slice; so is an empty cell. A crossing with a column that is in bins crosses its bins.
   *
   * @minItems 1
   * @maxItems 20
   */
  readonly by?: readonly (string | readonly string[] | BinnedColumn | ConditionSlice)[];
  /**
   * How much worse than the baseline each slice may be, by metric.
   */
  readonly 'max-regression'?: {
    readonly [key: string]: Margin;
  };
  /**
   * Slices that must be there, by name: `region=north`, `region=north, plan=basic`, `age=18..65`, the name of a condition. One that is absent fails.
   *
   * @maxItems 200
   */
  readonly expect?: readonly string[];
  /**
   * What a failed margin of a slice is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
  /**
   * Bounds that each slice must satisfy, by metric.
   */
  readonly metrics?: {
    readonly [key: string]: ModelMetricGate;
  };
  /**
   * How much worse than the examples outside it a slice may be, by metric. `pass` if even the worse end of the interval of the difference is no further off, `fail` if the whole interval is.
   */
  readonly 'max-gap'?: {
    /**
     * a number in the metric's own unit
     */
    readonly [key: string]: number;
  };
  /**
   * Search for slices in which the model is weak: found on one half of the test set, confirmed on the other. Never blocks.
   */
  readonly search?: boolean | SliceSearchConfig;
}
/**
 * a numeric column in bins
 */
export interface BinnedColumn {
  /**
   * A numeric column.
   */
  readonly column: string;
  /**
   * Number of bins with as many examples each. Their edges are those of the baseline, where it has them. By default 4.
   */
  readonly bins?: number;
  /**
   * Edges between bins, ascending. A value on an edge belongs to the bin above.
   *
   * @minItems 1
   * @maxItems 50
   */
  readonly edges?: readonly number[];
}
/**
 * a named condition on columns
 */
export interface ConditionSlice {
  /**
   * Name of the slice, in words: rules write it as `churn["its name"].accuracy`.
   */
  readonly name: string;
  /**
   * A condition on columns of the predictions: comparisons with `=`, `!=`, `<`, `<=`, `>`, `>=`, `in (…)`, joined by `and`, `or`, `not`. A bare number is a number, all else is a text; `''` is an empty cell. A condition that no example satisfies fails.
   */
  readonly where: string;
}
/**
 * settings of the search
 */
export interface SliceSearchConfig {
  /**
   * Columns to search in; by default those of `by`.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: A column's name, exactly as the file spells it.
   */
  readonly columns?: readonly string[];
  /**
   * Most conditions in one slice. By default 3.
   */
  readonly level?: number;
  /**
   * Slices to report. By default 10.
   */
  readonly count?: number;
  readonly 'min-share'?: Share;
}
/**
 * Whether the model treats groups of people alike.
 */
export interface FairnessConfig {
  /**
   * Columns of the predictions that name the groups, or lists of columns to cross.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly groups: readonly (string | readonly string[])[];
  /**
   * Smallest ratio of the lowest group's rate to the highest's, by rate. 0.8 is the four-fifths rule. `pass` if the lower limit of the ratio is at least this, `fail` if the upper limit is below it.
   */
  readonly 'min-ratio'?: {
    /**
     * a ratio from 0 to 1
     */
    readonly [key: string]: number;
  };
  /**
   * Largest difference between two groups, by rate or metric.
   */
  readonly 'max-difference'?: {
    /**
     * a number in the metric's own unit
     */
    readonly [key: string]: number;
  };
  /**
   * The group to compare with, by column; by default the lowest with the highest.
   */
  readonly reference?: {
    /**
     * a value of the column
     */
    readonly [key: string]: string;
  };
  /**
   * The label that is good for the person. By default the positive one.
   */
  readonly favourable?: string | number | boolean;
  /**
   * Column within which rates are compared too, for the check after Simpson.
   */
  readonly within?: string;
  /**
   * What a failed bound is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * The model's predictions on its training set: how much it overfits, and whether the test set is of the same kind.
 */
export interface TrainingPredictionsConfig {
  /**
   * The file, with the columns that `predictions` names.
   */
  readonly path: string;
  /**
   * How much better than on the test set the model may be on the training set, by metric.
   */
  readonly 'max-gap'?: {
    /**
     * a number in the metric's own unit
     */
    readonly [key: string]: number;
  };
  /**
   * What a failed bound is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * Run the model here on a sample of the test set, and hold its answers against the predictions file: then these predictions are known to be of these bytes.
 */
export interface RecomputeConfig {
  /**
   * The file with the model's inputs, with a row for each example.
   */
  readonly features: string;
  /**
   * The file's format, when its name does not say it.
   */
  readonly format?: 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'arrow';
  /**
   * Column, or columns, with the id; by default as in the predictions.
   */
  readonly id?: string | readonly string[];
  /**
   * A program and its arguments that reads examples as JSON lines and writes answers as JSON lines: `{"id": …, "score": …}`. `{artifact}` stands for the path of the artifact. Without it the artifact is run as ONNX.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly command?: readonly string[];
  /**
   * ONNX: columns of each input of the model, by the input's name; by default the column of the same name.
   */
  readonly inputs?: {
    readonly [key: string]: string | readonly string[];
  };
  /**
   * ONNX: name of the output with the probabilities or values; by default the one that fits the task.
   */
  readonly output?: string;
  /**
   * Examples in the sample, drawn by the seed of `comparison`.
   */
  readonly rows: number;
  /**
   * Largest difference of a probability or value that counts as the same; beyond 1, a share of the value. Labels must be equal.
   */
  readonly tolerance: number;
  /**
   * Longest time that the model may take.
   */
  readonly 'timeout-seconds': number;
}
/**
 * Numbers that something else computed, in its own format. A number without n is judged by a point rule, and the report says so.
 */
export interface MetricsFileConfig {
  /**
   * The file or folder of the other tool; the format is recognised by its content.
   */
  readonly path: string;
  /**
   * The format, where it is not recognised (`mlgate metrics list` names them all).
   */
  readonly format?: string;
  /**
   * Which run, where the file holds several: its id or its name.
   */
  readonly run?: string;
  /**
   * Bounds on the numbers of this file, by key.
   */
  readonly gates: {
    readonly [key: string]: NumberGate;
  };
}
/**
 * What one number of a metrics file must satisfy.
 */
export interface NumberGate {
  /**
   * Lower bound, on the number itself.
   */
  readonly 'at-least'?: number;
  /**
   * Upper bound, on the number itself.
   */
  readonly 'at-most'?: number;
  readonly 'max-regression'?: Margin;
  readonly 'min-improvement'?: Margin;
  readonly 'max-improvement'?: Margin;
  readonly 'max-change'?: Margin;
  /**
   * Which way is better. Needed for a metric that the catalogue does not know.
   */
  readonly direction?: 'higher-is-better' | 'lower-is-better';
  /**
   * What a failed bound is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
  /**
   * How much this number varies when nothing changes: its standard deviation, in its own unit, or `history`, which estimates it from the numbers that main recorded. Without it the number is judged by a point rule.
   */
  readonly noise?: number | 'history';
  readonly folds?: FoldsConfig;
  /**
   * The number is the mean over trainings with independent seeds, which stand in the file as a list under this key. Judged by their spread.
   */
  readonly seeds?: boolean;
}
/**
 * The number is the mean of cross-validation folds, which stand in the file as a list under this key. Judged by the corrected t of Nadeau and Bengio.
 */
export interface FoldsConfig {
  /**
   * Share of the data that each fold tests: 0.2 for five folds.
   */
  readonly 'test-share': number;
}
/**
 * A condition over several metrics.
 */
export interface RuleConfig {
  /**
   * The condition. `value(churn.recall) >= 0.8` compares a metric with a number; `regression(churn.accuracy) <= 0.5 points` and `improvement(serving.p95_ms) >= 20 %` say how much worse or better than the baseline it is, whichever way is better. A metric is `model.metric`, `model[region=north].metric` for a slice, or `file.key` for a number of a metrics file (`file."any key"`). A bare number is in the metric's own unit; `points` are hundredths of a share, `%` is relative to the baseline, `ms`, `s`, `MB` and others fit a key that ends with its unit. Conditions are joined by `and`, `or` and parentheses. Each is decided by its confidence interval, so that the whole rule passes wrongly with probability alpha at most. Checked when the config is read.
   */
  readonly require: string;
  /**
   * What a rule that does not hold is: `fail` blocks, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * How candidates are compared with the baseline.
 */
export interface ComparisonConfig {
  /**
   * One-sided error rate of each test: the chance to pass a model that is worse by exactly the margin. Intervals are shown at level 1 − 2·alpha.
   */
  readonly alpha: number;
  /**
   * Power for which the smallest visible change and the n that would decide are computed.
   */
  readonly power: number;
  /**
   * What a comparison or bound that cannot be decided on this test set does to the verdict.
   */
  readonly inconclusive: 'pass' | 'warn' | 'fail';
  /**
   * What it does to the verdict when there is no baseline to compare with.
   */
  readonly 'no-baseline': 'pass' | 'warn' | 'fail';
  /**
   * Seed of every resampling; part of the evidence.
   */
  readonly seed: number;
  /**
   * Number of bootstrap resamples.
   */
  readonly resamples: number;
  readonly budget?: BudgetConfig;
}
/**
 * How often a test set may be used before its answers wear out. Each look at the same examples lets decisions adapt to them.
 */
export interface BudgetConfig {
  /**
   * Looks at one test set that the error rates are planned for.
   */
  readonly uses: number;
  /**
   * What later changes learn from a verdict. `full`: every pass or fail is seen. `first-change`: the test set is replaced after the first pass. `none`: verdicts stay hidden, which no check on GitHub can offer.
   */
  readonly adaptivity: 'full' | 'first-change' | 'none';
  /**
   * `asymptotic`: by the normal approximation. `finite-sample`: by Hoeffding and Bennett bounds, which need far more examples.
   */
  readonly guarantee: 'asymptotic' | 'finite-sample';
  /**
   * Probability that every one of these verdicts is right.
   */
  readonly reliability: number;
  /**
   * Share of the uses from which on the report warns.
   */
  readonly 'warn-at': number;
  /**
   * What a spent budget does to the verdict.
   */
  readonly 'when-spent': 'warn' | 'fail';
}
/**
 * What is watched in the history of main's metrics.
 */
export interface TrendConfig {
  /**
   * How many commits of main are looked at.
   */
  readonly window: number;
  /**
   * Error rate of the test for a change point.
   */
  readonly alpha: number;
  /**
   * How much worse main may become over the window through many small steps that each passed, by metric: in the metric's own unit or as a percentage. By default the margin of its `max-regression`.
   */
  readonly 'max-decay'?: {
    readonly [key: string]: Margin;
  };
  /**
   * What a decay of main is: `fail` makes the run on main fail, `warn` is only shown.
   */
  readonly severity: 'fail' | 'warn';
}
/**
 * Where the evidence of main is kept.
 */
export interface BaselineConfig {
  /**
   * `branch`: a branch of this repository that holds nothing else. `artifact`: the artifact of the last good run on main, which GitHub deletes after some weeks. `file`: evidence and predictions of the baseline are files in the repository. `dvc`: the predictions and metrics files of the commit itself, from git or DVC's cache. `mlflow`: a run of an MLflow tracking server.
   */
  readonly store: 'branch' | 'artifact' | 'file' | 'dvc' | 'mlflow';
  /**
   * Name of the branch.
   */
  readonly branch: string;
  /**
   * The branch whose commits are baselines. By default the repository's default branch.
   */
  readonly main?: string;
  /**
   * The evidence file of the baseline: all that store `file` looks at, and the next to last resort of the others.
   */
  readonly evidence?: string;
  /**
   * Last resort: the evidence of the model that the promotion ledger names as the current one of this stage.
   */
  readonly champion?: string;
  readonly mlflow?: MlflowBaselineConfig;
  /**
   * Where per-example outcomes of main are kept, which pair tomorrow's model with today's: `ref` (a ref outside the branches, deletable), `artifact` (an artifact of the run), or `none`.
   */
  readonly outcomes: 'ref' | 'artifact' | 'none';
  /**
   * How many commits' outcomes are kept for each test set.
   */
  readonly 'outcomes-kept': number;
  /**
   * Largest stored size of one commit's outcomes of one model, in MB; larger ones are not kept and the report says so.
   */
  readonly 'outcomes-megabytes': number;
  /**
   * Where the test set changed or outcomes were not kept: compare with `baseline-predictions`, which main's model then makes on the new test set.
   */
  readonly rescore: boolean;
  /**
   * For how many days an accepted regression stays accepted.
   */
  readonly 'accept-days': number;
}
/**
 * Store `mlflow`: which run is the baseline. The server is the one that MLFLOW_TRACKING_URI names, with MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD if it asks; a config cannot name another one, to which they would be sent.
 */
export interface MlflowBaselineConfig {
  /**
   * A registered model: the run behind its version that has the alias.
   */
  readonly model?: string;
  /**
   * Alias of the registered model's version.
   */
  readonly alias: string;
  /**
   * Without `model`: an experiment, whose newest finished run is the baseline.
   */
  readonly experiment?: string;
  /**
   * Artifact of the run with the predictions of each model, by the model's name here: they are scored as the candidate's are.
   */
  readonly predictions: {
    /**
     * A path relative to the folder of mlgate.yml, with forward slashes.
     */
    readonly [key: string]: string;
  };
}
/**
 * What people see.
 */
export interface ReportConfig {
  /**
   * When the pull request gets a comment: `always`, `changes` (only when something is not a plain pass, or a comment already stands there), or `never`.
   */
  readonly comment: 'always' | 'changes' | 'never';
  /**
   * Whether a self-contained HTML report is written.
   */
  readonly html: boolean;
  /**
   * Files for other programs that are written beside the report: `junit` (JUnit XML), `sarif` (for code scanning), `openmetrics` (for Prometheus), `in-toto` (a test result to be signed), `blessing` (TFX's empty file BLESSED or NOT_BLESSED).
   *
   * @maxItems 5
   */
  readonly exports: readonly ('junit' | 'sarif' | 'openmetrics' | 'in-toto' | 'blessing')[];
  /**
   * Title of the report, and part of the marker that keeps one comment for each title.
   */
  readonly title: string;
}
/**
 * What a promotion asks for.
 */
export interface PromotionConfig {
  /**
   * Stages that a model can be promoted to.
   *
   * @minItems 1
   * @maxItems 20
   */
  readonly stages: readonly string[];
  /**
   * Where promotions are registered: tags of this repository in GTO's grammar.
   */
  readonly registry: 'git';
  /**
   * How the tested predictions must be tied to the model's bytes: `recomputed` (the model was run in the gate on a sample of the test set and agreed, see `recompute`), `declared` (the digest stands in or beside the predictions file), or `none`.
   */
  readonly binding: 'none' | 'declared' | 'recomputed';
  /**
   * How old the evidence may be, in hours.
   */
  readonly 'max-age-hours': number;
  /**
   * Path of the only workflow whose runs may produce evidence for a promotion.
   */
  readonly workflow?: string;
}
/**
 * Limits of the query engine, which runs in a child process.
 */
export interface EngineConfig {
  /**
   * Memory limit in MB; what does not fit is spilled to the temporary folder.
   */
  readonly memory: number;
  /**
   * Number of threads. By default one for each core.
   */
  readonly threads?: number;
}
