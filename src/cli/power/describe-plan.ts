/** The answer of `mlgate power` for people. */
import type { NeededExamples } from '../../comparison/plan-test-set.ts';
import {
  formatCount,
  formatPercent,
  formatPlain,
  formatPlannedCount,
} from '../../comparison/format-number.ts';
import type { PowerPlan } from './answer-power.ts';

/** Lines for a terminal: what is supposed, what the margin needs, what the test set sees, a table of margins. */
export function describePlan(plan: PowerPlan): string {
  return [
    describeSuppositions(plan),
    ...describeNeeded(plan),
    ...describeTestSet(plan),
    ...describeBudget(plan),
    '',
    ...printTable(plan.table),
    '',
  ].join('\n');
}

function describeSuppositions({ spread, learned, alpha, power, designEffect }: PowerPlan): string {
  const differ =
    spread.kind === 'discordance'
      ? `two models that differ on ${formatPercent(spread.share)} of the examples`
      : `two models that differ as in the evidence (${learned === undefined ? '' : `${learned.model}, ${learned.metric}, `}standard deviation ${formatPlain(spread.value)})`;
  const groups = designEffect === 1 ? '' : `, design effect ${formatPlain(designEffect)}`;
  const noise =
    learned?.trainingNoise === undefined
      ? ''
      : `\nThese two models alone: training again moves the metric by ${formatPlain(Number(learned.trainingNoise.toPrecision(2)))} (standard deviation), which no example narrows.`;
  return `For ${differ}, alpha ${formatPlain(alpha)}, power ${formatPercent(power)}${groups}:${noise}`;
}

function describeNeeded({ needed, collect }: PowerPlan): readonly string[] {
  if (needed === undefined) return [];
  return [
    '',
    `A margin of ${formatPlain(needed.margin)} is decided by`,
    `  ${formatPlannedCount(needed.equallyGood)} examples if the candidate is as good as the baseline${describeDays(collect?.equallyGood)}`,
    `  ${formatPlannedCount(needed.halfMarginWorse)} examples if it is worse by half the margin${describeDays(collect?.halfMarginWorse)}`,
  ];
}

/** How long collecting takes, from now; nothing where no rate is known. */
function describeDays(days: number | undefined): string {
  if (days === undefined) return '';
  if (days === 0) return ', which are there';
  if (!Number.isSafeInteger(days)) return ', never collected at this rate';
  return `, collected in ${formatCount(days)} day${days === 1 ? '' : 's'}`;
}

function describeTestSet({ testSet, needed, power }: PowerPlan): readonly string[] {
  if (testSet === undefined) return [];
  const { examples, smallestVisibleChange, chanceToPass } = testSet;
  const chance =
    chanceToPass === undefined || needed === undefined
      ? []
      : [
          `  let a candidate that is as good as the baseline pass at ${formatPlain(needed.margin)} in ${formatPercent(Number(chanceToPass.toFixed(3)))} of cases`,
        ];
  return [
    '',
    `A test set of ${formatCount(examples)} examples can`,
    `  show a change of ${formatPlain(smallestVisibleChange)} or more with power ${formatPercent(power)}`,
    ...chance,
  ];
}

/** What later changes learn, in words. */
const LEARNED = {
  full: 'every verdict is seen',
  'first-change': 'it is replaced after the first pass',
  none: 'no verdict is seen',
} as const;

function describeBudget({ budget, needed, testSet }: PowerPlan): readonly string[] {
  if (budget === undefined || needed === undefined) return [];
  const { uses, adaptivity, guarantee, reliability, neededExamples, affordableUses } = budget;
  const own =
    affordableUses === undefined || testSet === undefined
      ? []
      : [`  the ${formatCount(testSet.examples)} at hand bear ${formatUses(affordableUses)}`];
  return [
    '',
    `${formatUses(uses)} of one test set at a margin of ${formatPlain(needed.margin)}, where ${LEARNED[adaptivity]} (${guarantee}),`,
    `  need ${formatPlannedCount(neededExamples)} examples so that all verdicts are right with probability ${formatPercent(reliability)}`,
    ...own,
  ];
}

function formatUses(uses: number): string {
  return `${formatCount(uses)} use${uses === 1 ? '' : 's'}`;
}

function printTable(rows: readonly NeededExamples[]): readonly string[] {
  const cells = [
    ['margin', 'equally good', 'worse by half of it'],
    ...rows.map(({ margin, equallyGood, halfMarginWorse }) => [
      formatPlain(margin),
      formatPlannedCount(equallyGood),
      formatPlannedCount(halfMarginWorse),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`);
}
