/** Generated from action-schema/evidence.schema.json by npm run generate. Do not edit. */

/**
 * `pass`, `warn`, `fail`, `inconclusive` (this test set cannot decide) or `skipped`.
 */
export type VerdictWord = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'skipped';
/**
 * A JSON scalar, bounded.
 */
export type EvidenceScalar = string | number | boolean | null;
/**
 * The data of one picture.
 */
export type Figure = ConfusionFigure | CurveFigure | HistogramFigure | LabelsFigure;

/**
 * What mlgate found: an envelope (who says so, when) around a body (what was found). The body is deterministic; its SHA-256 over canonical JSON is the evidence's name. Whoever reads evidence validates it first: it may come from an untrusted pull request.
 */
export interface Evidence {
  /**
   * Version of this format.
   */
  readonly version: 1;
  /**
   * SHA-256 of the body's canonical JSON (RFC 8785): the evidence's name.
   */
  readonly digest: string;
  /**
   * When it was made, in UTC.
   */
  readonly createdAt: string;
  /**
   * How long it took, in seconds.
   */
  readonly durationSeconds: number;
  readonly source: EvidenceSource;
  readonly body: EvidenceBody;
}
/**
 * Who says so. A claim: anyone with write access can forge it. Verified before anything acts on it.
 */
export interface EvidenceSource {
  /**
   * `owner/name`.
   */
  readonly repository?: string;
  /**
   * GitHub's number of the repository.
   */
  readonly repositoryId?: number;
  /**
   * The commit that was tested: on a pull request, the merge commit.
   */
  readonly commit?: string;
  /**
   * The head of the pull request.
   */
  readonly headCommit?: string;
  /**
   * The ref that was tested.
   */
  readonly ref?: string;
  /**
   * GitHub's event name.
   */
  readonly event?: string;
  /**
   * Path of the workflow file.
   */
  readonly workflow?: string;
  /**
   * Path of the config, from the repository's root.
   */
  readonly config?: string;
  /**
   * GitHub's number of the run.
   */
  readonly run?: number;
  /**
   * Attempt of the run.
   */
  readonly attempt?: number;
}
/**
 * What was found. No time, no path of a machine: the same inputs, seed and version give the same bytes.
 */
export interface EvidenceBody {
  readonly tool: Tool;
  /**
   * Seed of every resampling.
   */
  readonly seed: number;
  readonly policy: Policy;
  readonly verdict: VerdictWord;
  readonly baseline?: BaselineUsed;
  /**
   * What a promotion would ship.
   *
   * @maxItems 100
   */
  readonly subjects: readonly Subject[];
  /**
   * Every file that was read.
   *
   * @maxItems 1000
   */
  readonly inputs: readonly Input[];
  /**
   * What was asked and answered, in the order of the config.
   *
   * @maxItems 20000
   */
  readonly checks: readonly Check[];
  /**
   * What was measured.
   *
   * @maxItems 20000
   */
  readonly metrics: readonly Metric[];
  /**
   * Data of pictures.
   *
   * @maxItems 1000
   */
  readonly figures: readonly Figure[];
  /**
   * Examples that changed from right to wrong and from wrong to right, by model.
   *
   * @maxItems 100
   */
  readonly flips?: readonly Flips[];
  /**
   * Which parts of the test set carry the change of a metric.
   *
   * @maxItems 1000
   */
  readonly decompositions?: readonly Decomposition[];
  /**
   * Where the bins of numeric columns end, of which slices were made. The next run takes the same.
   *
   * @maxItems 2000
   */
  readonly sliceBins?: readonly SliceBins[];
  /**
   * Slices in which a model is weak, found by search.
   *
   * @maxItems 100
   */
  readonly weakSlices?: readonly WeakSlices[];
  /**
   * How models treat groups.
   *
   * @maxItems 200
   */
  readonly fairness?: readonly Fairness[];
  /**
   * Calibration of models.
   *
   * @maxItems 1000
   */
  readonly calibrations?: readonly Calibration[];
  /**
   * Models beside their training set and a trivial model.
   *
   * @maxItems 1000
   */
  readonly generalisations?: readonly Generalisation[];
  /**
   * Labels that are likely to be wrong.
   *
   * @maxItems 100
   */
  readonly labelErrors?: readonly LabelErrors[];
  /**
   * Where models err.
   *
   * @maxItems 100
   */
  readonly errors?: readonly ModelErrors[];
  /**
   * Files of other tools.
   *
   * @maxItems 200
   */
  readonly imports?: readonly ImportedFile[];
  /**
   * Parameters and settings as they stand, so that a later run can say what changed.
   *
   * @maxItems 200
   */
  readonly params?: readonly Params[];
  /**
   * What else changed since the baseline: parameters, settings, data, tool. The likely causes.
   *
   * @maxItems 500
   */
  readonly changes?: readonly Change[];
  /**
   * How much of each test set is used up.
   *
   * @maxItems 100
   */
  readonly budgets?: readonly TestSetBudget[];
  /**
   * Regressions that somebody with write access accepted, and that count here.
   *
   * @maxItems 100
   */
  readonly acceptances?: readonly Acceptance[];
  /**
   * Main's history of the metrics, newest last.
   *
   * @maxItems 200
   */
  readonly trends?: readonly Trend[];
  /**
   * Things that a reader must know that are no check: what was skipped and why.
   *
   * @maxItems 200
   *
   * Items: A sentence or two for people.
   */
  readonly notes?: readonly string[];
  /**
   * What each dataset holds, without its rows.
   *
   * @maxItems 100
   */
  readonly profiles?: readonly DatasetProfile[];
  /**
   * How far datasets have moved from others.
   *
   * @maxItems 100
   */
  readonly drifts?: readonly Drift[];
  /**
   * What was measured on datasets and between them.
   *
   * @maxItems 5000
   */
  readonly dataFindings?: readonly DataFinding[];
  /**
   * What changed in the rows of datasets.
   *
   * @maxItems 100
   */
  readonly dataDiffs?: readonly DataDiff[];
  /**
   * What changed in data schemas since main's record.
   *
   * @maxItems 100
   */
  readonly schemaChanges?: readonly DataSchemaChange[];
}
/**
 * What made this evidence.
 */
export interface Tool {
  /**
   * Always `mlgate`.
   */
  readonly name: 'mlgate';
  /**
   * Its version.
   */
  readonly version: string;
}
/**
 * The rules that judged.
 */
export interface Policy {
  /**
   * SHA-256 of the canonical JSON of the config without `report` and `engine`, which judge nothing.
   */
  readonly digest: string;
  /**
   * Whether a failing verdict blocks.
   */
  readonly enforce: boolean;
  /**
   * One-sided error rate of each test.
   */
  readonly alpha: number;
  /**
   * What a check that this test set cannot decide does to the verdict.
   */
  readonly inconclusive: 'pass' | 'warn' | 'fail';
  /**
   * What it does to the verdict when there is nothing to compare with.
   */
  readonly noBaseline: 'pass' | 'warn' | 'fail';
}
/**
 * What the candidate was compared with, and how it was found.
 */
