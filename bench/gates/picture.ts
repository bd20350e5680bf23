/** The picture of error rates: what each rule does to test sets of growing size, when the truth is known. */
import type { ErrorRates, Triple } from './results.ts';

export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** By rule. */
  readonly lines: Readonly<Record<RuleDrawn, string>>;
}

const RULES_DRAWN = ['mlgate', 'drop-over-one-point', 'mcnemar', 'paired-t'] as const;
type RuleDrawn = (typeof RULES_DRAWN)[number];

export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    text: '#1f2328',
    muted: '#59636e',
    grid: '#d1d9e0',
    lines: { mlgate: '#0969da', 'drop-over-one-point': '#cf222e', mcnemar: '#8250df', 'paired-t': '#9a6700' },
  },
  dark: {
    text: '#f0f6fc',
    muted: '#9198a1',
    grid: '#3d444d',
    lines: { mlgate: '#58a6ff', 'drop-over-one-point': '#ff7b72', mcnemar: '#d2a8ff', 'paired-t': '#d29922' },
  },
};

const NAMES: Readonly<Record<RuleDrawn, string>> = {
  mlgate: 'mlgate',
  'drop-over-one-point': '“dropped by more than a point”',
  mcnemar: 'p < 0.05 (exact McNemar)',
  'paired-t': '95 % paired t interval and margin',
};

/** Told apart by their dashes too. */
const DASHES: Readonly<Record<RuleDrawn, string>> = {
  mlgate: '',
  'drop-over-one-point': '2 3',
  mcnemar: '8 3',
  'paired-t': '8 3 2 3',
};

/** The world that is drawn: models that differ in 2 % of the examples (4 % when one is worse), margin 2 points. */
const MARGIN = 0.02;
const ONLY_CANDIDATE = 0.01;

const WIDTH = 880;
const HEIGHT = 320;
const PANEL = { width: 226, height: 180, top: 58, left: [44, 337, 630] } as const;
const LEGEND_TOP = 306;
const SIZES_LABELLED = [50, 200, 1000, 10_000] as const;

interface Panel {
  readonly title: string;
  readonly subtitle: string;
  readonly loss: number;
  readonly decision: 0 | 1 | 2;
  /** Top of the axis. */
  readonly most: number;
}

const PANELS: readonly Panel[] = [
  { title: 'Misses', subtitle: 'passes a model worse by the margin', loss: MARGIN, decision: 0, most: 1 },
  { title: 'False alarms', subtitle: 'fails a model just as good', loss: 0, decision: 1, most: 0.4 },
  { title: 'Cannot tell', subtitle: 'undecided, the model is just as good', loss: 0, decision: 2, most: 1 },
];

