/** Metrics of predicted quantiles, of quantile regression and of forecasts. */
import {
  ANY_NUMBER,
  INTERVALS,
  NOT_NEGATIVE,
  UNIT_INTERVAL,
  type Parameter,
  type TaskMetric,
} from '../definition.ts';
import type { QuantileExamples } from '../examples.ts';
import { meanForm, type Form } from '../form.ts';

/** Levels that differ by less are the same: 0.1 is not 1 - 0.9. */
const SAME_LEVEL = 1e-9;

function columnAt({ levels, predicted }: QuantileExamples, level: number): Float64Array | undefined {
  return predicted[levels.findIndex((own) => Math.abs(own - level) < SAME_LEVEL)];
}

/** Adds the pinball loss of one level to each example's. */
function addPinball(losses: Float64Array, target: Float64Array, column: Float64Array, level: number): void {
  for (let row = 0; row < losses.length; row++) {
    const error = (target[row] ?? Number.NaN) - (column[row] ?? Number.NaN);
    losses[row] = (losses[row] ?? 0) + Math.max(level * error, (level - 1) * error);
  }
}

/** The pinball loss at a level; without one the mean over all levels. */
function pinballForm(examples: QuantileExamples, at: number | undefined): Form | undefined {
  const { target, levels, predicted } = examples;
  const losses = new Float64Array(target.length);
  if (at !== undefined) {
    const column = columnAt(examples, at);
    if (column === undefined) return undefined;
    addPinball(losses, target, column, at);
    return meanForm(losses);
  }
  if (levels.length === 0) return undefined;
  predicted.forEach((column, place) => addPinball(losses, target, column, levels[place] ?? Number.NaN));
  return meanForm(losses.map((loss) => loss / levels.length));
}

interface CentralInterval {
  readonly target: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** What the interval leaves out on both sides together. */
  readonly outside: number;
}

/** The interval between the quantiles that leave out equally much on both sides. */
function centralInterval(examples: QuantileExamples, at: number | undefined): CentralInterval | undefined {
  if (at === undefined) return undefined;
  const [low, high] = [columnAt(examples, (1 - at) / 2), columnAt(examples, (1 + at) / 2)];
  if (low === undefined || high === undefined) return undefined;
  return { target: examples.target, low, high, outside: 1 - at };
}

function coverageForm(interval: CentralInterval | undefined): Form | undefined {
  if (interval === undefined) return undefined;
  const { target, low, high } = interval;
  const hits = Uint8Array.from(target, (value, row) =>
    value >= (low[row] ?? Number.NaN) && value <= (high[row] ?? Number.NaN) ? 1 : 0,
  );
  return { kind: 'share', hits, among: undefined };
}

function widthForm(interval: CentralInterval | undefined): Form | undefined {
  if (interval === undefined) return undefined;
  const { low, high } = interval;
  return meanForm(high.map((upper, row) => upper - (low[row] ?? Number.NaN)));
}

function intervalScoreForm(interval: CentralInterval | undefined): Form | undefined {
  if (interval === undefined) return undefined;
  const { target, low, high, outside } = interval;
  return meanForm(
    target.map((value, row) => {
      const [lower, upper] = [low[row] ?? Number.NaN, high[row] ?? Number.NaN];
      const missed = Math.max(0, lower - value) + Math.max(0, value - upper);
      return upper - lower + (2 / outside) * missed;
    }),
  );
}

/** 1 where a higher level's quantile is below a lower one's. */
function findCrossings({ target, predicted }: QuantileExamples): Uint8Array {
  const crossed = new Uint8Array(target.length);
  predicted.forEach((column, place) => {
    const before = predicted[place - 1];
    if (before === undefined) return;
    for (let row = 0; row < crossed.length; row++) {
      if ((column[row] ?? 0) < (before[row] ?? 0)) crossed[row] = 1;
    }
  });
  return crossed;
}

const NOMINAL: Parameter = {
  meaning:
    'Nominal coverage: the interval reaches from the quantile at (1 - coverage) / 2 to the one at (1 + coverage) / 2',
  title: 'at {}',
  range: [0.001, 0.999],
  required: true,
};

const OF_MEAN = { interval: INTERVALS.mean, comparison: `paired: ${INTERVALS.mean}` } as const;

const COMMON = { needs: 'prediction', definition: 1 } as const;

export const QUANTILE_METRICS: readonly TaskMetric<QuantileExamples>[] = [
  {
    ...COMMON,
    ...OF_MEAN,
    name: 'pinball',
    title: 'Pinball loss',
    aliases: ['pinball_loss', 'mean_pinball_loss', 'quantile_loss', 'mqloss'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    shown: true,
    parameter: {
      meaning: 'Level of the quantile; without one the mean over all levels',
      title: 'at {}',
      range: [0.0001, 0.9999],
      shown: [0.5],
    },
    formula: 'mean of max(level (target - quantile), (level - 1) (target - quantile))',
    source: 'scikit-learn mean_pinball_loss; R. Koenker and G. Bassett, Econometrica 46 (1978)',
    formOf: (examples, at) => pinballForm(examples, at),
  },
  {
    ...COMMON,
    name: 'coverage',
    title: 'Coverage',
    aliases: ['interval_coverage', 'picp', 'coverage_fraction'],
    direction: 'none',
    bounds: UNIT_INTERVAL,
    parameter: { ...NOMINAL, shown: [0.8, 0.9, 0.95] },
    formula: 'targets within the interval, its ends included / n',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source: 'mapie regression_coverage_score; numpy',
    formOf: (examples, at) => coverageForm(centralInterval(examples, at)),
  },
  {
    ...COMMON,
    ...OF_MEAN,
    name: 'interval_score',
    title: 'Interval score',
    aliases: ['winkler_score', 'mean_interval_score', 'winkler'],
    direction: 'lower-is-better',
    bounds: ANY_NUMBER,
    parameter: NOMINAL,
    formula:
      'mean of upper - lower + 2 / (1 - coverage) times how far the target lies outside; of the nominal coverage',
    source:
      'R. L. Winkler, JASA 67 (1972); T. Gneiting and A. E. Raftery, JASA 102 (2007), equation 43; mapie regression_mwi_score',
    formOf: (examples, at) => intervalScoreForm(centralInterval(examples, at)),
  },
  {
    ...COMMON,
    ...OF_MEAN,
    name: 'interval_width',
    title: 'Mean width of the interval',
    aliases: ['mean_interval_width', 'mpiw', 'sharpness'],
    direction: 'lower-is-better',
    bounds: ANY_NUMBER,
    parameter: NOMINAL,
    formula: 'mean of upper - lower; negative where quantiles cross',
    source: 'mapie regression_mean_width_score; numpy',
    formOf: (examples, at) => widthForm(centralInterval(examples, at)),
  },
  {
    ...COMMON,
    name: 'quantile_crossing',
    title: 'Share of crossing quantiles',
    aliases: ['quantile_crossing_rate', 'crossing_rate'],
    direction: 'lower-is-better',
    bounds: UNIT_INTERVAL,
    shown: true,
    formula: 'examples of which the quantile of a level is below that of a lower level / n',
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    source:
      'numpy; V. Chernozhukov, I. Fernández-Val and A. Galichon, Econometrica 78 (2010), on why they must not',
    formOf: (examples) => {
      if (examples.levels.length < 2) return undefined;
      return { kind: 'share', hits: findCrossings(examples), among: undefined };
    },
  },
];
