/**
 * What a report says, before it is drawn: the same for the comment, the page and the terminal. Every string is plain
 * text that may hold a stranger's words; messages quote names between backticks. Each target escapes for itself.
 */
import type {
  CheckExample,
  ConfigSource,
  Figure,
  Interval,
  VerdictWord,
} from '../../schemas/evidence.generated.ts';

export interface ReportView {
  readonly verdict: VerdictWord;
  /** Whether the verdict blocks: a fail that is enforced. */
  readonly blocks: boolean;
  /** The verdict and why, without the title: `fail — 2 checks failed, 1 could not be decided`. */
  readonly headline: string;
  /** What must be read before anything else: who says so, and whether it counts. */
  readonly banners: readonly Banner[];
  /** Where a reader must look, worst first. */
  readonly findings: readonly Finding[];
  readonly measured: readonly MeasuredView[];
  readonly datasets: readonly DatasetView[];
  readonly baseline: BaselineView | undefined;
  /** Every check in the order of the config. */
  readonly checks: readonly CheckLine[];
  /** What a reader should know of the change in a sentence each: flips, likely causes, what was accepted, what wears out. */
  readonly remarks: readonly string[];
  /** What explains the change, table by table. */
  readonly details: readonly DetailTable[];
  readonly notes: readonly string[];
  readonly provenance: readonly Fact[];
  readonly files: readonly FileLine[];
  readonly subjects: readonly SubjectLine[];
}

/** A sentence above everything else. */
export interface Banner {
  readonly kind: 'untrusted' | 'not-enforced' | 'contradiction';
  readonly text: string;
}

/** What a check came to: its verdict, and what that does to the verdict on everything. */
export interface Outcome {
  readonly verdict: VerdictWord;
  readonly effect: VerdictWord;
  /** In words: `fail`, `fail (warning only)`, `inconclusive (no baseline)`. */
  readonly label: string;
}

/** Something that a reader must look at. */
export interface Finding {
  readonly outcome: Outcome;
  /** What it is about: `churn`, `customers`. */
  readonly subject: string;
  /** What was asked there: `roc_auc max-regression`, `age VALUE_OUT_OF_RANGE`. */
  readonly asked: string;
  /** Others that came to the same for the same reason. */
  readonly alsoAsked: readonly string[];
  readonly message: string;
  readonly examples: readonly CheckExample[];
  readonly source: ConfigSource | undefined;
}

/** One line of the list of all checks. */
export interface CheckLine {
  readonly outcome: Outcome;
  readonly subject: string;
  readonly asked: string;
  readonly observed: string;
  readonly expected: string;
}

/** The metrics of one model, or of one file of metrics. */
export interface MeasuredView {
  readonly kind: 'model' | 'metrics file' | 'dataset';
  readonly name: string;
  /** `3,000 examples`: those that the metric with the most rests on. */
  readonly size: string | undefined;
  /** Level of the intervals of change, as `90 %`, when they have one. */
  readonly level: string | undefined;
  /** Metrics with a bound, then those without. */
  readonly gated: readonly MetricRow[];
  readonly others: readonly MetricRow[];
  readonly hasPointRule: boolean;
  readonly figures: readonly Figure[];
}

/** Whether a change is for the better, as far as its interval says. */
export type Tendency = 'better' | 'worse' | 'unclear' | 'unchanged' | 'higher' | 'lower' | 'not-compared';

/** One metric, with numbers already written. */
export interface MetricRow {
  readonly name: string;
  readonly unit: string | undefined;
  readonly direction: string;
  readonly n: string;
  readonly value: string;
  readonly valueInterval: string | undefined;
  readonly baseline: string | undefined;
  readonly change: ChangeView | undefined;
  /** The bounds that were asked for: `at least 0.75`, `0.02 worse`. */
  readonly allowed: readonly string[];
  /** Undefined where nothing was asked. */
  readonly outcome: Outcome | undefined;
  readonly smallestVisibleChange: string | undefined;
  readonly examplesToDecide: string | undefined;
  readonly method: string | undefined;
}

export interface ChangeView {
  readonly tendency: Tendency;
  /** `+0.010`; undefined where there is none to speak of. */
  readonly difference: string | undefined;
  /** `−0.004 to +0.024`. */
  readonly interval: string | undefined;
  readonly bar: ChangeBar | undefined;
  /** Why there is no difference: mlgate's own words. */
  readonly note: string | undefined;
}

/** A change turned so that more is better, in the metric's own unit; `margin` is how far below 0 is tolerated. */
export interface ChangeBar {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
  readonly margin: number | undefined;
}

/** A table that explains something, for those who open it. All of it is plain text. */
export interface DetailTable {
  /** `Flipped examples of churn`. */
  readonly title: string;
  /**
   * Where it is shown. `everywhere`: also on a terminal, which shows only what a reader acts on. `folded`: in the
   * comment and on the page. `page`: on the page alone.
   */
  readonly place: 'everywhere' | 'folded' | 'page';
  /** Sentences above the table. */
  readonly lead: readonly string[];
  readonly columns: readonly DetailColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Pictures of the same for the page. */
  readonly figures: readonly Picture[];
}

/** A picture of a report: one that the evidence holds, or one that is drawn of other parts of it. */
export type Picture = Figure | IntervalsPicture | DistributionPicture;

/** Values with their intervals under one another: a slice or a group in each row. */
export interface IntervalsPicture {
  readonly kind: 'intervals';
  readonly title: string;
  /** What the axis shows. */
  readonly x: string;
  readonly rows: readonly IntervalRow[];
  /** A line to hold them against, such as the value on all examples. */
  readonly reference?: { readonly name: string; readonly value: number };
}

/** How the values of a column are spread, and how they were. Bins lie between `edges`; without those they are `labels`. */
export interface DistributionPicture {
  readonly kind: 'distribution';
  readonly title: string;
  /** What is counted. */
  readonly x: string;
  readonly edges?: readonly number[];
  /** Whether the edges are milliseconds since 1970. */
  readonly isTime?: boolean;
  readonly labels?: readonly string[];
  readonly current: readonly number[];
  readonly reference?: { readonly name: string; readonly counts: readonly number[] };
}

export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly interval: Interval | undefined;
  readonly n: number | undefined;
}

export interface DetailColumn {
  readonly name: string;
  /** `code`: a stranger's names and values. `message`: sentences that quote names between backticks. `number`: set to the right. */
  readonly kind: 'text' | 'message' | 'code' | 'number';
}

/** A dataset in one line. */
export interface DatasetView {
  readonly name: string;
  /** `10,000 × 14`, or `unknown`. */
  readonly shape: string;
  readonly passed: number;
  readonly failed: number;
  readonly total: number;
  readonly outcome: Outcome;
}

/** What was compared with. */
export interface BaselineView {
  /** One sentence. */
  readonly sentence: string;
  readonly tried: readonly { readonly rung: string; readonly reason: string }[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Whether the value is a name or a digest, to be set as code. */
  readonly isCode: boolean;
}

export interface FileLine {
  readonly role: string;
  readonly path: string;
  readonly size: string;
  readonly sha256: string;
}

export interface SubjectLine {
  readonly name: string;
  readonly sha256: string;
  readonly size: string;
  readonly binding: string;
}
