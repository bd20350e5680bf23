/** Suites of Great Expectations, 0.x and 1.x, as they are kept in `expectations/*.json`. */
import {
  at,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';
import { leave, type ForeignTable, type Outcome, type SchemaImporter } from './carry.ts';
import { readExpectation } from './expectations.ts';

export const GREAT_EXPECTATIONS: SchemaImporter = {
  format: 'great-expectations',
  title: 'Great Expectations suites (0.x and 1.x)',
  tested: 'fixture',
  versions: 'great_expectations 1.24.1 and 0.18.22',
  source: 'https://docs.greatexpectations.io/docs/core/define_expectations/organize_expectation_suites',
  recognise: (document) => {
    const suite = document.parsed();
    return (
      Array.isArray(at(suite, 'expectations').value) &&
      (typeof at(suite, 'name').value === 'string' ||
        typeof at(suite, 'expectation_suite_name').value === 'string')
    );
  },
  read: (document) => [readSuite(document.parsed())],
};

function readSuite(suite: Place): ForeignTable {
  const name = at(suite, 'name').value ?? at(suite, 'expectation_suite_name').value;
  return {
    name: typeof name === 'string' ? name : 'suite',
    outcomes: listOf(at(suite, 'expectations')).flatMap(readOne),
  };
}

/** Arguments that are no part of what is checked, or that are read apart. */
const SHARED = ['row_condition', 'condition_parser'];

function readOne(expectation: Place): readonly Outcome[] {
  const type = at(expectation, 'type');
  const name = textOf(isAbsent(type) ? at(expectation, 'expectation_type') : type);
  const kwargs = at(expectation, 'kwargs');
  const column = at(kwargs, 'column').value;
  const condition = SHARED.map((key) => at(kwargs, key)).find((place) => !isAbsent(place));
  if (condition !== undefined) {
    return [
      leave(
        expectation,
        name,
        'it looks at some rows only, chosen by an expression of pandas or SQL',
        'Write it as `dataset.rules` with `when` and `then`, or with `if` and `then` of JSON Schema.',
      ),
    ];
  }
  const parameters = isMapping(kwargs)
    ? entriesOf(kwargs).filter(([, place]) => isMapping(place) && !isAbsent(at(place, '$PARAMETER')))
    : [];
  if (parameters.length > 0) {
    return [
      leave(
        expectation,
        name,
        'it takes a parameter that is only known when the suite runs',
        'Write the value into the data schema.',
      ),
    ];
  }
  return readExpectation({
    place: expectation,
    name,
    kwargs,
    column: typeof column === 'string' ? column : '',
  }).map((outcome) =>
    outcome.kind === 'carried' && isWarning(expectation) ? { ...outcome, severity: 'warn' } : outcome,
  );
}

/** Severities came with 1.x: critical unless the suite says otherwise. */
function isWarning(expectation: Place): boolean {
  const { value } = at(expectation, 'severity');
  return value === 'warning' || value === 'info';
}
