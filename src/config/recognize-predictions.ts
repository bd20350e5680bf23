/** Which tables look like a model's predictions, and which columns play which part in them. */
import type { ColumnFinding, TableFinding } from './folder-findings.ts';

export type ProposedTask = 'binary-classification' | 'multiclass-classification' | 'regression' | 'ranking';

export interface RecognizedPredictions {
  readonly path: string;
  readonly task: ProposedTask;
  readonly id: string;
  readonly target: string;
  readonly score: string | undefined;
  /** Pattern of the columns with a probability for each class. */
  readonly scores: string | undefined;
  readonly prediction: string | undefined;
  /** The item of a query. */
  readonly item: string | undefined;
}

const ID = /^(id|index|key|uuid|row|row_id|example_id|sample_id|.*_id|.*id)$/i;
const TARGET = /^(target|label|y|y_true|true|truth|actual|ground_truth|gold|class|outcome|observed)$/i;
const SCORE =
  /^(score|p|proba|prob|probability|y_score|y_prob|y_proba|p_.+|prob_.+|proba_.+|.+_(score|prob|proba|probability))$/i;
const PREDICTION =
  /^(prediction|predicted|pred|y_pred|y_hat|yhat|predicted_.+|pred_.+|.+_(pred|predicted|prediction))$/i;
const CLASS_SCORE = /^(p_|prob_|proba_|probability_|score_)./i;
const QUERY = /^(query|query_id|qid|user|user_id|session|session_id)$/i;
const ITEM = /^(item|item_id|doc|doc_id|docid|document|document_id|product_id)$/i;
const RELEVANCE = /^(relevance|rel|gain|grade|label|target|clicked|y_true)$/i;

/** Fewer probabilities than this are those of a binary classifier. */
const FEWEST_CLASSES = 3;

const NOTHING = { score: undefined, scores: undefined, prediction: undefined, item: undefined };

/** The parts of the columns, or undefined when a part is missing: then the table is data like any other. */
export function recognizePredictions(table: TableFinding): RecognizedPredictions | undefined {
  return recognizeRanking(table) ?? recognizeClasses(table) ?? recognizeExamples(table);
}

function isNumeric({ type }: ColumnFinding): boolean {
  return type === 'number' || type === 'integer';
}

function recognizeRanking({ columns, path }: TableFinding): RecognizedPredictions | undefined {
  const id = columns.find(({ name }) => QUERY.test(name));
  const item = columns.find(({ name }) => ITEM.test(name));
  const target = columns.find((column) => RELEVANCE.test(column.name) && isNumeric(column));
  const score = columns.find((column) => column !== target && SCORE.test(column.name) && isNumeric(column));
  if (id === undefined || item === undefined || target === undefined || score === undefined) return undefined;
  const parts = { id: id.name, target: target.name, score: score.name, item: item.name };
  return { ...NOTHING, path, task: 'ranking', ...parts };
}

/** A probability for each of several classes, in columns that begin alike. */
function recognizeClasses({ columns, path }: TableFinding): RecognizedPredictions | undefined {
  const id = columns.find(({ name, type }) => ID.test(name) && (type === 'string' || type === 'integer'));
  const target = columns.find(({ name, type }) => TARGET.test(name) && type !== 'number');
  const prefixes = columns
    .filter((column) => isNumeric(column) && column !== id && column !== target)
    .flatMap(({ name }) => CLASS_SCORE.exec(name)?.[1] ?? []);
  const prefix = prefixes.find((text) => prefixes.filter((other) => other === text).length >= FEWEST_CLASSES);
  if (id === undefined || target === undefined || prefix === undefined) return undefined;
  const parts = { id: id.name, target: target.name, scores: `${prefix}*` };
  return { ...NOTHING, path, task: 'multiclass-classification', ...parts };
}

function recognizeExamples({ columns, path }: TableFinding): RecognizedPredictions | undefined {
  const id = columns.find(({ name, type }) => ID.test(name) && (type === 'string' || type === 'integer'));
  const rest = columns.filter((column) => column !== id);
  const score = rest.find((column) => SCORE.test(column.name) && isNumeric(column));
  const prediction = rest.find((column) => column !== score && PREDICTION.test(column.name));
  const target = findTarget(
    rest.filter((column) => column !== score && column !== prediction),
    score,
  );
  if (id === undefined || target === undefined || (score === undefined && prediction === undefined))
    return undefined;
  const task = guessTask(score, prediction, target);
  const parts = { ...NOTHING, path, task, id: id.name, target: target.name };
  if (task === 'binary-classification') return { ...parts, score: score?.name, prediction: prediction?.name };
  return prediction === undefined ? undefined : { ...parts, prediction: prediction.name };
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
): 'binary-classification' | 'multiclass-classification' | 'regression' {
  if (score !== undefined && (prediction === undefined || target.type !== 'string'))
    return 'binary-classification';
  if (target.type === 'boolean') return 'binary-classification';
  return target.type === 'number' || prediction?.type === 'number'
    ? 'regression'
    : 'multiclass-classification';
}
