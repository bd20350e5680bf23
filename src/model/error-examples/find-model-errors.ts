import type { Outcomes } from '../../outcomes/outcomes.ts';
import { textAt } from '../../outcomes/packed-texts.ts';
import type { About, ErrorExample, ModelErrors } from '../../schemas/evidence.generated.ts';
import { ascendingOrder } from '../../statistics/order.ts';
import { releaseMemory } from '../../statistics/release-memory.ts';
import { measureLosses } from '../slice-search/example-losses.ts';

/** Share of the examples that is looked at for how much of the loss it carries. */
const TOP_SHARE = 0.01;

/** Longest text that evidence holds in one line. */
const MAX_TEXT = 300;

/**
 * How much of the whole loss the worst hundredth of the examples carries, and by id the errors of which the model is
 * surest, or that are the largest. Examples are shown of tasks with one truth and one answer each.
 * @param count how many are listed by id; with 0 none
 */
export function findModelErrors(outcomes: Outcomes, about: About, count: number): readonly ModelErrors[] {
  const { ids, n, weights } = outcomes;
  if (n === 0) return [];
  const { name: loss, values } = measureLosses(outcomes);
  const order = ascendingOrder(values).reverse();
  const describe = describerOf(outcomes);
  const examples: ErrorExample[] = [];
  for (const row of order) {
    if (ids === undefined || describe === undefined || examples.length >= count) break;
    const own = values[row] ?? Number.NaN;
    const described = Number.isFinite(own) ? describe(row) : undefined;
    if (described === undefined) continue;
    examples.push({ id: textAt(ids, row).slice(0, MAX_TEXT), ...described, loss: own });
  }
  const lossShare = shareOfTop(values, weights, order);
  releaseMemory(values);
  const carried = lossShare === undefined ? {} : { topShare: TOP_SHARE, lossShare };
  return [{ about, loss, n, ...carried, examples }];
}

/**
 * Share of the whole loss that the first hundredth of an order carries; undefined without any loss, and where every
 * error counts alike, so that nothing can be concentrated.
 */
function shareOfTop(
  losses: Float64Array,
  weights: Float64Array | undefined,
  order: Uint32Array,
): number | undefined {
  if (losses.every((loss) => loss === 0 || loss === 1)) return undefined;
  const known = order.filter((row) => Number.isFinite(losses[row]));
  const top = Math.ceil(TOP_SHARE * known.length);
  let [first, whole] = [0, 0];
  for (let place = 0; place < known.length; place++) {
    const row = known[place] ?? 0;
    const loss = (losses[row] ?? 0) * (weights?.[row] ?? 1);
    whole += loss;
    if (place < top) first += loss;
  }
  return whole > 0 ? first / whole : undefined;
}

type Described = Pick<ErrorExample, 'target' | 'predicted' | 'score'>;

/** How an example that is wrong reads; undefined for one that is right, or of a task without single answers. */
function describerOf(outcomes: Outcomes): ((row: number) => Described | undefined) | undefined {
  if (outcomes.task === 'binary-classification' || outcomes.task === 'multiclass-classification') {
    return (row) => {
      const { labels } = outcomes;
      const [truth, answer] = [outcomes.target[row] ?? 0, outcomes.predicted[row] ?? 0];
      if (truth === answer) return undefined;
      const score = probabilityOf(outcomes, answer, row);
      const described = { target: cut(labels[truth]), predicted: cut(labels[answer]) };
      return score === undefined ? described : { ...described, score };
    };
  }
  if (outcomes.task !== 'regression' && outcomes.task !== 'forecasting') return undefined;
  return (row) => {
    const [target, predicted] = [outcomes.target[row] ?? null, outcomes.predicted?.[row] ?? null];
    return predicted === null || target === predicted ? undefined : { target, predicted };
  };
}

/** The probability that a classifier gave to a label. */
function probabilityOf(
  outcomes: Extract<Outcomes, { readonly task: 'binary-classification' | 'multiclass-classification' }>,
  label: number,
  row: number,
): number | undefined {
  if (outcomes.task === 'multiclass-classification') return outcomes.scores?.[label]?.[row];
  const score = outcomes.score?.[row];
  return score === undefined || label === 1 ? score : 1 - score;
}

function cut(text: string | undefined): string {
  return (text ?? '').slice(0, MAX_TEXT);
}
