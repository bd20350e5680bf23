import type { Decomposition, EvidenceBody, Part } from '../../../schemas/evidence.generated.ts';
import { decimalsOf, formatCount, formatFixed, formatSigned } from '../../format-number.ts';
import { groupBy } from '../../group-by.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';
import { writeP } from '../write-estimate.ts';

const CORRECTIONS: Readonly<Record<NonNullable<Decomposition['correction']>, string>> = {
  'benjamini-hochberg': 'Benjamini and Hochberg (share of false discoveries)',
  'benjamini-yekutieli': 'Benjamini and Yekutieli (share of false discoveries)',
  holm: 'Holm',
};

/** Parts that add less than this share of what the largest adds are sure, perhaps, and of no account. */
const WORTH_NAMING = 0.1;

/** Parts below this corrected p-value are named as carrying the change. */
const DISCOVERY_LEVEL = 0.05;

/** Which parts of the test set carry the change of each metric: in a comment, of the first metric alone. */
export function listDecompositions({ decompositions = [] }: EvidenceBody): readonly DetailTable[] {
  const seen = new Set<string>();
  return decompositions.map((decomposition) => {
    const key = `${decomposition.by} ${nameSubject(decomposition.about)}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return describeDecomposition(decomposition, isFirst ? 'folded' : 'page');
  });
}

function describeDecomposition(decomposition: Decomposition, place: DetailTable['place']): DetailTable {
  const { about, metric, by, correction, parts } = decomposition;
  const decimals = decimalsOf(Math.max(...parts.map(({ contribution }) => Math.abs(contribution)), 0)) ?? 4;
  return {
    title: `Where ${metric} of ${nameSubject(about)} changed, by ${about.column ?? by}`,
    place,
    lead: [
      'What each part adds to the difference of the whole: its own difference, times its share of the examples.',
      ...(correction === undefined
        ? []
        : [`p-values are of "no difference in this part", corrected by ${CORRECTIONS[correction]}.`]),
    ],
    columns: [
      { name: by === 'class' ? 'Class' : 'Slice', kind: 'code' },
      { name: 'Examples', kind: 'number' },
      { name: 'Baseline', kind: 'number' },
      { name: 'Now', kind: 'number' },
      { name: 'Adds', kind: 'number' },
      { name: 'Corrected p', kind: 'number' },
    ],
    rows: parts.map((part) => [
      part.name,
      formatCount(part.n),
      writeValue(part.baseline, part),
      writeValue(part.candidate, part),
      formatSigned(part.contribution, decimals),
      writeP(part.adjustedP),
    ]),
    figures: [],
  };
}

/** Most sentences about one model: the rest is in the tables. */
const MOST_SENTENCES = 2;

/** The parts whose difference is sure after correction, in a sentence or two for each model. */
export function describeDiscoveries({ decompositions = [] }: EvidenceBody): readonly string[] {
  const byModel = groupBy(decompositions, ({ about }) => about.model ?? '');
  return [...byModel.values()].flatMap((found) => describeEach(found).slice(0, MOST_SENTENCES));
}

function describeEach(decompositions: readonly Decomposition[]): readonly string[] {
  return decompositions.flatMap(({ about, metric, by, parts }) => {
    const largest = Math.max(...parts.map(({ contribution }) => Math.abs(contribution)), 0);
    const found = parts.filter(
      ({ adjustedP, contribution }) =>
        adjustedP !== undefined &&
        adjustedP <= DISCOVERY_LEVEL &&
        Math.abs(contribution) >= WORTH_NAMING * largest,
    );
    if (by !== 'slice' || found.length === 0) return [];
    const named = found
      .slice(0, 3)
      .map(
        (part) =>
          `\`${part.name}\` (${writeValue(part.baseline, part)} → ${writeValue(part.candidate, part)})`,
      );
    const more = found.length > named.length ? ` and ${formatCount(found.length - named.length)} more` : '';
    return [`\`${nameSubject(about)}\`: ${metric} changed in ${named.join(', ')}${more}.`];
  });
}

function writeValue(value: number | null, { n }: Part): string {
  if (value === null) return 'not a number';
  return formatFixed(value, decimalsOf(1 / Math.sqrt(Math.max(n, 1))) ?? 3);
}