function drawText(
  x: number,
  y: number,
  text: string,
  style: {
    readonly fill: string;
    readonly size?: number;
    readonly anchor?: string;
    readonly weight?: number;
  },
): string {
  const { fill, size = 12, anchor = 'start', weight = 400 } = style;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escaped}</text>`;
}

function asPercent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
}

interface Point {
  readonly n: number;
  readonly rates: Readonly<Record<string, Triple>>;
}

function pointsOf(results: ErrorRates, loss: number): readonly Point[] {
  const points = results.shares.filter(
    (world) => world.margin === MARGIN && world.onlyCandidate === ONLY_CANDIDATE && world.loss === loss,
  );
  if (points.length === 0)
    throw new RangeError(`No results for margin ${MARGIN}, flips ${ONLY_CANDIDATE}, loss ${loss}.`);
  return points;
}

function drawPanel(
  panel: Panel,
  left: number,
  points: readonly Point[],
  alpha: number,
  theme: Theme,
): string {
  const sizes = points.map(({ n }) => n);
  const [least, most] = [Math.log(Math.min(...sizes)), Math.log(Math.max(...sizes))];
  const x = (n: number): number => left + ((Math.log(n) - least) / (most - least)) * PANEL.width;
  const y = (share: number): number => PANEL.top + (1 - share / panel.most) * PANEL.height;
  const right = left + PANEL.width;
  const grid = [0, 0.25, 0.5, 0.75, 1]
    .map((part) => part * panel.most)
    .flatMap((share) => [
      `<line x1="${left}" x2="${right}" y1="${y(share)}" y2="${y(share)}" stroke="${theme.grid}"/>`,
      drawText(left - 6, y(share) + 4, asPercent(share), { fill: theme.muted, size: 11, anchor: 'end' }),
    ]);
  const nominal =
    panel.decision === 2
      ? []
      : [
          `<line x1="${left}" x2="${right}" y1="${y(alpha)}" y2="${y(alpha)}" stroke="${theme.text}" stroke-dasharray="1 3"/>`,
        ];
  const labels = SIZES_LABELLED.map((n) =>
    drawText(x(n), PANEL.top + PANEL.height + 17, n.toLocaleString('en'), {
      fill: theme.muted,
      size: 11,
      anchor: 'middle',
    }),
  );
  // mlgate last, on top of the others.
  const lines = RULES_DRAWN.toReversed().flatMap((rule) => {
    const path = points.map(({ n, rates }, index) => {
      const share = rates[rule]?.[panel.decision] ?? Number.NaN;
      return `${index === 0 ? 'M' : 'L'}${x(n).toFixed(1)} ${y(share).toFixed(1)}`;
    });
    const dash = DASHES[rule] === '' ? '' : ` stroke-dasharray="${DASHES[rule]}"`;
    return [
      `<path d="${path.join('')}" fill="none" stroke="${theme.lines[rule]}" stroke-width="${rule === 'mlgate' ? 3 : 2}"${dash}/>`,
    ];
  });
  return [
    drawText(left, 22, panel.title, { fill: theme.text, size: 15, weight: 600 }),
    drawText(left, 40, panel.subtitle, { fill: theme.muted }),
    ...grid,
    ...nominal,
    ...labels,
    ...lines,
  ].join('\n');
}

function drawLegend(theme: Theme): readonly string[] {
  let left = PANEL.left[0];
  return RULES_DRAWN.flatMap((rule) => {
    const start = left;
    left += 58 + NAMES[rule].length * 6.3;
    const dash = DASHES[rule] === '' ? '' : ` stroke-dasharray="${DASHES[rule]}"`;
    return [
      `<line x1="${start}" x2="${start + 30}" y1="${LEGEND_TOP - 4}" y2="${LEGEND_TOP - 4}" stroke="${theme.lines[rule]}" stroke-width="${rule === 'mlgate' ? 3 : 2}"${dash}/>`,
      drawText(start + 36, LEGEND_TOP, NAMES[rule], {
        fill: theme.text,
        weight: rule === 'mlgate' ? 600 : 400,
      }),
    ];
  });
}

/** The picture in words, with its numbers. */
export function describeErrorRates(results: ErrorRates): string {
  const [misses, alarms, undecided] = PANELS.map(({ loss, decision }) => {
    const points = pointsOf(results, loss);
    return (rule: RuleDrawn, n: number): string =>
      asPercent(points.find((point) => point.n === n)?.rates[rule]?.[decision] ?? Number.NaN);
  });
  if (misses === undefined || alarms === undefined || undecided === undefined)
    throw new RangeError('No panels.');
  return [
    'For a margin of two points of accuracy, by the size of the test set.',
    `Misses at 50, 200 and 1,000 examples: mlgate ${misses('mlgate', 50)}, ${misses('mlgate', 200)} and ${misses('mlgate', 1000)}; “dropped by more than a point” ${misses('drop-over-one-point', 50)}, ${misses('drop-over-one-point', 200)} and ${misses('drop-over-one-point', 1000)}; p below 0.05 ${misses('mcnemar', 50)}, ${misses('mcnemar', 200)} and ${misses('mcnemar', 1000)}; the paired t interval ${misses('paired-t', 50)}, ${misses('paired-t', 200)} and ${misses('paired-t', 1000)}.`,
    `False alarms at 50 examples: mlgate ${alarms('mlgate', 50)}, “dropped by more than a point” ${alarms('drop-over-one-point', 50)}.`,
    `mlgate cannot tell in ${undecided('mlgate', 50)} at 50 examples, ${undecided('mlgate', 200)} at 200 and ${undecided('mlgate', 1000)} at 1,000.`,
  ].join(' ');
}

export function drawErrorRates(results: ErrorRates, theme: Theme): string {
  const panels = PANELS.map((panel, index) =>
    drawPanel(panel, PANEL.left[index] ?? 0, pointsOf(results, panel.loss), results.alpha, theme),
  );
  const middle = WIDTH / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description" font-family="-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif">
<title id="title">Error rates of gates by the size of the test set</title>
<desc id="description">${describeErrorRates(results)}</desc>
${panels.join('\n')}
${drawText(middle, PANEL.top + PANEL.height + 38, 'examples in the test set; the dotted line is the nominal 5 %', { fill: theme.muted, anchor: 'middle' })}
${drawLegend(theme).join('\n')}
</svg>
`;
}
