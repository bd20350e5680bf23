/** Reports of pytest-json-report: results of tests, and the metrics that they record. */
import { completeUnless, type Ending } from './ending.ts';
import type { ImportedNumber, ImportedResult, Importer, ImportedRun } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  entriesOf,
  listOf,
  numberAt,
  numberInText,
  oneOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const PYTEST_JSON_REPORT: Importer = {
  format: 'pytest-json-report',
  title: 'pytest-json-report',
  tested: 'fixture',
  versions: 'pytest-json-report 1.5.0 with pytest 9.2.0',
  source: 'https://github.com/numirias/pytest-json-report#format',
  recognise: async (source) => headHasKeys(source, ['created', 'exitcode', 'root', 'summary']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

const OUTCOMES = {
  passed: 'pass',
  failed: 'fail',
  error: 'error',
  skipped: 'skipped',
  // It failed as it was said that it would.
  xfailed: 'skipped',
  // It passed although it was said that it would not, and that is allowed: a strict one is `failed`.
  xpassed: 'warn',
} as const;

type Outcome = keyof typeof OUTCOMES;
const OUTCOME_NAMES = Object.keys(OUTCOMES) as Outcome[];

/** What pytest's exit codes say of the run itself; 0 and 1 are those of one that ran to its end. */
const EXIT_CODES: ReadonlyMap<number, string> = new Map([
  [2, 'The run was interrupted (exit code 2).'],
  [3, 'pytest itself failed (exit code 3).'],
  [4, 'pytest was called wrongly (exit code 4).'],
  [5, 'No test was found (exit code 5).'],
]);

function toRun(report: Place): ImportedRun {
  const tests = listOf(at(report, 'tests'));
  const properties = tests.flatMap(listProperties);
  const ending = findEnding(report, tests);
  return {
    id: '',
    ...ending,
    numbers: properties.flatMap(({ key, place }): ImportedNumber[] => {
      const value = numberIn(place);
      return value === undefined ? [] : [{ key, value }];
    }),
    lists: [],
    results: tests.map(toResult),
    samples: [],
    attributes: Object.fromEntries([
      ...properties.flatMap(({ key, place }) =>
        typeof place.value === 'string' && numberIn(place) === undefined ? [[key, place.value]] : [],
      ),
      ['exitcode', countOf(at(report, 'exitcode'))],
    ]),
  };
}

function findEnding(report: Place, tests: readonly Place[]): Ending {
  const code = countOf(at(report, 'exitcode'));
  if (code > 1) {
    const detail = EXIT_CODES.get(code) ?? `pytest ended with exit code ${code}.`;
    return { status: code === 2 ? 'partial' : 'failed', detail };
  }
  return completeUnless(findGap(report, tests));
}

function findGap(report: Place, tests: readonly Place[]): string | undefined {
  if (tests.length === 0) return 'The report lists no test: nothing ran.';
  const collected = optional(at(report, 'summary', 'collected'), countOf) ?? 0;
  const most = Math.max(collected, countOf(at(report, 'summary', 'total')));
  if (tests.length < most) return `${tests.length} of ${most} tests ran.`;
  // A test without an end was running when the run ended, whatever the exit code is.
  const cut = tests.find(
    (test) => at(test, 'setup').value !== undefined && at(test, 'teardown').value === undefined,
  );
  return cut && `${textOf(at(cut, 'nodeid'))} did not come to its end.`;
}

/** `user_properties` is a list of mappings, `metadata` one mapping. */
function listProperties(test: Place) {
  const owner = textOf(at(test, 'nodeid'));
  const recorded = optional(at(test, 'user_properties'), listOf) ?? [];
  const mappings = [...recorded, ...(optional(at(test, 'metadata'), (place) => [place]) ?? [])];
  return mappings.flatMap((mapping) =>
    entriesOf(mapping).map(([name, place]) => ({ key: `${owner}.${name}`, place })),
  );
}

/** Properties are often written as texts. */
function numberIn(place: Place): number | undefined {
  return numberAt(place) ?? (typeof place.value === 'string' ? numberInText(place.value) : undefined);
}

const PHASES = ['setup', 'call', 'teardown'];

function toResult(test: Place): ImportedResult {
  const outcome = OUTCOMES[oneOf(at(test, 'outcome'), OUTCOME_NAMES)];
  const message = PHASES.map((phase) => at(test, phase, 'crash', 'message').value).find(
    (text) => typeof text === 'string',
  );
  return { name: textOf(at(test, 'nodeid')), outcome, ...(message === undefined ? {} : { message }) };
}
