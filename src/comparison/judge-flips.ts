import { UserError } from '../evidence/errors.ts';
import type { Config, ModelConfig } from '../schemas/config.generated.ts';
import type {
  BaselineUsed,
  Check,
  ConfigSource,
  Flips,
  Metric,
  MetricComparison,
} from '../schemas/evidence.generated.ts';
import { parseMargin } from '../schemas/parse-margin.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { decimalsFor, formatCount, formatFixed, formatPercent, formatPlannedCount } from './format-number.ts';
import { exactLimits } from './share-of-rows.ts';
import { doubtInterval, isStopped, slackOf, type Judgement } from './judgement.ts';

/** Name of the check, as the config spells the bound. */
export const FLIPS_BOUND = 'max-negative-flips';

/** How many examples a model may get wrong that the baseline had right. */
export interface FlipGate {
  readonly model: string;
  /** Largest share of the test set. */
  readonly limit: number;
  readonly source: ConfigSource;
}

type Locate = (path: readonly string[]) => ConfigSource;

/** Every bound on negative flips that the config sets. Throws one UserError that lists those that can never decide. */
export function listFlipGates(config: Pick<Config, 'models'>, locate: Locate): readonly FlipGate[] {
  const gates = Object.entries(config.models ?? {}).flatMap(([model, settings]) => {
    const bound = settings[FLIPS_BOUND];
    if (bound === undefined) return [];
    const limit = parseMargin(bound).value;
    const source = locate(['models', model, FLIPS_BOUND]);
    return [{ gate: { model, limit, source }, mistake: findMistake(settings, limit) }];
  });
  const mistakes = gates.flatMap(({ gate: { source }, mistake }) =>
    mistake === undefined ? [] : [`${positionOf(source)}: \`${source.key}\`: ${mistake}`],
  );
  if (mistakes.length === 0) return gates.map(({ gate }) => gate);
  throw new UserError(mistakes.join('\n'), {
    help: 'A negative flip is an example that the baseline has right and the candidate wrong. Bound their share with a number such as `1%`, for a classifier that is compared example by example, or take `max-negative-flips` out.',
  });
}

function positionOf({ file, line, column }: ConfigSource): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Tasks whose examples are right or wrong. */
const CLASSIFICATIONS: readonly string[] = [
  'binary-classification',
  'multiclass-classification',
  'multilabel-classification',
];

