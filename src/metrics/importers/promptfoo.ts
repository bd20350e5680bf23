/** Results of promptfoo: a run for each pair of a prompt and a provider. */
import { digestJson } from '../../evidence/digest.ts';
import type { ImportedNumber, ImportedResult, ImportedRun, ImportedSamples, Importer } from './importer.ts';
import { headHasKeys, readJson } from './lenient-json.ts';
import {
  at,
  booleanOf,
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
} from './places.ts';

export const PROMPTFOO: Importer = {
  format: 'promptfoo',
  title: 'promptfoo results (JSON)',
  tested: 'fixture',
  versions: 'promptfoo 0.121.20',
  source: 'https://www.promptfoo.dev/docs/configuration/outputs/',
  recognise: async (source) => headHasKeys(source, ['evalId', 'results', 'prompts']),
  read: async (source) => readDocument(placeOf(await readJson(source), source.name)),
};

/** The first version of the results in which every answer is a row of its own. */
const FIRST_VERSION = 3;

function readDocument(document: Place): readonly ImportedRun[] {
  const version = at(document, 'results', 'version');
  if (countOf(version) < FIRST_VERSION) throw wrong(version, `${FIRST_VERSION} or later`);
  const prompts = listOf(at(document, 'results', 'prompts'));
  const rows = listOf(at(document, 'results', 'results')).toSorted(
    (a, b) => countOf(at(a, 'testIdx')) - countOf(at(b, 'testIdx')),
  );
  return prompts.map((prompt, index) => {
    const answers = identify(rows.filter((row) => countOf(at(row, 'promptIdx')) === index));
    const provider = textOf(at(prompt, 'provider'));
    const detail = findGap(document, answers, prompts.length);
    return {
      id: prompts.length === 1 ? '' : String(index),
      name: `${provider}: ${textOf(at(prompt, 'label'))}`,
      status: detail === undefined ? 'complete' : 'partial',
      ...(detail === undefined ? {} : { detail }),
      numbers: readNumbers(answers),
      lists: [],
      results: answers.map(toResult),
      samples: [readSamples(document, answers)],
      attributes: { ...readAttributes(document), model: provider },
    };
  });
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

function findGap(document: Place, answers: readonly Answer[], prompts: number): string | undefined {
  if (answers.length === 0) return 'The file holds no answer of this prompt and provider.';
  const errors = answers.filter(({ row }) => isError(row)).length;
  if (errors > 0) return `${errors} of ${answers.length} tests ended with an error.`;
  const stats = at(document, 'results', 'stats');
  const counted = ['successes', 'failures', 'errors'].reduce((sum, key) => sum + countOf(at(stats, key)), 0);
  const listed = listOf(at(document, 'results', 'results')).length;
  if (counted !== listed) return `The file counts ${counted} answers, and lists ${listed}.`;
  // Tests that stand in other files are not listed, and one test with lists of variables is many.
  const tests = at(document, 'config', 'tests').value;
  const stated = Array.isArray(tests) ? tests.filter((test) => typeof test === 'object').length : 0;
  return answers.length < stated || listed < stated * prompts
    ? `${answers.length} of ${stated} tests ran.`
    : undefined;
}

/** Means over the answers: what the file itself sums up are sums. */
function readNumbers(answers: readonly Answer[]): readonly ImportedNumber[] {
  const rows = answers.map(({ row }) => row);
  const passes = rows.map((row) => Number(booleanOf(at(row, 'success'))));
  const names = [...new Set(rows.flatMap((row) => namedScores(row).map(([name]) => name)))];
  return [
    ...toMean('pass_rate', passes, { direction: 'higher-is-better' }),
    ...toMean(
      'score',
      rows.map((row) => numberOf(at(row, 'score'))),
      { direction: 'higher-is-better' },
    ),
    ...names.flatMap((name) =>
      toMean(
        `named_scores.${name}`,
        rows.flatMap((row) => optional(at(row, 'namedScores', name), numberOf) ?? []),
        { direction: 'higher-is-better' },
      ),
    ),
    ...(['latencyMs', 'cost'] as const).flatMap((key) =>
      toMean(
        key,
        rows.flatMap((row) => optional(at(row, key), numberOf) ?? []),
        { direction: 'lower-is-better', unit: key === 'cost' ? 'USD' : 'ms' },
      ),
    ),
  ];
}

function toMean(
  key: string,
  values: readonly number[],
  about: Pick<ImportedNumber, 'direction' | 'unit'>,
): readonly ImportedNumber[] {
  const n = values.length;
  return n === 0 ? [] : [{ key, value: values.reduce((sum, value) => sum + value, 0) / n, n, ...about }];
}

function namedScores(row: Place): readonly (readonly [string, Place])[] {
  return optional(at(row, 'namedScores'), entriesOf) ?? [];
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
  const names = [...new Set(answers.flatMap(({ row }) => namedScores(row).map(([name]) => name)))];
  return {
    name: optional(at(document, 'config', 'description'), textOf) ?? 'promptfoo',
    ids: answers.map(({ id }) => id),
    grades: Object.fromEntries([
      ['pass_rate', answers.map(({ row }) => Number(booleanOf(at(row, 'success'))))],
      ['score', answers.map(({ row }) => numberOf(at(row, 'score')))],
      ...names.map((name) => [
        `named_scores.${name}`,
        answers.map(({ row }) => optional(at(row, 'namedScores', name), numberOf) ?? Number.NaN),
      ]),
    ]),
  };
}

function readAttributes(document: Place): ImportedRun['attributes'] {
  return Object.fromEntries(
    (
      [
        ['evalId', ['evalId']],
        ['description', ['config', 'description']],
        ['promptfooVersion', ['metadata', 'promptfooVersion']],
        ['started', ['metadata', 'evaluationCreatedAt']],
      ] as const
    ).flatMap(([key, path]) => {
      const { value } = at(document, ...path);
      return typeof value === 'string' ? [[key, value]] : [];
    }),
  );
}
