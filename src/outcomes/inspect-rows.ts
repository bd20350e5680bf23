import type { Check, CheckExample, ConfigSource } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import type { Role, RoleColumns } from './roles.ts';

type Column = Float64Array | readonly (string | null)[];

/** The columns of a predictions file by what they are for. */
export interface PredictionRows {
  readonly n: number;
  readonly columns: Readonly<Record<Role, Column | undefined>>;
}

interface InspectionRequest {
  readonly model: string;
  readonly columns: RoleColumns;
  readonly predictions: { readonly path: string };
  readonly locate?: (path: readonly string[]) => ConfigSource;
  /** The same rows in the file's own order, to say which rows are wrong. Called only if some are. */
  readonly readInFileOrder: () => Promise<PredictionRows>;
}

/** Rows shown with a finding. */
const MAX_EXAMPLES = 5;

/** What one row of a column may be guilty of. */
interface Rule {
  readonly role: Role;
  readonly name: string;
  readonly reason?: Check['reason'];
  readonly isWrong: (column: Column, row: number) => boolean;
  readonly describe: (count: number, column: string) => string;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function isMissingText(column: Column, row: number): boolean {
  return !(column instanceof Float64Array) && column[row] === null;
}

function isNotFinite(column: Column, row: number): boolean {
  return column instanceof Float64Array && !Number.isFinite(column[row]);
}

function isNoProbability(column: Column, row: number): boolean {
  const value = column[row];
  return typeof value === 'number' && (value < 0 || value > 1) && Number.isFinite(value);
}

const ROLES = ['id', 'target', 'score', 'prediction', 'group', 'stratum'] as const satisfies readonly Role[];

/** What every example needs of a role. A row without a group is refused, because it might belong to any of them. */
const NEEDS: Readonly<Record<Role, string>> = {
  id: 'an id',
  target: 'a target',
  score: 'a score',
  prediction: 'a prediction',
  group: 'a group. Write the id for one that stands alone',
  stratum: 'a stratum',
};

const RULES: readonly Rule[] = [
  ...ROLES.map((role): Rule => ({
    role,
    name: 'present',
    reason: 'missing',
    isWrong: isMissingText,
    describe: (count, column) =>
      `${plural(count, 'row has', 'rows have')} no value in \`${column}\`: every example needs ${NEEDS[role]}.`,
  })),
  ...ROLES.map((role): Rule => ({
    role,
    name: 'finite',
    reason: 'not-finite',
    isWrong: isNotFinite,
    describe: (count, column) =>
      `${plural(count, 'row has', 'rows have')} no finite number in \`${column}\` (missing, NaN or infinite): look at the model's output before it is written.`,
  })),
  {
    role: 'score',
    name: 'probability',
    isWrong: isNoProbability,
    describe: (count, column) =>
      `${plural(count, 'score', 'scores')} in \`${column}\` ${count === 1 ? 'lies' : 'lie'} outside 0 to 1: \`score\` is the probability of the positive class. Apply the sigmoid or softmax before writing it.`,
  },
];

/** Everything that is wrong with the rows; none if all of them can be judged. */
export async function inspectRows(
  rows: PredictionRows,
  request: InspectionRequest,
): Promise<readonly Check[]> {
  const broken = RULES.filter((rule) => countWrong(rule, rows) > 0);
  const repeated = countRepeated(rows);
  if (broken.length === 0 && repeated === 0) return [];
  const inFileOrder = await request.readInFileOrder();
  const checks = broken.map((rule) => describeBroken(rule, inFileOrder, request));
  return repeated === 0 ? checks : [...checks, describeRepeated(repeated, inFileOrder, request)];
}

function countWrong(rule: Rule, rows: PredictionRows): number {
  const column = rows.columns[rule.role];
  if (column === undefined) return 0;
  let count = 0;
  for (let row = 0; row < rows.n; row++) if (rule.isWrong(column, row)) count += 1;
  return count;
}

function describeBroken(rule: Rule, rows: PredictionRows, request: InspectionRequest): Check {
  const column = request.columns[rule.role] ?? rule.role;
  const values = rows.columns[rule.role] ?? [];
  const examples: CheckExample[] = [];
  for (let row = 0; row < rows.n && examples.length < MAX_EXAMPLES; row++) {
    if (rule.isWrong(values, row)) examples.push(exampleOf(values[row], row, column));
  }
  const violations = countWrong(rule, rows);
  return makeFinding({
    ...aboutOf(request),
    role: rule.role,
    name: rule.name,
    ...(rule.reason === undefined ? {} : { reason: rule.reason }),
    rows: rows.n,
    violations,
    examples,
    message: `${request.predictions.path}: ${rule.describe(violations, column)}`,
  });
}

function exampleOf(value: string | number | null | undefined, row: number, column: string): CheckExample {
  const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  const base = { row: row + 1, column: column.slice(0, 300) };
  return shown === null || shown === undefined
    ? base
    : { ...base, value: typeof shown === 'string' ? shown.slice(0, 300) : shown };
}

function aboutOf(request: InspectionRequest) {
  return { model: request.model, ...(request.locate === undefined ? {} : { locate: request.locate }) };
}

/** Rows beyond the first of each id. Equal ids stand side by side, because rows are sorted by id. */
function countRepeated(rows: PredictionRows): number {
  const ids = rows.columns.id ?? [];
  let repeated = 0;
  for (let row = 1; row < rows.n; row++) if (ids[row] !== null && ids[row] === ids[row - 1]) repeated += 1;
  return repeated;
}

function describeRepeated(repeated: number, rows: PredictionRows, request: InspectionRequest): Check {
  const ids = rows.columns.id ?? [];
  const seen = new Set<string | number | null | undefined>();
  const examples: CheckExample[] = [];
  for (let row = 0; row < rows.n && examples.length < MAX_EXAMPLES; row++) {
    const id = ids[row];
    if (id !== null && seen.has(id)) examples.push(exampleOf(id, row, request.columns.id));
    seen.add(id);
  }
  return makeFinding({
    ...aboutOf(request),
    role: 'id',
    name: 'unique',
    rows: rows.n,
    violations: repeated,
    examples,
    message: `${request.predictions.path}: ${plural(repeated, 'row repeats', 'rows repeat')} an id of \`${request.columns.id}\` that an earlier row has. Candidate and baseline are paired by id, so each example needs one of its own.`,
  });
}