export interface BaselineUsed {
  /**
   * Rung of the ladder that held: the exact commit that the change was applied to, its nearest first-parent ancestor with evidence, the newest of main, the artifact of a good run on main, a given file, the history of another tool (DVC, MLflow), the champion of the registry, or none.
   */
  readonly rung: 'exact' | 'ancestor' | 'newest' | 'artifact' | 'file' | 'history' | 'champion' | 'none';
  /**
   * Commit of the baseline.
   */
  readonly commit?: string;
  /**
   * Commit that the change was applied to.
   */
  readonly wanted?: string;
  /**
   * First-parent commits between the wanted and the found one.
   */
  readonly distance?: number;
  /**
   * Digest of the baseline's evidence.
   */
  readonly evidence?: string;
  /**
   * When the baseline's evidence was made.
   */
  readonly recordedAt?: string;
  /**
   * Path of the baseline's file, relative to the config's folder.
   */
  readonly path?: string;
  /**
   * Models whose baseline was scored again on the new test set.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly rescored?: readonly string[];
  /**
   * Better rungs and why each failed.
   *
   * @maxItems 10
   */
  readonly tried: readonly RungTried[];
}
/**
 * A rung that did not hold.
 */
export interface RungTried {
  /**
   * The rung.
   */
  readonly rung: 'exact' | 'ancestor' | 'newest' | 'artifact' | 'file' | 'history' | 'champion';
  /**
   * Why it failed.
   */
  readonly reason: string;
}
/**
 * Bytes that a promotion would ship, and how the tested predictions are tied to them.
 */
export interface Subject {
  /**
   * Model's name in the config.
   */
  readonly name: string;
  /**
   * Digest of the file's bytes.
   */
  readonly sha256: string;
  /**
   * Size in bytes.
   */
  readonly bytes: number;
  /**
   * The file's extension.
   */
  readonly format: string;
  /**
   * Path relative to the config's folder.
   */
  readonly path?: string;
  /**
   * `none`: the predictions could be anybody's. `declared`: the training run wrote this digest into or beside the predictions file. `recomputed`: these bytes were run here on a sample of the test set, and agreed.
   */
  readonly binding: 'none' | 'declared' | 'recomputed';
  readonly recomputed?: Recomputed;
}
/**
 * What was run here, and how well it agreed.
 */
export interface Recomputed {
  /**
   * Examples in the sample.
   */
  readonly rows: number;
  /**
   * Examples whose answer agreed.
   */
  readonly agreeing: number;
  /**
   * Largest difference that counts as the same.
   */
  readonly tolerance: number;
  /**
   * Largest difference that was seen.
   */
  readonly largestDifference?: number;
  /**
   * What ran the model: `onnxruntime 1.30.0`, or the command.
   */
  readonly runtime: string;
}
/**
 * A file that was read.
 */
export interface Input {
  /**
   * What it was read as.
   */
  readonly role:
    | 'dataset'
    | 'data-schema'
    | 'predictions'
    | 'baseline-predictions'
    | 'seed-predictions'
    | 'metrics-file'
    | 'artifact'
    | 'targets'
    | 'training-predictions'
    | 'features'
    | 'referenced-table';
  /**
   * Name in the config of what it belongs to.
   */
  readonly name?: string;
  /**
   * Path relative to the config's folder.
   */
  readonly path: string;
  /**
   * Digest of its bytes.
   */
  readonly sha256: string;
  /**
   * Size in bytes.
   */
  readonly bytes: number;
  /**
   * Its format.
   */
  readonly format?: string;
  /**
   * Rows of data.
   */
  readonly rows?: number;
  /**
   * Number of columns.
   */
  readonly columns?: number;
}
/**
 * One question and its answer.
 */
export interface Check {
  /**
   * Unique in the evidence, stable from run to run.
   */
  readonly id: string;
  /**
   * Kind of check: TFDV's anomaly names for data where TFDV has one, the config's words for bounds.
   */
  readonly name: string;
  readonly about: About;
  /**
   * The metric that was judged.
   */
  readonly metric?: string;
  readonly verdict: VerdictWord;
  /**
   * Machine-readable reason of the verdict.
   */
  readonly reason?:
    | 'unchanged'
    | 'no-baseline'
    | 'not-in-baseline'
    | 'undecided'
    | 'degenerate'
    | 'too-few-rows'
    | 'point-rule'
    | 'missing'
    | 'not-finite'
    | 'test-set-changed'
    | 'outcomes-missing'
    | 'policy-changed'
    | 'unmatched-ids'
    | 'unreadable'
    | 'empty'
    | 'depends-on-failed-check'
    | 'accepted'
    | 'multiplicity'
    | 'budget-spent'
    | 'unexpected-gain'
    | 'definition-changed'
    | 'training-noise'
    | 'baseline-contradicted'
    | 'foreign-failure'
    | 'foreign-incomplete'
    | 'recomputed-differently'
    | 'left-out';
  /**
   * What it does to the verdict when it fails.
   */
  readonly severity: 'fail' | 'warn';
  readonly observed?: EvidenceScalar;
  readonly expected?: EvidenceScalar;
  /**
   * p-value of the failure after Holm's correction.
   */
  readonly adjustedP?: number;
  /**
   * Number of tests that the correction is over.
   */
  readonly family?: number;
  /**
   * What is wrong or right, and what to do: for people.
   */
  readonly message: string;
  /**
   * Offending cells or rows.
   */
  readonly violations?: number;
  /**
   * Rows that were looked at.
   */
  readonly rows?: number;
  /**
   * Offending rows, to look at.
   *
   * @maxItems 50
   */
  readonly examples?: readonly CheckExample[];
  readonly source?: ConfigSource;
  /**
   * Examples that would have decided, at the spread that was seen.
   */
  readonly neededExamples?: number;
}
/**
 * What a check or a metric is about. Two pieces of evidence are compared where these agree.
 */
export interface About {
  /**
   * Dataset's name in the config.
   */
  readonly dataset?: string;
  /**
   * Model's name in the config.
   */
  readonly model?: string;
  /**
   * Name in the config of the metrics file.
   */
  readonly metricsFile?: string;
  /**
   * What the numbers were measured on: for a model, the digest of the test set's ids and targets.
   */
  readonly datasetDigest?: string;
  /**
   * Column of the dataset.
   */
  readonly column?: string;
  /**
   * Split of the data, such as `training`.
   */
  readonly split?: string;
  /**
   * Slice of the data.
   */
  readonly slice?: string;
}
/**
 * One offending row.
 */
export interface CheckExample {
  /**
   * Row of data, from 1; a header is not counted.
   */
  readonly row: number;
  /**
   * Column.
   */
  readonly column?: string;
  readonly value?: EvidenceScalar;
}
/**
 * Where something was asked for.
 */
