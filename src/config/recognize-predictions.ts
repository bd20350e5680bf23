/** Which tables look like a model's predictions, and which columns play which part in them. */
import type { ColumnFinding, TableFinding } from './folder-findings.ts';

export type ProposedTask = 'binary-classification' | 'multiclass-classification' | 'regression';

export interface RecognizedPredictions {
  readonly path: string;
  readonly task: ProposedTask;
  readonly id: string;
  readonly target: string;
  readonly score: string | undefined;
  readonly prediction: string | undefined;
}

const ID = /^(id|index|key|uuid|row|row_id|example_id|sample_id|.*_id|.*id)$/i;
const TARGET = /^(target|label|y|y_true|true|truth|actual|ground_truth|gold|class|outcome|observed)$/i;
const SCORE =
  /^(score|p|proba|prob|probability|y_score|y_prob|y_proba|p_.+|prob_.+|proba_.+|.+_(score|prob|proba|probability))$/i;
const PREDICTION =
  /^(prediction|predicted|pred|y_pred|y_hat|yhat|predicted_.+|pred_.+|.+_(pred|predicted|prediction))$/i;

/** The parts of the columns, or undefined when a part is missing: then the table is data like any other. */
export function recognizePredictions(table: TableFinding): RecognizedPredictions | undefined {
  const { columns, path } = table;
  const id = columns.find(({ name, type }) => ID.test(name) && (type === 'string' || type === 'integer'));
  const rest = columns.filter((column) => column !== id);
  const score = rest.find(({ name, type }) => SCORE.test(name) && (type === 'number' || type === 'integer'));
  const prediction = rest.find((column) => column !== score && PREDICTION.test(column.name));
  const target = findTarget(
    rest.filter((column) => column !== score && column !== prediction),
    score,
  );
  if (id === undefined || target === undefined || (score === undefined && prediction === undefined))
    return undefined;
  const task = guessTask(score, prediction, target);
  const parts = { path, task, id: id.name, target: target.name };
  if (task === 'binary-classification') return { ...parts, score: score?.name, prediction: prediction?.name };
  return prediction === undefined ? undefined : { ...parts, score: undefined, prediction: prediction.name };
}

/** By its name, else the column that the score is named after (`p_churn` and `churned`). */
function findTarget(
  columns: readonly ColumnFinding[],
  score: ColumnFinding | undefined,
): ColumnFinding | undefined {
  const named = columns.find(({ name }) => TARGET.test(name));
  if (named !== undefined || score === undefined) return named;
  const stem = score.name
    .toLowerCase()
    .replace(/^(p|prob|proba)_/, '')
    .replace(/_(score|prob|proba|probability)$/, '')
    .slice(0, 5);
  return stem.length < 3 ? undefined : columns.find(({ name }) => name.toLowerCase().startsWith(stem));
}

function guessTask(
  score: ColumnFinding | undefined,
  prediction: ColumnFinding | undefined,
  target: ColumnFinding,
): ProposedTask {
  if (score !== undefined && (prediction === undefined || target.type !== 'string'))
    return 'binary-classification';
  if (target.type === 'boolean') return 'binary-classification';
  return target.type === 'number' || prediction?.type === 'number'
    ? 'regression'
    : 'multiclass-classification';
}
