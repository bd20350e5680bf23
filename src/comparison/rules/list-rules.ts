import { UserError } from '../../evidence/errors.ts';
import { foldSpace, showMistake } from '../../evidence/show-mistake.ts';
import type { TextMistake } from '../../evidence/token-reader.ts';
import type { ConfigSource } from '../../schemas/evidence.generated.ts';
import { findSubject, type RuledConfig } from './find-subject.ts';
import { fitConstant } from './fit-constant.ts';
import { listComparisons, parseRule } from './parse-rule.ts';
import { listConditions, type Condition, type ConditionTree, type Rule } from './rule.ts';
import { printComparison, type Comparison, type RuleSyntax } from './rule-syntax.ts';

type Locate = (path: readonly string[]) => ConfigSource;

/**
 * The rules of a config, with the catalogue's names and every number in its metric's unit. Throws one UserError that
 * lists all mistakes, each with the place in the rule: bad syntax, a model, metric or slice that is not there, a unit
 * that does not fit, a comparison that can never be true or never be false, a number without a known direction.
 */
export function listRules(config: RuledConfig, locate: Locate): readonly Rule[] {
  const read = Object.entries(config.rules ?? {}).map(([name, { require, severity }]) => {
    const source = locate(['rules', name, 'require']);
    const parsed = parseRule(require);
    const mistakes = parsed.ok ? [] : [parsed.mistake];
    const conditions = new Map<Comparison, Condition>();
    for (const comparison of parsed.ok ? listComparisons(parsed.rule) : []) {
      const resolved = resolve(comparison, config);
      if ('offset' in resolved) mistakes.push(resolved);
      else conditions.set(comparison, resolved);
    }
    const shown = mistakes.map((mistake) => showMistake(source, require, mistake));
    if (!parsed.ok || shown.length > 0) return { mistakes: shown };
    const tree = replaceComparisons(parsed.rule, conditions);
    return { mistakes: shown, rule: { name, tree, text: foldSpace(require), severity, source } };
  });
  const mistakes = read.flatMap((item) => item.mistakes);
  if (mistakes.length > 0) {
    throw new UserError(mistakes.join('\n'), {
      help: 'A rule reads like `regression(churn.accuracy) <= 0.5 points and improvement(serving.p95_ms) >= 20 %`. `mlgate explain rules` says more.',
    });
  }
  return read.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
}

/** What rules ask of a model: the metrics, and on which slices, that have to be measured for them. */
export function listRuledMetrics(
  rules: readonly Rule[],
  model: string,
): readonly { readonly slice: string | undefined; readonly metric: string }[] {
  return rules
    .flatMap((rule) => listConditions(rule.tree))
    .flatMap(({ about, metric }) => (about.model === model ? [{ slice: about.slice, metric }] : []));
}

function resolve(comparison: Comparison, config: RuledConfig): Condition | TextMistake {
  const { quantity, reference, bound, offsets } = comparison;
  const found = findSubject(reference, config);
  if ('mistake' in found) return { offset: offsets.reference, text: found.mistake };
  const { about, metric, direction } = found.subject;
  const fitted = fitConstant(comparison, found.subject);
  if ('mistake' in fitted) return { offset: offsets.constant, text: fitted.mistake };
  const { threshold, relative } = fitted;
  const base = {
    kind: 'condition',
    about,
    metric,
    direction,
    relative,
    text: printComparison(comparison),
  } as const;
  if (quantity === 'value') return { ...base, quantity: 'value', bound, threshold };
  if (direction === undefined) {
    const key = `metrics.${about.metricsFile ?? ''}.gates.${metric}.direction`;
    const text = `\`${metric}\` is no metric that mlgate knows, so nobody can tell which way is worse. Set \`${key}\` to \`higher-is-better\` or \`lower-is-better\`.`;
    return { offset: offsets.reference, text };
  }
  // A regression of at most m is an improvement of at least -m.
  return quantity === 'improvement'
    ? { ...base, quantity: 'change', bound, threshold }
    : {
        ...base,
        quantity: 'change',
        bound: bound === 'at-most' ? 'at-least' : 'at-most',
        threshold: 0 - threshold,
      };
}

/** The same tree with conditions in the place of comparisons. */
function replaceComparisons(rule: RuleSyntax, conditions: ReadonlyMap<Comparison, Condition>): ConditionTree {
  if (rule.kind !== 'comparison') {
    return { kind: rule.kind, parts: rule.parts.map((part) => replaceComparisons(part, conditions)) };
  }
  const condition = conditions.get(rule);
  if (condition === undefined) throw new TypeError('A rule has a comparison without a condition.');
  return condition;
}