export interface ConfigSource {
  /**
   * File, relative to the config's folder.
   */
  readonly file: string;
  /**
   * Key, as a path joined by dots.
   */
  readonly key: string;
  /**
   * Line, from 1.
   */
  readonly line?: number;
  /**
   * Column, from 1.
   */
  readonly column?: number;
}
/**
 * A number that was measured, with its uncertainty and, after a comparison, what changed.
 */
export interface Metric {
  /**
   * Name in the catalogue of metrics, or the key in a metrics file.
   */
  readonly name: string;
  readonly about: About;
  /**
   * Version of the metric's definition.
   */
  readonly definition: number;
  /**
   * Which way is better.
   */
  readonly direction: 'higher-is-better' | 'lower-is-better' | 'none';
  /**
   * Unit of the value; left out where it has none.
   */
  readonly unit?: string;
  /**
   * The value; null where it is not a finite number.
   */
  readonly value: number | null;
  /**
   * Examples that it rests on; left out where that is unknown.
   */
  readonly n?: number;
  /**
   * The numbers whose mean it is: of folds, or of trainings with other seeds.
   *
   * @maxItems 1000
   */
  readonly values?: readonly number[];
  readonly interval?: Interval;
  readonly comparison?: MetricComparison;
  /**
   * True where examples have weights.
   */
  readonly weighted?: boolean;
  /**
   * Standard error that the program that computed the number gave.
   */
  readonly standardError?: number;
  readonly gap?: Gap;
}
/**
 * A confidence interval.
 */
export interface Interval {
  /**
   * Two-sided level.
   */
  readonly level: number;
  /**
   * Lower limit.
   */
  readonly low: number;
  /**
   * Upper limit.
   */
  readonly high: number;
  /**
   * How it was computed.
   */
  readonly method: string;
  /**
   * True where the method says little here, such as a bootstrap of values that do not vary.
   */
  readonly degenerate?: boolean;
}
/**
 * A metric beside the baseline's.
 */
export interface MetricComparison {
  /**
   * The baseline's value.
   */
  readonly baseline: number | null;
  /**
   * Candidate minus baseline, in the metric's own unit and sign: positive where the number rose, whether or not that is better.
   */
  readonly difference: number | null;
  readonly interval?: Interval;
  /**
   * How the two were compared. `noise`: by the known spread of the number. `folds`, `seeds`: by the spread over folds or trainings. `none`: they could not be, see `reason` and `detail`.
   */
  readonly method: 'paired' | 'unpaired' | 'noise' | 'folds' | 'seeds' | 'point-rule' | 'unchanged' | 'none';
  /**
   * Why the two could not be compared.
   */
  readonly reason?:
    | 'test-set-changed'
    | 'unmatched-ids'
    | 'outcomes-missing'
    | 'not-in-baseline'
    | 'not-finite'
    | 'definition-changed';
  /**
   * The same for people, with counts.
   */
  readonly detail?: string;
  /**
   * Examples that were paired.
   */
  readonly pairs?: number;
  /**
   * The margin that was tested, in the metric's own unit.
   */
  readonly margin?: number;
  /**
   * The margin as a share of the baseline's value, where it was given so.
   */
  readonly relativeMargin?: number;
  readonly relative?: RelativeDifference;
  /**
   * The other shares of the baseline that were tested, such as those of `min-improvement`.
   *
   * @maxItems 4
   */
  readonly relatives?: readonly RelativeBound[];
  /**
   * The smallest true change that this test set would have shown with the power that the config asks for.
   */
  readonly smallestVisibleChange?: number;
  /**
   * Examples that would decide at this margin, if the candidate is truly as good as the baseline.
   */
  readonly examplesToDecide?: number;
  /**
   * Groups of examples that belong together; left out where each example stands for itself.
   */
  readonly groups?: number;
  /**
   * p-value for "worse by more than the margin": small where that is sure. Holm's correction over all margins of a model works on it.
   */
  readonly pWorse?: number;
  readonly trainingNoise?: TrainingNoise;
}
/**
 * With a relative margin p: candidate − (1 − p)·baseline where higher is better, (1 + p)·baseline − candidate where lower is better. The test passes if its lower limit is at least 0.
 */
export interface RelativeDifference {
  /**
   * The quantity that is tested against 0.
   */
  readonly value: number;
  readonly interval: Interval;
}
/**
 * One share that was tested.
 */
export interface RelativeBound {
  /**
   * The share: 0.05 is 5 % better than the baseline, −0.05 is 5 % worse.
   */
  readonly change: number;
  /**
   * Candidate − (1 + change)·baseline where higher is better, (1 − change)·baseline − candidate where lower is better.
   */
  readonly value: number;
  readonly interval: Interval;
}
/**
 * How much the metric moves when main's recipe is trained again; the interval holds it.
 */
export interface TrainingNoise {
  /**
   * Over trainings, in the metric's unit.
   */
  readonly standardDeviation: number;
  /**
   * Number of trainings.
   */
  readonly trainings: number;
}
/**
 * A metric of a slice beside the same metric of all examples outside it.
 */
export interface Gap {
  /**
   * The value outside the slice; null where it is not a finite number.
   */
  readonly rest: number | null;
  /**
   * Examples outside the slice that it rests on.
   */
  readonly n: number;
  /**
   * Value of the slice minus the value outside it; null where one of them is not a finite number.
   */
  readonly difference: number | null;
  readonly interval?: Interval;
}
/**
 * A confusion table: rows are the truth, columns the prediction.
 */
export interface ConfusionFigure {
  /**
   * Kind of figure.
   */
  readonly kind: 'confusion';
  /**
   * Unique in the evidence.
   */
  readonly id: string;
  /**
   * Title.
   */
  readonly title: string;
  readonly about: About;
  /**
   * Classes, in order.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly labels: readonly string[];
  /**
   * Counts: one row for each true class.
   *
   * @maxItems 100
   */
  readonly counts: readonly (readonly number[])[];
  /**
   * The baseline's counts, in the same order.
   *
   * @maxItems 100
   */
  readonly baselineCounts?: readonly (readonly number[])[];
}
/**
 * Lines over numeric axes, such as a reliability curve or an ROC curve.
 */
export interface CurveFigure {
  /**
   * Kind of figure.
   */
  readonly kind: 'curve';
  /**
   * Unique in the evidence.
   */
  readonly id: string;
  /**
   * Title.
   */
  readonly title: string;
  readonly about: About;
  /**
   * Label of the horizontal axis.
   */
  readonly x: string;
  /**
   * Label of the vertical axis.
   */
  readonly y: string;
  /**
   * Whether to draw y = x, where perfect predictions lie; not drawn when left out. (No `default`: ajv would write it into the other figures while it tries them.)
   */
  readonly diagonal?: boolean;
  /**
   * The lines.
   *
   * @maxItems 10
   */
  readonly series: readonly CurveSeries[];
}
/**
 * One line.
 */
export interface CurveSeries {
  /**
   * Whose line it is.
   */
  readonly name: 'candidate' | 'baseline';
  /**
   * Its points, by x.
   *
   * @maxItems 200
   */
  readonly points: readonly CurvePoint[];
}
/**
 * One point.
 */
