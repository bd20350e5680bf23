/** The file that `mlgate profile` writes: what was gathered of a table, in the form that merges. */
import type { ColumnSummary, TableSummary } from '../../engine/profile.ts';
import { UserError } from '../../evidence/errors.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import type { StoredProfile } from '../../schemas/profile.generated.ts';
import { validateDocument } from '../../schemas/validate.ts';
import type { Moments } from '../../statistics/moments.ts';
import type { NumberSummary } from '../../statistics/number-summary.ts';
import { buildProfile } from './build-profile.ts';
import { roundAtScale, STORED_DIGITS } from './round-at-scale.ts';

function keep(value: number, scale: number): number {
  return roundAtScale(value, scale, STORED_DIGITS);
}

/** Rounded, so that neither the order of rows nor the number of threads shows. */
function roundMoments({ n, mean, sum2, sum3, sum4 }: Moments): Moments {
  const spread = Math.sqrt(sum2 / n);
  return {
    n,
    mean: keep(mean, Math.max(Math.abs(mean), spread)),
    sum2: keep(sum2, sum2),
    sum3: keep(sum3, Math.max(Math.abs(sum3), n * spread ** 3)),
    sum4: keep(sum4, sum4),
  };
}

function roundNumbers(numbers: NumberSummary): NumberSummary {
  return numbers.moments === undefined ? numbers : { ...numbers, moments: roundMoments(numbers.moments) };
}

function roundColumn(column: ColumnSummary): ColumnSummary {
  const { numbers, texts } = column;
  return {
    ...column,
    ...(numbers === undefined ? {} : { numbers: roundNumbers(numbers) }),
    ...(texts === undefined ? {} : { texts: { ...texts, lengths: roundNumbers(texts.lengths) } }),
  };
}

/** One column to a line, so that two files can be compared by eye. */
export function printProfile(dataset: string, { rows, buckets, hash, columns }: TableSummary): string {
  const head = JSON.stringify({ version: 1, dataset, rows, buckets, hash });
  const lines = columns.map((column) => `  ${JSON.stringify(roundColumn(column))}`);
  return `${head.slice(0, -1)},"columns":[\n${lines.join(',\n')}\n]}\n`;
}

export interface ReadProfile {
  readonly profile: DatasetProfile;
  readonly summary: TableSummary;
}

/**
 * @param named what messages call the file
 * @throws UserError for a text that `printProfile` cannot have written
 */
export function parseProfileFile(text: string, named: string): ReadProfile {
  const document = parseJson(text, named);
  const validated = validateDocument('profile', document);
  if (!validated.ok) {
    const [first] = validated.violations;
    throw refuse(named, `at \`${first?.path.join('.') ?? ''}\` it ${first?.message ?? 'is wrong'}`);
  }
  const summary = toSummary(validated.document);
  const broken = summary.columns.find((column) => !isWhole(column));
  if (broken !== undefined) {
    throw refuse(
      named,
      `in column ${JSON.stringify(broken.name)} two lists that belong together differ in length or order`,
    );
  }
  return { summary, profile: buildProfile(validated.document.dataset, summary) };
}

function parseJson(text: string, named: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse(named, 'it is no JSON');
  }
}

function refuse(named: string, reason: string): UserError {
  return new UserError(`${named} is no profile: ${reason}.`, {
    help: 'Write one with `mlgate profile FILE --output PROFILE`.',
  });
}

function toSummary({ rows, buckets, hash, columns }: StoredProfile): TableSummary {
  return { rows, buckets, hash, columns };
}

function isWhole({ numbers, texts }: ColumnSummary): boolean {
  const counts = texts?.counts;
  return (
    (numbers === undefined || areNumbersWhole(numbers)) &&
    (texts === undefined || areNumbersWhole(texts.lengths)) &&
    (counts === undefined ||
      (counts.values.length === counts.counts.length &&
        counts.longHashes.length === counts.longCounts.length))
  );
}

function areNumbersWhole({ sketch, frozen }: NumberSummary): boolean {
  return (
    sketch.values.length > 0 &&
    sketch.values.length === sketch.counts.length &&
    isRising(sketch.values) &&
    (frozen === undefined || (frozen.edges.length === frozen.counts.length + 1 && isRising(frozen.edges)))
  );
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? number));
}
