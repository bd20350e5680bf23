import { boundText } from '../evidence/bound-text.ts';
import { UserError } from '../evidence/errors.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { findDirection } from './find-metric.ts';
import type { ImportedList, ImportedNumber } from './importers/importer.ts';

/** What the config says of a key of a metrics file. */
interface StatedNumber {
  readonly metric: string;
  readonly direction?: Metric['direction'];
  /** The number is the mean of a list of folds. */
  readonly folds?: object;
  /** The number is the mean of a list of trainings. */
  readonly seeds?: true;
}

/** The method of an interval that stands in the file. */
export const STATED_INTERVAL = "the file's own interval";

/** Most folds or trainings of one number. */
const MAX_VALUES = 1000;

/** What a file of another tool says in numbers. */
interface ForeignNumbers {
  readonly numbers: readonly ImportedNumber[];
  readonly lists: readonly ImportedList[];
}

/**
 * Numbers of a metrics file as metrics, with what the file says of their uncertainty: most say nothing, and nobody
 * knows how much those vary. A list that the config calls folds or seeds is the metric of its mean, and keeps its
 * numbers. The direction is the config's, else the file's, else the catalogue's, else none. A number that is not finite
 * has the value null.
 * @throws UserError where such a key has a single number or far too many.
 */
export function measureNumbers(
  { numbers, lists }: ForeignNumbers,
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
  const found: readonly (ImportedNumber & Partial<ImportedList>)[] = [...numbers, ...means];
  return found.map((number) => {
    const { key, value, values, n, unit } = number;
    const isFinite = Number.isFinite(value);
    return {
      name: key,
      about: { metricsFile },
      definition: 1,
      direction:
        stated.find((gate) => gate.metric === key)?.direction ??
        number.direction ??
        findDirection(key) ??
        'none',
      ...(unit === undefined ? {} : { unit: boundText(unit) }),
      value: isFinite ? value : null,
      ...(isCount(n) ? { n } : {}),
      ...(values !== undefined && isFinite ? { values } : {}),
      ...(isFinite ? uncertaintyOf(number) : {}),
    };
  });
}

function isCount(n: number | undefined): n is number {
  return Number.isSafeInteger(n) && (n ?? -1) >= 0;
}

/** Standard error and interval as the file states them; what makes no sense is left out. */
function uncertaintyOf({ value, standardError, interval }: ImportedNumber): Partial<Metric> {
  const isError = standardError !== undefined && Number.isFinite(standardError) && standardError >= 0;
  const isInterval =
    interval !== undefined &&
    Number.isFinite(interval.low) &&
    Number.isFinite(interval.high) &&
    interval.low <= value &&
    value <= interval.high &&
    interval.level > 0 &&
    interval.level < 1;
  return {
    ...(isError ? { standardError } : {}),
    ...(isInterval ? { interval: { ...interval, method: STATED_INTERVAL } } : {}),
  };
}

function averageOf({ key, values }: ImportedList, metricsFile: string) {
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
