import type { Column, PackedTexts } from '../engine/engine.ts';
import type { Check, CheckExample, ConfigSource } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import { startAt, textAt } from './packed-texts.ts';
import type { Role, RoleColumns } from './roles.ts';

/** The ids of a file and how they are sorted: the canonical order of its examples. */
export interface IdOrder {
  /** SHA-256 of the ids in the file's own order: another file with the same one has the same order. */
  readonly fileDigest: string;
  /** The sorted ids. */
  readonly ids: PackedTexts;
  /** SHA-256 of the sorted ids. */
  readonly idsDigest: string;
  /** Row numbers sorted by id, and those of equal ids in the file's order. */
  readonly order: Uint32Array;
}

/** The columns of a predictions file by what they are for, in the file's own order. */
export interface PredictionRows {
  readonly n: number;
  readonly byId: IdOrder;
  readonly columns: Readonly<Record<Role, Column | undefined>>;
}

interface InspectionRequest {
  readonly model: string;
  readonly columns: RoleColumns;
  readonly predictions: { readonly path: string };
  readonly locate?: (path: readonly string[]) => ConfigSource;
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

function valueAt(column: Column, row: number): string | number {
  if (column instanceof Float64Array) return column[row] ?? Number.NaN;
  return 'codes' in column ? (column.values[column.codes[row] ?? 0] ?? '') : textAt(column, row);
}

function isMissingText(column: Column, row: number): boolean {
  if (column instanceof Float64Array) return false;
  if ('codes' in column) return column.values[column.codes[row] ?? 0] === '';
  return startAt(column, row) === column.ends[row];
}

function isNotFinite(column: Column, row: number): boolean {
  return column instanceof Float64Array && !Number.isFinite(column[row]);
}

function isNoProbability(column: Column, row: number): boolean {
  if (!(column instanceof Float64Array)) return false;
  const value = column[row] ?? Number.NaN;
  return value < 0 || value > 1 ? Number.isFinite(value) : false;
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
export function inspectRows(rows: PredictionRows, request: InspectionRequest): readonly Check[] {
  const broken = RULES.filter((rule) => countWrong(rule, rows) > 0);
  const repeated = findRepeated(rows);
  const checks = broken.map((rule) => describeBroken(rule, rows, request));
  return repeated.length === 0 ? checks : [...checks, describeRepeated(repeated, rows, request)];
}

/** Whether it is worth looking at every row. */
function canBeWrong(rule: Rule, column: Column): boolean {
  if (column instanceof Float64Array) return rule.name !== 'present';
  return rule.name === 'present' && (!('codes' in column) || column.values.includes(''));
}

function countWrong(rule: Rule, rows: PredictionRows): number {
  const column = rows.columns[rule.role];
  if (column === undefined || !canBeWrong(rule, column)) return 0;
  let count = 0;
  for (let row = 0; row < rows.n; row++) if (rule.isWrong(column, row)) count += 1;
  return count;
}

function describeBroken(rule: Rule, rows: PredictionRows, request: InspectionRequest): Check {
  const column = request.columns[rule.role] ?? rule.role;
  const values = rows.columns[rule.role];
  const examples: CheckExample[] = [];
  for (let row = 0; row < rows.n && examples.length < MAX_EXAMPLES; row++) {
    if (values !== undefined && rule.isWrong(values, row))
      examples.push(exampleOf(valueAt(values, row), row, column));
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

function exampleOf(value: string | number, row: number, column: string): CheckExample {
  const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  const base = { row: row + 1, column: column.slice(0, 300) };
  if (shown === '') return base;
  return { ...base, value: typeof shown === 'string' ? shown.slice(0, 300) : shown };
}

function aboutOf(request: InspectionRequest) {
  return { model: request.model, ...(request.locate === undefined ? {} : { locate: request.locate }) };
}

/** Rows beyond the first of each id, in the file's order. */
function findRepeated({ byId: { ids, order } }: PredictionRows): readonly number[] {
  const repeated: number[] = [];
  for (let index = 1; index < order.length; index++) {
    if (isSameAsBefore(ids, index)) repeated.push(order[index] ?? 0);
  }
  return repeated.sort((a, b) => a - b);
}

/** Whether a text is that before it, and not empty: a missing id is another finding. */
function isSameAsBefore(texts: PackedTexts, row: number): boolean {
  const { bytes, ends } = texts;
  const [a, b] = [startAt(texts, row - 1), startAt(texts, row)];
  const size = b - a;
  if (size === 0 || size !== (ends[row] ?? 0) - b) return false;
  for (let at = 0; at < size; at++) if (bytes[a + at] !== bytes[b + at]) return false;
  return true;
}

function describeRepeated(
  repeated: readonly number[],
  rows: PredictionRows,
  request: InspectionRequest,
): Check {
  const { id } = rows.columns;
  const examples = repeated
    .slice(0, MAX_EXAMPLES)
    .map((row) => exampleOf(id === undefined ? '' : valueAt(id, row), row, request.columns.id));
  return makeFinding({
    ...aboutOf(request),
    role: 'id',
    name: 'unique',
    rows: rows.n,
    violations: repeated.length,
    examples,
    message: `${request.predictions.path}: ${plural(repeated.length, 'row repeats', 'rows repeat')} an id of \`${request.columns.id}\` that an earlier row has. Candidate and baseline are paired by id, so each example needs one of its own.`,
  });
}
