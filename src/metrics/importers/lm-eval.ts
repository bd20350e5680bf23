/** Results and samples of lm-evaluation-harness: a results file, a samples file, or the folder that holds both. */
import { UserError } from '../../evidence/errors.ts';
import { collectSamples } from './collect-samples.ts';
import { completeUnless } from './ending.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, ImportedSamples, Importer } from './importer.ts';
import { listPaths } from './list-paths.ts';
import { headHasKeys, parseLenientJson, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  collectAttributes,
  countOf,
  entriesOf,
  isAbsent,
  isMapping,
  listOf,
  numberAt,
  numberOf,
  optional,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const LM_EVAL: Importer = {
  format: 'lm-eval',
  title: 'lm-evaluation-harness results and samples',
  tested: 'fixture',
  versions: 'lm_eval 0.4.13',
  source: 'https://github.com/EleutherAI/lm-evaluation-harness/blob/main/docs/interface.md',
  recognise: async (source) =>
    source.kind === 'folder'
      ? (await listPaths(source)).some((path) => RESULTS.test(path))
      : isSamples(source) || isResults(source),
  read: async (source) => {
    if (source.kind === 'folder') return await readFolder(source);
    return isSamples(source) ? [await readSamplesAlone(source)] : [await readResults(source, source)];
  },
};

const RESULTS = /(?:^|\/)results_(\d{4}-[^/]+)\.json$/u;
const SAMPLES = /(?:^|\/)samples_(.+)_(\d{4}-\d\d-\d\dT[^/_]+)\.jsonl$/u;

function isSamples(source: ForeignSource): boolean {
  return SAMPLES.test(source.name) || headHasKeys(source, ['doc_id', 'filtered_resps']);
}

/** No other tool has keys such as `acc_stderr,none`. */
function isResults(source: ForeignSource): boolean {
  return (
    headHasKeys(source, ['results']) &&
    /_stderr,[^"]{0,100}"\s*:/u.test(new TextDecoder().decode(source.head))
  );
}

async function readFolder(folder: ForeignSource): Promise<readonly ImportedRun[]> {
  const paths = (await folder.list()).filter((path) => RESULTS.test(path));
  return await Promise.all(
    paths.map(async (path) => {
      const results = await folder.open(path);
      if (results === undefined) throw new UserError(`${folder.name}/${path} cannot be opened.`);
      const run = await readResults(results, folder, path.slice(0, path.lastIndexOf('/') + 1));
      return { ...run, id: paths.length === 1 ? '' : path };
    }),
  );
}

/** The run of a results file, with the samples that lie in the same folder and have its time in their names. */
async function readResults(file: ForeignSource, folder: ForeignSource, below = ''): Promise<ImportedRun> {
  const document = placeOf(await readJson(file), file.name);
  const numbers = readNumbers(document);
  const time = RESULTS.exec(file.name)?.[1];
  const tasks = entriesOf(at(document, 'results')).map(([task]) => task);
  const samples: ImportedSamples[] = [];
  for (const task of time === undefined ? [] : tasks) {
    const found = await folder.open(`${below}samples_${task}_${time}.jsonl`);
    if (found !== undefined) samples.push(await readSamples(found, task));
  }
  const gap = findGap(document, numbers) ?? findMissingSamples(document, samples);
  return {
    id: '',
    ...(isAbsent(at(document, 'model_name')) ? {} : { name: textOf(at(document, 'model_name')) }),
    ...completeUnless(gap),
    numbers,
    lists: [],
    results: [],
    samples,
    attributes: readAttributes(document),
  };
}

/** Tasks, groups among them, and groups of older versions that stand only in a list of their own. */
function readNumbers(document: Place): readonly ImportedNumber[] {
  const rows = entriesOf(at(document, 'results'));
  const groups = optional(at(document, 'groups'), entriesOf) ?? [];
  const all = new Map([...groups, ...rows]);
  return [...all].flatMap(([task, row]) => readRow(document, task, row));
}

const METRIC = /^(.+),([^,]+)$/u;
const STANDARD_ERROR = /_stderr$/u;

function readRow(document: Place, task: string, row: Place): readonly ImportedNumber[] {
  return entriesOf(row).flatMap(([key, place]): readonly ImportedNumber[] => {
    const [, metric, filter] = METRIC.exec(key) ?? [];
    if (metric === undefined || STANDARD_ERROR.test(metric)) return [];
    // Where there is none it is the text "N/A".
    const standardError = numberAt(at(row, `${metric}_stderr,${filter ?? ''}`));
    const higher = at(document, 'higher_is_better', task, metric).value;
    const n = numberOfExamples(document, task, row, key);
    return [
      {
        key: `${task}.${key}`,
        value: numberOf(place),
        ...(n === undefined ? {} : { n }),
        ...(standardError !== undefined && Number.isFinite(standardError) ? { standardError } : {}),
        ...(typeof higher === 'boolean'
          ? { direction: higher ? ('higher-is-better' as const) : ('lower-is-better' as const) }
          : {}),
      },
    ];
  });
}

/** A group counts the examples of the tasks that have the metric, which may be fewer than those of all its tasks. */
function numberOfExamples(document: Place, task: string, row: Place, key: string): number | undefined {
  const places = [
    at(row, 'sample_count', key),
    at(document, 'n-samples', task, 'effective'),
    at(row, 'sample_len'),
  ];
  const found = places.find((place) => !isAbsent(place));
  return found && countOf(found);
}

function findGap(document: Place, numbers: readonly ImportedNumber[]): string | undefined {
  if (numbers.length === 0) return 'The file holds no result.';
  const limit = numberAt(at(document, 'config', 'limit'));
  const why = limit === undefined ? '' : ` The run was limited to ${limit} (\`config.limit\`).`;
  const counts = optional(at(document, 'n-samples'), entriesOf) ?? [];
  const short = counts.find(([, count]) => countOf(at(count, 'effective')) < countOf(at(count, 'original')));
  // A limit beyond the number of examples limits nothing; without counts nobody knows.
  if (short === undefined) return counts.length === 0 && limit !== undefined ? why.trim() : undefined;
  const [task, count] = short;
  return `${task} ran ${countOf(at(count, 'effective'))} of ${countOf(at(count, 'original'))} examples.${why}`;
}

/** Samples that are fewer than those that the results count: their file was cut, or belongs to another run. */
function findMissingSamples(document: Place, samples: readonly ImportedSamples[]): string | undefined {
  const short = samples.find(({ name, ids }) => {
    const effective = at(document, 'n-samples', name, 'effective');
    return !isAbsent(effective) && countOf(effective) !== ids.length;
  });
  if (short === undefined) return undefined;
  const expected = countOf(at(document, 'n-samples', short.name, 'effective'));
  return `The samples of ${short.name} are ${short.ids.length}, but the results count ${expected}.`;
}

const ATTRIBUTES = {
  model_name: ['model_name'],
  model_source: ['model_source'],
  lm_eval_version: ['lm_eval_version'],
  transformers_version: ['transformers_version'],
  git_hash: ['git_hash'],
};

const BY_TASK = ['versions', 'task_hashes', 'n-shot'];

function readAttributes(document: Place): ImportedRun['attributes'] {
  const byTask = BY_TASK.flatMap((key) =>
    (optional(at(document, key), entriesOf) ?? []).map(([task]) => [`${key}.${task}`, [key, task]] as const),
  );
  return {
    ...collectAttributes(document, ATTRIBUTES),
    ...collectAttributes(document, Object.fromEntries(byTask)),
  };
}

/** A samples file does not say whether it is whole: the results file of the same run does. */
async function readSamplesAlone(source: ForeignSource): Promise<ImportedRun> {
  const [, task, time] = SAMPLES.exec(source.name) ?? [];
  const samples = await readSamples(source, task ?? source.name);
  const results = time === undefined ? undefined : await source.open(`results_${time}.json`);
  if (results === undefined) {
    return {
      id: '',
      status: 'partial',
      detail: `There is no results_${time ?? '<time>'}.json beside it, which says how many samples there are.`,
      numbers: [],
      lists: [],
      results: [],
      samples: [samples],
      attributes: {},
    };
  }
  const document = placeOf(await readJson(results), results.name);
  const numbers = readNumbers(document).filter(({ key }) => key.startsWith(`${task ?? ''}.`));
  const gap = findGap(document, numbers) ?? findMissingSamples(document, [samples]);
  return {
    id: '',
    ...completeUnless(gap),
    numbers,
    lists: [],
    results: [],
    samples: [samples],
    attributes: readAttributes(document),
  };
}

/** Digits of a document's hash that its id carries: a changed document is another one. */
const HASH_DIGITS = 16;

/** One line for each document and filter. */
async function readSamples(source: ForeignSource, task: string): Promise<ImportedSamples> {
  const lines = (await source.readText()).split('\n');
  const rows = lines.flatMap((line, index) => {
    const file = `${source.name}: line ${index + 1}`;
    return line.trim() === '' ? [] : [placeOf(parseLenientJson(line, file), file)];
  });
  const byId = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const hash = optional(at(row, 'doc_hash'), textOf)?.slice(0, HASH_DIGITS);
    const id = [countOf(at(row, 'doc_id')), ...(hash === undefined ? [] : [hash])].join(':');
    const grades = byId.get(id) ?? new Map<string, number>();
    for (const [key, grade] of readGrades(row)) {
      if (grades.has(key))
        throw wrong(at(row, 'doc_id'), `another one: \`${key}\` of this document is there twice`);
      grades.set(key, grade);
    }
    byId.set(id, grades);
  }
  return collectSamples(task, byId, source.name);
}

/** Grades by metric and filter. A metric that is computed over all documents, as BLEU is, has no grade of one. */
function readGrades(row: Place): readonly (readonly [string, number])[] {
  if (!isMapping(row)) throw wrong(row, 'a mapping');
  const filter = optional(at(row, 'filter'), textOf) ?? 'none';
  const metrics = listOf(at(row, 'metrics')).map(textOf);
  return metrics.flatMap((metric) => {
    const { value } = at(row, metric);
    const grade = typeof value === 'boolean' ? Number(value) : numberAt(at(row, metric));
    return grade === undefined ? [] : [[`${metric},${filter}`, grade] as const];
  });
}
