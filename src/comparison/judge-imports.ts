/** Whether the runs of other tools ended well: a pure function of what evidence says of them. */
import { boundSentence, boundText } from '../evidence/bound-text.ts';
import type { Config } from '../schemas/config.generated.ts';
import type { Check, ForeignResult, ImportedFile } from '../schemas/evidence.generated.ts';
import type { Locate } from './list-named-gates.ts';

/** The check that the other tool's run is whole, and the one that its own checks passed. */
export const FOREIGN_RUN = 'foreign-run';
export const FOREIGN_CHECKS = 'foreign-checks';

/** Plain numbers have no run that could have failed, and no import in the evidence. */
export const PLAIN_FORMAT = 'dvc';

/** Failed checks of the other tool that one message names, and the longest message. */
const MAX_NAMED = 10;
export interface ImportsRequest {
  readonly imports: readonly ImportedFile[];
  readonly config: Pick<Config, 'metrics'>;
  readonly locate: Locate;
}

/**
 * For each metrics file of the config that another tool's run was read from: that the run is whole, and, where it has
 * results of its own, that none of them failed. A file whose format the config names must have a run in the evidence.
 */
export function judgeImports({ imports, config, locate }: ImportsRequest): readonly Check[] {
  return Object.entries(config.metrics ?? {}).flatMap(([name, { format }]): readonly Check[] => {
    const base = {
      about: { metricsFile: name },
      severity: 'fail',
      source: locate(['metrics', name]),
    } as const;
    const run = { ...base, id: `metrics/${name}/${FOREIGN_RUN}`, name: FOREIGN_RUN };
    const found = imports.filter(({ metricsFile }) => metricsFile === name);
    // Evidence of untrusted code may hold several of one file: the worst counts.
    const file = found.find(({ status }) => status !== 'complete') ?? found[0];
    if (file === undefined) {
      const isForeign = format !== undefined && format !== PLAIN_FORMAT;
      return isForeign ? [{ ...run, ...missingRun(format) }] : [];
    }
    const results = found.flatMap((one) => one.results ?? []);
    const total = results.length + found.reduce((sum, one) => sum + (one.omittedResults ?? 0), 0);
    const bad = listFailures(results);
    const checks: Check[] = [{ ...run, ...judgeStatus(file) }];
    if (total === 0) return checks;
    return [
      ...checks,
      {
        ...base,
        id: `metrics/${name}/${FOREIGN_CHECKS}`,
        name: FOREIGN_CHECKS,
        ...judgeResults(results, bad, total),
        observed: bad.length,
        violations: bad.length,
        rows: total,
      },
    ];
  });
}

/** Checks of the other tool that failed or could not be made. */
export function listFailures<Result extends Pick<ForeignResult, 'outcome'>>(
  results: readonly Result[],
): readonly Result[] {
  return results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
}

type Finding = Pick<Check, 'verdict' | 'reason' | 'message'>;

function missingRun(format: string): Finding {
  return {
    verdict: 'fail',
    reason: 'missing',
    message: boundSentence(`There is no run of the format ${format} in the evidence.`),
  };
}

function judgeStatus({ status, detail, format }: ImportedFile): Finding {
  const why = detail === undefined ? '' : ` ${detail}`;
  switch (status) {
    case 'complete':
      return { verdict: 'pass', message: boundSentence(`The run is complete (${format}).${why}`) };
    case 'partial':
      return {
        verdict: 'fail',
        reason: 'foreign-incomplete',
        message: boundSentence(`The run is not complete (${format}), so its numbers do not count.${why}`),
      };
    case 'failed':
      return {
        verdict: 'fail',
        reason: 'foreign-failure',
        message: boundSentence(`The run failed (${format}), so its numbers do not count.${why}`),
      };
  }
}

function judgeResults(
  results: readonly ForeignResult[],
  bad: readonly ForeignResult[],
  total: number,
): Finding {
  if (bad.length > 0) {
    const named = bad.slice(0, MAX_NAMED).map(({ name }) => `\`${boundText(name, 100)}\``);
    const more = bad.length > MAX_NAMED ? ` and ${bad.length - MAX_NAMED} more` : '';
    return {
      verdict: 'fail',
      reason: 'foreign-failure',
      message: boundSentence(
        `${bad.length} of the other tool's ${total} checks failed: ${named.join(', ')}${more}.`,
      ),
    };
  }
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length;
  if (skipped === total) {
    return {
      verdict: 'fail',
      reason: 'empty',
      message: `None of the other tool's ${total} checks ran: all were skipped.`,
    };
  }
  const others = (['warn', 'skipped'] as const).flatMap((outcome) => {
    const count = results.filter((result) => result.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome === 'warn' ? 'warned' : 'skipped'}`];
  });
  const except = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return { verdict: 'pass', message: `None of the other tool's ${total} checks failed${except}.` };
}
