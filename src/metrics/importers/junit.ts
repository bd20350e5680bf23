/** JUnit XML: results of tests, and the metrics that they record as properties. */
import { UserError } from '../../evidence/errors.ts';
import { completeUnless } from './ending.ts';
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
} from '../../evidence/foreign/places.ts';

export const JUNIT: Importer = {
  format: 'junit',
  title: 'JUnit XML',
  tested: 'fixture',
  versions: 'pytest 9.2.0 (xunit1 and xunit2), pytest-xdist 3.8.0, Node 24.21.0, Vitest 5.1.0',
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

interface Property {
  readonly key: string;
  readonly text: string;
}

interface TestCase {
  /** Whether it has a name of its own, besides that of its class. */
  readonly isNamed: boolean;
  /** Whether it stands for a module of tests that could not be imported. */
  readonly isUncollected: boolean;
  readonly hasFailure: boolean;
  readonly hasError: boolean;
  readonly result: ImportedResult;
  readonly properties: readonly Property[];
}

interface Suite {
  readonly name: string;
  /** What it says of itself, its inner suites included. */
  readonly stated: Counts;
  readonly cases: readonly TestCase[];
  readonly inner: readonly Suite[];
  readonly properties: readonly Property[];
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function toRun(document: Place): ImportedRun {
  const suites = readRoot(document);
  const all = suites.flatMap(withInner);
  const cases = all.flatMap((suite) => suite.cases);
  const properties = [...all, ...cases].flatMap((owner) => owner.properties);
  const detail =
    findGap(cases) ?? suites.map((suite) => tally(suite).miscount).find((found) => found !== undefined);
  return {
    id: '',
    ...completeUnless(detail),
    numbers: properties.flatMap(({ key, text }): ImportedNumber[] => {
      const value = numberInText(text);
      return value === undefined ? [] : [{ key, value }];
    }),
    lists: [],
    results: cases.map(({ result }) => result),
    samples: [],
    attributes: Object.fromEntries(
      properties.flatMap(({ key, text }) => (numberInText(text) === undefined ? [[key, text]] : [])),
    ),
  };
}

function readRoot(document: Place): readonly Suite[] {
  const group = at(document, 'testsuites');
  if (isAbsent(group) && isAbsent(at(document, 'testsuite'))) {
    throw new UserError(`${document.file}: the root element must be \`testsuites\` or \`testsuite\`.`, {
      help: 'Take the file as the test runner wrote it, or name another `format`.',
    });
  }
  // Node's runner puts tests outside of suites straight into the root.
  return isAbsent(group) ? children(document, 'testsuite').map(readSuite) : [readSuite(group)];
}

function readSuite(place: Place): Suite {
  const element = mappingOf(place);
  const name = attribute(element, 'name') ?? '';
  const stated = (key: string) => Number(attribute(element, key) ?? 0);
  return {
    name,
    stated: { tests: stated('tests'), failures: stated('failures'), errors: stated('errors') },
    cases: children(element, 'testcase').map(readCase),
    inner: children(element, 'testsuite').map(readSuite),
    properties: readProperties(element, name),
  };
}

function withInner(suite: Suite): readonly Suite[] {
  return [suite, ...suite.inner.flatMap(withInner)];
}

/** An element without attributes or children is an empty text. */
function mappingOf(element: Place): Place {
  if (element.value === '') return { ...element, value: {} };
  if (!isMapping(element)) throw wrong(element, 'an element');
  return element;
}

function readCase(place: Place): TestCase {
  const element = mappingOf(place);
  const own = attribute(element, 'name') ?? '';
  const name = [attribute(element, 'classname') ?? '', own].filter((part) => part !== '').join('.');
  const [error] = children(element, 'error');
  const [failure] = children(element, 'failure');
  return {
    isNamed: own !== '',
    isUncollected: messageOf(error) === UNCOLLECTED,
    hasFailure: failure !== undefined,
    hasError: error !== undefined,
    result: toResult(name, error, failure, children(element, 'skipped')[0]),
    properties: readProperties(element, name),
  };
}

/** What pytest writes in the place of tests that it could not import. */
const UNCOLLECTED = 'collection failure';

function messageOf(element: Place | undefined): string {
  return element !== undefined && isMapping(element) ? (attribute(element, 'message') ?? '') : '';
}

function toResult(name: string, error?: Place, failure?: Place, skipped?: Place): ImportedResult {
  const [found, outcome] =
    error !== undefined
      ? ([error, 'error'] as const)
      : failure !== undefined
        ? ([failure, 'fail'] as const)
        : ([skipped, skipped === undefined ? 'pass' : 'skipped'] as const);
  const message = messageOf(found);
  return { name, outcome, ...(message === '' ? {} : { message }) };
}

function readProperties(element: Place, owner: string): readonly Property[] {
  const all = at(element, 'properties');
  if (!isMapping(all)) return [];
  return children(all, 'property').map((property) => {
    const name = attribute(property, 'name') ?? '';
    const inner = isMapping(property) ? at(property, '#text').value : property.value;
    const text = attribute(property, 'value') ?? (typeof inner === 'string' ? decodeEntities(inner) : '');
    return { key: [owner, name].filter((part) => part !== '').join('.'), text: text.trim() };
  });
}

/**
 * What shows that tests are missing. JUnit has no word for a run that was interrupted; pytest then leaves the case
 * without a name that was running.
 */
function findGap(cases: readonly TestCase[]): string | undefined {
  if (cases.length === 0) return 'The file lists no test: nothing ran.';
  if (cases.some(({ isNamed }) => !isNamed)) {
    return 'A test has no name: the run was interrupted in it, and how many would have followed is not known.';
  }
  const uncollected = cases.find(({ isUncollected }) => isUncollected);
  return uncollected === undefined
    ? undefined
    : `${uncollected.result.name} could not be imported: its tests did not run.`;
}

/** What a suite and its inner ones list, and the first of them whose own counts are larger. */
function tally({ name, stated, cases, inner }: Suite): Counts & { readonly miscount: string | undefined } {
  const tallies = inner.map(tally);
  const sum = (key: keyof Counts) => tallies.reduce((total, counts) => total + counts[key], 0);
  const counts: Counts = {
    tests: cases.length + sum('tests'),
    failures: cases.filter(({ hasFailure }) => hasFailure).length + sum('failures'),
    errors: cases.filter(({ hasError }) => hasError).length + sum('errors'),
  };
  // A test that passes and then fails to clean up counts twice in pytest, and is listed once.
  const most = { ...counts, tests: counts.tests + counts.errors };
  const wrongOne = (['tests', 'failures', 'errors'] as const).find((key) => !(stated[key] <= most[key]));
  const miscount =
    wrongOne === undefined
      ? undefined
      : `Suite "${name}" counts ${stated[wrongOne]} ${wrongOne}, but lists ${counts[wrongOne]}.`;
  return { ...counts, miscount: miscount ?? tallies.find((found) => found.miscount !== undefined)?.miscount };
}
