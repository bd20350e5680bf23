/** Evidently: snapshots of 0.7 and later, reports and test suites of 0.6 and earlier. */
import { completeUnless } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  collectAttributes,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
  numberOf,
  oneOf,
  optional,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const EVIDENTLY: Importer = {
  format: 'evidently',
  title: 'Evidently snapshots (0.7), and reports and test suites (0.6)',
  tested: 'fixture',
  versions: 'evidently 0.7.20, 0.7.3 and 0.6.7',
  source: 'https://docs.evidentlyai.com/docs/library/output_formats',
  recognise: async (source) =>
    headHasKeys(source, ['metrics', 'id', 'metric_name', 'config', 'value']) ||
    headHasKeys(source, ['metrics', 'id', 'metric_id', 'value', 'tests']) ||
    headHasKeys(source, ['version', 'metrics', 'metric', 'result']) ||
    headHasKeys(source, ['version', 'tests', 'name', 'status', 'group']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

const OUTCOMES = {
  SUCCESS: 'pass',
  FAIL: 'fail',
  // A test that was said to be not critical, and failed.
  WARNING: 'warn',
  ERROR: 'error',
  SKIPPED: 'skipped',
} as const;

type Status = keyof typeof OUTCOMES;
const STATUSES = Object.keys(OUTCOMES) as Status[];

function toRun(document: Place): ImportedRun {
  const metrics = optional(at(document, 'metrics'), listOf) ?? [];
  const tests = optional(at(document, 'tests'), listOf) ?? [];
  if (isAbsent(at(document, 'metrics')) && isAbsent(at(document, 'tests'))) {
    throw wrong(at(document, 'metrics'), 'a list, or `tests` must be one');
  }
  return {
    id: '',
    ...completeUnless(
      metrics.length + tests.length === 0
        ? 'The file holds no metric and no test.'
        : findGap(document, tests),
    ),
    numbers: distinguish(metrics.flatMap(readMetric)),
    lists: [],
    results: tests.map(toResult),
    samples: [],
    attributes: collectAttributes(document, { version: ['version'] }),
  };
}

/** A suite of 0.6 counts its tests; a snapshot does not. */
function findGap(document: Place, tests: readonly Place[]): string | undefined {
  const total = optional(at(document, 'summary', 'total_tests'), numberOf);
  return total === undefined || total === tests.length
    ? undefined
    : `The file counts ${total} tests, and lists ${tests.length}.`;
}

/** `{ metric_name, value }` of a snapshot, which was `metric_id` at first, or `{ metric, result }` of a report. */
function readMetric(metric: Place): readonly ImportedNumber[] {
  if (!isAbsent(at(metric, 'metric'))) return readLegacyMetric(metric);
  const early = at(metric, 'metric_id');
  const name = textOf(isAbsent(early) ? at(metric, 'metric_name') : early);
  const value = at(metric, 'value');
  if (!isMapping(value)) return [{ key: name, value: numberOf(value) }];
  return flatten(value, name);
}

function readLegacyMetric(metric: Place): readonly ImportedNumber[] {
  const result = at(metric, 'result');
  if (!isMapping(result)) throw wrong(result, 'a mapping');
  const column = at(result, 'column_name').value;
  const name = textOf(at(metric, 'metric'));
  return flatten(result, typeof column === 'string' ? `${name}(${column})` : name);
}

/** Numbers in mappings; lists are distributions for drawing, and truth values are no numbers. */
function flatten(place: Place, key: string): readonly ImportedNumber[] {
  if (isMapping(place)) return entriesOf(place).flatMap(([name, inner]) => flatten(inner, `${key}.${name}`));
  const value = numberAt(place);
  return value === undefined ? [] : [{ key, value }];
}

/** A metric that stands there twice is one; two that differ and have one name are counted. */
function distinguish(numbers: readonly ImportedNumber[]): readonly ImportedNumber[] {
  const values = new Map<string, Set<number>>();
  return numbers.flatMap(({ key, value }) => {
    const known = values.get(key) ?? new Set();
    if (known.has(value)) return [];
    values.set(key, known.add(value));
    return [{ key: known.size === 1 ? key : `${key}#${known.size}`, value }];
  });
}

function toResult(test: Place): ImportedResult {
  const message = optional(at(test, 'description'), textOf);
  return {
    name: textOf(at(test, 'name')),
    outcome: OUTCOMES[oneOf(at(test, 'status'), STATUSES)],
    ...(message === undefined ? {} : { message }),
  };
}
