/** The data stage: a data schema and a file in, one check for each rule out. */
import {
  type Engine,
  type ExampleRow,
  type Examples,
  type QueryOptions,
  type TableDescription,
  type TableFormat,
  type TablePlan,
  type TableSource,
} from '../engine/engine.ts';
import type { ProfilePlan, TableSummary } from '../engine/profile.ts';
import type { RowCheck } from '../engine/row-check.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { cureOf } from './anomalies.ts';
import { listAllRules, listSureRules, planLeave, type AllRules, type Leave } from './all-rules.ts';
import { absentIn, inEnvironment } from './check-policy.ts';
import {
  describeCheck,
  describeLeftOut,
  describeReadable,
  describeTableCheck,
  describeUnchecked,
  noteExpired,
  type CheckContext,
} from './describe-check.ts';
import { isFaultOfContent } from '../engine/fault-of-content.ts';
import { judgeRule, type Judgement, type ScannedTable } from './judge-rule.ts';
import { listDeclaredTypes } from './column-types.ts';
import type { CellRule, KeyRule, RowRule, Rule } from './rule.ts';
import {
  listAggregates,
  runSlices,
  runTableRules,
  type JudgedRule,
  type RuleEffects,
} from './table-rules/run-table-rules.ts';
import type { TableRule } from './table-rules/table-rule.ts';
import { countOf, joinNames } from './word-condition.ts';

