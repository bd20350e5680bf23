import { boundSentence, boundText } from '../../evidence/bound-text.ts';
import type { BaselineUsed, Check, Metric } from '../../schemas/evidence.generated.ts';
import { formatPercent } from '../format-number.ts';
import { isSameSubject } from '../gate.ts';
import { judgeCondition, type ConditionFinding, type Truth } from './judge-condition.ts';
import type { Condition, ConditionTree, Rule } from './rule.ts';

export interface RulesRequest {
  readonly rules: readonly Rule[];
  readonly metrics: readonly Metric[];
  /** What the metrics were compared with; undefined or rung `none` where there is nothing. */
  readonly baseline?: BaselineUsed | undefined;
  /** One-sided error rate of each rule. */
  readonly alpha: number;
}

/** Id of the check that answers a rule. */
export function ruleCheckId(name: string): string {
  return `rules/${name}`;
}

/**
 * One check for each rule. A pure function of the metrics as evidence has them, so that a trusted stage can judge a
 * stranger's evidence again with its own rules.
 *
 * Conditions are true, false or unknown, and combine as in Kleene's strong logic. A rule that is false passes with
 * probability alpha at most: where all parts are asked for, one of them is false and must be called true, so each is
 * judged at the full rate (intersection-union); where any part is enough, all are false and each may be the one that is
 * called true, so they share the rate (Bonferroni). For a rule that is true and fails it is the other way round.
 */
export function judgeRules(request: RulesRequest): readonly Check[] {
  return request.rules.map((rule) => judgeRule(rule, request));
}

interface JudgedCondition extends ConditionFinding {
  readonly condition: Condition;
  readonly isMissing: boolean;
  /** Whether its error rate is only a part of the rule's. */
  readonly isShared: boolean;
}

interface JudgedTree {
  readonly truth: Truth;
  readonly conditions: readonly JudgedCondition[];
}

interface Rates {
  readonly wrongTrue: number;
  readonly wrongFalse: number;
}

function judgeRule(rule: Rule, request: RulesRequest): Check {
  const { alpha } = request;
  const { truth, conditions } = judgeTree(rule.tree, { wrongTrue: alpha, wrongFalse: alpha }, request);
  const isMissing = conditions.some((item) => item.isMissing);
  const verdict = isMissing ? 'fail' : VERDICT_OF[truth];
  const reason = isMissing ? 'missing' : reasonOf(truth, conditions);
  return {
    id: ruleCheckId(rule.name),
    name: 'rule',
    // A rule may span models and files: it is about no single one.
    about: {},
    verdict,
    ...(reason === undefined ? {} : { reason }),
    severity: rule.severity,
    expected: boundText(rule.text),
    message: describe(rule.name, verdict, conditions, alpha),
    source: rule.source,
  };
}

const VERDICT_OF = { true: 'pass', false: 'fail', unknown: 'inconclusive' } as const;

function judgeTree(tree: ConditionTree, rates: Rates, request: RulesRequest): JudgedTree {
  if (tree.kind === 'condition') {
    const judged = judgeLeaf(tree, rates, request);
    return { truth: judged.truth, conditions: [judged] };
  }
  const { kind } = tree;
  const count = tree.parts.length;
  const own: Rates =
    kind === 'any'
      ? { ...rates, wrongTrue: rates.wrongTrue / count }
      : { ...rates, wrongFalse: rates.wrongFalse / count };
  const parts = tree.parts.map((part) => judgeTree(part, own, request));
  const decisive: Truth = kind === 'any' ? 'true' : 'false';
  const truths = parts.map((part) => part.truth);
  const truth = truths.includes(decisive)
    ? decisive
    : truths.includes('unknown')
      ? 'unknown'
      : decisive === 'true'
        ? 'false'
        : 'true';
  return { truth, conditions: parts.flatMap((part) => part.conditions) };
}

function judgeLeaf(
  condition: Condition,
  rates: Rates,
  { metrics, baseline, alpha }: RulesRequest,
): JudgedCondition {
  const metric = metrics.find(
    (item) => item.name === condition.metric && isSameSubject(condition.about, item.about),
  );
  const isShared = rates.wrongTrue < alpha || rates.wrongFalse < alpha;
  if (metric === undefined) {
    const observed = 'it was not measured. Check the key or the slice, and the step that measures it.';
    return { condition, isMissing: true, isShared, truth: 'unknown', reason: 'missing', observed };
  }
  return {
    condition,
    isMissing: false,
    isShared,
    ...judgeCondition(condition, metric, { baseline, alpha, ...rates }),
  };
}

/** Why: what the conditions that decided share, and the point rule if any of them is judged by it. */
function reasonOf(truth: Truth, conditions: readonly JudgedCondition[]): Check['reason'] {
  const reasons = conditions.filter((item) => item.truth === truth).map((item) => item.reason);
  // What stays open without a baseline may be open for other reasons too, which a baseline would not cure.
  if (truth === 'unknown') return reasons.find((reason) => reason !== 'no-baseline') ?? 'no-baseline';
  if (reasons.includes('point-rule')) return 'point-rule';
  const [first] = reasons;
  return reasons.every((reason) => reason === first) ? first : undefined;
}

const OUTCOME = { pass: 'holds', fail: 'does not hold', inconclusive: 'is not decided' } as const;

const STATE_OF = { true: 'holds', false: 'does not hold', unknown: 'is open' } as const;

function describe(
  name: string,
  verdict: keyof typeof OUTCOME,
  conditions: readonly JudgedCondition[],
  alpha: number,
): string {
  const sentences = conditions.map(
    ({ condition, truth, observed }) => `\`${condition.text}\` ${STATE_OF[truth]}: ${observed}`,
  );
  const shared = conditions.some(
    ({ isShared, truth, reason }) => isShared && truth === 'unknown' && reason === 'undecided',
  );
  const explained = shared
    ? [
        `Where any of several conditions could be wrong, each is judged with a wider interval than the one shown, so that the whole rule is wrong in at most ${formatPercent(alpha)} of cases.`,
      ]
    : [];
  return boundSentence([`The rule \`${name}\` ${OUTCOME[verdict]}.`, ...sentences, ...explained].join(' '));
}
