/** Asks what rules of a whole table need to know, and judges them. */
import type { Aggregate, AggregateFigures } from '../../engine/aggregates.ts';
import {
  PlanError,
  type Engine,
  type ExampleRow,
  type QueryOptions,
  type TableSource,
} from '../../engine/engine.ts';
import { isFaultOfContent } from '../../engine/fault-of-content.ts';
import type { TableReference } from '../../schemas/data-schema.generated.ts';
import type { ConfigSource } from '../../schemas/evidence.generated.ts';
import { countOf, joinNames, showCount, showName } from '../word-condition.ts';
import type { SliceBlock } from './list-table-rules.ts';
import type { Ask, FigureOf, Outcome, TableRule } from './table-rule.ts';

/** A rule and what became of it. */
export interface JudgedRule {
  readonly rule: TableRule;
  readonly outcome: Outcome;
  readonly examples: readonly ExampleRow[];
  /** Rows that were looked at. */
  readonly rows: number;
}

/** What rules may ask. */
export interface RuleEffects {
  readonly engine: Pick<Engine, 'checkTable' | 'askTable'>;
  readonly source: TableSource;
  readonly options: QueryOptions;
  /** Rows that a failed check shows. */
  readonly examples: number;
  /** A table that a rule refers to. */
  readonly openTable: (reference: TableReference) => Promise<TableSource>;
  /** Where in the schema something stands. */
  readonly locate: (path: readonly string[]) => ConfigSource;
  /** The number of rows that main recorded. */
  readonly findBaselineRows: () => Promise<number | undefined>;
}

/** What the scan of the table said. */
export interface ScanFigures {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly required: readonly string[];
  /** Columns that this environment does not have. */
  readonly absent: readonly string[];
  readonly aggregates: AggregateFigures;
}

const ROWS = 'rows';

function keyOf(rule: TableRule, measure: string): string {
  return `${rule.id}#${measure}`;
}

function listNeeded({ columns, needs = [] }: TableRule): readonly string[] {
  return [...new Set([...columns, ...needs])];
}

/** What the one scan is to count for rules whose columns are all there. */
export function listAggregates(
  rules: readonly TableRule[],
  columns: readonly string[],
): readonly Aggregate[] {
  return rules
    .filter((rule) => listNeeded(rule).every((column) => columns.includes(column)))
    .flatMap((rule): readonly Aggregate[] => {
      const { ask, where } = rule;
      const filter = where === undefined ? {} : { where };
      const measures =
        ask.kind === 'measures'
          ? Object.entries(ask.measures)
          : ask.kind === 'comparison'
            ? [['own', ask.own] as const]
            : [];
      return [
        ...measures.map(([key, measure]) => ({ id: keyOf(rule, key), measure, ...filter })),
        ...(where === undefined || measures.length === 0
          ? []
          : [{ id: keyOf(rule, ROWS), measure: { kind: 'rows' } as const, ...filter }]),
      ];
    });
}

/** Every rule in its order. */
export async function runTableRules(
  rules: readonly TableRule[],
  scan: ScanFigures,
  effects: RuleEffects,
): Promise<readonly JudgedRule[]> {
  const judged: JudgedRule[] = [];
  for (const rule of rules) judged.push(await runRule(rule, scan, effects));
  return judged;
}

async function runRule(rule: TableRule, scan: ScanFigures, effects: RuleEffects): Promise<JudgedRule> {
  const figureOf: FigureOf = (measure) => readFigure(scan.aggregates, keyOf(rule, measure));
  const missing = judgeMissing(rule, scan);
  if (missing !== undefined) return { rule, outcome: missing, examples: [], rows: scan.rows };
  const rows = rule.where !== undefined && rule.ask.kind === 'measures' ? (figureOf(ROWS) ?? 0) : scan.rows;
  const empty = judgeEmpty(rule, rows);
  if (empty !== undefined) return { rule, outcome: empty, examples: [], rows };
  const { outcome, examples } = await namingRule(
    effects.locate(rule.path),
    async () => await runAsk(rule.ask, figureOf, rows, effects),
  );
  return { rule, outcome, examples, rows };
}

/** A question that the engine refuses is a mistake in the schema: the message says where. */
async function namingRule<T>({ file, line, key }: ConfigSource, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const place = line === undefined ? file : `${file}:${line}`;
    throw new PlanError(`${place}: \`${key}\`: ${error.message}`, error.help);
  }
}

/** An answer that is not there is a defect of the engine; taking it for nothing would let it pass. */
function readFigure(figures: AggregateFigures, key: string): number | null {
  const figure = figures[key];
  if (figure === undefined) throw new Error(`The engine left ${key} of its plan unanswered.`);
  return figure;
}

function judgeMissing(rule: TableRule, scan: ScanFigures): Outcome | undefined {
  const missing = listNeeded(rule).filter((column) => !scan.columns.includes(column));
  if (missing.length === 0) return undefined;
  const names = joinNames(missing);
  if (missing.some((column) => scan.required.includes(column))) {
    return {
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
      told: `Not checked, because ${names}, which the schema requires, ${missing.length === 1 ? 'is' : 'are'} missing.`,
    };
  }
  if (missing.every((column) => scan.absent.includes(column))) {
    return {
      verdict: 'skipped',
      reason: 'missing',
      told: `Not checked, because data of this environment do not have ${names}.`,
    };
  }
  return {
    verdict: 'fail',
    reason: 'missing',
    told: `The table does not have ${names}. Columns there: ${joinNames(scan.columns)}.`,
  };
}

