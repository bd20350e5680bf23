import { boundSentence, boundText } from '../../evidence/bound-text.ts';
import { sha256 } from '../../evidence/digest.ts';
import type { Check, Fairness, FairnessGap, Interval } from '../../schemas/evidence.generated.ts';
import { describeValue } from '../describe-change.ts';
import { formatCount, formatPlain, formatPlannedCount, formatSetting } from '../format-number.ts';
import { doubtInterval, holdAgainst, isStopped, planExamples, type Judgement } from '../judgement.ts';
import { skipCheck } from '../skip-check.ts';
import type { FairnessGate } from './list-fairness-gates.ts';

export interface FairnessRequest {
  readonly fairness: readonly Fairness[];
  readonly gates: readonly FairnessGate[];
  /** One-sided error rate: intervals of another level are not accepted. */
  readonly alpha: number;
}

/** Longest id that evidence holds, and what of a longer one stays readable. */
const MAX_ID = 300;
const READABLE = 200;

/** `model/churn/fairness/sex/selection_rate/min-ratio`: stable from run to run. */
function fairnessCheckId({ model, column, metric, bound }: FairnessGate): string {
  const id = `model/${model}/fairness/${column}/${metric}/${bound}`;
  return id.length <= MAX_ID ? id : `${id.slice(0, READABLE)}…${sha256(id).slice(0, 16)}/${bound}`;
}

/**
 * One check for each bound and column: `pass` if the gap's limit farther from fairness keeps the bound, `fail` if the
 * nearer one breaks it, otherwise `inconclusive`. A group that a rate says nothing of is never fair by silence. A pure
 * function of evidence, so that a trusted stage can judge a stranger's evidence again with its own bounds.
 */
export function judgeFairness({ fairness, gates, alpha }: FairnessRequest): readonly Check[] {
  return gates.map((gate) => {
    const found = fairness.find(({ about, column }) => about.model === gate.model && column === gate.column);
    const gap = found?.gaps.find(({ metric, form }) => metric === gate.metric && form === gate.form);
    const { verdict, reason, message, neededExamples } = judgeGap(gate, found, gap, alpha);
    return {
      id: fairnessCheckId(gate),
      name: gate.bound,
      about: { ...(found?.about ?? { model: gate.model }), column: boundText(gate.column) },
      metric: gate.metric,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      severity: gate.severity,
      ...(gap === undefined || gap.value === null ? {} : { observed: gap.value }),
      expected: gate.limit,
      message: boundSentence(message),
      ...(found === undefined ? {} : { rows: countRows(found) }),
      ...(neededExamples === undefined ? {} : { neededExamples }),
      source: gate.source,
    };
  });
}

/** The same bounds where a file that they need could not be used. */
export function skipFairness(gates: readonly FairnessGate[], why: string): readonly Check[] {
  return gates.map((gate) => {
    const { bound: name, metric, severity, limit: expected, source } = gate;
    const asked = {
      id: fairnessCheckId(gate),
      name,
      about: { model: gate.model, column: boundText(gate.column) },
      metric,
      severity,
      expected,
      source,
    };
    return skipCheck(asked, `${metric} by ${gate.column}`, why);
  });
}

function countRows({ groups }: Fairness): number {
  return groups.reduce((sum, { n }) => sum + n, 0);
}

