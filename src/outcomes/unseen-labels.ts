import type { Check } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import { aboutOf, type InspectionRequest } from './inspect-rows.ts';
import type { Outcomes } from './outcomes.ts';
import { textAt } from './packed-texts.ts';

/** Labels and ids in a message. */
const MAX_SHOWN = 5;

function list(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_SHOWN).map((text) => JSON.stringify(text.slice(0, 80)));
  return `${shown.join(', ')}${texts.length > MAX_SHOWN ? ', …' : ''}`;
}

/** The labels that some example of multiclass outcomes has. */
function findLabels({
  labels,
  target,
}: Extract<Outcomes, { readonly task: 'multiclass-classification' }>): ReadonlySet<string> {
  const seen = new Uint8Array(labels.length);
  for (const code of target) seen[code] = 1;
  return new Set(labels.filter((_, code) => seen[code] === 1));
}

/**
 * A warning about true labels of the test set that no example of the training has: the model cannot know them, so that
 * every such example is an error.
 */
export function warnOfUnseenLabels(
  test: Outcomes,
  training: Outcomes,
  request: InspectionRequest & { readonly predictions: { readonly path: string } },
): readonly Check[] {
  if (test.task !== 'multiclass-classification' || training.task !== 'multiclass-classification') return [];
  const known = findLabels(training);
  const unseen = test.labels.map((label) => !known.has(label));
  const rows: number[] = [];
  let count = 0;
  test.target.forEach((code, row) => {
    if (unseen[code] !== true) return;
    count += 1;
    if (rows.length < MAX_SHOWN) rows.push(row);
  });
  if (count === 0) return [];
  const own = findLabels(test);
  const labels = test.labels.filter((label, code) => unseen[code] === true && own.has(label));
  const { ids } = test;
  const shown = ids === undefined ? '' : `, as ${list(rows.map((row) => textAt(ids, row)))}`;
  const finding = makeFinding({
    ...aboutOf(request),
    role: 'target',
    name: 'seen-in-training',
    rows: test.n,
    violations: count,
    message: `${request.predictions.path}: ${count} of ${test.n} examples${shown}, have a label that no example of the training has (${list(labels)}). The model cannot predict it: check how training and test were split, and how labels are spelled.`,
  });
  return [{ ...finding, severity: 'warn', verdict: 'warn' }];
}
