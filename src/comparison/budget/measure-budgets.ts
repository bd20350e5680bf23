import type { BudgetConfig } from '../../schemas/config.generated.ts';
import type { Check, ConfigSource, Metric, TestSetBudget } from '../../schemas/evidence.generated.ts';
import { formatCount, formatPercent, formatPlannedCount } from '../format-number.ts';
import { countNeededExamples } from './needed-examples.ts';

/** The uses of one test set that somebody trusted counted before this one. */
export interface CountedUses {
  readonly count: number;
  /** When the first was counted. */
  readonly since: string | undefined;
}

export interface BudgetRequest {
  readonly metrics: readonly Metric[];
  /** By the digest of the test set; a test set that is missing was never counted. */
  readonly uses: ReadonlyMap<string, CountedUses>;
}

/** A model's test set, by the metrics of the whole of it. */
interface TestSetInUse {
  readonly model: string;
  readonly digest: string;
  readonly metrics: readonly Metric[];
  readonly uses: CountedUses;
}

/** What no count of a trusted stage sees; see docs/decisions/0013-test-set-budget.md. */
const MISSED =
  'A lower bound. Pull requests are counted when main is recorded next, from GitHub’s list of runs; runs outside GitHub, runs that were deleted and looks at the test set without mlgate are not seen.';

const NEVER_USED: CountedUses = { count: 0, since: undefined };

/** How much of each model's test set is used up, with this use. */
export function measureBudgets(request: BudgetRequest, budget: BudgetConfig): readonly TestSetBudget[] {
  return listTestSets(request).map(({ model, digest, metrics, uses }) => {
    const needed = metrics.flatMap((metric) => countNeededExamples(metric, budget) ?? []);
    return {
      about: { model, datasetDigest: digest },
      uses: uses.count + 1,
      limit: budget.uses,
      ...(uses.since === undefined ? {} : { since: uses.since }),
      adaptivity: budget.adaptivity,
      guarantee: budget.guarantee,
      ...(needed.length === 0 ? {} : { neededExamples: Math.max(...needed) }),
      missed: MISSED,
    };
  });
}

function listTestSets({ metrics, uses }: BudgetRequest): readonly TestSetInUse[] {
  const found = new Map<string, TestSetInUse>();
  for (const metric of metrics) {
    const { model, datasetDigest: digest, slice, split } = metric.about;
    if (model === undefined || digest === undefined || slice !== undefined || split !== undefined) continue;
    const key = JSON.stringify([model, digest]);
    const known = found.get(key);
    found.set(key, {
      model,
      digest,
      metrics: [...(known?.metrics ?? []), metric],
      uses: uses.get(digest) ?? NEVER_USED,
    });
  }
  return [...found.values()];
}

/** Name of the check of a budget. */
export const BUDGET_CHECK = 'test-set-budget';

/** One check for each budget: `pass`, `warn` from the configured share on, `fail` when more uses are counted than planned. */
export function judgeBudgets(
  budgets: readonly TestSetBudget[],
  budget: BudgetConfig,
  metrics: readonly Metric[],
  source: ConfigSource,
): readonly Check[] {
  return budgets.map((each) => {
    const spent = each.uses > budget.uses;
    const near = each.uses >= budget['warn-at'] * budget.uses;
    const rows = metrics.find(
      ({ about }) =>
        about.model === each.about.model &&
        about.datasetDigest === each.about.datasetDigest &&
        about.slice === undefined,
    )?.n;
    return {
      id: `model/${each.about.model ?? ''}/test-set-budget`,
      name: BUDGET_CHECK,
      about: each.about,
      verdict: spent ? 'fail' : near ? 'warn' : 'pass',
      ...(spent ? { reason: 'budget-spent' as const } : {}),
      severity: budget['when-spent'],
      observed: each.uses,
      expected: budget.uses,
      message: describeBudget(each, budget, spent, rows),
      ...(rows === undefined ? {} : { rows }),
      source,
    };
  });
}

function describeBudget(
  { uses, limit, neededExamples, since }: TestSetBudget,
  budget: BudgetConfig,
  spent: boolean,
  rows: number | undefined,
): string {
  const from = since === undefined ? '' : ` since ${since.slice(0, 10)}`;
  const counted = `This test set was used at least ${uses === 1 ? 'once' : `${formatCount(uses)} times`}${from}, and ${formatCount(limit)} are planned.`;
  const advice = spent
    ? ' Its answers have shaped the models that it judges: collect a new test set, or raise `comparison.budget.uses` and accept what that costs.'
    : ` Left: ${formatCount(limit - uses)}.`;
  if (neededExamples === undefined) return `${counted}${advice}`;
  const planned = `At the margins of its gates, ${formatCount(limit)} uses with reliability ${formatPercent(budget.reliability)} need about ${formatPlannedCount(neededExamples)} examples`;
  const room = rows !== undefined && rows > neededExamples ? ', so more uses can be planned' : '';
  const has = rows === undefined ? '' : `; it has ${formatCount(rows)}${room}`;
  return `${counted}${advice} ${planned}${has}.`;
}

/** Uses from which on a test set that has no budget is spoken of. */
const WORTH_SAYING = 100;

/** Sentences on test sets that were used often and that no budget watches. */
export function describeUnwatchedUses(request: BudgetRequest): readonly string[] {
  return listTestSets(request)
    .filter(({ uses }) => uses.count >= WORTH_SAYING)
    .map(
      ({ model, uses }) =>
        `The test set of \`${model}\` was used at least ${formatCount(uses.count + 1)} times${uses.since === undefined ? '' : ` since ${uses.since.slice(0, 10)}`}. Each look lets later changes adapt to it: \`comparison.budget\` watches that.`,
    );
}