export interface CurvePoint {
  /**
   * Horizontal position.
   */
  readonly x: number;
  /**
   * Vertical position.
   */
  readonly y: number;
  /**
   * Lower limit of y.
   */
  readonly low?: number;
  /**
   * Upper limit of y.
   */
  readonly high?: number;
  /**
   * Examples behind the point.
   */
  readonly n?: number;
}
/**
 * Counts over bins of a number, by group.
 */
export interface HistogramFigure {
  /**
   * Kind of figure.
   */
  readonly kind: 'histogram';
  /**
   * Unique in the evidence.
   */
  readonly id: string;
  /**
   * Title.
   */
  readonly title: string;
  readonly about: About;
  /**
   * Label of the axis.
   */
  readonly x: string;
  /**
   * Edges of the bins, ascending: one more than the bins.
   *
   * @maxItems 201
   */
  readonly edges: readonly number[];
  /**
   * Counts of each group.
   *
   * @maxItems 20
   */
  readonly series: readonly HistogramSeries[];
}
/**
 * Counts of one group.
 */
export interface HistogramSeries {
  /**
   * The group.
   */
  readonly name: string;
  /**
   * Counts, one for each bin.
   *
   * @maxItems 200
   */
  readonly counts: readonly number[];
}
/**
 * Each label against its absence, those with the most mistakes first.
 */
export interface LabelsFigure {
  /**
   * Kind of figure.
   */
  readonly kind: 'labels';
  /**
   * Unique in the evidence.
   */
  readonly id: string;
  /**
   * Title.
   */
  readonly title: string;
  readonly about: About;
  /**
   * Labels in all.
   */
  readonly all: number;
  /**
   * The labels with the most mistakes.
   *
   * @maxItems 100
   */
  readonly rows: readonly LabelCounts[];
}
/**
 * Counts of one label.
 */
export interface LabelCounts {
  /**
   * The label.
   */
  readonly name: string;
  /**
   * Examples that have it.
   */
  readonly actual: number;
  /**
   * Examples of which the model says so.
   */
  readonly predicted: number;
  /**
   * Examples that have it and of which the model says so.
   */
  readonly hits: number;
  /**
   * Examples of which the baseline said so.
   */
  readonly baselinePredicted?: number;
  /**
   * Examples that have it and of which the baseline said so.
   */
  readonly baselineHits?: number;
}
/**
 * How single examples changed between the baseline and the candidate.
 */
export interface Flips {
  readonly about: About;
  /**
   * Examples that were paired.
   */
  readonly n: number;
  readonly negative: ShareOfRows;
  readonly positive: ShareOfRows;
  readonly churn: ShareOfRows;
  /**
   * Negative flips relative to what independent errors would give: 1 if the errors of both are independent, 0 if none is new (Yan et al. 2021).
   */
  readonly relativeNegative?: number;
  /**
   * Share of what the baseline has right that the candidate has right too.
   */
  readonly backwardTrust?: number;
  /**
   * Share of negative flips between main's model and further trainings of its recipe (`seeds`), their mean: what flips though nothing changed.
   */
  readonly retraining?: number;
  /**
   * Flipped examples, most confident first.
   *
   * @maxItems 100
   */
  readonly examples: readonly FlipExample[];
}
/**
 * A count of examples as a share of all.
 */
export interface ShareOfRows {
  /**
   * Examples.
   */
  readonly count: number;
  /**
   * Share of the test set.
   */
  readonly share: number;
  readonly interval?: Interval;
}
/**
 * One example that flipped.
 */
export interface FlipExample {
  /**
   * `negative`: it was right and is wrong now. `positive`: the other way round.
   */
  readonly kind: 'negative' | 'positive';
  /**
   * Id of the example.
   */
  readonly id: string;
  /**
   * The truth.
   */
  readonly target: string;
  /**
   * The baseline's prediction.
   */
  readonly baseline: string;
  /**
   * The candidate's prediction.
   */
  readonly candidate: string;
  /**
   * The baseline's score.
   */
  readonly baselineScore?: number;
  /**
   * The candidate's score.
   */
  readonly candidateScore?: number;
  /**
   * Values of the slice columns.
   */
  readonly slices?: {
    /**
     * One line of text.
     */
    readonly [key: string]: string;
  };
}
/**
 * Where in the test set the change of a metric comes from.
 */
export interface Decomposition {
  readonly about: About;
  /**
   * The metric that changed.
   */
  readonly metric: string;
  /**
   * `class`: by true class. `slice`: by the values of the column that `about` names.
   */
  readonly by: 'class' | 'slice';
  /**
   * How p-values over the parts were adjusted.
   */
  readonly correction?: 'benjamini-hochberg' | 'benjamini-yekutieli' | 'holm';
  /**
   * The parts, those that carry most of the change first.
   *
   * @maxItems 200
   */
  readonly parts: readonly Part[];
}
/**
 * One part of the test set.
 */
export interface Part {
  /**
   * The class, or the slice such as `region=north`.
   */
  readonly name: string;
  /**
   * Examples in it.
   */
  readonly n: number;
  /**
   * The baseline's value on it.
   */
  readonly baseline: number | null;
  /**
   * The candidate's value on it.
   */
  readonly candidate: number | null;
  /**
   * What this part adds to the difference of the whole, in the metric's unit.
   */
  readonly contribution: number;
  readonly interval?: Interval;
  /**
   * p-value of no difference within the part.
   */
  readonly p?: number;
  /**
   * The same after correction for all parts.
   */
  readonly adjustedP?: number;
}
/**
 * The bins of one numeric column.
 */
export interface SliceBins {
  readonly about: About;
  /**
   * How many bins were asked for.
   */
  readonly bins: number;
  /**
   * Edges between bins, ascending. A value on an edge belongs to the bin above.
   *
   * @maxItems 49
   */
  readonly edges: readonly number[];
}
/**
 * What the search for weak slices found in a model.
 */
export interface WeakSlices {
  readonly about: About;
  /**
   * The loss by example that was searched, such as `log_loss` or `error`.
   */
  readonly loss: string;
  /**
   * Most conditions in a slice.
   */
  readonly level: number;
  /**
   * Columns that were searched.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly columns: readonly string[];
  /**
   * Slices that were looked at.
   */
  readonly examined: number;
  /**
   * Examples of the half in which slices were looked for.
   */
  readonly foundOn?: number;
  /**
   * Examples of the other half, which confirms.
   */
  readonly confirmedOn: number;
  /**
   * What was found, the worst first.
   *
   * @maxItems 50
   */
  readonly slices: readonly WeakSlice[];
}
/**
 * A slice in which the model is weak.
 */
