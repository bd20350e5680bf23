import type { Metric } from '../schemas/evidence.generated.ts';
import { findDirection } from './find-metric.ts';
import type { NumberInFile } from './importers/read-numbers.ts';

/** A direction that the config states for a key of a metrics file. */
interface StatedDirection {
  readonly metric: string;
  readonly direction?: Exclude<Metric['direction'], 'none'>;
}

/**
 * Numbers of a metrics file as metrics, without n or interval: nobody knows how much they vary. The direction is the
 * config's, else the catalogue's, else none. A number that is not finite has the value null.
 */
export function measureNumbers(
  numbers: readonly NumberInFile[],
  metricsFile: string,
  stated: readonly StatedDirection[],
): readonly Metric[] {
  return numbers.map(({ key, value }) => ({
    name: key,
    about: { metricsFile },
    definition: 1,
    direction: stated.find((gate) => gate.metric === key)?.direction ?? findDirection(key) ?? 'none',
    value: Number.isFinite(value) ? value : null,
  }));
}
