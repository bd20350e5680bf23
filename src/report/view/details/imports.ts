import type { EvidenceBody, ForeignResult, ImportedFile } from '../../../schemas/evidence.generated.ts';
import { countOf } from '../../format-number.ts';
import type { DetailTable } from '../report-view.ts';

const OUTCOME_WORDS: Readonly<Record<ForeignResult['outcome'], string>> = {
  pass: '✓ pass',
  warn: '! warn',
  fail: '✗ fail',
  error: '✗ error',
  skipped: '○ skipped',
};

const ORDER = Object.keys({ error: 0, fail: 0, warn: 0, skipped: 0, pass: 0 } satisfies Record<
  ForeignResult['outcome'],
  0
>);

/** What other tools' files hold besides numbers: how their runs ended, and their own checks, those that failed first. */
export function listImports({ imports = [] }: EvidenceBody): readonly DetailTable[] {
  return imports.map((file) => ({
    title: `Results of ${file.format} in ${file.metricsFile}`,
    place: file.status !== 'complete' || (file.results ?? []).length > 0 ? 'folded' : 'page',
    lead: [describeRun(file), ...describeAttributes(file)],
    columns: [
      { name: 'Check', kind: 'code' },
      { name: 'Outcome', kind: 'text' },
      { name: 'What it said', kind: 'message' },
    ],
    rows: (file.results ?? [])
      .toSorted((left, right) => ORDER.indexOf(left.outcome) - ORDER.indexOf(right.outcome))
      .map(({ name, outcome, message = '' }) => [name, OUTCOME_WORDS[outcome], message]),
    figures: [],
  }));
}

function describeRun({ run, status, detail, omittedResults = 0 }: ImportedFile): string {
  const which = run === undefined || run === '' ? 'The run' : `The run \`${run}\``;
  const why = detail === undefined ? '' : `: ${detail}`;
  const more = omittedResults === 0 ? '' : ` ${countOf(omittedResults, 'more result')} are not shown.`;
  return `${which} is ${status}${why}${why.endsWith('.') ? '' : '.'}${more}`;
}

function describeAttributes({ attributes = {} }: ImportedFile): readonly string[] {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return [];
  return [`${entries.map(([key, value]) => `${key}: ${String(value)}`).join(' · ')}.`];
}
