/** An imported run for people. */
import { listFailures } from '../../comparison/judge-imports.ts';
import { hideSecrets } from '../../metrics/importers/find-secrets.ts';
import type { Imported } from '../../metrics/importers/import-run.ts';
import { formatCount, formatPlain } from '../../report/format-number.ts';
import { escapeTerminal } from '../../report/terminal/escape.ts';
import { layOutTable } from '../../report/terminal/layout.ts';
import { showFacts } from './show-facts.ts';
import type { Metric } from '../../schemas/evidence.generated.ts';

/** Failed checks that are shown; --json has them all. */
const MAX_FAILURES = 20;

const DIRECTIONS: Readonly<Record<Metric['direction'], string>> = {
  'higher-is-better': 'higher',
  'lower-is-better': 'lower',
  none: 'unknown',
};

/** What was read, as a page of the terminal: the run, its numbers, and the checks that failed. */
export function describeImported(
  { format, title, run }: Imported,
  metrics: readonly Metric[],
  width: number,
): string {
  const facts: readonly (readonly [string, string])[] = [
    ['format', `${format}: ${title}`],
    ...(run.id === '' ? [] : [['run', run.name === undefined ? run.id : `${run.id} (${run.name})`] as const]),
    ['status', run.detail === undefined ? run.status : `${run.status}. ${run.detail}`],
    ...Object.entries(run.attributes).map(([key, value]) => [key, hideSecrets(String(value))] as const),
  ];
  return [
    ...showFacts(facts, width),
    ...(metrics.length === 0 ? [] : ['', ...showNumbers(metrics, width)]),
    ...(run.lists.length === 0
      ? []
      : [
          '',
          ...run.lists.map(
            ({ key, values }) => `${escapeTerminal(key)}: a list of ${formatCount(values.length)} numbers`,
          ),
        ]),
    ...showResults(run, width),
    ...(run.samples.length === 0
      ? []
      : [
          '',
          ...run.samples.map(
            ({ name, ids }) =>
              `${escapeTerminal(name)}: ${formatCount(ids.length)} graded examples (--samples writes them)`,
          ),
        ]),
    '',
  ].join('\n');
}

function showNumbers(metrics: readonly Metric[], width: number): readonly string[] {
  const head = ['number', 'value', 'standard error', 'n', 'better'];
  const rows = metrics.map(({ name, value, standardError, n, direction, unit }) => [
    name,
    value === null ? 'not finite' : `${formatPlain(value)}${unit === undefined ? '' : ` ${unit}`}`,
    standardError === undefined ? '' : formatPlain(standardError),
    n === undefined ? '' : formatCount(n),
    DIRECTIONS[direction],
  ]);
  return layOutTable(
    [head, ...rows].map((row) => row.map((text) => ({ text: escapeTerminal(text) }))),
    width,
  );
}

function showResults(run: Imported['run'], width: number): readonly string[] {
  if (run.results.length === 0) return [];
  const bad = listFailures(run.results);
  const counts = (['pass', 'warn', 'fail', 'error', 'skipped'] as const).flatMap((outcome) => {
    const count = run.results.filter((result) => result.outcome === outcome).length;
    return count === 0 ? [] : [`${formatCount(count)} ${outcome}`];
  });
  const shown = showFacts(
    bad
      .slice(0, MAX_FAILURES)
      .map(({ name, outcome, message = '' }) => [
        outcome,
        message === '' ? name : `${name}: ${hideSecrets(message)}`,
      ]),
    width,
  );
  const more = bad.length > MAX_FAILURES ? [`and ${formatCount(bad.length - MAX_FAILURES)} more`] : [];
  return ['', `checks of the other tool: ${counts.join(', ')}`, ...shown, ...more];
}
