/** JUnit XML: results of tests, and the metrics that they record as properties. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource, ImportedNumber, ImportedResult, Importer, ImportedRun } from './importer.ts';
import {
  at,
  isAbsent,
  isMapping,
  listOf,
  numberInText,
  placeOf,
  textOf,
  wrong,
  type Place,
} from './places.ts';

export const JUNIT: Importer = {
  format: 'junit',
  title: 'JUnit XML',
  tested: 'fixture',
  versions: 'pytest 9.2.0 (xunit1 and xunit2), pytest-xdist 3.8.0',
  source: 'https://github.com/testmoapp/junitxml',
  recognise: async ({ kind, head }) => kind === 'file' && ROOT.test(new TextDecoder().decode(head)),
  read: async (source) => [toRun(placeOf(await parseXml(source), source.name))],
};

const ROOT = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<testsuites?[\s>/]/u;

/** Elements that may stand several times, and so are always lists. */
const REPEATED = ['testsuite', 'testcase', 'property', 'failure', 'error', 'skipped'];

/** Suites in suites; far more than any runner writes. */
const MAX_DEPTH = 50;

/**
 * Elements as mappings, attributes with an `@` before their names. Document types are refused, and no entity is
 * replaced but the five of XML itself and characters by number: nothing grows, nothing is fetched.
 */
async function parseXml(source: ForeignSource): Promise<unknown> {
  const text = await source.readText();
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  if (/<!DOCTYPE/iu.test(text)) {
    throw new UserError(`${source.name} has a document type, which a JUnit file does not need.`, {
      help: 'Take the file as the test runner wrote it.',
    });
  }
  const validity = XMLValidator.validate(text);
  if (validity !== true) {
    const { msg, line, col } = validity.err;
    throw new UserError(`${source.name} is not XML: line ${line}, column ${col}: ${msg.slice(0, 200)}`, {
      help: 'Check that the test run ran to its end: a file that was cut off is no result.',
    });
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    maxNestedTags: MAX_DEPTH,
    isArray: (name) => REPEATED.includes(name),
  });
  try {
    return parser.parse(text);
  } catch (error) {
    throw new UserError(
      `${source.name} cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : 'it is not sound'}.`,
      { help: 'Take the file as the test runner wrote it.', cause: error },
    );
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/giu, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(String(name)) ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The text of an attribute; undefined where there is none. */
function attribute(element: Place, name: string): string | undefined {
  const place = at(element, `@${name}`);
  return isAbsent(place) ? undefined : decodeEntities(textOf(place));
}

function children(element: Place, name: string): readonly Place[] {
  const place = at(element, name);
  return isAbsent(place) ? [] : listOf(place);
}

interface Suite {
  readonly element: Place;
  readonly cases: readonly Place[];
}

function toRun(document: Place): ImportedRun {
  const suites = listSuites(document);
  const cases = suites.flatMap((suite) => suite.cases);
  const properties = [
    ...suites.flatMap(({ element }) => listProperties(element, attribute(element, 'name') ?? '')),
    ...cases.flatMap((test) => listProperties(test, nameOf(test))),
  ];
  const detail = findGap(suites);
  return {
    id: '',
    status: detail === undefined ? 'complete' : 'partial',
    ...(detail === undefined ? {} : { detail }),
    numbers: properties.flatMap(({ key, text }): ImportedNumber[] => {
      const value = numberInText(text);
      return value === undefined ? [] : [{ key, value }];
    }),
    lists: [],
    results: cases.map(toResult),
    samples: [],
    attributes: Object.fromEntries(
      properties.flatMap(({ key, text }) => (numberInText(text) === undefined ? [[key, text]] : [])),
    ),
  };
}

function listSuites(document: Place): readonly Suite[] {
  const roots = isAbsent(at(document, 'testsuites'))
    ? children(document, 'testsuite')
    : children(mappingOf(at(document, 'testsuites')), 'testsuite');
  if (isAbsent(at(document, 'testsuites')) && roots.length === 0) {
    throw new UserError(`${document.file}: the root element must be \`testsuites\` or \`testsuite\`.`, {
      help: 'Take the file as the test runner wrote it, or name another `format`.',
    });
  }
  return roots.flatMap(withInner);
}

function withInner(element: Place): readonly Suite[] {
  const suite = { element: mappingOf(element), cases: children(element, 'testcase').map(mappingOf) };
  return [suite, ...children(element, 'testsuite').flatMap(withInner)];
}

/** An element without attributes or children is an empty text. */
function mappingOf(element: Place): Place {
  if (element.value === '') return { ...element, value: {} };
  if (!isMapping(element)) throw wrong(element, 'an element');
  return element;
}

function nameOf(test: Place): string {
  return [attribute(test, 'classname'), attribute(test, 'name')]
    .filter((part) => part !== undefined && part !== '')
    .join('.');
}

function listProperties(element: Place, owner: string) {
  const all = at(element, 'properties');
  if (!isMapping(all)) return [];
  return children(all, 'property').map((property) => {
    const name = attribute(property, 'name') ?? '';
    const inner = isMapping(property) ? at(property, '#text').value : property.value;
    const text = attribute(property, 'value') ?? (typeof inner === 'string' ? decodeEntities(inner) : '');
    return { key: [owner, name].filter((part) => part !== '').join('.'), text: text.trim() };
  });
}

const OUTCOMES = [
  ['error', 'error'],
  ['failure', 'fail'],
  ['skipped', 'skipped'],
] as const;

function toResult(test: Place): ImportedResult {
  const name = nameOf(test);
  for (const [element, outcome] of OUTCOMES) {
    const [found] = children(test, element);
    if (found === undefined) continue;
    const message = (isMapping(found) ? attribute(found, 'message') : undefined) ?? '';
    return { name, outcome, ...(message === '' ? {} : { message }) };
  }
  return { name, outcome: 'pass' };
}

/**
 * What shows that tests are missing. JUnit has no word for a run that was interrupted; pytest then leaves the case
 * without a name that was running, and a module that it could not import is an error in the place of its tests.
 */
function findGap(suites: readonly Suite[]): string | undefined {
  const cases = suites.flatMap((suite) => suite.cases);
  if (cases.length === 0) return 'The file lists no test: nothing ran.';
  if (cases.some((test) => (attribute(test, 'name') ?? '') === '')) {
    return 'A test has no name: the run was interrupted in it, and how many would have followed is not known.';
  }
  const uncollected = cases.find((test) =>
    children(test, 'error').some(
      (error) => isMapping(error) && attribute(error, 'message') === 'collection failure',
    ),
  );
  if (uncollected !== undefined)
    return `${nameOf(uncollected)} could not be imported: its tests did not run.`;
  return suites.map(findMiscount).find((found) => found !== undefined);
}

/** A suite whose own counts are larger than what it lists, its inner suites included. */
function findMiscount({ element }: Suite): string | undefined {
  const cases = withInner(element).flatMap((suite) => suite.cases);
  const count = (name: string) => cases.filter((test) => children(test, name).length > 0).length;
  const errors = count('error');
  // A test that passes and then fails to clean up counts twice in pytest, and is listed once.
  const listed = { tests: cases.length + errors, failures: count('failure'), errors };
  for (const [name, found] of Object.entries(listed)) {
    const stated = Number(attribute(element, name) ?? 0);
    if (!(stated <= found)) {
      return `Suite "${attribute(element, 'name') ?? ''}" counts ${stated} ${name}, but lists ${found}.`;
    }
  }
  return undefined;
}
