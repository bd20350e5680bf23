import type { MetricDefinition } from '../metrics/definition.ts';
import type { About, Check, ConfigSource } from '../schemas/evidence.generated.ts';
import type { FoldsConfig } from '../schemas/config.generated.ts';
import type { Margin } from '../schemas/parse-margin.ts';

/** Bounds on the candidate itself. `expect`: the slice must be there; `max-gap`: how much worse it may be than the rest. */
export const OWN_BOUNDS = ['at-least', 'at-most', 'expect', 'max-gap'] as const;

/** Bounds on the change since the baseline. */
export const CHANGE_BOUNDS = ['max-regression', 'min-improvement', 'max-improvement', 'max-change'] as const;

type OwnBound = (typeof OWN_BOUNDS)[number];
export type ChangeBound = (typeof CHANGE_BOUNDS)[number];
export type Bound = OwnBound | ChangeBound;

/** The values of a gate's bounds. */
export interface BoundValues {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The slice must be there. */
  readonly expect?: true;
  /** In the metric's own unit. */
  readonly maxGap?: number;
  readonly maxRegression?: Margin;
  readonly minImprovement?: Margin;
  readonly maxImprovement?: Margin;
  readonly maxChange?: Margin;
}

/** What one metric must satisfy, as the config says it. */
export interface MetricGate extends BoundValues {
  /** Model or metrics file; without the digest of a test set, which the config cannot know. */
  readonly about: Pick<About, 'model' | 'metricsFile' | 'slice'>;
  /** The catalogue's name, or the key in a metrics file. */
  readonly metric: string;
  /** The gate is about every slice of the model, and not about the whole test set. */
  readonly everySlice?: true;
  /** Which way is better, for a number of a metrics file. */
  readonly direction?: MetricDefinition['direction'];
  /** How much a number of a metrics file varies when nothing changes. */
  readonly noise?: number | 'history';
  /** The number is the mean of folds that the file lists. */
  readonly folds?: FoldsConfig;
  /** The number is the mean of trainings that the file lists. */
  readonly seeds?: true;
  readonly severity: Check['severity'];
  /** Where the gate stands in the config. */
  readonly source: ConfigSource;
  /** Where each bound stands. */
  readonly boundSources: Readonly<Partial<Record<Bound, ConfigSource>>>;
}

const FIELDS = {
  'at-least': 'atLeast',
  'at-most': 'atMost',
  expect: 'expect',
  'max-gap': 'maxGap',
  'max-regression': 'maxRegression',
  'min-improvement': 'minImprovement',
  'max-improvement': 'maxImprovement',
  'max-change': 'maxChange',
} as const satisfies Record<Bound, keyof BoundValues>;

/** The value of a bound on the change; undefined where the gate does not set it. */
export function changeBoundOf(gate: BoundValues, bound: ChangeBound): Margin | undefined {
  return gate[FIELDS[bound]];
}

/** The bounds that a gate sets, in the order of their checks. */
export function listBounds(gate: BoundValues): readonly Bound[] {
  return [...OWN_BOUNDS, ...CHANGE_BOUNDS].filter((bound) => gate[FIELDS[bound]] !== undefined);
}

/** The gate with only some of its bounds. */
export function keepBounds(gate: MetricGate, kept: readonly Bound[]): MetricGate {
  const narrowed: { -readonly [Field in keyof MetricGate]: MetricGate[Field] } = { ...gate };
  for (const bound of listBounds(gate)) {
    if (!kept.includes(bound)) delete narrowed[FIELDS[bound]];
  }
  return narrowed;
}

/** Whether two are about the same model or metrics file, and the same slice of it. */
export function isSameSubject(gate: MetricGate['about'], about: About): boolean {
  return gate.model === about.model && gate.metricsFile === about.metricsFile && gate.slice === about.slice;
}

/** Whether a gate bounds this metric. */
export function isGateOf(
  gate: MetricGate,
  metric: { readonly name: string; readonly about: About },
): boolean {
  if (gate.metric !== metric.name) return false;
  if (gate.everySlice !== true) return isSameSubject(gate.about, metric.about);
  const { slice, ...whole } = metric.about;
  return slice !== undefined && isSameSubject(gate.about, whole);
}
