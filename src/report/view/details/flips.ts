import type { FlipExample, Flips, Interval, ShareOfRows } from '../../../schemas/evidence.generated.ts';
import { countOf, formatCount, formatPercent, formatPlain } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';

/** `churn: 31 examples that were right are wrong now (1 %, 0.8 to 1.4 %), 40 the other way round.` */
export function describeFlips(flips: Flips): string {
  const { negative, positive } = flips;
  return `\`${nameSubject(flips.about)}\`: ${countOf(negative.count, 'example')} ${negative.count === 1 ? 'was' : 'were'} right in the baseline and ${negative.count === 1 ? 'is' : 'are'} wrong now (${writeShare(negative)}), ${formatCount(positive.count)} the other way round (${writeShare(positive)}).`;
}

/** Which examples flipped, negative ones first. */
export function listFlips(flips: Flips): DetailTable {
  const columns = [...new Set(flips.examples.flatMap((example) => Object.keys(example.slices ?? {})))];
  return {
    title: `Flipped examples of ${nameSubject(flips.about)}`,
    place: 'folded',
    lead: [describeFlips(flips), describeChurn(flips), ...explainFlips(flips)],
    columns: [
      { name: 'Example', kind: 'code' },
      { name: 'Flip', kind: 'text' },
      { name: 'Truth', kind: 'code' },
      { name: 'Baseline', kind: 'code' },
      { name: 'Now', kind: 'code' },
      ...columns.map((name) => ({ name, kind: 'code' as const })),
    ],
    rows: flips.examples.map((example) => [
      example.id,
      example.kind === 'negative' ? '▼ right → wrong' : '▲ wrong → right',
      example.target,
      writePrediction(example.baseline, example.baselineScore),
      writePrediction(example.candidate, example.candidateScore),
      ...columns.map((name) => example.slices?.[name] ?? ''),
    ]),
    figures: [],
  };
}

function describeChurn({ churn }: Flips): string {
  return `${writePercent(churn.share)} of the predictions are other labels than before.`;
}

function explainFlips({ relativeNegative, backwardTrust, retraining }: Flips): readonly string[] {
  return [
    ...(relativeNegative === undefined
      ? []
      : [
          `Negative flips are ${writePercent(relativeNegative)} of those that two models with unrelated errors would have.`,
        ]),
    ...(backwardTrust === undefined
      ? []
      : [`Of what the baseline has right, ${formatPercent(backwardTrust)} is still right.`]),
    ...(retraining === undefined
      ? []
      : [`Training main's recipe again flips ${writePercent(retraining)} from right to wrong by itself.`]),
  ];
}

function writeShare({ share, interval }: ShareOfRows): string {
  return interval === undefined ? writePercent(share) : `${writePercent(share)}, ${writeLimits(interval)}`;
}

function writeLimits({ low, high }: Interval): string {
  return `${writePercent(low)} to ${writePercent(high)}`;
}

/** Two digits: the counts beside it are exact. */
function writePercent(share: number): string {
  return formatPercent(Number(share.toPrecision(2)));
}

function writePrediction(label: string, score: FlipExample['baselineScore']): string {
  return score === undefined ? label : `${label} (${formatPlain(Number(score.toPrecision(3)))})`;
}
