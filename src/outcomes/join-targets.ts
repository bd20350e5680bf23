import type { PackedTexts } from '../engine/engine.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import { aboutOf, exampleOfValue, type InspectionRequest } from './inspect-rows.ts';
import { bytesAt, textAt } from './packed-texts.ts';
import { normaliseLabel } from '../evidence/normalise-label.ts';
import type { IdOrder } from './sort-rows.ts';

/** One of two files that name the same examples. */
export interface JoinedFile {
  readonly path: string;
  /** The column with the id, as people read it. */
  readonly idColumn: string;
  readonly byId: IdOrder;
}

const MAX_EXAMPLES = 5;

interface Unmatched {
  /** Places in the sorted ids. */
  readonly examples: number[];
  count: number;
}

/**
 * Whether predictions and the truth beside them are of the same examples: findings about those without a prediction, and
 * those without a truth. With none, sorted row i of one file is sorted row i of the other.
 */
export function inspectJoin(
  predictions: JoinedFile,
  targets: JoinedFile,
  request: InspectionRequest,
): readonly Check[] {
  if (predictions.byId.idsDigest === targets.byId.idsDigest) return [];
  const [own, truth] = [predictions.byId.ids, targets.byId.ids];
  const extra: Unmatched = { examples: [], count: 0 };
  const missing: Unmatched = { examples: [], count: 0 };
  let [row, other] = [0, 0];
  while (row < own.length || other < truth.length) {
    const order = compareAt(own, row, truth, other);
    if (order < 0) note(extra, row);
    if (order > 0) note(missing, other);
    if (order <= 0) row += 1;
    if (order >= 0) other += 1;
  }
  const spelling = hintAtSpelling(predictions, extra, targets, missing);
  return [
    ...describe(missing, targets, request, {
      name: 'predicted',
      text: (count, example) =>
        `${predictions.path} has no prediction for ${count} of the ${truth.length} examples of ${targets.path}${example}. Predict all of them: a model is judged on the whole test set.${spelling}`,
    }),
    ...describe(extra, predictions, request, {
      name: 'known',
      text: (count, example) =>
        `${predictions.path} has predictions for ${count} examples that ${targets.path} has no truth of${example}. Predict the examples of the test set only.${spelling}`,
    }),
  ];
}

function compareAt(own: PackedTexts, row: number, truth: PackedTexts, other: number): number {
  if (row >= own.length) return 1;
  return other >= truth.length ? -1 : Buffer.compare(bytesAt(own, row), bytesAt(truth, other));
}

function note(unmatched: Unmatched, place: number): void {
  unmatched.count += 1;
  if (unmatched.examples.length < MAX_EXAMPLES) unmatched.examples.push(place);
}

function describe(
  { examples, count }: Unmatched,
  { byId, idColumn }: JoinedFile,
  request: InspectionRequest,
  finding: { readonly name: string; readonly text: (count: number, example: string) => string },
): readonly Check[] {
  if (count === 0) return [];
  const shown = examples.map((place) => textAt(byId.ids, place));
  return [
    makeFinding({
      ...aboutOf(request),
      role: 'targets',
      name: finding.name,
      reason: 'unmatched-ids',
      rows: byId.ids.length,
      violations: count,
      examples: examples.map((place, index) =>
        exampleOfValue(shown[index] ?? '', byId.order[place] ?? 0, idColumn),
      ),
      message: finding.text(count, ` (such as ${JSON.stringify((shown[0] ?? '').slice(0, 80))})`),
    }),
  ];
}

/** Ids that are numbers are often written as 1 in one file and as 1.0 in the other. */
function hintAtSpelling(one: JoinedFile, extra: Unmatched, other: JoinedFile, missing: Unmatched): string {
  const spelled = (file: JoinedFile, { examples }: Unmatched): readonly string[] =>
    examples.map((place) => textAt(file.byId.ids, place));
  const wanted = new Map(spelled(other, missing).map((text) => [normaliseLabel(text), text]));
  const same = spelled(one, extra).find((text) => wanted.has(normaliseLabel(text)));
  if (same === undefined) return '';
  const twin = wanted.get(normaliseLabel(same)) ?? '';
  return ` The ids seem to be written in two ways: ${JSON.stringify(same.slice(0, 80))} and ${JSON.stringify(twin.slice(0, 80))}.`;
}
