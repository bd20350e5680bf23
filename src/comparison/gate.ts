import type { MetricDefinition } from '../metrics/catalogue.ts';
import type { About, Check, ConfigSource } from '../schemas/evidence.generated.ts';
import type { Margin } from '../schemas/parse-margin.ts';

export type Bound = 'at-least' | 'at-most' | 'max-regression';

/** What one metric must satisfy, as the config says it. */
export interface MetricGate {
  /** Model or metrics file; without the digest of a test set, which the config cannot know. */
  readonly about: Pick<About, 'model' | 'metricsFile' | 'slice'>;
  /** The catalogue's name, or the key in a metrics file. */
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly maxRegression?: Margin;
  /** Which way is better, for a number of a metrics file. */
  readonly direction?: MetricDefinition['direction'];
  readonly severity: Check['severity'];
  /** Where the gate stands in the config. */
  readonly source: ConfigSource;
  /** Where each bound stands. */
  readonly boundSources: Readonly<Partial<Record<Bound, ConfigSource>>>;
}

/** Whether a gate is about what a metric is about. */
export function isSameSubject(gate: MetricGate['about'], about: About): boolean {
  return gate.model === about.model && gate.metricsFile === about.metricsFile && gate.slice === about.slice;
}
