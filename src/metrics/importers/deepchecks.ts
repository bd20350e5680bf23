/** Suites and checks of deepchecks, as `to_json` writes them. */
import { completeUnless } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, parseLenientJson, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
  oneOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const DEEPCHECKS: Importer = {
  format: 'deepchecks',
  title: 'deepchecks suites and checks (JSON)',
  tested: 'fixture',
  versions: 'deepchecks 0.19.1 (tabular)',
  source: 'https://docs.deepchecks.com/stable/general/usage/export_save_results.html',
  recognise: async (source) =>
    headHasKeys(source, ['results', 'type', 'check', 'params', 'header']) ||
    headHasKeys(source, ['check', 'conditions_results', 'header']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

function toRun(document: Place): ImportedRun {
  const type = oneOf(at(document, 'type'), ['SuiteResult', 'CheckResult', 'CheckFailure']);
  const checks = type === 'SuiteResult' ? listOf(at(document, 'results')) : [document];
  return {
    id: '',
    ...(type === 'SuiteResult' ? { name: textOf(at(document, 'name')) } : {}),
    ...completeUnless(checks.length === 0 ? 'The suite holds no result: no check ran.' : undefined),
    numbers: checks.flatMap(readNumbers),
    lists: [],
    results: checks.flatMap(toResults),
    samples: [],
    attributes: {},
  };
}

const OUTCOMES = { PASS: 'pass', WARN: 'warn', FAIL: 'fail', ERROR: 'error' } as const;

type Status = keyof typeof OUTCOMES;
const STATUSES = Object.keys(OUTCOMES) as Status[];

/** What a check says that is not made for this task or data; any other exception is a check that broke. */
const IRRELEVANT = /^Check is irrelevant\b/u;

function toResults(check: Place): readonly ImportedResult[] {
  const header = textOf(at(check, 'header'));
  const type = oneOf(at(check, 'type'), ['CheckResult', 'CheckFailure']);
  if (type === 'CheckFailure') {
    const message = textOf(at(check, 'exception'));
    return [{ name: header, outcome: IRRELEVANT.test(message) ? 'skipped' : 'error', message }];
  }
  return (optional(at(check, 'conditions_results'), listOf) ?? []).map((condition) => {
    const message = optional(at(condition, 'More Info'), textOf) ?? '';
    return {
      name: `${header}: ${textOf(at(condition, 'Condition'))}`,
      outcome: OUTCOMES[oneOf(at(condition, 'Status'), STATUSES)],
      ...(message === '' ? {} : { message }),
    };
  });
}

function readNumbers(check: Place): readonly ImportedNumber[] {
  const value = at(check, 'value');
  return isAbsent(value) ? [] : flatten(value, textOf(at(check, 'header')));
}

/** Numbers in mappings. A NumPy number is `{ dtype, value }`, and a table is a text of JSON. */
function flatten(place: Place, key: string): readonly ImportedNumber[] {
  if (isMapping(place)) {
    const isNumpy = !isAbsent(at(place, 'dtype')) && !isAbsent(at(place, 'value'));
    return isNumpy
      ? flatten(at(place, 'value'), key)
      : entriesOf(place).flatMap(([name, inner]) => flatten(inner, `${key}.${name}`));
  }
  if (typeof place.value === 'string' && place.value.startsWith('[{')) return readTable(place, key);
  const value = numberAt(place);
  return value === undefined ? [] : [{ key, value }];
}

const VALUE = 'Value';
const COUNT = 'Number of samples';

/** A table with a column of values: what stands in the others names the row, such as `Test.0.F1`. */
function readTable(place: Place, key: string): readonly ImportedNumber[] {
  const file = `${place.file}: ${key}`;
  return listOf(placeOf(parseLenientJson(String(place.value), file), file)).flatMap((row) => {
    const value = numberAt(at(row, VALUE));
    if (value === undefined) return [];
    const names = entriesOf(row).flatMap(([column, { value }]) =>
      ![VALUE, COUNT].includes(column) && (typeof value === 'string' || typeof value === 'number')
        ? [String(value)]
        : [],
    );
    const n = optional(at(row, COUNT), countOf);
    return [{ key: [key, ...names].join('.'), value, ...(n === undefined ? {} : { n }) }];
  });
}
