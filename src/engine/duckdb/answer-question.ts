/** Questions of the parent answered on an open database. */
import type { AggregateFigures } from '../aggregates.ts';
import type { ProfilePlan } from '../profile.ts';
import type { DiffRequest, TableDiff } from '../diff-tables.ts';
import {
  type CellCheck,
  type NestedColumn,
  type ScoresRequest,
  TableError,
  type TableFigures,
  type TablePlan,
  type UniquenessCheck,
} from '../engine.ts';
import { type AnswerBatch, type EngineAnswer, type EngineQuestion } from '../protocol.ts';
import { compileNested } from './compile-columns.ts';
import {
  compileCheck,
  compileDuplicates,
  compileNotObjects,
  compileUnsettled,
  type Slot,
} from './compile-plan.ts';
import { listAggregateCells } from './compile-aggregates.ts';
import { readFigure, type SqlValue } from './database.ts';
import { describeShape } from './describe.ts';
import { createHashCounter, type HashCounter } from './count-hashes.ts';
import { findExamples } from './find-examples.ts';
import { type OpenTable, requireColumns } from './open-table.ts';
import { hashesOf } from './pack-columns.ts';
import { readColumns, refusingText } from './read-columns.ts';
import { readScores } from './read-scores.ts';
import { countUndecided } from './rows/check-rows.ts';
import { judgeTexts } from './rows/judge-bounded.ts';
import type { Profiling } from './profile-columns.ts';
import { quoteText } from './sql-text.ts';

async function countUnsettled(table: OpenTable, check: CellCheck): Promise<number> {
  const compiled = compileUnsettled(table.shape, check, table);
  let violations = 0;
  if (compiled !== undefined) {
    await table.database.stream(compiled.sql, ([texts, counts], rows) => {
      const judged = judgeTexts(check.id, texts ?? [], compiled.accepts);
      for (let row = 0; row < rows; row += 1) {
        violations += judged[row] === true ? 0 : Number(counts?.[row]);
      }
      return true;
    });
  }
  return violations;
}

async function countDuplicates(table: OpenTable, check: UniquenessCheck): Promise<number> {
  const [row] = await table.database.query(compileDuplicates(table.shape, check, table));
  return Number(row?.[0] ?? 0);
}

/** @throws TableError naming the first line that is valid JSON but no object */
async function refuseNotObjects(table: OpenTable): Promise<never> {
  const [row] = await table.database.query(compileNotObjects(table.shape));
  throw new TableError(
    'not-its-format',
    table.location.named,
    `Row ${String(row?.[0])} of ${table.location.named} is a JSON ${String(row?.[1]).toLowerCase()}, not an object.`,
    'JSON Lines has one object on each line, with a key for each column.',
  );
}

async function checkTable(table: OpenTable, plan: TablePlan): Promise<TableFigures> {
  requireColumns(table, [
    ...plan.cells.map(({ column }) => column),
    ...plan.absent,
    ...plan.unique.flatMap(({ columns }) => columns),
  ]);
  const aggregates = plan.aggregates ?? [];
  requireColumns(
    table,
    aggregates.flatMap((aggregate) => listAggregateCells(aggregate).map(({ column }) => column)),
  );
  const profiling = plan.profile === undefined ? undefined : await startProfile(table, plan.profile);
  const counters = new Map<string, HashCounter>();
  const takeHashes = ({ id }: UniquenessCheck): string => {
    const counter = createHashCounter();
    counters.set(id, counter);
    return table.database.addSink(['UBIGINT'], (vectorAt, rows) => counter.add(hashesOf(vectorAt(0)), rows));
  };
  const compiled = compileCheck(table.shape, plan, table, takeHashes, profiling);
  const [row] = await table.database.query(compiled.sql);
  const answers = compiled.slots.map((slot, index) => ({ slot, count: Number(row?.[index] ?? 0) }));
  const countOf = (kind: Slot['kind']): number => answers.find(({ slot }) => slot.kind === kind)?.count ?? 0;
  if (countOf('not-objects') > 0) {
    return refuseNotObjects(table);
  }
  const violations = new Map<string, number>();
  const duplicates = new Map<string, number>();
  const absent = new Map<string, number>();
  const keys = new Map<string, number>();
  for (const { slot, count } of answers) {
    if (slot.kind === 'violations') {
      violations.set(slot.id, count);
    } else if (slot.kind === 'unsettled') {
      violations.set(slot.check.id, count === 0 ? 0 : await countUnsettled(table, slot.check));
    } else if (slot.kind === 'undecided') {
      const certain = violations.get(slot.check.id) ?? 0;
      violations.set(slot.check.id, certain + (count === 0 ? 0 : await countUndecided(table, slot.check)));
    } else if (slot.kind === 'absent') {
      absent.set(slot.column, count);
    } else if (slot.kind === 'keys') {
      keys.set(slot.check.id, count);
    } else if (slot.kind === 'hashes') {
      const isUnique = keys.get(slot.check.id) === counters.get(slot.check.id)?.countDistinct();
      duplicates.set(slot.check.id, isUnique ? 0 : await countDuplicates(table, slot.check));
    }
  }
  return {
    rows: countOf('rows'),
    violations: Object.fromEntries(violations),
    duplicates: Object.fromEntries(duplicates),
    absent: Object.fromEntries(absent),
    ...(profiling === undefined
      ? {}
      : { profile: profiling.finish(countOf('rows'), pickProfile(compiled.slots, row ?? [])) }),
    ...(aggregates.length === 0 ? {} : { aggregates: readAggregates(compiled.slots, row ?? []) }),
  };
}

