/** The data stage: a data schema and a file in, one check for each rule out. */
import {
  TableError,
  type Engine,
  type ExampleRow,
  type Examples,
  type QueryOptions,
  type TableDescription,
  type TableFault,
  type TableFigures,
  type TableFormat,
  type TablePlan,
  type TableSource,
} from '../engine/engine.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { Check } from '../schemas/evidence.generated.ts';
import { cureOf } from './anomalies.ts';
import { describeCheck, describeReadable, describeUnchecked, type CheckContext } from './describe-check.ts';
import { judgeRule, type ScannedTable } from './judge-rule.ts';
import { listRules, type CellRule, type KeyRule, type Rule } from './list-rules.ts';
import { countOf, joinNames } from './word-condition.ts';

export interface DataRequest extends CheckContext {
  readonly engine: Pick<Engine, 'describeTable' | 'checkTable' | 'findExamples'>;
  readonly source: TableSource;
  /** The path that messages show: as the config spells it, never a path of this machine. */
  readonly displayPath: string;
  readonly schema: DataSchema;
  /** How many offending rows each failed check shows. */
  readonly examples: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

export interface DataResult {
  readonly checks: readonly Check[];
  /** Absent where the file could not be read as a table. */
  readonly rows?: number;
  readonly columns?: number;
  readonly format?: TableFormat;
}

/**
 * Validates one file against its schema: every rule yields one check, passed ones too. One scan counts; a second, only
 * if a rule failed, fetches example rows. A file that is empty or ragged is a failing check; every other `TableError`
 * (missing, not its format, …) is thrown on.
 */
export async function validateData(request: DataRequest): Promise<DataResult> {
  const rules = listRules(request.schema);
  try {
    const description = await request.engine.describeTable(request.source, queryOptions(request));
    return await validateTable(request, rules, description);
  } catch (error) {
    if (!(error instanceof TableError) || !isFinding(error)) throw error;
    const told = hidePath(`${error.message} ${error.help ?? cureOf('DATA_UNREADABLE')}`, request);
    return reportUnreadable(request, rules, error.fault === 'empty' ? 'empty' : 'unreadable', told);
  }
}

/** Faults of a file that can be read and whose content is bad. */
const FINDINGS: readonly TableFault[] = ['empty', 'ragged', 'duplicate-columns', 'different-columns'];

function isFinding({ fault }: TableError): boolean {
  return FINDINGS.includes(fault);
}

function reportUnreadable(
  request: DataRequest,
  rules: readonly Rule[],
  reason: 'empty' | 'unreadable',
  message: string,
): DataResult {
  const first = describeReadable({ verdict: 'fail', reason }, message, request);
  return { checks: [first, ...rules.map((rule) => describeUnchecked(rule, request))] };
}

async function validateTable(
  request: DataRequest,
  rules: readonly Rule[],
  description: TableDescription,
): Promise<DataResult> {
  const columns = description.columns.map(({ name }) => name);
  const listed = Object.keys(request.schema.properties);
  const { required } = request.schema;
  const hint = description.hint === undefined ? '' : ` ${hidePath(description.hint, request)}`;
  const size = { columns: columns.length, format: description.format };
  if (![...listed, ...required].some((column) => columns.includes(column))) {
    const message = `${request.displayPath} has none of the columns of the schema; its columns: ${joinNames(columns)}.${hint} ${cureOf('DATA_UNREADABLE')}`;
    return { ...reportUnreadable(request, rules, 'unreadable', message), ...size };
  }
  const plan = compilePlan(rules, request.source, columns);
  const figures = await request.engine.checkTable(plan, queryOptions(request));
  const table: ScannedTable = { columns, required, listed, figures };
  const examples = await findExamples(request, plan, figures);
  const read = `Read ${countOf(figures.rows, 'row')} and ${countOf(columns.length, 'column')} of ${request.displayPath}.${hint}`;
  const checks = rules.map((rule) =>
    describeCheck(rule, judgeRule(rule, table), table, examplesOf(rule, examples), request),
  );
  return {
    checks: [describeReadable({ verdict: 'pass' }, read, request), ...checks],
    rows: figures.rows,
    ...size,
  };
}

/** One plan for the whole schema; rules on columns that the file lacks are left out. */
function compilePlan(rules: readonly Rule[], source: TableSource, columns: readonly string[]): TablePlan {
  const has = (column: string): boolean => columns.includes(column);
  const fractions = rules.flatMap((rule) =>
    rule.kind === 'fraction' && has(rule.column) ? [rule.column] : [],
  );
  return {
    source,
    cells: rules
      .filter((rule): rule is CellRule => rule.kind === 'cell' && has(rule.column))
      .map(({ id, column, declaredTypes, condition }) => ({ id, column, declaredTypes, condition })),
    unique: rules
      .filter((rule): rule is KeyRule => rule.kind === 'key' && rule.columns.every(has))
      .map((rule) => ({ id: rule.id, columns: rule.columns })),
    absent: [...new Set(fractions)],
  };
}

/** The second scan, for the rules that failed. */
async function findExamples(request: DataRequest, plan: TablePlan, figures: TableFigures): Promise<Examples> {
  const cells = plan.cells.filter(({ id }) => (figures.violations[id] ?? 0) > 0);
  const unique = plan.unique.filter(({ id }) => (figures.duplicates[id] ?? 0) > 0);
  if (request.examples === 0 || cells.length + unique.length === 0) return {};
  const options = request.signal === undefined ? {} : { signal: request.signal };
  return request.engine.findExamples(
    { source: plan.source, cells, unique, limit: request.examples },
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
