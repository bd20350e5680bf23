import type { Outcomes } from '../../outcomes/outcomes.ts';
import { textAt } from '../../outcomes/packed-texts.ts';
import type { About, ErrorExample, ModelErrors } from '../../schemas/evidence.generated.ts';
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
  const examples = ids === undefined ? [] : listLargest(values, describerOf(outcomes), count);
  const lossShare = shareOfTop(values, weights);
  releaseMemory(values);
  const carried = lossShare === undefined ? {} : { topShare: TOP_SHARE, lossShare };
  return [
    {
      about,
      loss,
      n,
      ...carried,
      examples: examples.map(({ row, loss, described }) => ({
        id: ids === undefined ? row : textAt(ids, row).slice(0, MAX_TEXT),
        ...described,
        loss,
      })),
    },
  ];
}

interface Example {
  readonly row: number;
  readonly loss: number;
  readonly described: Described;
}

/** The errors with the largest losses, of equal ones the first. */
function listLargest(
  losses: Float64Array,
  describe: ReturnType<typeof describerOf>,
  most: number,
): readonly Example[] {
  const shown: Example[] = [];
  if (describe === undefined || most === 0) return shown;
  for (let row = 0; row < losses.length; row++) {
    const loss = losses[row] ?? Number.NaN;
    if (!Number.isFinite(loss) || (shown.length === most && !(loss > (shown.at(-1)?.loss ?? 0)))) continue;
    const described = describe(row);
    if (described === undefined) continue;
    const place = shown.findIndex((example) => example.loss < loss);
    shown.splice(place === -1 ? shown.length : place, 0, { row, loss, described });
    if (shown.length > most) shown.pop();
  }
  return shown;
}

/**
 * Share of the whole loss that the hundredth of the examples with the largest losses carries, those of equal loss at its
 * edge in proportion; undefined without any loss, and where every error counts alike, so that nothing can be concentrated.
 */
function shareOfTop(losses: Float64Array, weights: Float64Array | undefined): number | undefined {
  const { sorted, isGraded } = sortFinite(losses);
  if (!isGraded) return undefined;
  const top = Math.ceil(TOP_SHARE * sorted.length);
  const edge = sorted[sorted.length - top] ?? Number.NaN;
  releaseMemory(sorted);
  let [whole, above, atEdge, countAbove, countAtEdge] = [0, 0, 0, 0, 0];
  for (let row = 0; row < losses.length; row++) {
    const loss = losses[row] ?? Number.NaN;
    if (!Number.isFinite(loss)) continue;
    const own = loss * (weights?.[row] ?? 1);
    whole += own;
    if (loss > edge) {
      above += own;
      countAbove += 1;
    } else if (loss === edge) {
      atEdge += own;
      countAtEdge += 1;
    }
  }
  return whole > 0 ? (above + (atEdge * (top - countAbove)) / countAtEdge) / whole : undefined;
}

/** The finite losses in ascending order, and whether any loss is neither 0 nor 1. */
function sortFinite(losses: Float64Array): { readonly sorted: Float64Array; readonly isGraded: boolean } {
  // Loops into a column: a callback for each of millions of losses makes an object of each.
  const finite = new Float64Array(losses.length);
  let [count, isGraded] = [0, false];
  for (let row = 0; row < losses.length; row++) {
    const loss = losses[row] ?? Number.NaN;
    if (loss !== 0 && loss !== 1) isGraded = true;
    if (Number.isFinite(loss)) finite[count++] = loss;
  }
  return { sorted: finite.subarray(0, count).sort(), isGraded };
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
