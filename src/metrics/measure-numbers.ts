import { UserError } from '../evidence/errors.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { findDirection } from './find-metric.ts';
import type { ListInFile, NumberInFile, NumbersInFile } from './importers/read-numbers.ts';

/** What the config says of a key of a metrics file. */
interface StatedNumber {
  readonly metric: string;
  readonly direction?: Exclude<Metric['direction'], 'none'>;
  /** The number is the mean of a list of folds. */
  readonly folds?: object;
  /** The number is the mean of a list of trainings. */
  readonly seeds?: true;
}

/** Most folds or trainings of one number. */
const MAX_VALUES = 1000;

/**
 * Numbers of a metrics file as metrics, without n or interval: nobody knows how much they vary. A list that the config
 * calls folds or seeds is the metric of its mean, and keeps its numbers. The direction is the config's, else the
 * catalogue's, else none. A number that is not finite has the value null.
 * @throws UserError where such a key has a single number or far too many.
 */
export function measureNumbers(
  { numbers, lists }: NumbersInFile,
  metricsFile: string,
  stated: readonly StatedNumber[],
): readonly Metric[] {
  const means = stated
    .filter(({ folds, seeds }) => folds !== undefined || seeds === true)
    .flatMap(({ metric }) => {
      const list = lists.find(({ key }) => key === metric);
      if (list !== undefined) return [{ key: metric, ...averageOf(list, metricsFile) }];
      refuseSingleNumber(
        numbers.some(({ key }) => key === metric),
        metric,
        metricsFile,
      );
      return [];
    });
  const found: readonly (NumberInFile & Partial<ListInFile>)[] = [...numbers, ...means];
  return found.map(({ key, value, values }) => ({
    name: key,
    about: { metricsFile },
    definition: 1,
    direction: stated.find((gate) => gate.metric === key)?.direction ?? findDirection(key) ?? 'none',
    value: Number.isFinite(value) ? value : null,
    ...(values !== undefined && Number.isFinite(value) ? { values } : {}),
  }));
}

function averageOf({ key, values }: ListInFile, metricsFile: string) {
  if (values.length > MAX_VALUES) {
    throw new UserError(
      `\`metrics.${metricsFile}.gates.${key}\`: the file lists ${values.length} numbers there; at most ${MAX_VALUES} are folds or trainings.`,
      { help: 'Write one number for each fold or training, not for each step.' },
    );
  }
  return { value: values.reduce((sum, value) => sum + value, 0) / values.length, values };
}

function refuseSingleNumber(isSingle: boolean, key: string, metricsFile: string): void {
  if (!isSingle) return;
  throw new UserError(
    `\`metrics.${metricsFile}.gates.${key}\`: the config speaks of folds or seeds, but the file has a single number under this key.`,
    {
      help: 'Write a list with the number of each fold or training under this key, or take `folds` or `seeds` out of the gate.',
    },
  );
}