function findMistake({ task, unpaired }: ModelConfig, limit: number): string | undefined {
  if (!CLASSIFICATIONS.includes(task))
    return `no example of ${task === 'regression' ? 'a regression' : `the task \`${task}\``} is right or wrong, so none can flip.`;
  if (unpaired) return '`unpaired: true` compares no example with itself, so none can flip.';
  if (limit === 0) return 'no number of examples can show that nothing ever flips.';
  if (limit === 1) return '1 would allow every example to flip. Did you mean `1%`?';
  return undefined;
}

export interface FlipJudgeRequest {
  readonly flips: readonly Flips[];
  /** The metrics of the same evidence: they say why there are no flips, or that the model is unchanged. */
  readonly metrics: readonly Metric[];
  readonly gates: readonly FlipGate[];
  /** What the models were compared with; undefined or rung `none` where there is nothing. */
  readonly baseline?: BaselineUsed | undefined;
  /** One-sided error rate: intervals of another level are not accepted. */
  readonly alpha: number;
  /** Power for which the number of examples that would decide is computed. */
  readonly power: number;
}

/**
 * One check for each bound: `pass` if the upper limit of the share of negative flips is at most the bound, `fail` if
 * the lower limit is above it, otherwise `inconclusive`. A pure function of evidence, so that a trusted stage can judge
 * a stranger's evidence again with its own bounds.
 */
export function judgeFlips(request: FlipJudgeRequest): readonly Check[] {
  return request.gates.map((gate) => {
    const flips = request.flips.find(({ about }) => about.model === gate.model && about.slice === undefined);
    const { verdict, reason, message } = judgeOne(gate, flips, request);
    return {
      id: flipCheckId(gate.model),
      name: FLIPS_BOUND,
      about: flips?.about ?? { model: gate.model },
      verdict,
      ...(reason === undefined ? {} : { reason }),
      severity: 'fail',
      ...(flips === undefined ? {} : { observed: flips.negative.share }),
      expected: gate.limit,
      message,
      ...(flips === undefined ? {} : { rows: flips.n }),
      source: gate.source,
    };
  });
}

function flipCheckId(model: string): string {
  return `model/${model}/${FLIPS_BOUND}`;
}

/** The same bounds where a file that they need could not be used: they are not judged twice. */
export function skipFlips(gates: readonly FlipGate[], why: string): readonly Check[] {
  return gates.map(({ model, limit, source }) => ({
    id: flipCheckId(model),
    name: FLIPS_BOUND,
    about: { model },
    verdict: 'skipped',
    reason: 'depends-on-failed-check',
    severity: 'fail',
    expected: limit,
    message: `Negative flips were not judged, because ${why} could not be used.`,
    source,
  }));
}

function judgeOne(gate: FlipGate, flips: Flips | undefined, request: FlipJudgeRequest): Judgement {
  const own = request.metrics.filter(({ about }) => about.model === gate.model && about.slice === undefined);
  if (flips === undefined) return judgeAbsence(gate, own, request);
  const rows = formatCount(flips.n);
  if (flips.churn.count === 0 && own.some(({ comparison }) => comparison?.method === 'unchanged')) {
    const message = `No example flipped: the same model on the same ${rows} examples.`;
    return { verdict: 'pass', reason: 'unchanged', message };
  }
  const { count, interval } = flips.negative;
  if (interval === undefined) {
    return {
      verdict: 'inconclusive',
      reason: 'degenerate',
      message: `${formatCount(count)} of ${rows} examples flipped from right to wrong, and the uncertainty of that share cannot be told: more groups of examples would give it.`,
    };
  }
  return judgeShare(gate, flips, interval, request);
}

function judgeShare(
  { limit }: FlipGate,
  flips: Flips,
  interval: NonNullable<Flips['negative']['interval']>,
  { alpha, power }: FlipJudgeRequest,
): Judgement {
  const slack = slackOf(limit, interval.low, interval.high);
  const passes = interval.high <= limit + slack;
  const fails = interval.low > limit + slack;
  const doubt = doubtInterval('The share of negative flips', interval, alpha);
  if (isStopped(doubt, fails)) return doubt;
  const said = describeShare(flips, interval);
  const allowed = formatPercent(limit);
  if (passes) return { verdict: 'pass', message: `${said}; at most ${allowed} is asked for.` };
  if (fails) {
    const message = `${said}, above the ${allowed} allowed. Look at the examples that flipped.${describeRetraining(flips)}`;
    return { verdict: 'fail', message };
  }
  return {
    verdict: 'inconclusive',
    reason: 'undecided',
    message: `${said}: these ${formatCount(flips.n)} examples cannot tell whether it is at most ${allowed}, as asked for. ${describeNeed(flips, limit, { alpha, power })}${describeRetraining(flips)}`,
  };
}

/** "1.03 % of the examples (31 of 3,000; 90 % interval 0.77 to 1.39 %) flipped from right to wrong". */
function describeShare(
  { n, negative: { count, share } }: Flips,
  { low, high, level }: NonNullable<Flips['negative']['interval']>,
): string {
  const decimals = decimalsFor(50 * (high - low));
  const percent = (value: number): string => formatFixed(100 * value, decimals);
  return `${percent(share)} % of the examples (${formatCount(count)} of ${formatCount(n)}; ${formatPercent(level)} interval ${percent(low)} to ${percent(high)} %) flipped from right to wrong`;
}

/** What flips anyway is no fault of the change. */
function describeRetraining({ retraining }: Flips): string {
  return retraining === undefined
    ? ''
    : ` Training main's recipe again flips ${formatPercent(Number(retraining.toPrecision(2)))} by itself.`;
}

