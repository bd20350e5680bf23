import type { BaselineUsed, Check, Metric } from '../schemas/evidence.generated.ts';
import { sha256 } from '../evidence/digest.ts';
import { isSameSubject, type Bound, type MetricGate } from './gate.ts';
import { judgeBound } from './judge-bound.ts';
import { judgeRegression } from './judge-regression.ts';
import { formatPercent } from './format-number.ts';
import { missingFinding, type Judgement } from './judgement.ts';

export interface JudgeRequest {
  readonly metrics: readonly Metric[];
  readonly gates: readonly MetricGate[];
  /** What the metrics were compared with; undefined or rung `none` where there is nothing. */
  readonly baseline?: BaselineUsed | undefined;
  /** One-sided error rate of each test: intervals of another level are not accepted. */
  readonly alpha: number;
}

/**
 * One check for each bound of each gate. A pure function of the metrics as evidence has them, so that a trusted stage
 * can judge a stranger's evidence again with its own thresholds.
 */
export function judgeMetrics(request: JudgeRequest): readonly Check[] {
  return request.gates.flatMap((gate) =>
    (['at-least', 'at-most', 'max-regression'] as const).flatMap((bound) => {
      const judgement = judgeOne(gate, bound, request);
      return judgement === undefined ? [] : [toCheck(gate, bound, judgement)];
    }),
  );
}

interface GateJudgement extends Judgement {
  readonly metric: Metric | undefined;
}

function judgeOne(gate: MetricGate, bound: Bound, request: JudgeRequest): GateJudgement | undefined {
  const metric = request.metrics.find(
    (item) => item.name === gate.metric && isSameSubject(gate.about, item.about),
  );
  const limit = bound === 'at-least' ? gate.atLeast : bound === 'at-most' ? gate.atMost : undefined;
  if (limit === undefined && (bound !== 'max-regression' || gate.maxRegression === undefined))
    return undefined;
  if (metric === undefined) return { ...missingFinding(gate), metric };
  if (limit !== undefined && bound !== 'max-regression') {
    return { ...judgeBound(metric, bound, limit, request.alpha), metric };
  }
  return { ...judgeRegression(metric, gate, request), metric };
}

/** Longest id that evidence holds, and what of a longer one stays readable. */
const MAX_ID = 300;
const READABLE = 200;

/** `model/churn/roc_auc/max-regression`, `metrics/training/val_loss/at-most`: stable from run to run. */
export function gateCheckId(gate: Pick<MetricGate, 'about' | 'metric'>, bound: Bound): string {
  const { model, metricsFile, slice } = gate.about;
  const subject = model === undefined ? `metrics/${metricsFile ?? ''}` : `model/${model}`;
  const id = [subject, ...(slice === undefined ? [] : [slice]), gate.metric, bound].join('/');
  return id.length <= MAX_ID ? id : `${id.slice(0, READABLE)}…${sha256(id).slice(0, 16)}/${bound}`;
}

function expectedOf(gate: MetricGate, bound: Bound): number | string | undefined {
  if (bound === 'at-least') return gate.atLeast;
  if (bound === 'at-most') return gate.atMost;
  const margin = gate.maxRegression;
  return margin?.kind === 'relative' ? formatPercent(margin.value).replace(' ', '') : margin?.value;
}

function toCheck(gate: MetricGate, bound: Bound, judgement: GateJudgement): Check {
  const { verdict, reason, message, metric } = judgement;
  const observed = bound === 'max-regression' ? metric?.comparison?.difference : metric?.value;
  const expected = expectedOf(gate, bound);
  const rows = metric?.comparison?.pairs ?? metric?.n;
  return {
    id: gateCheckId(gate, bound),
    name: bound,
    about: metric?.about ?? gate.about,
    metric: gate.metric,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    severity: gate.severity,
    ...(observed === undefined || observed === null ? {} : { observed }),
    ...(expected === undefined ? {} : { expected }),
    message,
    ...(rows === undefined ? {} : { rows }),
    source: gate.boundSources[bound] ?? gate.source,
  };
}
