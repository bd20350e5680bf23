/** What evidence says of a file of another tool, beside its numbers. */
import { boundDistinctly, boundSentence, boundText } from '../evidence/bound-text.ts';
import type { Imported } from '../metrics/importers/import-run.ts';
import { hideSecrets } from '../metrics/importers/find-secrets.ts';
import type { ImportedResult } from '../metrics/importers/importer.ts';
import type { ImportedFile } from '../schemas/evidence.generated.ts';

/** Most results and attributes of one file that evidence holds, and the longest sentence. */
const MAX_RESULTS = 1000;
const MAX_ATTRIBUTES = 50;
const ORDER: readonly ImportedResult['outcome'][] = ['error', 'fail', 'warn', 'skipped', 'pass'];

/**
 * The file as evidence holds it: results that failed first, because the rest may be left out. Evidence is published:
 * a text that looks like a secret is not in it.
 */
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
    ...(run.detail === undefined ? {} : { detail: boundSentence(hideSecrets(run.detail)) }),
    ...(attributes.length === 0
      ? {}
      : {
          attributes: Object.fromEntries(
            attributes.map(([key, value]) => [
              boundDistinctly(key),
              typeof value === 'string' ? boundText(hideSecrets(value)) : finiteOrText(value),
            ]),
          ),
        }),
    ...(sorted.length === 0
      ? {}
      : {
          results: sorted.slice(0, MAX_RESULTS).map(({ name, outcome, message }) => ({
            name: boundDistinctly(name),
            outcome,
            ...(message === undefined ? {} : { message: boundSentence(hideSecrets(message)) }),
          })),
        }),
    ...(omitted === 0 ? {} : { omittedResults: omitted }),
  };
}

/** JSON has no other numbers. */
function finiteOrText(value: number | boolean): number | boolean | string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
