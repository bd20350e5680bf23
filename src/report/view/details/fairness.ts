import type {
  EvidenceBody,
  Fairness,
  FairnessGap,
  FairnessGroup,
  SimpsonCheck,
} from '../../../schemas/evidence.generated.ts';
import { formatCount } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable, IntervalsPicture } from '../report-view.ts';
import { writeEstimate, writeNumber, writeP } from '../write-estimate.ts';

/** Each model's rates by group, and how far the groups are apart. */
export function listFairness({ fairness = [] }: EvidenceBody): readonly DetailTable[] {
  return fairness.flatMap((found) => [describeGroups(found), ...describeGaps(found)]);
}

function ratesOf({ groups }: Fairness): readonly string[] {
  return [...new Set(groups.flatMap(({ rates }) => rates.map(({ metric }) => metric)))];
}

function describeGroups(found: Fairness): DetailTable {
  const rates = ratesOf(found);
  return {
    title: `How ${nameSubject(found.about)} treats ${found.column}`,
    place: 'folded',
    lead: [],
    columns: [
      { name: found.column, kind: 'code' },
      { name: 'Examples', kind: 'number' },
      { name: 'Positive', kind: 'number' },
      ...rates.map((rate) => ({ name: rate, kind: 'text' as const })),
    ],
    rows: found.groups.map((group) => writeGroup(group, rates)),
    figures: rates.map((rate) => drawRate(found, rate)),
  };
}

/** An empty cell is a group too, and should not look like a mistake of the table. */
function nameGroup({ name }: FairnessGroup): string {
  return name === '' ? '(empty)' : name;
}

function writeGroup(group: FairnessGroup, rates: readonly string[]): readonly string[] {
  return [
    nameGroup(group),
    formatCount(group.n),
    group.positives === undefined ? '' : formatCount(group.positives),
    ...rates.map((rate) => {
      const found = group.rates.find(({ metric }) => metric === rate);
      return found?.value === null ? 'undefined' : writeEstimate(found?.value, found?.interval);
    }),
  ];
}

function drawRate({ column, groups }: Fairness, rate: string): IntervalsPicture {
  return {
    kind: 'intervals',
    title: `${rate} by ${column}`,
    x: rate,
    rows: groups.flatMap((group) => {
      const found = group.rates.find(({ metric }) => metric === rate);
      return found === undefined || found.value === null
        ? []
        : [{ name: nameGroup(group), value: found.value, interval: found.interval, n: found.n }];
    }),
  };
}

function describeGaps({ about, column, gaps, simpson }: Fairness): readonly DetailTable[] {
  if (gaps.length === 0) return [];
  return [
    {
      title: `How far the groups of ${column} are apart for ${nameSubject(about)}`,
      place: 'folded',
      lead: simpson === undefined ? [] : [describeSimpson(simpson)],
      columns: [
        { name: 'Rate', kind: 'code' },
        { name: 'As', kind: 'text' },
        { name: 'Value', kind: 'text' },
        { name: 'Lowest', kind: 'code' },
        { name: 'Highest', kind: 'code' },
        { name: 'p of no difference', kind: 'number' },
      ],
      rows: gaps.map(writeGap),
      figures: [],
    },
  ];
}

function writeGap(gap: FairnessGap): readonly string[] {
  return [
    gap.metric,
    gap.form,
    writeEstimate(gap.value, gap.interval),
    gap.lowest ?? '',
    gap.highest ?? '',
    writeP(gap.p),
  ];
}

function describeSimpson(simpson: SimpsonCheck): string {
  const { within, metric, crude, adjusted, p, crudeP } = simpson;
  const what = metric === undefined ? 'The ratio' : `The ratio of \`${metric}\``;
  const over = `${what} is ${writeNumber(crude)} over all${crudeP === undefined ? '' : ` (p ${writeP(crudeP)})`}`;
  const inside = `within the values of \`${within}\` the common ratio of odds is ${writeNumber(adjusted)} (p ${writeP(p)})`;
  return `${over}; ${inside}${explainWithin(simpson)}.`;
}

/** Only a difference that is there over all can vanish or turn round. */
function explainWithin({ crudeP, p, reverses }: SimpsonCheck): string {
  if (crudeP === undefined || crudeP > SURE) return '';
  if (p > SURE) return ': no difference can be told there';
  return reverses === true ? ': the other way round (Simpson)' : '';
}

/** The customary p-value: these sentences explain and never judge. */
const SURE = 0.05;