/** Nothing can be told of no rows, but how many there are. */
function judgeEmpty({ ask }: TableRule, rows: number): Outcome | undefined {
  const counts =
    ask.kind === 'measures' ? Object.values(ask.measures) : ask.kind === 'comparison' ? [ask.own] : [];
  const isCount = ask.kind === 'baseline' || counts.some(({ kind }) => kind === 'rows');
  return rows > 0 || isCount
    ? undefined
    : { verdict: 'skipped', reason: 'empty', told: 'Not checked, because there are no rows.' };
}

type Asked = Pick<JudgedRule, 'outcome' | 'examples'>;

async function runAsk(ask: Ask, figureOf: FigureOf, rows: number, effects: RuleEffects): Promise<Asked> {
  switch (ask.kind) {
    case 'measures': {
      const outcome = ask.judge(figureOf, rows);
      const wanted = outcome.verdict === 'fail' && effects.examples > 0 ? ask.examples : undefined;
      if (wanted === undefined) return { outcome, examples: [] };
      const found = await effects.engine.askTable(
        effects.source,
        wanted(effects.examples),
        [],
        effects.options,
      );
      return { outcome, examples: found.kind === 'found' ? found.examples : [] };
    }
    case 'question':
      return await askQuestion(ask, rows, effects);
    case 'comparison':
      return await askComparison(ask, figureOf, effects);
    case 'baseline':
      return { outcome: ask.judge(rows, await effects.findBaselineRows()), examples: [] };
  }
}

async function askQuestion(
  { question, others, judge }: Ask & { readonly kind: 'question' },
  rows: number,
  effects: RuleEffects,
): Promise<Asked> {
  const answer = await readingOthers(async () => {
    const sources: TableSource[] = [];
    for (const other of others) sources.push(await effects.openTable(other));
    return await effects.engine.askTable(
      effects.source,
      question(effects.examples),
      sources,
      effects.options,
    );
  });
  if ('verdict' in answer) return { outcome: answer, examples: [] };
  if (answer.kind !== 'found') throw new Error('The engine answered another question than was asked.');
  const outcome = judge(answer, rows);
  if (answer.withoutRows !== true) return { outcome, examples: answer.examples };
  const [first] = answer.examples;
  const shown = first === undefined ? '' : ` The first: \`${String(first.value).replaceAll('`', "'")}\`.`;
  return { outcome: { ...outcome, told: `${outcome.told}${shown}` }, examples: [] };
}

async function askComparison(
  ask: Ask & { readonly kind: 'comparison' },
  figureOf: FigureOf,
  { engine, openTable, options }: RuleEffects,
): Promise<Asked> {
  const aggregates = [{ id: 'other', measure: ask.other }];
  const figures = await readingOthers(
    async () =>
      await engine.checkTable(
        { source: await openTable(ask.with), cells: [], unique: [], absent: [], aggregates },
        options,
      ),
  );
  if ('verdict' in figures) return { outcome: figures, examples: [] };
  return { outcome: ask.judge(figureOf('own'), readFigure(figures.aggregates ?? {}, 'other')), examples: [] };
}

/** This table has been read before: what is bad is the content of the other. */
async function readingOthers<T>(read: () => Promise<T>): Promise<T | Outcome> {
  try {
    return await read();
  } catch (error) {
    if (!isFaultOfContent(error)) throw error;
    return {
      verdict: 'fail',
      reason: 'unreadable',
      told: `The other table cannot be read: ${error.message}`,
    };
  }
}

/** The checks of every slice of a block, after the check of how many there are. */
export async function runSlices(
  block: SliceBlock,
  scan: ScanFigures,
  { engine, source, options }: RuleEffects,
): Promise<readonly JudgedRule[]> {
  const count = countRule(block);
  const template = block.rulesOf(block.by.map(() => null));
  const missing = judgeMissing(
    { ...count, columns: [...block.by, ...template.flatMap(({ columns }) => columns)] },
    scan,
  );
  const early = missing ?? judgeEmpty(count, scan.rows);
  if (early !== undefined) return [{ rule: count, outcome: early, examples: [], rows: scan.rows }];
  const answer = await engine.askTable(
    source,
    { kind: 'groups', by: block.by, aggregates: listAggregates(template, scan.columns), limit: block.limit },
    [],
    options,
  );
  if (answer.kind !== 'groups') throw new Error('The engine answered another question than was asked.');
  const outcome = judgeCount(block, answer.tooMany, answer.groups.length);
  const slices = answer.groups.flatMap(({ values, rows, figures }) =>
    block.rulesOf(values).map((rule, index): JudgedRule => {
      const { ask } = rule;
      if (ask.kind !== 'measures') throw new Error('A slice is asked for what one scan does not tell.');
      const asked = template[index] ?? rule;
      const figureOf: FigureOf = (measure) => readFigure(figures, keyOf(asked, measure));
      return { rule, outcome: ask.judge(figureOf, rows), examples: [], rows };
    }),
  );
  return [{ rule: count, outcome, examples: [], rows: scan.rows }, ...slices];
}

/** The check of how many slices there are, which is there whatever the data hold. */
export function countRule({ by, limit, prefix, path, severity }: SliceBlock): TableRule {
  return {
    name: 'TOO_MANY_SLICES',
    id: `${prefix}TOO_MANY_SLICES`,
    path,
    columns: by,
    expected: `at most ${limit}`,
    ...(severity === undefined ? {} : { severity }),
    ask: { kind: 'measures', measures: {}, judge: () => ({ verdict: 'pass', told: '' }) },
  };
}

function judgeCount({ by, limit }: SliceBlock, tooMany: boolean, count: number): Outcome {
  const names = by.map(showName).join(' + ');
  return tooMany
    ? {
        verdict: 'fail',
        told: `${names} has more than ${showCount(limit)} values, so no slice was looked at.`,
      }
    : { verdict: 'pass', observed: count, told: `${names} makes ${countOf(count, 'slice')}.` };
}