function judgeGap(
  gate: FairnessGate,
  found: Fairness | undefined,
  gap: FairnessGap | undefined,
  alpha: number,
): Judgement {
  const what = `${gate.metric} by ${gate.column}`;
  if (found === undefined || gap === undefined) {
    const message = `${what} was not measured, though it is bounded. Check \`fairness\`: its columns, and \`favourable\` where it is set.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (gate.reference !== undefined && !found.groups.some(({ name }) => name === gate.reference)) {
    const names = found.groups.slice(0, 5).map(({ name }) => `\`${name}\``);
    const message = `There is no group \`${gate.reference}\` in ${gate.column} to compare with; there are ${names.join(', ')}.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (found.groups.length < 2) {
    const message = `${gate.column} has a single group in this test set, so there is nothing to compare it with. Test on examples of every group.`;
    return { verdict: 'inconclusive', reason: 'too-few-rows', message };
  }
  const silent = describeSilent(gate, found);
  if (gap.value === null || gap.interval === undefined) {
    const message = `How far groups differ in ${what} cannot be told from these examples.${silent}`;
    return { verdict: 'inconclusive', reason: 'too-few-rows', message };
  }
  return judgeInterval(gate, found, { ...gap, value: gap.value, interval: gap.interval }, silent, alpha);
}

function judgeInterval(
  gate: FairnessGate,
  found: Fairness,
  gap: FairnessGap & { readonly value: number; readonly interval: Interval },
  silent: string,
  alpha: number,
): Judgement {
  const { limit, form } = gate;
  const { keeps, breaks } = holdAgainst(gap.interval, form === 'ratio' ? 'at-least' : 'at-most', limit);
  const what = `${gate.metric} by ${gate.column}`;
  const doubt = doubtInterval(what, gap.interval, alpha);
  if (isStopped(doubt, breaks)) return doubt;
  const said = `${describeGap(gate, found, gap)}: ${form} ${describeValue(gap.value, gap.interval)}`;
  const asked = `${form === 'ratio' ? 'at least' : 'at most'} ${formatSetting(limit)}`;
  if (keeps && silent === '') return { verdict: 'pass', message: `${said}; ${asked} is asked for.` };
  if (breaks) {
    const side = form === 'ratio' ? 'below' : 'above';
    const message = `${said}, ${side} the ${formatSetting(limit)} asked for. Look at how the group is represented in the training data, and at the threshold.`;
    return { verdict: 'fail', message };
  }
  const needed = countNeeded(gap, limit, countRows(found));
  const plan =
    needed === undefined
      ? ''
      : ` About ${formatPlannedCount(needed)} examples would decide, if the groups are as far apart as they seem.`;
  const rows = formatCount(countRows(found));
  return {
    verdict: 'inconclusive',
    reason: silent === '' ? 'undecided' : 'too-few-rows',
    message: `${said}: these ${rows} examples cannot tell whether it is ${asked}, as asked for.${silent}${plan}`,
    ...(needed === undefined || silent !== '' ? {} : { neededExamples: needed }),
  };
}

/** Digits of a rate whose interval stands elsewhere. */
const DIGITS = 3;

/** "selection_rate by sex is lowest for `female` (0.3 of 40) and highest for `male` (0.6 of 80)". */
function describeGap(gate: FairnessGate, { groups }: Fairness, { lowest, highest }: FairnessGap): string {
  const describe = (name: string | undefined): string => {
    const rate = groups
      .find((group) => group.name === name)
      ?.rates.find(({ metric }) => metric === gate.metric);
    const value =
      rate === undefined || rate.value === null
        ? ''
        : ` (${formatPlain(Number(rate.value.toPrecision(DIGITS)))} of ${formatCount(rate.n)})`;
    return `\`${name ?? ''}\`${value}`;
  };
  return `${gate.metric} by ${gate.column} is lowest for ${describe(lowest)} and highest for ${describe(highest)}`;
}

/** What equalised odds are made of. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  equalised_odds: ['recall', 'false_positive_rate'],
};

/** Examples that a rate of a group needs: what it is a share of. */
const BASIS: Readonly<Record<string, string>> = {
  recall: 'example whose truth is the favourable label',
  false_positive_rate: 'example whose truth is another label',
  precision: 'example that is predicted favourable',
};

/** Groups that a rate says nothing of: they are not fair by silence. */
function describeSilent({ metric }: FairnessGate, { groups }: Fairness): string {
  const sentences = (PARTS[metric] ?? [metric]).flatMap((rate) => {
    const silent = groups.filter(({ rates }) =>
      rates.some((own) => own.metric === rate && own.value === null),
    );
    if (silent.length === 0) return [];
    const names = silent.slice(0, 5).map(({ name }) => `\`${name}\``);
    const more = silent.length > names.length ? ` and ${silent.length - names.length} more` : '';
    return [
      ` ${names.join(', ')}${more} ${silent.length === 1 ? 'has' : 'have'} no ${BASIS[rate] ?? 'value of it'}.`,
    ];
  });
  return sentences.join('');
}

/** How many examples would move the limit that stands in the way to the bound, with the same estimates. */
function countNeeded(
  { value, interval, form }: FairnessGap & { readonly value: number; readonly interval: Interval },
  limit: number,
  rows: number,
): number | undefined {
  if (form === 'difference') return planExamples(rows, value, interval, limit);
  // A ratio is as far from half of it as from its double.
  const logarithms = { low: Math.log(interval.low), high: Math.log(interval.high) };
  return planExamples(rows, Math.log(value), logarithms, Math.log(limit));
}