export interface WeakSlice {
  /**
   * The slice: `region=north, plan=basic`.
   */
  readonly name: string;
  /**
   * Its examples in the confirming half.
   */
  readonly n: number;
  /**
   * Its share of that half.
   */
  readonly share?: number;
  /**
   * Mean loss in it, in the confirming half.
   */
  readonly value: number;
  /**
   * Mean loss of all others.
   */
  readonly rest: number;
  /**
   * Their difference.
   */
  readonly difference: number;
  readonly interval?: Interval;
  /**
   * p-value of no worse than the rest.
   */
  readonly p: number;
  /**
   * The same after correction for all slices that were found (Holm).
   */
  readonly adjustedP: number;
  /**
   * Whether the other half confirms it.
   */
  readonly confirmed: boolean;
  /**
   * SliceLine's score in the finding half.
   */
  readonly score?: number;
  /**
   * Ids of its examples with the largest losses, where the config lets them be shown.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly examples?: readonly string[];
}
/**
 * How a model treats groups.
 */
export interface Fairness {
  readonly about: About;
  /**
   * Column, or columns joined by ` × `.
   */
  readonly column: string;
  /**
   * Each group by itself.
   *
   * @maxItems 100
   */
  readonly groups: readonly FairnessGroup[];
  /**
   * Differences and ratios between groups.
   *
   * @maxItems 100
   */
  readonly gaps: readonly FairnessGap[];
  readonly simpson?: SimpsonCheck;
}
/**
 * One group.
 */
export interface FairnessGroup {
  /**
   * Value of the column.
   */
  readonly name: string;
  /**
   * Examples.
   */
  readonly n: number;
  /**
   * Examples whose truth is the favourable label.
   */
  readonly positives?: number;
  /**
   * Its rates.
   *
   * @maxItems 20
   */
  readonly rates: readonly GroupRate[];
}
/**
 * One rate of one group.
 */
export interface GroupRate {
  /**
   * The rate: `selection_rate`, `recall`, `false_positive_rate`, …
   */
  readonly metric: string;
  /**
   * Its value.
   */
  readonly value: number | null;
  /**
   * Examples it rests on.
   */
  readonly n: number;
  readonly interval?: Interval;
}
/**
 * How far two groups are apart.
 */
export interface FairnessGap {
  /**
   * The rate, or `equalised_odds`.
   */
  readonly metric: string;
  /**
   * `ratio`: the lower over the higher. `difference`: the higher less the lower.
   */
  readonly form: 'ratio' | 'difference';
  /**
   * Its value.
   */
  readonly value: number | null;
  readonly interval?: Interval;
  /**
   * Group with the lowest rate.
   */
  readonly lowest?: string;
  /**
   * Group with the highest rate.
   */
  readonly highest?: string;
  /**
   * p-value of no difference between any groups.
   */
  readonly p?: number;
}
/**
 * Whether the difference holds within the parts of another column.
 */
export interface SimpsonCheck {
  /**
   * The column.
   */
  readonly within: string;
  /**
   * The rate.
   */
  readonly metric?: string;
  /**
   * Ratio of the rates over all.
   */
  readonly crude: number;
  /**
   * Common ratio of odds within the parts (Mantel and Haenszel).
   */
  readonly adjusted: number;
  /**
   * p-value of no difference within the parts (Cochran, Mantel and Haenszel).
   */
  readonly p: number;
  /**
   * p-value of no difference over all.
   */
  readonly crudeP?: number;
  /**
   * Whether the direction within the parts is the other way round.
   */
  readonly reverses?: boolean;
}
/**
 * Whether predicted probabilities are what they say.
 */
export interface Calibration {
  readonly about: About;
  /**
   * Examples.
   */
  readonly n: number;
  /**
   * Bins with as many examples each.
   */
  readonly bins: number;
  readonly error?: CalibrationError;
  readonly brier?: BrierDecomposition;
  readonly slope?: CalibrationSlope;
  readonly intercept?: CalibrationIntercept;
  readonly spiegelhalter?: SpiegelhalterTest;
}
/**
 * Debiased expected calibration error.
 */
export interface CalibrationError {
  /**
   * Its value.
   */
  readonly value: number;
  /**
   * The same without the correction, which is biased upward.
   */
  readonly plain?: number;
  readonly interval?: Interval;
}
/**
 * Brier = reliability - resolution + uncertainty + within.
 */
export interface BrierDecomposition {
  /**
   * How far the bins are off.
   */
  readonly reliability: number;
  /**
   * How far the bins differ.
   */
  readonly resolution: number;
  /**
   * Variance of the truth.
   */
  readonly uncertainty: number;
  /**
   * What remains within bins.
   */
  readonly within: number;
}
/**
 * Cox's recalibration: slope of the logit, 1 if the model is neither over- nor underconfident.
 */
export interface CalibrationSlope {
  /**
   * Its value.
   */
  readonly value: number;
  readonly interval?: Interval;
}
/**
 * Cox's recalibration in the large, with the slope held at 1: 0 if the mean is right.
 */
export interface CalibrationIntercept {
  /**
   * Its value.
   */
  readonly value: number;
  readonly interval?: Interval;
}
/**
 * Spiegelhalter's test of perfect calibration.
 */
export interface SpiegelhalterTest {
  /**
   * Its statistic, standard normal under perfect calibration.
   */
  readonly z: number;
  /**
   * Two-sided p-value.
   */
  readonly p: number;
}
/**
 * A metric of the model beside what it must be better or not much worse than.
 */
export interface Generalisation {
  readonly about: About;
  /**
   * The metric.
   */
  readonly metric: string;
  /**
   * `training`: the same model on its training set. `trivial`: a model that knows only the distribution of the target.
   */
  readonly against: 'training' | 'trivial';
  /**
   * Which trivial model: `the most frequent class`.
   */
  readonly detail?: string;
  /**
   * The model on the test set.
   */
  readonly value: number | null;
  /**
   * The other.
   */
  readonly reference: number | null;
  /**
   * How much better the model is on the training set, or than the trivial model, whatever the direction of the metric.
   */
  readonly difference: number | null;
  readonly interval?: Interval;
  /**
   * Examples of the test set.
   */
  readonly n?: number;
  /**
   * Examples of the other.
   */
  readonly referenceN?: number;
  readonly relative?: RelativeGain;
}
/**
 * The share of the other's value that was asked for, and whether the model is better by more.
 */
export interface RelativeGain {
  /**
   * The share: 0.05 is 5 % better than the other.
   */
  readonly change: number;
  /**
   * Model − (1 + change)·other where higher is better, (1 − change)·other − model where lower is better.
   */
  readonly value: number;
  readonly interval: Interval;
}
/**
 * Examples whose label is likely to be wrong, by confident learning. Never a gate.
 */
export interface LabelErrors {
  readonly about: About;
  /**
   * How many labels are likely to be wrong.
   */
  readonly estimated: number;
  /**
   * Examples.
   */
  readonly n: number;
  /**
   * The likeliest first.
   *
   * @maxItems 50
   */
  readonly examples: readonly LabelError[];
}
/**
 * One example.
 */
export interface LabelError {
  readonly id: EvidenceScalar;
  /**
   * The label it has.
   */
  readonly given: string;
  /**
   * The label it is likelier to have.
   */
  readonly likely: string;
  /**
   * Self-confidence: the probability of the label it has.
   */
  readonly score: number;
}
/**
 * Where a model's errors are.
 */
export interface ModelErrors {
  readonly about: About;
  /**
   * The loss by example.
   */
  readonly loss?: string;
  /**
   * Examples.
   */
  readonly n: number;
  /**
   * Share of the examples with the largest loss that is looked at, such as 0.01.
   */
  readonly topShare?: number;
  /**
   * Share of the whole loss that they carry.
   */
  readonly lossShare?: number;
  /**
   * The most confident errors first.
   *
   * @maxItems 50
   */
  readonly examples: readonly ErrorExample[];
}
/**
 * One example.
 */
export interface ErrorExample {
  readonly id: EvidenceScalar;
  readonly target: EvidenceScalar;
  readonly predicted: EvidenceScalar;
  /**
   * The probability of the answer.
   */
  readonly score?: number;
  /**
   * Its loss.
   */
  readonly loss?: number;
}
/**
 * A file of another tool.
 */
export interface ImportedFile {
  /**
   * Its name in the config.
   */
  readonly metricsFile: string;
  /**
   * Its format.
   */
  readonly format: string;
  /**
   * The run that was read.
   */
  readonly run?: string;
  /**
   * How the foreign run ended. Only a complete one counts.
   */
  readonly status: 'complete' | 'partial' | 'failed';
  /**
   * What is missing or failed.
   */
  readonly detail?: string;
  /**
   * What the file says of itself: model, dataset, versions.
   */
  readonly attributes?: {
    readonly [key: string]: EvidenceScalar;
  };
  /**
   * Results of the other tool's own checks.
   *
   * @maxItems 1000
   */
  readonly results?: readonly ForeignResult[];
  /**
   * Results that were left out because there are too many.
   */
  readonly omittedResults?: number;
}
/**
 * One check of the other tool.
 */
export interface ForeignResult {
  /**
   * Its name.
   */
  readonly name: string;
  /**
   * How it ended.
   */
  readonly outcome: 'pass' | 'warn' | 'fail' | 'error' | 'skipped';
  /**
   * What it said.
   */
  readonly message?: string;
}
/**
 * Values of one file of parameters, or of the config.
 */
export interface Params {
  /**
   * `params`: a file that the config names. `config`: the config itself.
   */
  readonly kind: 'params' | 'config';
  /**
   * Path relative to the folder of the config.
   */
  readonly name: string;
  /**
   * Values by key; nested keys are joined by dots.
   */
  readonly values: {
    readonly [key: string]: EvidenceScalar;
  };
  /**
   * Values that were left out because there are too many.
   */
  readonly omitted?: number;
}
/**
 * Something that changed since the baseline.
 */
export interface Change {
  /**
   * What it belongs to.
   */
  readonly kind: 'param' | 'config' | 'input' | 'data' | 'tool';
  /**
   * The file or dataset.
   */
  readonly name?: string;
  /**
   * What changed.
   */
  readonly key: string;
  readonly baseline?: EvidenceScalar;
  readonly candidate?: EvidenceScalar;
}
/**
 * How much of a test set is used up.
 */
export interface TestSetBudget {
  readonly about: About;
  /**
   * Uses that were counted, with this one. A lower bound: what nobody trusted saw is not counted.
   */
  readonly uses: number;
  /**
   * Uses that are planned for.
   */
  readonly limit: number;
  /**
   * Time of the first counted use.
   */
  readonly since?: string;
  /**
   * What later changes learn from a verdict.
   */
  readonly adaptivity: 'full' | 'first-change' | 'none';
  /**
   * Kind of bound.
   */
  readonly guarantee: 'asymptotic' | 'finite-sample';
  /**
   * Examples that the planned number of uses needs at the margin of the gates.
   */
  readonly neededExamples?: number;
  /**
   * What the count does not see.
   */
  readonly missed?: string;
}
/**
 * A known regression that somebody accepted once, with a reason.
 */
export interface Acceptance {
  /**
   * Id of the check.
   */
  readonly check: string;
  /**
   * Why.
   */
  readonly reason: string;
  /**
   * What the check had found: a later run counts as accepted only if it is no worse. Left out where a check finds no number; then only the very same head counts.
   */
  readonly observed?: number;
  /**
   * Who: the login on GitHub, or the name in git.
   */
  readonly actor: string;
  /**
   * When.
   */
  readonly at: string;
  /**
   * Until when it counts.
   */
  readonly expires: string;
  /**
   * Number of the pull request.
   */
  readonly pullRequest?: number;
  /**
   * Head of the pull request when it was accepted.
   */
  readonly head?: string;
  /**
   * Digest of what was accepted: of the evidence that showed the regression.
   */
  readonly digest: string;
}
/**
 * The history of one metric on main.
 */
export interface Trend {
  readonly about: About;
  /**
   * The metric.
   */
  readonly metric: string;
  /**
   * Which way is better.
   */
  readonly direction?: 'higher-is-better' | 'lower-is-better' | 'none';
  /**
   * Values of main, oldest first.
   *
   * @maxItems 200
   */
  readonly points: readonly TrendPoint[];
  /**
   * Change points that were found.
   *
   * @maxItems 50
   */
  readonly changes?: readonly ChangePoint[];
  /**
   * Standard deviation of the metric when the same commit is measured again.
   */
  readonly noise?: number;
  /**
   * Degrees of freedom of `noise`: measurements less the commits that were measured again.
   */
  readonly noiseDegreesOfFreedom?: number;
}
/**
 * One commit.
 */
export interface TrendPoint {
  /**
   * Commit of main.
   */
  readonly commit: string;
  /**
   * When it was recorded.
   */
  readonly at?: string;
  /**
   * The value; null where it was not finite.
   */
  readonly value: number | null;
  /**
   * Lower limit.
   */
  readonly low?: number;
  /**
   * Upper limit.
   */
  readonly high?: number;
}
/**
 * A commit range in which the level changed.
 */
export interface ChangePoint {
  /**
   * Last commit of the old level.
   */
  readonly after: string;
  /**
   * First commit of the new level.
   */
  readonly at: string;
  /**
   * Mean before.
   */
  readonly before: number;
  /**
   * Mean since.
   */
  readonly now: number;
  /**
   * p-value of the change.
   */
  readonly p: number;
  /**
   * Commits of main between the two that were not measured: the change may lie in any of them. At most the newest 20.
   *
   * @maxItems 20
   *
   * Items: A full git commit hash.
   */
  readonly between?: readonly string[];
}
/**
 * What a dataset holds, without its rows.
 */
export interface DatasetProfile {
  /**
   * The dataset.
   */
  readonly dataset: string;
  /**
   * Rows.
   */
  readonly rows: number;
  /**
   * Its columns, in the table's order.
   *
   * @maxItems 10000
   */
  readonly columns: readonly ColumnProfile[];
}
/**
 * What one column of a table holds, without its rows.
 */
export interface ColumnProfile {
  /**
   * The column.
   */
  readonly name: string;
  /**
   * What its values are.
   */
  readonly type: 'number' | 'integer' | 'boolean' | 'string' | 'date' | 'date-time' | 'other';
  /**
   * Cells that hold a value.
   */
  readonly present: number;
  /**
   * Cells that hold none.
   */
  readonly absent: number;
  /**
   * Cells that hold a value of another type than the column's, such as text among numbers: no other figure but `present` counts them.
   */
  readonly unread?: number;
  readonly distinct?: DistinctCount;
  readonly numeric?: NumericProfile;
  readonly text?: TextProfile;
  readonly boolean?: BooleanProfile;
  readonly time?: TimeProfile;
  /**
   * The most frequent values, the most frequent first; left out where they mostly differ and where the column looks personal.
   *
   * @maxItems 100
   */
  readonly top?: readonly TopValue[];
  /**
   * Cells that hold a value that `top` does not list.
   */
  readonly others?: number;
  /**
   * Whether the column looks as if it held personal data: no value of it is shown.
   */
  readonly personal?: boolean;
}
/**
 * How many different values there are.
 */
export interface DistinctCount {
  /**
   * The number.
   */
  readonly estimate: number;
  /**
   * Whether it was counted and not estimated.
   */
  readonly exact: boolean;
  /**
   * Relative standard error of the estimate.
   */
  readonly relativeError?: number;
}
/**
 * Of numbers.
 */
export interface NumericProfile {
  /**
   * Smallest.
   */
  readonly min: number;
  /**
   * Largest.
   */
  readonly max: number;
  /**
   * Arithmetic mean.
   */
  readonly mean: number;
  /**
   * Standard deviation, divided by n - 1; 0 for a single value.
   */
  readonly standardDeviation: number;
  /**
   * Third standardised moment; left out where all values are equal.
   */
  readonly skewness?: number;
  /**
   * Fourth standardised moment less 3; left out where all values are equal.
   */
  readonly kurtosis?: number;
  /**
   * Values that are NaN or infinite; nothing else counts them.
   */
  readonly notFinite?: number;
  /**
   * Values that are 0.
   */
  readonly zeros?: number;
  /**
   * Quantiles at fixed levels.
   *
   * @maxItems 101
   */
  readonly quantiles: readonly ProfileQuantile[];
  /**
   * Largest error of a quantile's rank, as a share of the values; 0 where exact.
   */
  readonly rankError?: number;
  readonly histogram: HistogramCounts;
}
/**
 * One quantile.
 */
export interface ProfileQuantile {
  /**
   * Share of values at or below.
   */
  readonly level: number;
  /**
   * The value.
   */
  readonly value: number;
}
/**
 * Counts of values between edges.
 */
export interface HistogramCounts {
  /**
   * Edges in rising order, one more than there are counts; a bin holds its lower edge, the last one both.
   *
   * @maxItems 129
   */
  readonly edges: readonly number[];
  /**
   * Values in each bin.
   *
   * @maxItems 128
   */
  readonly counts: readonly number[];
  /**
   * Values below the first edge.
   */
  readonly below?: number;
  /**
   * Values above the last edge.
   */
  readonly above?: number;
}
/**
 * Of texts: their lengths in Unicode code points.
 */
export interface TextProfile {
  /**
   * Shortest.
   */
  readonly minLength: number;
  /**
   * Longest.
   */
  readonly maxLength: number;
  /**
   * Mean length.
   */
  readonly meanLength: number;
  readonly lengths: HistogramCounts;
}
/**
 * Of truth values.
 */
export interface BooleanProfile {
  /**
   * True ones.
   */
  readonly true: number;
  /**
   * False ones.
   */
  readonly false: number;
}
/**
 * Of dates and times.
 */
export interface TimeProfile {
  /**
   * The earliest.
   */
  readonly first: string;
  /**
   * The latest.
   */
  readonly last: string;
  readonly histogram: HistogramCounts;
}
/**
 * A value and how often it stands.
 */
export interface TopValue {
  readonly value: EvidenceScalar;
  /**
   * Cells that hold it.
   */
  readonly count: number;
}
/**
 * How far a dataset has moved from another.
 */
export interface Drift {
  /**
   * The dataset.
   */
  readonly dataset: string;
  /**
   * `drift`: the same data at another time. `skew`: training beside serving.
   */
  readonly comparator: 'drift' | 'skew';
  readonly against: DriftReference;
  /**
   * Rows of this dataset.
   */
  readonly rows: number;
  /**
   * Rows of the other.
   */
  readonly referenceRows: number;
  /**
   * What was compared of each column, the farthest first.
   *
   * @maxItems 20000
   */
  readonly columns: readonly ColumnDrift[];
  readonly multivariate?: MultivariateDrift;
  /**
   * Why there was nothing to compare with.
   */
  readonly unavailable?: 'no-baseline' | 'not-in-baseline';
  /**
   * How each method that was used makes its number out of the counts.
   *
   * @maxItems 8
   */
  readonly formulas?: readonly DriftFormula[];
  /**
   * Columns whose values were not compared, and why: they are in one of the two only, of another type, personal, or hold values that mostly differ. Not those that the config leaves out.
   *
   * @maxItems 1000
   */
  readonly uncompared?: readonly UncomparedColumn[];
}
/**
 * What it is compared with.
 */
export interface DriftReference {
  /**
   * Main's record, another dataset of the config, or a file.
   */
  readonly kind: 'baseline' | 'dataset' | 'path';
  /**
   * Its name.
   */
  readonly name: string;
  /**
   * A full git commit hash.
   */
  readonly commit?: string;
}
/**
 * How far one column has moved.
 */
export interface ColumnDrift {
  /**
   * The column.
   */
  readonly column: string;
  /**
   * What of it is compared: its values, whether there is one, or how long its texts are.
   */
  readonly aspect: 'values' | 'missing' | 'length';
  /**
   * What the values are.
   */
  readonly kind?: 'numeric' | 'categorical' | 'boolean' | 'time';
  /**
   * What the column is for.
   */
  readonly role?: 'feature' | 'label' | 'prediction';
  /**
   * How the distance is measured.
   */
  readonly method:
    | 'wasserstein'
    | 'jensen-shannon'
    | 'psi'
    | 'kolmogorov-smirnov'
    | 'cramers-v'
    | 'total-variation'
    | 'l-infinity'
    | 'difference';
  /**
   * The distance.
   */
  readonly value: number | null;
  /**
   * Distance above which it matters.
   */
  readonly threshold: number;
  /**
   * 99 % quantile of the distance between two samples of these sizes of one distribution, rather too high than too low.
   */
  readonly nullQuantile?: number | null;
  /**
   * Probability of counts as far apart without drift.
   */
  readonly p?: number | null;
  /**
   * p, adjusted for the number of comparisons (Benjamini and Hochberg).
   */
  readonly q?: number | null;
  /**
   * Whether drift of this column alone counts.
   */
  readonly critical?: boolean;
  /**
   * Edges of the bins in rising order, one more than there are counts; the outermost may be the smallest or largest value of either.
   *
   * @maxItems 131
   */
  readonly edges?: readonly number[];
  /**
   * The categories, one for each count.
   *
   * @maxItems 130
   *
   * Items: One line of text.
   */
  readonly labels?: readonly string[];
  /**
   * Counts of what is compared with. Empty for columns beyond the 300 farthest.
   *
   * @maxItems 130
   */
  readonly reference: readonly number[];
  /**
   * Counts of this dataset. Empty for columns beyond the 300 farthest.
   *
   * @maxItems 130
   */
  readonly current: readonly number[];
  /**
   * What the distance is divided by: the standard deviation of the reference.
   */
  readonly scale?: number;
  /**
   * Categories that the reference lacks.
   *
   * @maxItems 20
   *
   * Items: One line of text.
   */
  readonly appeared?: readonly string[];
  /**
   * Categories of the reference that are not here.
   *
   * @maxItems 20
   *
   * Items: One line of text.
   */
  readonly vanished?: readonly string[];
}
/**
 * A classifier that tells the two tables apart.
 */
export interface MultivariateDrift {
  /**
   * How.
   */
  readonly method: string;
  /**
   * Area under its ROC curve on the other half; 0.5 where they cannot be told apart.
   */
  readonly value: number | null;
  /**
   * Probability of such an area without drift.
   */
  readonly p?: number | null;
  /**
   * Area above which it matters.
   */
  readonly threshold?: number;
  /**
   * Columns that tell them apart, the clearest first.
   *
   * @maxItems 20
   *
   * Items: One line of text.
   */
  readonly columns?: readonly string[];
  /**
   * Rows of this dataset that it was tested on, none of which it learned from.
   */
  readonly rows?: number;
  /**
   * Rows of the other table that it was tested on.
   */
  readonly referenceRows?: number;
  /**
   * 99 % quantile of the area between two samples of these sizes of one distribution.
   */
  readonly nullQuantile?: number | null;
}
/**
 * One method.
 */
export interface DriftFormula {
  /**
   * How the distance is measured.
   */
  readonly method:
    | 'wasserstein'
    | 'jensen-shannon'
    | 'psi'
    | 'kolmogorov-smirnov'
    | 'cramers-v'
    | 'total-variation'
    | 'l-infinity'
    | 'difference';
  /**
   * The formula, over counts r of the reference and c of this dataset with the sums m and n.
   */
  readonly formula: string;
}
/**
 * One column.
 */
export interface UncomparedColumn {
  /**
   * The column.
   */
  readonly column: string;
  /**
   * Why.
   */
  readonly reason:
    | 'only-here'
    | 'only-there'
    | 'other-type'
    | 'personal'
    | 'values-differ'
    | 'other-bins'
    | 'nothing-there';
}
/**
 * Something measured on a dataset, or between two, that a bound may be set on.
 */
export interface DataFinding {
  /**
   * The dataset.
   */
  readonly dataset: string;
  /**
   * What was measured: the name of its anomaly.
   */
  readonly kind: string;
  /**
   * The column, where it is about one.
   */
  readonly column?: string;
  /**
   * The other dataset, where it is about two.
   */
  readonly against?: string;
  /**
   * What was measured.
   */
  readonly value: number | null;
  readonly interval?: Interval;
  /**
   * Rows, cells or groups that it is about.
   */
  readonly count?: number;
  /**
   * Rows or cells that were looked at.
   */
  readonly n?: number;
  /**
   * What was found, in a sentence.
   */
  readonly detail?: string;
}
/**
 * What changed in the rows of a dataset.
 */
export interface DataDiff {
  /**
   * The dataset.
   */
  readonly dataset: string;
  /**
   * What it is compared with.
   */
  readonly against: string;
  /**
   * Columns that name a row; empty where rows were compared whole.
   *
   * @maxItems 16
   *
   * Items: One line of text.
   */
  readonly key: readonly string[];
  /**
   * Rows of the new table.
   */
  readonly rows: number;
  /**
   * Rows of the old table.
   */
  readonly rowsBefore: number;
  /**
   * Rows whose key only the new table has.
   */
  readonly added: number;
  /**
   * Rows whose key only the old table has.
   */
  readonly removed: number;
  /**
   * Rows of both of which a cell differs.
   */
  readonly changed: number;
  /**
   * Rows of both that are equal.
   */
  readonly unchanged: number;
  /**
   * Columns that only the new table has.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly addedColumns?: readonly string[];
  /**
   * Columns that only the old table has.
   *
   * @maxItems 100
   *
   * Items: One line of text.
   */
  readonly removedColumns?: readonly string[];
  /**
   * Columns whose type differs.
   *
   * @maxItems 100
   */
  readonly retypedColumns?: readonly RetypedColumn[];
  /**
   * Columns of which cells differ, the most first.
   *
   * @maxItems 1000
   */
  readonly columns: readonly ColumnDiff[];
  /**
   * Some of the rows.
   *
   * @maxItems 50
   */
  readonly examples?: readonly DiffExample[];
}
/**
 * A column of another type.
 */
export interface RetypedColumn {
  /**
   * The column.
   */
  readonly column: string;
  /**
   * Type in the old table.
   */
  readonly from: string;
  /**
   * Type in the new table.
   */
  readonly to: string;
}
/**
 * Changed cells of one column.
 */
export interface ColumnDiff {
  /**
   * The column.
   */
  readonly column: string;
  /**
   * Rows in which it differs.
   */
  readonly changed: number;
}
/**
 * One difference.
 */
export interface DiffExample {
  /**
   * The row's key.
   *
   * @maxItems 16
   */
  readonly key: readonly EvidenceScalar[];
  /**
   * What happened to the row.
   */
  readonly kind: 'added' | 'removed' | 'changed';
  /**
   * The column that differs.
   */
  readonly column?: string;
  readonly from?: EvidenceScalar;
  readonly to?: EvidenceScalar;
}
/**
 * What changed in the data schema of a dataset since main's record, and what that does to the data that are allowed.
 */
export interface DataSchemaChange {
  /**
   * The dataset.
   */
  readonly dataset: string;
  /**
   * The schema as it was.
   */
  readonly against: string;
  /**
   * What becomes of the data that are allowed: `none` if the same are, `loosening` if all that were and maybe more, `tightening` if none but those that were, `both` if some more and some fewer, `unknown` where it cannot be told. The first three are never said wrongly.
   */
  readonly effect: 'none' | 'loosening' | 'tightening' | 'both' | 'unknown';
  /**
   * The changes, those that loosen first.
   *
   * @maxItems 100
   */
  readonly changes: readonly DataSchemaPartChange[];
  /**
   * Further changes, which are not listed.
   */
  readonly omitted?: number;
}
/**
 * One change.
 */
export interface DataSchemaPartChange {
  /**
   * The column that it is about.
   */
  readonly column?: string;
  /**
   * What it does by itself.
   */
  readonly effect: 'none' | 'loosening' | 'tightening' | 'both' | 'unknown';
  /**
   * The change in a sentence.
   */
  readonly text: string;
}
