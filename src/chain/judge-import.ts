/** What evidence says of a file of another tool, beside its numbers. */
import type { ParsedConfig } from '../config/parse-config.ts';
import { boundDistinctly, boundText } from '../evidence/bound-text.ts';
import type { Imported } from '../metrics/importers/import-run.ts';
import type { ImportedResult, ImportedRun } from '../metrics/importers/importer.ts';
import type { Check, ImportedFile } from '../schemas/evidence.generated.ts';

/** Most results and attributes of one file that evidence holds, and the longest sentence. */
const MAX_RESULTS = 1000;
const MAX_ATTRIBUTES = 50;
const MAX_SENTENCE = 2000;

/** Failed checks of the other tool that one message names. */
const MAX_NAMED = 10;

/** The check that the other tool's run is whole. */
export const FOREIGN_RUN = 'foreign-run';

const ORDER: readonly ImportedResult['outcome'][] = ['error', 'fail', 'warn', 'skipped', 'pass'];

/** The file as evidence holds it: results that failed first, because the rest may be left out. */
export function describeImport(name: string, { format, run }: Imported): ImportedFile {
  const sorted = run.results.toSorted(
    (left, right) => ORDER.indexOf(left.outcome) - ORDER.indexOf(right.outcome),
  );
  const omitted = Math.max(0, sorted.length - MAX_RESULTS);
  const attributes = Object.entries(run.attributes).slice(0, MAX_ATTRIBUTES);
  return {
    metricsFile: name,
    format,
    ...(run.id === '' ? {} : { run: boundDistinctly(run.id) }),
    status: run.status,
    ...(run.detail === undefined ? {} : { detail: boundText(run.detail, MAX_SENTENCE) }),
    ...(attributes.length === 0
      ? {}
      : {
          attributes: Object.fromEntries(
            attributes.map(([key, value]) => [
              boundDistinctly(key),
              typeof value === 'string' ? boundText(value) : finiteOrText(value),
            ]),
          ),
        }),
    ...(sorted.length === 0
      ? {}
      : {
          results: sorted.slice(0, MAX_RESULTS).map(({ name, outcome, message }) => ({
            name: boundDistinctly(name),
            outcome,
            ...(message === undefined ? {} : { message: boundText(message, MAX_SENTENCE) }),
          })),
        }),
    ...(omitted === 0 ? {} : { omittedResults: omitted }),
  };
}

/** JSON has no other numbers. */
function finiteOrText(value: number | boolean): number | boolean | string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** Checks of the other tool that failed or could not be made. */
export function listFailures({ results }: ImportedRun): readonly ImportedResult[] {
  return results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
}

/** That the other tool's run is whole, and that its own checks passed. */
export function judgeImport(name: string, { title, run }: Imported, parsed: ParsedConfig): readonly Check[] {
  const base = {
    about: { metricsFile: name },
    severity: 'fail',
    source: parsed.locate(['metrics', name]),
  } as const;
  const whole: Check = {
    ...base,
    id: `metrics/${name}/foreign-run`,
    name: FOREIGN_RUN,
    ...judgeStatus(run, title),
  };
  if (run.results.length === 0) return [whole];
  const bad = listFailures(run);
  return [
    whole,
    {
      ...base,
      id: `metrics/${name}/foreign-checks`,
      name: 'foreign-checks',
      ...judgeResults(run.results, bad),
      observed: bad.length,
      violations: bad.length,
      rows: run.results.length,
    },
  ];
}

type Finding = Pick<Check, 'verdict' | 'reason' | 'message'>;

function judgeStatus({ status, detail }: ImportedRun, title: string): Finding {
  const why = detail === undefined ? '' : ` ${detail}`;
  switch (status) {
    case 'complete':
      return { verdict: 'pass', message: boundText(`The run is complete (${title}).${why}`, MAX_SENTENCE) };
    case 'partial':
      return {
        verdict: 'fail',
        reason: 'foreign-incomplete',
        message: boundText(
          `The run is not complete (${title}), so its numbers do not count.${why}`,
          MAX_SENTENCE,
        ),
      };
    case 'failed':
      return {
        verdict: 'fail',
        reason: 'foreign-failure',
        message: boundText(`The run failed (${title}), so its numbers do not count.${why}`, MAX_SENTENCE),
      };
  }
}

function judgeResults(results: readonly ImportedResult[], bad: readonly ImportedResult[]): Finding {
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  const warned = results.filter(({ outcome }) => outcome === 'warn').length;
  const count = `${passed} of the other tool's ${results.length} checks passed`;
  if (bad.length > 0) {
    const named = bad.slice(0, MAX_NAMED).map((result) => `\`${boundText(result.name, 100)}\``);
    const more = bad.length > MAX_NAMED ? ` and ${bad.length - MAX_NAMED} more` : '';
    return {
      verdict: 'fail',
      reason: 'foreign-failure',
      message: boundText(`${count}; these failed: ${named.join(', ')}${more}.`, MAX_SENTENCE),
    };
  }
  if (passed + warned === 0) {
    return {
      verdict: 'fail',
      reason: 'empty',
      message: `None of the other tool's ${results.length} checks ran: all were skipped.`,
    };
  }
  const warnings = warned === 0 ? '' : `; ${warned} warned`;
  return { verdict: 'pass', message: `${count}${warnings}.` };
}