export interface DataRequest extends CheckContext {
  readonly engine: Pick<Engine, 'describeTable' | 'checkTable' | 'findExamples'>;
  readonly source: TableSource;
  /** The path that messages show: as the config spells it, never a path of this machine. */
  readonly displayPath: string;
  readonly schema: DataSchema;
  /** How many offending rows each failed check shows. */
  readonly examples: number;
  /** What rules of the whole table need besides; without it, a schema may have none. */
  readonly whole?: WholeTable;
  /** What is profiled in the scan that checks. */
  readonly planProfile?: (description: TableDescription) => ProfilePlan;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/** The world around a table, as its rules may ask for it. */
export interface WholeTable extends Pick<RuleEffects, 'openTable' | 'findBaselineRows'> {
  readonly askTable: Engine['askTable'];
  /** The moment of the check: what is fresh, and what is still left out. */
  readonly now: Date;
  /** Which environment of the schema the data are of. */
  readonly environment?: string;
}

export interface DataResult {
  readonly checks: readonly Check[];
  /** Absent where the file could not be read as a table. */
  readonly rows?: number;
  readonly columns?: number;
  readonly format?: TableFormat;
  /** What was gathered for the profile that was asked for. */
  readonly summary?: TableSummary;
}

/**
 * Validates one file against its schema: every rule yields one check, passed ones too. One scan counts; a second, only
 * if a rule failed, fetches example rows. A file that is empty or ragged is a failing check; every other `TableError`
 * (missing, not its format, …) is thrown on.
 */
export async function validateData(asked: DataRequest): Promise<DataResult> {
  const request = { ...asked, schema: inEnvironment(asked.schema, asked.whole?.environment) };
  const rules = listAllRules(request, request.whole?.now);
  try {
    const description = await request.engine.describeTable(request.source, queryOptions(request));
    return await validateTable(request, rules, description);
  } catch (error) {
    if (!isFaultOfContent(error)) throw error;
    const told = hidePath(`${error.message} ${error.help ?? cureOf('DATA_UNREADABLE')}`, request);
    return reportUnreadable(request, rules, error.fault === 'empty' ? 'empty' : 'unreadable', told);
  }
}

function reportUnreadable(
  request: DataRequest,
  rules: AllRules,
  reason: 'empty' | 'unreadable',
  message: string,
): DataResult {
  const first = describeReadable({ verdict: 'fail', reason }, message, request);
  return { checks: [first, ...listSureRules(rules).map((rule) => describeUnchecked(rule, request))] };
}

async function validateTable(
  request: DataRequest,
  all: AllRules,
  description: TableDescription,
): Promise<DataResult> {
  const { plain: rules } = all;
  const columns = description.columns.map(({ name }) => name);
  const listed = Object.keys(request.schema.properties);
  const required = rules.flatMap((rule) => (rule.kind === 'missing-column' ? [rule.column] : []));
  const hint = description.hint === undefined ? '' : ` ${hidePath(description.hint, request)}`;
  const size = { columns: columns.length, format: description.format };
  const named = [
    ...listed,
    ...required,
    ...rules.flatMap((rule) => (rule.kind === 'row' ? rule.columns : [])),
  ];
  if (named.length > 0 && !named.some((column) => columns.includes(column))) {
    const cure =
      hint === '' ? 'Give the schema of this file, or the file of this schema.' : cureOf('DATA_UNREADABLE');
    const message = `${request.displayPath} has none of the columns of the schema; its columns: ${joinNames(columns)}.${hint} ${cure}`;
    return { ...reportUnreadable(request, all, 'unreadable', message), ...size };
  }
  const leave = planLeave(request.schema, request.whole?.now);
  const asked = rules.filter(leave.isAsked);
  const table = all.table.filter(leave.isAsked);
  const aggregates = listAggregates(table, columns);
  const plan: TablePlan = {
    ...compilePlan(request, asked, columns),
    ...(aggregates.length === 0 ? {} : { aggregates }),
    ...(request.planProfile === undefined ? {} : { profile: request.planProfile(description) }),
  };
  const figures = await request.engine.checkTable(plan, queryOptions(request));
  const absent = absentIn(request.schema, request.whole?.environment);
  const scanned: ScannedTable = { columns, required, absent, listed, figures };
  const judgements = new Map(asked.map((rule) => [rule.id, judgeRule(rule, scanned)]));
  const examples = await findExamples(request, plan, judgements);
  const read = `Read ${countOf(figures.rows, 'row')} and ${countOf(columns.length, 'column')} of ${request.displayPath}.${hint}`;
  const judged = await judgeWhole(request, { ...all, table }, scanned);
  const described = new Map([
    ...asked.flatMap((rule) => {
      const judgement = judgements.get(rule.id);
      return judgement === undefined
        ? []
        : [[rule.id, describeCheck(rule, judgement, scanned, examplesOf(rule, examples), request)] as const];
    }),
    ...judged.map((one) => [one.rule.id, describeTableCheck(one, request)] as const),
  ]);
  const listedRules = [...rules, ...all.table, ...judged.map(({ rule }) => rule)];
  const checks = [...new Map(listedRules.map((rule) => [rule.id, rule])).values()].map((rule) =>
    applyLeave(rule, described.get(rule.id), leave, request),
  );
  return {
    checks: [describeReadable({ verdict: 'pass' }, read, request), ...checks],
    rows: figures.rows,
    ...(figures.profile === undefined ? {} : { summary: figures.profile }),
    ...size,
  };
}

/** The rules of the whole table and of its slices. */
async function judgeWhole(
  request: DataRequest,
  { table, slices }: AllRules,
  { columns, required, absent, figures }: ScannedTable,
): Promise<readonly JudgedRule[]> {
  const { whole, engine, source, examples } = request;
  if (whole === undefined) return [];
  const { askTable, openTable, findBaselineRows } = whole;
  const { checkTable } = engine;
  const options = request.signal === undefined ? {} : { signal: request.signal };
  const effects: RuleEffects = {
    engine: { checkTable, askTable },
    source,
    options,
    examples,
    locate: request.locateSchema,
    openTable,
    findBaselineRows,
  };
  const scan = { rows: figures.rows, columns, required, absent, aggregates: figures.aggregates ?? {} };
  const judged = [...(await runTableRules(table, scan, effects))];
  for (const block of slices) judged.push(...(await runSlices(block, scan, effects)));
  return judged;
}

/** A check as `skip` leaves it. */
function applyLeave(
  rule: Rule | TableRule,
  check: Check | undefined,
  leave: Leave,
  context: CheckContext,
): Check {
  const skip = leave.skipOf(rule);
  if (skip !== undefined && !skip.isExpired) return describeLeftOut(rule, skip, context);
  if (check === undefined) throw new Error(`The rule ${rule.id} was not looked at.`);
  return skip === undefined ? check : noteExpired(check, skip);
}

/** One plan for the whole schema; rules on columns that the file lacks are left out. */
function compilePlan(
  { schema, source }: DataRequest,
  rules: readonly Rule[],
  columns: readonly string[],
): TablePlan {
  const has = (column: string): boolean => columns.includes(column);
  const fractions = rules.flatMap((rule) =>
    (rule.kind === 'fraction' || (rule.kind === 'cell' && rule.least !== undefined)) && has(rule.column)
      ? [rule.column]
      : [],
  );
  return {
    source,
    cells: rules
      .filter((rule): rule is CellRule => rule.kind === 'cell' && has(rule.column))
      .map(({ id, column, declaredTypes, condition }) => ({ id, column, declaredTypes, condition })),
    rows: rules
      .filter(
        (rule): rule is RowRule => rule.kind === 'row' && (rule.column === undefined || has(rule.column)),
      )
      .map((rule) => toRowCheck(schema, rule, columns)),
    unique: rules
      .filter((rule): rule is KeyRule => rule.kind === 'key' && rule.columns.every(has))
      .map((rule) => ({ id: rule.id, columns: rule.columns })),
    absent: [...new Set(fractions)],
  };
}

/** What is about all columns sees those of the table; a column that the table lacks is absent in every row. */
function toRowCheck(schema: DataSchema, rule: RowRule, columns: readonly string[]): RowCheck {
  const seen = rule.isAboutAll ? [...new Set([...columns, ...rule.columns])] : rule.columns;
  return {
    id: rule.id,
    schema: rule.schema,
    cells: seen.map((column) => ({ column, declaredTypes: listDeclaredTypes(schema, column) })),
    shows: rule.isAboutAll ? [] : rule.columns,
  };
}

/** The second scan, for the rules that failed. */
async function findExamples(
  request: DataRequest,
  plan: TablePlan,
  judgements: ReadonlyMap<string, Judgement>,
): Promise<Examples> {
  const isBroken = ({ id }: { readonly id: string }): boolean => {
    const judgement = judgements.get(id);
    return judgement?.verdict === 'fail' && (judgement.violations ?? 0) > 0;
  };
  const cells = plan.cells.filter(isBroken);
  const rows = (plan.rows ?? []).filter(isBroken);
  const unique = plan.unique.filter(isBroken);
  if (request.examples === 0 || cells.length + rows.length + unique.length === 0) return {};
  const options = request.signal === undefined ? {} : { signal: request.signal };
  return request.engine.findExamples(
    { source: plan.source, cells, rows, unique, limit: request.examples },
    options,
  );
}

function examplesOf(rule: Rule, examples: Examples): readonly ExampleRow[] {
  return examples[rule.id] ?? [];
}

function queryOptions({ signal, onProgress }: DataRequest): QueryOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

/** Evidence holds no path of a machine. */
function hidePath(text: string, { source, displayPath }: DataRequest): string {
  return text.replaceAll(source.path, displayPath);
}
