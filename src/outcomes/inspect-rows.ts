/** What makes rows of predictions useless, with the rows to look at. */
import type { Column, PackedTexts } from '../engine/engine.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { Check, CheckExample, ConfigSource } from '../schemas/evidence.generated.ts';
import { makeFinding } from './findings.ts';
import { isSameText, startAt, textAt } from './packed-texts.ts';
import { nameColumn, ROLES, type PartRole, type Role, type Slot } from './roles.ts';

/** A column as it was read, in its file's own order of rows. */
export interface ReadColumn {
  readonly slot: Slot;
  readonly column: Column;
}

/** The columns of one file. */
export interface PredictionRows {
  /** As the config spells it. */
  readonly path: string;
  readonly n: number;
  readonly columns: readonly ReadColumn[];
  /** Where rows are distinct combinations: the row of the file, from 1, that each first stands in. */
  readonly firstRows?: Float64Array;
}

export interface InspectionRequest {
  readonly model: string;
  readonly task: ModelConfig['task'];
  readonly predictions: { readonly grades?: ModelConfig['predictions']['grades'] };
  readonly locate?: (path: readonly string[]) => ConfigSource;
}

/** Rows shown with a finding. */
const MAX_EXAMPLES = 5;

/** What one cell of a column may be guilty of. */
interface Rule {
  readonly roles: readonly (Role | PartRole)[];
  readonly tasks?: readonly ModelConfig['task'][];
  readonly name: string;
  readonly reason?: Check['reason'];
  /** Of a column of numbers. */
  readonly isWrong?: (value: number, slot: Slot, request: InspectionRequest) => boolean;
  /** @param columns as people read them, in backticks */
  readonly describe: (count: number, columns: string) => string;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function valueAt(column: Column, row: number): string | number {
  if (column instanceof Float64Array) return column[row] ?? Number.NaN;
  return 'codes' in column ? (column.values[column.codes[row] ?? 0] ?? '') : textAt(column, row);
}

/** What every example needs of a role. A row without a group is refused, because it might belong to any of them. */
const NEEDS: Partial<Readonly<Record<Role, string>>> = {
  id: 'an id',
  item: 'an item',
  label: 'a label',
  target: 'a target',
  score: 'a score',
  prediction: 'a prediction',
  series: 'a series',
  group: 'a group. Write the id for one that stands alone',
  stratum: 'a stratum',
};

function describeOutside(task: ModelConfig['task'], meaning: string): Rule {
  return {
    roles: ['score', 'scores'],
    tasks: [task],
    name: 'probability',
    isWrong: (value) => Number.isFinite(value) && (value < 0 || value > 1),
    describe: (count, columns) =>
      `${plural(count, 'score', 'scores')} in ${columns} ${count === 1 ? 'lies' : 'lie'} outside 0 to 1: ${meaning}. Apply the sigmoid or softmax before writing it.`,
  };
}

const RULES: readonly Rule[] = [
  ...ROLES.map((role): Rule => ({
    roles: [role],
    name: 'present',
    reason: 'missing',
    describe: (count, columns) =>
      `${plural(count, 'row has', 'rows have')} no value in ${columns}: every example needs ${NEEDS[role] ?? 'one'}.`,
  })),
  ...ROLES.map((role): Rule => ({
    roles: [role],
    name: 'finite',
    reason: 'not-finite',
    isWrong: (value) => !Number.isFinite(value),
    describe: (count, columns) =>
      `${plural(count, 'row has', 'rows have')} no finite number in ${columns} (missing, NaN or infinite): look at the model's output before it is written.`,
  })),
  {
    roles: ['numbers'],
    name: 'finite',
    reason: 'not-finite',
    isWrong: (value) => Math.abs(value) === Number.POSITIVE_INFINITY,
    describe: (count, columns) =>
      `${plural(count, 'row has', 'rows have')} an infinite number in ${columns}, which slices are made of. Leave the cell empty where nothing is known.`,
  },
  describeOutside('binary-classification', '`score` is the probability of the positive class'),
  describeOutside('multilabel-classification', 'a score is the probability of its label'),
  {
    roles: ['target', 'prediction'],
    tasks: ['multilabel-classification'],
    name: 'zero-or-one',
    isWrong: (value) => Number.isFinite(value) && value !== 0 && value !== 1,
    describe: (count, columns) =>
      `${plural(count, 'value', 'values')} in ${columns} ${count === 1 ? 'is' : 'are'} neither 0 nor 1: of several labels each is there or not. Probabilities are named as \`scores\`.`,
  },
  {
    roles: ['target'],
    tasks: ['ranking'],
    name: 'not-negative',
    isWrong: (value) => value < 0 && Number.isFinite(value),
    describe: (count, columns) =>
      `${plural(count, 'relevance', 'relevances')} in ${columns} ${count === 1 ? 'is' : 'are'} negative. 0 stands for not relevant.`,
  },
  {
    roles: ['weight'],
    name: 'not-negative',
    isWrong: (value) => value < 0 && Number.isFinite(value),
    describe: (count, columns) =>
      `${plural(count, 'weight', 'weights')} in ${columns} ${count === 1 ? 'is' : 'are'} negative. A weight is how many examples of the population one stands for; 0 leaves it out.`,
  },
  {
    roles: ['scale'],
    name: 'positive',
    isWrong: (value) => value <= 0 && Number.isFinite(value),
    describe: (count, columns) =>
      `${plural(count, 'row has', 'rows have')} a scale in ${columns} that is not above 0. It is the mean absolute error of the naive forecast on the training part of the series; leave out series that never change there.`,
  },
  {
    roles: ['grades'],
    name: 'bounds',
    isWrong: (value, { part }, { predictions }) => {
      const [least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY] =
        predictions.grades?.[part]?.bounds ?? [];
      return Number.isFinite(value) && (value < least || value > most);
    },
    describe: (count, columns) =>
      `${plural(count, 'grade', 'grades')} in ${columns} ${count === 1 ? 'lies' : 'lie'} outside the \`bounds\` that the config declares.`,
  },
];

/** Everything that is wrong with the cells; none if all of them can be used. */
export function inspectRows(rows: PredictionRows, request: InspectionRequest): readonly Check[] {
  return RULES.filter(({ tasks }) => tasks?.includes(request.task) ?? true).flatMap((rule) => {
    const columns = rows.columns.filter(({ slot }) => rule.roles.includes(slot.role));
    return rule.roles.flatMap((role) =>
      inspectRole(
        rule,
        columns.filter(({ slot }) => slot.role === role),
        rows,
        request,
      ),
    );
  });
}

/** Whether a cell of the column breaks the rule; undefined where none can. */
function findJudge(
  rule: Rule,
  { slot, column }: ReadColumn,
  request: InspectionRequest,
): ((row: number) => boolean) | undefined {
  const { isWrong } = rule;
  if (column instanceof Float64Array) {
    return isWrong === undefined ? undefined : (row) => isWrong(column[row] ?? Number.NaN, slot, request);
  }
  if (isWrong !== undefined) return undefined;
  if (!('codes' in column)) return (row) => startAt(column, row) === column.ends[row];
  const empty = column.values.indexOf('');
  return empty === -1 ? undefined : (row) => column.codes[row] === empty;
}

function inspectRole(
  rule: Rule,
  columns: readonly ReadColumn[],
  { path, n, firstRows }: PredictionRows,
  request: InspectionRequest,
): readonly Check[] {
  const examples: CheckExample[] = [];
  const names: string[] = [];
  let violations = 0;
  for (const read of columns) {
    const judge = findJudge(rule, read, request);
    if (judge === undefined) continue;
    const before = violations;
    for (let row = 0; row < n; row++) {
      if (!judge(row)) continue;
      violations += 1;
      if (examples.length < MAX_EXAMPLES) examples.push(exampleOf(read, row, firstRows));
    }
    if (violations > before) names.push(nameColumn(read.slot));
  }
  if (violations === 0) return [];
  const shown = names.slice(0, MAX_EXAMPLES).map((name) => `\`${name.slice(0, 80)}\``);
  const role = columns[0]?.slot.role ?? 'path';
  return [
    makeFinding({
      ...aboutOf(request),
      role,
      name: rule.name,
      ...(rule.reason === undefined ? {} : { reason: rule.reason }),
      rows: n,
      violations,
      examples,
      message: `${path}: ${rule.describe(violations, `${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`)}`,
    }),
  ];
}

/** A cell as evidence shows it. */
export function exampleOf({ slot, column }: ReadColumn, row: number, firstRows?: Float64Array): CheckExample {
  const place = firstRows === undefined ? row : (firstRows[row] ?? 1) - 1;
  return exampleOfValue(valueAt(column, row), place, nameColumn(slot));
}

/** @param row of the file, from 0 */
export function exampleOfValue(value: string | number, row: number, column: string): CheckExample {
  const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  const base = { row: row + 1, column: column.slice(0, 300) };
  if (shown === '') return base;
  return { ...base, value: typeof shown === 'string' ? shown.slice(0, 300) : shown };
}

export function aboutOf(request: InspectionRequest) {
  return { model: request.model, ...(request.locate === undefined ? {} : { locate: request.locate }) };
}

/** Ids that an earlier row has. */
export interface Repetition {
  /** Sorted texts, of which none may stand twice. */
  readonly texts: PackedTexts;
  /** The row of each. */
  readonly order: Uint32Array;
}

/** Rows beyond the first of each text, in the file's order; a missing one is another finding. */
export function findRepeated({ texts, order }: Repetition): readonly number[] {
  const repeated: number[] = [];
  for (let index = 1; index < order.length; index++) {
    const isEmpty = startAt(texts, index) === texts.ends[index];
    if (!isEmpty && isSameText(texts, index - 1, texts, index)) repeated.push(order[index] ?? 0);
  }
  return repeated.sort((a, b) => a - b);
}

/** A finding about rows that repeat what must be unique. @param sentence follows the count of rows */
export function describeRepeated(
  repeated: readonly number[],
  id: ReadColumn,
  { path, n, firstRows }: PredictionRows,
  request: InspectionRequest,
  sentence: string,
): Check {
  return makeFinding({
    ...aboutOf(request),
    role: id.slot.role,
    name: 'unique',
    rows: n,
    violations: repeated.length,
    examples: repeated.slice(0, MAX_EXAMPLES).map((row) => exampleOf(id, row, firstRows)),
    message: `${path}: ${plural(repeated.length, 'row repeats', 'rows repeat')} ${sentence}`,
  });
}
