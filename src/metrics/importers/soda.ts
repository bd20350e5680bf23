/** Results of Soda scans, as `--scan-results-file` writes them. */
import { completeUnless, type Ending } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  booleanOf,
  collectAttributes,
  isAbsent,
  listOf,
  numberAt,
  oneOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const SODA: Importer = {
  format: 'soda',
  title: 'Soda scan results (JSON)',
  tested: 'fixture',
  versions: 'soda-core 3.5.6',
  source: 'https://docs.soda.io/soda-v3/run-a-scan',
  recognise: async (source) => headHasKeys(source, ['hasErrors', 'hasFailures', 'hasWarnings', 'metrics']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

const ATTRIBUTES = {
  definitionName: ['definitionName'],
  defaultDataSource: ['defaultDataSource'],
  dataTimestamp: ['dataTimestamp'],
};

function toRun(scan: Place): ImportedRun {
  const checks = listOf(at(scan, 'checks'));
  return {
    id: '',
    ...findEnding(scan, checks),
    numbers: checks.flatMap(readNumber),
    lists: [],
    results: checks.map(toResult),
    samples: [],
    attributes: collectAttributes(scan, ATTRIBUTES),
  };
}

/** After an error no check is listed, and none has failed. */
function findEnding(scan: Place, checks: readonly Place[]): Ending {
  if (booleanOf(at(scan, 'hasErrors'))) {
    const logs = optional(at(scan, 'logs'), listOf) ?? [];
    const error = logs.find((log) => at(log, 'level').value === 'ERROR');
    const message = error === undefined ? '' : textOf(at(error, 'message')).split('\n')[0];
    return { status: 'failed', detail: `The scan ended with an error: ${message ?? ''}` };
  }
  if (checks.length === 0) return completeUnless('The scan holds no check: nothing was checked.');
  const unknown = checks.find((check) => isAbsent(at(check, 'outcome')));
  return completeUnless(unknown && `The check "${textOf(at(unknown, 'name'))}" was not evaluated.`);
}

/** `people: max(age) < 120`. */
function nameOf(check: Place): string {
  const table = at(check, 'table').value;
  const name = textOf(at(check, 'name'));
  return typeof table === 'string' ? `${table}: ${name}` : name;
}

function toResult(check: Place): ImportedResult {
  const name = nameOf(check);
  if (isAbsent(at(check, 'outcome'))) return { name, outcome: 'error', message: 'It was not evaluated.' };
  const outcome = oneOf(at(check, 'outcome'), ['pass', 'warn', 'fail']);
  const value = numberAt(at(check, 'diagnostics', 'value'));
  return { name, outcome, ...(value === undefined ? {} : { message: `the value is ${value}` }) };
}

function readNumber(check: Place): readonly ImportedNumber[] {
  const value = numberAt(at(check, 'diagnostics', 'value'));
  return value === undefined ? [] : [{ key: nameOf(check), value }];
}
