/** Results of promptfoo: a run for each pair of a prompt and a provider. */
import { digestJson } from '../../evidence/digest.ts';
import { collectSamples } from './collect-samples.ts';
import { completeUnless } from './ending.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, ImportedSamples, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  booleanOf,
  collectAttributes,
  countOf,
  entriesOf,
  isMapping,
  listOf,
  numberOf,
  optional,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const PROMPTFOO: Importer = {
  format: 'promptfoo',
  title: 'promptfoo results (JSON)',
  tested: 'fixture',
  versions: 'promptfoo 0.121.20',
  source: 'https://www.promptfoo.dev/docs/configuration/outputs/',
  recognise: async (source) => headHasKeys(source, ['evalId', 'results', 'prompts']),
  read: async (source) => readDocument(placeOf(await readJson(source), source.name)),
};

const ATTRIBUTES = {
  evalId: ['evalId'],
  description: ['config', 'description'],
  promptfooVersion: ['metadata', 'promptfooVersion'],
  started: ['metadata', 'evaluationCreatedAt'],
};

/** The first version of the results in which every answer is a row of its own. */
const FIRST_VERSION = 3;

function readDocument(document: Place): readonly ImportedRun[] {
  const version = at(document, 'results', 'version');
  if (countOf(version) < FIRST_VERSION) throw wrong(version, `${FIRST_VERSION} or later`);
  const prompts = listOf(at(document, 'results', 'prompts'));
  const rows = groupByPrompt(document, prompts.length);
  const gap = findGap(document, prompts.length);
  const attributes = collectAttributes(document, ATTRIBUTES);
  return prompts.map((prompt, index) => {
    const answers = identify(rows[index] ?? []);
    const provider = textOf(at(prompt, 'provider'));
    const detail = findError(answers) ?? gap;
    return {
      id: prompts.length === 1 ? '' : String(index),
      name: `${provider}: ${textOf(at(prompt, 'label'))}`,
      ...completeUnless(detail),
      numbers: readNumbers(answers),
      lists: [],
      results: answers.map(toResult),
      samples: [readSamples(document, answers)],
      attributes: { ...attributes, model: provider },
    };
  });
}

/** Rows of each prompt and provider, by the number of their tests. */
function groupByPrompt(document: Place, prompts: number): readonly (readonly Place[])[] {
  const groups = Array.from({ length: prompts }, (): Place[] => []);
  const rows = listOf(at(document, 'results', 'results')).toSorted(
    (left, right) => countOf(at(left, 'testIdx')) - countOf(at(right, 'testIdx')),
  );
  for (const row of rows) {
    const prompt = at(row, 'promptIdx');
    const group = groups[countOf(prompt)];
    if (group === undefined) throw wrong(prompt, `less than the ${prompts} of \`results.prompts\``);
    group.push(row);
  }
  return groups;
}

interface Answer {
  readonly id: string;
  readonly row: Place;
}

/**
 * The number of a test shifts when one is added before it, so it is known by what it asks: by a digest of its
 * variables. Tests with the same ones, and repetitions, are counted.
 */
function identify(rows: readonly Place[]): readonly Answer[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const digest = digestVariables(at(row, 'vars')).slice(0, 16);
    const nth = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, nth);
    return { id: nth === 1 ? digest : `${digest}#${nth}`, row };
  });
}

function digestVariables(variables: Place): string {
  try {
    return digestJson(variables.value ?? {});
  } catch {
    throw wrong(variables, 'JSON, which has no number of this size');
  }
}

function isError(row: Place): boolean {
  return at(row, 'failureReason').value === ERROR;
}

/** `ResultFailureReason.ERROR`: the provider or an assertion broke; 1 is an assertion that said no. */
const ERROR = 2;

function findError(answers: readonly Answer[]): string | undefined {
  if (answers.length === 0) return 'The file holds no answer of this prompt and provider.';
  const errors = answers.filter(({ row }) => isError(row)).length;
  return errors === 0 ? undefined : `${errors} of ${answers.length} tests ended with an error.`;
}

/** What shows that answers are missing, of whichever prompt. */
function findGap(document: Place, prompts: number): string | undefined {
  const stats = at(document, 'results', 'stats');
  const counted = ['successes', 'failures', 'errors'].reduce((sum, key) => sum + countOf(at(stats, key)), 0);
  const listed = listOf(at(document, 'results', 'results')).length;
  if (counted !== listed) return `The file counts ${counted} answers, and lists ${listed}.`;
  // Tests that stand in other files are not listed, and one test with lists of variables is many.
  const tests = at(document, 'config', 'tests').value;
  const stated = Array.isArray(tests) ? tests.filter((test) => typeof test === 'object').length : 0;
  return listed < stated * prompts
    ? `There are ${listed} answers to ${stated} tests by ${prompts} pairs of a prompt and a provider.`
    : undefined;
}

/** Means over the answers: what the file itself gives of named scores are sums. */
function readNumbers(answers: readonly Answer[]): readonly ImportedNumber[] {
  const grades = new Map<string, number[]>();
  const costs = new Map<string, number[]>();
  for (const { row } of answers) {
    for (const [key, value] of readGrades(row)) append(grades, key, value);
    for (const key of Object.keys(UNITS)) {
      const value = optional(at(row, key), numberOf);
      if (value !== undefined) append(costs, key, value);
    }
  }
  return [
    ...Array.from(grades, ([key, values]) => ({
      ...toMean(key, values),
      direction: 'higher-is-better' as const,
    })),
    ...Array.from(costs, ([key, values]) => ({
      ...toMean(key, values),
      direction: 'lower-is-better' as const,
      ...(UNITS[key] === undefined ? {} : { unit: UNITS[key] }),
    })),
  ];
}

const UNITS: Readonly<Record<string, string>> = { latencyMs: 'ms', cost: 'USD' };

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function toMean(key: string, values: readonly number[]): ImportedNumber {
  return { key, value: values.reduce((sum, value) => sum + value, 0) / values.length, n: values.length };
}

/** What one answer was graded with, by name. */
function readGrades(row: Place): ReadonlyMap<string, number> {
  const named = optional(at(row, 'namedScores'), entriesOf) ?? [];
  return new Map([
    ['pass_rate', Number(booleanOf(at(row, 'success')))],
    ['score', numberOf(at(row, 'score'))],
    ...named.map(([name, place]) => [`named_scores.${name}`, numberOf(place)] as const),
  ]);
}

function toResult({ id, row }: Answer): ImportedResult {
  const description = optional(at(row, 'testCase', 'description'), textOf);
  const reason = at(row, 'gradingResult', 'reason').value ?? at(row, 'error').value;
  const success = booleanOf(at(row, 'success'));
  return {
    name: description ?? (isMapping(at(row, 'vars')) ? JSON.stringify(at(row, 'vars').value) : id),
    outcome: isError(row) ? 'error' : success ? 'pass' : 'fail',
    ...(typeof reason === 'string' && !success ? { message: reason } : {}),
  };
}

function readSamples(document: Place, answers: readonly Answer[]): ImportedSamples {
  const name = optional(at(document, 'config', 'description'), textOf) ?? 'promptfoo';
  return collectSamples(name, new Map(answers.map(({ id, row }) => [id, readGrades(row)])), document.file);
}
