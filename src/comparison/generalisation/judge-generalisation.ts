import { findMetric } from '../../metrics/find-metric.ts';
import type { Check, Generalisation, Interval } from '../../schemas/evidence.generated.ts';
import { describeValue } from '../describe-change.ts';
import {
  formatCount,
  formatPercent,
  formatPlain,
  formatPlannedCount,
  formatSetting,
} from '../format-number.ts';
import {
  doubtInterval,
  holdAgainst,
  isStopped,
  planExamples,
  slackOf,
  type Judgement,
} from '../judgement.ts';
import { skipCheck } from '../skip-check.ts';
import type { GeneralisationGate } from './list-generalisation-gates.ts';

export interface GeneralisationRequest {
  readonly generalisations: readonly Generalisation[];
  readonly gates: readonly GeneralisationGate[];
  /** One-sided error rate: intervals of another level are not accepted. */
  readonly alpha: number;
}

/** `model/churn/training/roc_auc/max-gap`, `model/churn/trivial/accuracy/min-gain`. */
function generalisationCheckId({ model, against, metric, bound }: GeneralisationGate): string {
  return `model/${model}/${against}/${metric}/${bound}`;
}

/**
 * One check for each bound: `pass` if the whole interval keeps it, `fail` if the whole interval breaks it, otherwise
 * `inconclusive`. A pure function of evidence, so that a trusted stage can judge a stranger's evidence again with its own
 * bounds.
 */
export function judgeGeneralisation({
  generalisations,
  gates,
  alpha,
}: GeneralisationRequest): readonly Check[] {
  return gates.map((gate) => {
    const found = generalisations.find(
      ({ about, metric, against }) =>
        about.model === gate.model &&
        about.slice === undefined &&
        metric === gate.metric &&
        against === gate.against,
    );
    const { verdict, reason, message, neededExamples } = judgeOne(gate, found, alpha);
    return {
      id: generalisationCheckId(gate),
      name: gate.bound,
      about: found?.about ?? { model: gate.model },
      metric: gate.metric,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      severity: gate.severity,
      ...(found === undefined || found.difference === null ? {} : { observed: found.difference }),
      expected: gate.limit.kind === 'relative' ? writeLimit(gate).replace(' ', '') : gate.limit.value,
      message,
      ...(found?.n === undefined ? {} : { rows: found.n }),
      ...(neededExamples === undefined ? {} : { neededExamples }),
      source: gate.source,
    };
  });
}

/** The same bounds where a file that they need could not be used. */
export function skipGeneralisation(gates: readonly GeneralisationGate[], why: string): readonly Check[] {
  return gates.map((gate) => {
    const { bound: name, metric, severity, source } = gate;
    const asked = {
      id: generalisationCheckId(gate),
      name,
      about: { model: gate.model },
      metric,
      severity,
      source,
    };
    return skipCheck(asked, metric, why);
  });
}

function writeLimit({ limit }: GeneralisationGate): string {
  return limit.kind === 'relative' ? formatPercent(limit.value) : formatSetting(limit.value);
}

function judgeOne(gate: GeneralisationGate, found: Generalisation | undefined, alpha: number): Judgement {
  const title = findMetric(gate.metric)?.title ?? gate.metric;
  const subject = gate.against === 'training' ? 'on the training set' : 'of a trivial model';
  if (found === undefined) {
    const message = `${title} ${subject} was not measured, though it is bounded. Check \`predictions\`${gate.against === 'training' ? ' and `training`' : ''}.`;
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (found.value === null || found.difference === null) {
    const message = `${title} has no value on the test set, or none ${subject}, so the two cannot be compared.`;
    return { verdict: 'fail', reason: 'not-finite', message };
  }
  const quantity = quantityOf(gate, found);
  if (quantity === undefined) {
    const message = `How ${title} differs from that ${subject} cannot be told from these examples.`;
    return { verdict: 'inconclusive', reason: 'degenerate', message };
  }
  return judgeQuantity(gate, { ...found, value: found.value, difference: found.difference }, quantity, alpha);
}

/** What is bounded, and by what: a share of the other's value is tested as a difference from that share of it. */
interface Quantity {
  readonly value: number;
  readonly interval: Interval;
  readonly limit: number;
}

function quantityOf({ limit }: GeneralisationGate, found: Generalisation): Quantity | undefined {
  if (limit.kind === 'relative') {
    const { relative } = found;
    if (relative === undefined || Math.abs(relative.change - limit.value) > slackOf(limit.value))
      return undefined;
    return { value: relative.value, interval: relative.interval, limit: 0 };
  }
  const { difference, interval } = found;
  return difference === null || interval === undefined
    ? undefined
    : { value: difference, interval, limit: limit.value };
}

function judgeQuantity(
  gate: GeneralisationGate,
  found: Generalisation & { readonly value: number; readonly difference: number },
  { value, interval, limit }: Quantity,
  alpha: number,
): Judgement {
  const isGap = gate.bound === 'max-gap';
  const { keeps, breaks } = holdAgainst(interval, isGap ? 'at-most' : 'at-least', limit);
  const title = findMetric(gate.metric)?.title ?? gate.metric;
  const doubt = doubtInterval(title, interval, alpha);
  if (isStopped(doubt, breaks)) return doubt;
  const said = describe(title, found);
  const asked = writeLimit(gate);
  if (keeps) {
    const bound = isGap ? `at most ${asked} is allowed` : `at least ${asked} better is asked for`;
    return { verdict: 'pass', message: `${said}; ${bound}.` };
  }
  if (breaks) {
    const message = isGap
      ? `${said}, above the ${asked} allowed: the model overfits, or the two sets are of different kinds.`
      : `${said}; at least ${asked} better is asked for. Look at the features, and whether the target can be predicted at all.`;
    return { verdict: 'fail', message };
  }
  const needed = planExamples(found.n ?? 0, value, interval, limit);
  const plan =
    needed === undefined
      ? ''
      : ` About ${formatPlannedCount(needed)} examples would decide, if this is the true difference.`;
  return {
    verdict: 'inconclusive',
    reason: 'undecided',
    message: `${said}: these ${formatCount(found.n ?? 0)} examples cannot tell whether it is ${isGap ? 'at most' : 'at least'} ${asked}, as asked for.${plan}`,
    ...(needed === undefined ? {} : { neededExamples: needed }),
  };
}

/** "ROC AUC is 0.05 (90 % interval 0.02 to 0.08) better on the training set (0.84) than on the test set (0.79)". */
function describe(
  title: string,
  {
    against,
    detail,
    value,
    reference,
    difference,
    interval,
  }: Generalisation & { readonly value: number; readonly difference: number },
): string {
  const size = describeValue(difference, interval);
  const [own, other] = [formatPlain(value), reference === null ? '' : ` (${formatPlain(reference)})`];
  return against === 'training'
    ? `${title} is ${size} better on the training set${other} than on the test set (${own})`
    : `${title} (${own}) is ${size} better than a trivial model's${other}: ${detail ?? ''}`;
}
