/** Generates docs/reference/comparison-methods.md from the tables of methods. `--check` writes nothing and fails if it is out of date. */
import { writeGenerated } from './write-generated.ts';
import {
  COMPARISON_METHODS,
  INTERVAL_METHODS,
  METHOD_PREFIXES,
  METHOD_SUFFIXES,
  type MethodPart,
} from '../src/comparison/methods.ts';

const PATH = 'docs/reference/comparison-methods.md';

function printTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headers, headers.map(() => '---'), ...rows.map((row) => row.map(escapeCell))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function listParts(parts: readonly MethodPart[], place: string): string {
  return parts.map(({ text, meaning }) => `- \`${text.trim()}\` ${place}: ${meaning}.`).join('\n');
}

const INTRODUCTION = `<!-- Generated from src/comparison/methods.ts by scripts/generate-comparison-reference.ts. Do not edit. -->

# Methods of comparison

Every comparison in evidence names how it was made, and every interval names its method. This page says what those names mean. All intervals are two-sided at the level 1 − 2·alpha, so that each limit is wrong with probability alpha; what a margin then means stands in [the reference of metrics](metrics.md), how rules share their error rate in [decision 0012](../decisions/0012-rules.md), and what an interval may not claim in [decision 0011](../decisions/0011-intervals-of-comparisons.md).

p-values: \`pWorse\` is the smallest one-sided error rate at which this very interval, computed at its level, lies wholly below the margin. Interval and p-value never disagree. Over all margins of a model it is corrected by Holm's method before a \`fail\` counts; a \`pass\` needs no correction, because every margin must be kept (intersection–union). Lists of parts that nobody asked about (which slice, which class changed) are corrected by Benjamini and Hochberg, with groups by Benjamini and Yekutieli.

No interval of a difference is narrower than what z²·n/(n + z²) unseen examples could do to the metric, which is 2.7 at alpha 0.05; with groups, so many groups.
`;

const text = [
  INTRODUCTION,
  '## Comparisons',
  '',
  printTable(
    ['`method`', 'Used when', 'Estimates', 'Supposes', 'Source'],
    COMPARISON_METHODS.map(({ name, usedWhen, estimand, assumes, source }) => [
      `\`${name}\``,
      usedWhen,
      estimand,
      assumes,
      source,
    ]),
  ),
  '',
  '## Intervals',
  '',
  'Around the name of the method may stand:',
  '',
  listParts(METHOD_PREFIXES, 'before it'),
  listParts(METHOD_SUFFIXES, 'behind it'),
  '',
  printTable(
    ['`interval.method`', 'Metrics', 'Used when', 'Supposes', 'Source'],
    INTERVAL_METHODS.map(({ name, metrics, usedWhen, assumes, source }) => [
      `\`${name}\``,
      metrics,
      usedWhen,
      assumes,
      source,
    ]),
  ),
  '',
].join('\n');

writeGenerated(PATH, text);