interface Plan {
  readonly alpha: number;
  readonly power: number;
}

function describeNeed(flips: Flips, limit: number, plan: Plan): string {
  const needed = examplesToDecide(flips, limit, plan);
  return needed === undefined || needed <= flips.n
    ? 'The true share lies close to what is allowed.'
    : `If this is the true share, about ${formatPlannedCount(needed)} examples would decide.`;
}

/**
 * Examples that show a share below a limit by the score test, if the true one is what was observed: so many that limit
 * and share lie z_alpha standard errors of the one and z_power of the other apart; times what clustering costs here.
 * Undefined where the observed share is not below the limit.
 */
function examplesToDecide({ n, negative }: Flips, limit: number, { alpha, power }: Plan): number | undefined {
  const { share, interval } = negative;
  if (share >= limit || interval === undefined) return undefined;
  const sum =
    -normalQuantile(alpha) * Math.sqrt(limit * (1 - limit)) +
    normalQuantile(power) * Math.sqrt(share * (1 - share));
  const independent = exactLimits(share, n, interval.level);
  const cost = ((interval.high - interval.low) / (independent.high - independent.low)) ** 2;
  return Math.ceil((sum / (limit - share)) ** 2 * Math.max(1, cost));
}

/** Why there are no flips: the metrics of the model say what stood in the way of a comparison. */
function judgeAbsence(
  gate: FlipGate,
  own: readonly Metric[],
  { baseline, alpha }: FlipJudgeRequest,
): Judgement {
  const comparisons = own.flatMap(({ comparison }) => (comparison === undefined ? [] : [comparison]));
  const made = comparisons.find(({ method }) => method !== 'none');
  if (own.length === 0 || (made !== undefined && made.method !== 'unpaired')) {
    const message = 'Negative flips were not measured, though they are bounded. Check `predictions`.';
    return { verdict: 'fail', reason: 'missing', message };
  }
  if (made !== undefined) return judgeBlocked('test-set-changed', 'The two test sets hold other examples.');
  const [blocked] = comparisons;
  if (blocked !== undefined) return judgeBlocked(blocked.reason ?? 'not-in-baseline', blocked.detail);
  const rows = Math.max(...own.map(({ n }) => n ?? 0));
  const hopeless = describeHopeless(gate.limit, rows, alpha);
  if (baseline === undefined || baseline.rung === 'none') {
    const message = `Flips have nothing to be counted against: no baseline was found. The next run on main records one.${hopeless}`;
    return { verdict: 'inconclusive', reason: 'no-baseline', message };
  }
  const message = `Flips have nothing to be counted against: the baseline does not have this model.${hopeless}`;
  return { verdict: 'inconclusive', reason: 'not-in-baseline', message };
}

function judgeBlocked(
  reason: NonNullable<MetricComparison['reason']>,
  detail: string | undefined,
): Judgement {
  const message = `Flips could not be counted.${detail === undefined ? '' : ` ${detail}`}`;
  if (reason !== 'unmatched-ids') return { verdict: 'inconclusive', reason, message };
  return { verdict: 'fail', reason, message: `${message} Predict the same examples with both models.` };
}

/** What must be known before there is a baseline: with too few examples not even a perfect candidate passes. */
function describeHopeless(limit: number, rows: number, alpha: number): string {
  // The upper limit without a flip is 1 - alpha^(1 / n).
  const needed = Math.log(alpha) / Math.log1p(-limit);
  if (rows === 0 || rows >= needed) return '';
  return ` Even without a flip these ${formatCount(rows)} examples could not show a share of at most ${formatPercent(limit)}: that takes ${formatPlannedCount(needed)}.`;
}