async function startProfile(table: OpenTable, plan: ProfilePlan): Promise<Profiling> {
  requireColumns(
    table,
    plan.columns.map(({ name }) => name),
  );
  const { startProfiling } = await import('./profile-columns.ts');
  return await startProfiling(table.database, table.shape, plan);
}

function pickProfile(slots: readonly Slot[], row: readonly SqlValue[]): readonly (SqlValue | undefined)[] {
  return row.filter((_, index) => slots[index]?.kind === 'profile');
}

function readAggregates(slots: readonly Slot[], row: readonly SqlValue[]): AggregateFigures {
  return Object.fromEntries(
    slots.flatMap((slot, index) =>
      slot.kind === 'aggregate' ? [[slot.id, readFigure(row[index] ?? null)] as const] : [],
    ),
  );
}

/** The columns with scores of a request that names them one by one, and with everything else it reads. */
function listScoreColumns({ scores }: ScoresRequest): readonly string[] {
  switch (scores.kind) {
    case 'columns':
      return scores.names;
    case 'list':
    case 'object':
      return [scores.name];
    case 'long':
      return [...[scores.id].flat(), scores.label, scores.score];
  }
}

async function answerScores(
  table: OpenTable,
  request: ScoresRequest,
  send: (batch: AnswerBatch) => Promise<void>,
): Promise<EngineAnswer> {
  const columns = listScoreColumns(request);
  requireColumns(table, columns);
  const { scores } = request;
  const numbers = scores.kind === 'long' ? [scores.score] : scores.kind === 'columns' ? columns : [];
  const answer = await refusingText(table, numbers, async () => readScores(table, request, send));
  return { kind: 'scores', ...answer };
}

async function describeNested(table: OpenTable, column: string): Promise<NestedColumn> {
  requireColumns(table, [column]);
  const [row] = await table.database.query(compileNested(table.shape, column, table));
  const [lists, objects, present, shortest, longest, keys] = row ?? [];
  const count = Number(present ?? 0);
  if (count === 0 || (Number(lists) < count && Number(objects) < count)) {
    return { kind: 'other' };
  }
  return Number(lists) === count
    ? { kind: 'list', shortest: Number(shortest), longest: Number(longest) }
    : { kind: 'object', keys: JSON.parse(String(keys ?? '[]')) as readonly string[] };
}

async function readMetadata(table: OpenTable): Promise<Readonly<Record<string, string>>> {
  const { format, metadata, paths } = table.shape;
  if (format !== 'parquet') {
    return metadata ?? {};
  }
  const rows = await table.database.query(
    `SELECT decode(key), decode(value) FROM parquet_kv_metadata(${quoteText(paths[0] ?? '')})`,
  );
  return Object.fromEntries(rows.map(([key, value]) => [String(key), String(value)]));
}

async function answerDiff(table: OpenTable, request: DiffRequest): Promise<TableDiff> {
  const [before] = table.others;
  if (before === undefined) throw new Error('a difference of one table was asked for');
  const names = [...request.key, ...request.columns];
  requireColumns(table, names);
  requireColumns(before, names);
  const { diffTables } = await import('./diff-tables.ts');
  return await diffTables(table, before, request);
}

async function answerSurvey(
  table: OpenTable,
  question: Extract<EngineQuestion, { readonly kind: 'survey' | 'distinct' }>,
): Promise<EngineAnswer> {
  const { estimateDistinct, surveyTable } = await import('./survey-table.ts');
  return question.kind === 'survey'
    ? { kind: 'survey', survey: await surveyTable(table, question.request.columns) }
    : { kind: 'distinct', estimates: await estimateDistinct(table, question.request.sets) };
}

/** `send` takes the batches of a `columns` question, before its answer. */
export async function answerQuestion(
  table: OpenTable,
  question: EngineQuestion,
  send: (batch: AnswerBatch) => Promise<void>,
): Promise<EngineAnswer> {
  switch (question.kind) {
    case 'describe':
      return { kind: 'description', description: await describeShape(table.database, table.shape) };
    case 'check':
      return { kind: 'figures', figures: await checkTable(table, question.plan) };
    case 'examples':
      return { kind: 'examples', examples: await findExamples(table, question.plan) };
    case 'table': {
      const { answerTableQuestion } = await import('./answer-table-question.ts');
      return { kind: 'table', found: await answerTableQuestion(table, question.question) };
    }
    case 'columns':
      return { kind: 'columns', rows: await readColumns(table, question.request, send) };
    case 'scores':
      return await answerScores(table, question.request, send);
    case 'inspection': {
      const { inspectTable } = await import('./inspections/inspect-table.ts');
      return { kind: 'inspection', found: await inspectTable(table, question.request) };
    }
    case 'nested':
      return { kind: 'nested', nested: await describeNested(table, question.column) };
    case 'metadata':
      return { kind: 'metadata', metadata: await readMetadata(table) };
    case 'survey':
    case 'distinct':
      return await answerSurvey(table, question);
    case 'diff':
      return { kind: 'diff', diff: await answerDiff(table, question.request) };
  }
}
