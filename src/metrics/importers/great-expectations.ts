/** Great Expectations: results of a validation (0.x and 1.x), and of a checkpoint with several of them. */
import { completeUnless } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  booleanOf,
  collectAttributes,
  countOf,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const GREAT_EXPECTATIONS: Importer = {
  format: 'great-expectations',
  title: 'Great Expectations validation and checkpoint results',
  tested: 'fixture',
  versions: 'great_expectations 1.24.1 and 0.18.22',
  source: 'https://docs.greatexpectations.io/docs/core/run_validations/run_a_validation_definition',
  recognise: async (source) =>
    headHasKeys(source, ['success', 'results', 'expectation_config']) ||
    headHasKeys(source, ['success', 'results', 'statistics', 'evaluated_expectations']) ||
    headHasKeys(source, ['success', 'validation_results', 'evaluated_validations']) ||
    headHasKeys(source, ['run_id', 'run_results']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

/** One suite over one batch of data. */
interface Validation {
  readonly place: Place;
  /** Before the names of its expectations, where there are several validations. */
  readonly prefix: string;
  readonly expectations: readonly Place[];
}

function toRun(document: Place): ImportedRun {
  const validations = listValidations(document);
  const detail = findGap(document, validations);
  return {
    id: '',
    ...completeUnless(detail),
    numbers: validations.flatMap(readNumbers),
    lists: [],
    results: validations.flatMap(({ prefix, expectations }) =>
      expectations.map((expectation) => toResult(expectation, prefix)),
    ),
    samples: [],
    attributes: {
      ...collectAttributes(document, { great_expectations_version: ['meta', 'great_expectations_version'] }),
      ...suiteAttribute(document),
    },
  };
}

function suiteAttribute(document: Place) {
  const suite = at(document, 'suite_name').value ?? at(document, 'meta', 'expectation_suite_name').value;
  return typeof suite === 'string' ? { suite } : {};
}

/** A validation alone, those of a checkpoint's `describe` (1.x), and those of a checkpoint's result (0.x). */
function listValidations(document: Place): readonly Validation[] {
  const described = at(document, 'validation_results');
  if (!isAbsent(described)) {
    const places = listOf(described);
    return places.map((place, index) => ({
      place,
      prefix: places.length === 1 ? '' : `${index + 1}: `,
      expectations: listOf(at(place, 'expectations')),
    }));
  }
  const results = at(document, 'run_results');
  if (isAbsent(results)) {
    return [{ place: document, prefix: '', expectations: listOf(at(document, 'results')) }];
  }
  const entries = entriesOf(results);
  return entries.map(([id, entry]) => {
    const place = isAbsent(at(entry, 'validation_result')) ? entry : at(entry, 'validation_result');
    const suite = suiteAttribute(place).suite ?? id;
    return {
      place,
      prefix: entries.length === 1 ? '' : `${suite}: `,
      expectations: listOf(at(place, 'results')),
    };
  });
}

/** An empty suite is a success for Great Expectations, and so is one whose results were not all kept. */
function findGap(document: Place, validations: readonly Validation[]): string | undefined {
  if (validations.length === 0) return 'The file holds no validation.';
  const asked = at(document, 'checkpoint_config', 'validations').value;
  if (Array.isArray(asked) && asked.length > validations.length) {
    return `The checkpoint has ${asked.length} validations, and the file ${validations.length} of them.`;
  }
  for (const { place, expectations } of validations) {
    if (expectations.length === 0) return 'A suite without expectations was run: nothing was checked.';
    const failed = expectations.filter((expectation) => !booleanOf(at(expectation, 'success'))).length;
    const counted = optional(at(place, 'statistics', 'unsuccessful_expectations'), countOf) ?? failed;
    if (counted !== failed) return `A suite counts ${counted} failures, and lists ${failed}.`;
    const evaluated = optional(at(place, 'statistics', 'evaluated_expectations'), countOf);
    if (evaluated !== undefined && evaluated < expectations.length) {
      return `A suite counts ${evaluated} expectations, and lists ${expectations.length}.`;
    }
    if (!booleanOf(at(place, 'success')) && failed === 0) return 'A suite failed, and lists no failure.';
  }
  return !isAbsent(at(document, 'success')) &&
    !booleanOf(at(document, 'success')) &&
    validations.every(({ place }) => booleanOf(at(place, 'success')))
    ? 'The checkpoint failed, and lists no failure.'
    : undefined;
}

/** `expect_column_values_to_be_between(age)`. */
function nameOf(expectation: Place): string {
  const config = at(expectation, 'expectation_config');
  const holder = isAbsent(config) ? expectation : config;
  const type = at(holder, 'type');
  const name = textOf(isAbsent(type) ? at(holder, 'expectation_type') : type);
  const columns = ['column', 'column_A', 'column_B', 'column_list']
    .map((key) => at(holder, 'kwargs', key).value)
    .flat()
    .filter((column) => typeof column === 'string');
  return `${name}(${columns.join(', ')})`;
}

function toResult(expectation: Place, prefix: string): ImportedResult {
  const name = `${prefix}${nameOf(expectation)}`;
  if (booleanOf(at(expectation, 'success'))) return { name, outcome: 'pass' };
  const exception = findException(at(expectation, 'exception_info'));
  if (exception !== undefined) return { name, outcome: 'error', message: exception };
  const severity = at(expectation, 'expectation_config', 'severity').value;
  // Severities came with 1.x: critical unless the suite says otherwise.
  const outcome = severity === 'warning' || severity === 'info' ? 'warn' : 'fail';
  const message = describe(at(expectation, 'result'));
  return { name, outcome, ...(message === '' ? {} : { message }) };
}

/** One exception, or several by the metric that raised them. */
function findException(info: Place): string | undefined {
  if (!isMapping(info)) return undefined;
  const all = [info, ...entriesOf(info).map(([, inner]) => inner)].filter(isMapping);
  const raised = all.find((place) => at(place, 'raised_exception').value === true);
  if (raised === undefined) return undefined;
  const message = at(raised, 'exception_message').value;
  return typeof message === 'string' ? message : 'it raised an exception';
}

function describe(result: Place): string {
  const unexpected = at(result, 'unexpected_count').value;
  if (typeof unexpected === 'number') {
    return `${unexpected} of ${String(at(result, 'element_count').value)} values are unexpected`;
  }
  const observed = at(result, 'observed_value').value;
  return typeof observed === 'number' || typeof observed === 'string' ? `observed ${observed}` : '';
}

function readNumbers({ place, prefix, expectations }: Validation): readonly ImportedNumber[] {
  const share = numberAt(at(place, 'statistics', 'success_percent'));
  const seen = new Map<string, number>();
  return [
    ...(share === undefined
      ? []
      : [
          {
            key: `${prefix}success_percent`,
            value: share,
            direction: 'higher-is-better' as const,
            unit: '%',
          },
        ]),
    ...expectations.flatMap((expectation) => {
      const name = nameOf(expectation);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      return readExpectation(expectation, `${prefix}${name}${nth === 1 ? '' : `#${nth}`}`);
    }),
  ];
}

function readExpectation(expectation: Place, name: string): readonly ImportedNumber[] {
  const result = at(expectation, 'result');
  const percent = numberAt(at(result, 'unexpected_percent'));
  const observed = numberAt(at(result, 'observed_value'));
  const n = optional(at(result, 'element_count'), countOf);
  return [
    ...(percent === undefined
      ? []
      : [
          {
            key: `${name}.unexpected_percent`,
            value: percent,
            ...(n === undefined ? {} : { n }),
            direction: 'lower-is-better' as const,
            unit: '%',
          },
        ]),
    ...(observed === undefined ? [] : [{ key: `${name}.observed_value`, value: observed }]),
  ];
}
