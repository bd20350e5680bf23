/** Logs of Inspect: `.eval` archives and `.json` files. */
import { UserError, WorldError } from '../../evidence/errors.ts';
import { isZip, readZip, type ZipLimits } from '../../evidence/zip.ts';
import { collectSamples } from './collect-samples.ts';
import { completeUnless, type Ending } from './ending.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, ImportedSamples, Importer } from './importer.ts';
import { headHasKeys, parseLenientJson, readJson } from '../../evidence/foreign/lenient-json.ts';
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
  numberOf,
  oneOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const INSPECT_AI: Importer = {
  format: 'inspect-ai',
  title: 'Inspect (inspect_ai) logs, .eval and .json',
  tested: 'fixture',
  versions: 'inspect_ai 0.3.285 and 0.3.60',
  source: 'https://inspect.aisi.org.uk/eval-logs.html',
  recognise: async (source) =>
    source.kind === 'file' &&
    (isArchive(source) || headHasKeys(source, ['version', 'status', 'eval', 'run_id', 'task'])),
  read: async (source) => [toRun(isArchive(source) ? await readArchive(source) : await readLog(source))],
};

const JOURNAL = '_journal/start.json';
const HEADER = 'header.json';
const SUMMARIES = 'summaries.json';
const REDUCTIONS = 'reductions.json';
const SUMMARY = [HEADER, SUMMARIES, REDUCTIONS];

/** A zip whose first entry is the journal, or whose name says so. */
function isArchive({ head, name }: ForeignSource): boolean {
  return isZip(head) && (name.endsWith('.eval') || Buffer.from(head).includes(JOURNAL));
}

const ATTRIBUTES = {
  model: ['eval', 'model'],
  dataset: ['eval', 'dataset', 'name'],
  samples: ['eval', 'dataset', 'samples'],
  epochs: ['eval', 'config', 'epochs'],
  run_id: ['eval', 'run_id'],
  started: ['eval', 'created'],
  task_version: ['eval', 'task_version'],
  commit: ['eval', 'revision', 'commit'],
  dirty: ['eval', 'revision', 'dirty'],
  inspect_ai: ['eval', 'packages', 'inspect_ai'],
};

/** The parts of a log, wherever they stood. */
interface Log {
  readonly header: Place;
  /** One mapping for each sample, with its `error`. */
  readonly samples: Place;
  readonly reductions: Place;
}

async function readLog(source: ForeignSource): Promise<Log> {
  const header = placeOf(await readJson(source), source.name);
  return { header, samples: at(header, 'samples'), reductions: at(header, 'reductions') };
}

/** Transcripts of samples are not unpacked: the summaries have what is needed of them. */
const LIMITS: ZipLimits = {
  maxEntries: 65_000,
  maxBytes: 100_000_000,
};

async function readArchive(source: ForeignSource): Promise<Log> {
  const files = new Map((await unpack(source)).map(({ path, bytes }) => [path, bytes]));
  const part = (path: string): Place => {
    const file = `${source.name}: ${path}`;
    const bytes = files.get(path);
    return placeOf(bytes && parseLenientJson(decode(bytes, file), file), file);
  };
  if (!files.has(JOURNAL) && !files.has(HEADER)) {
    throw new UserError(`${source.name} is a zip archive, but not a log of Inspect: it has no ${HEADER}.`, {
      help: 'Take the file as Inspect wrote it, or name another `format`.',
    });
  }
  return {
    header: files.has(HEADER) ? part(HEADER) : part(JOURNAL),
    samples: part(SUMMARIES),
    reductions: part(REDUCTIONS),
  };
}

async function unpack(source: ForeignSource) {
  const { bytes, begin } = await readEnd(source);
  // Of a longer archive the journal lies too far away; what is read instead of it does not.
  const wanted = (path: string) => SUMMARY.includes(path) || (begin === 0 && path === JOURNAL);
  try {
    return readZip(bytes, { ...LIMITS, wanted, begin }, source.name);
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    throw new UserError(error.message, {
      help: 'Check that the run ended and that the whole file was copied.',
      cause: error,
    });
  }
}

/** Inspect writes what sums a run up behind all of its samples, which may be larger than memory. */
const MAX_END_BYTES = 32_000_000;

async function readEnd(source: ForeignSource) {
  const end: Uint8Array[] = [];
  let [total, kept, first] = [0, 0, 0];
  for await (const piece of source.stream()) {
    end.push(piece);
    total += piece.length;
    kept += piece.length;
    for (let oldest = end[first]; oldest !== undefined && kept - oldest.length >= MAX_END_BYTES;) {
      end[first] = NOTHING;
      kept -= oldest.length;
      first += 1;
      oldest = end[first];
    }
  }
  return { bytes: Buffer.concat(end), begin: total - kept };
}

const NOTHING = new Uint8Array();

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${file} is not UTF-8 text.`, { cause: error });
  }
}

function toRun(log: Log): ImportedRun {
  const { header } = log;
  const scores = optional(at(header, 'results', 'scores'), listOf) ?? [];
  return {
    id: '',
    name: textOf(at(header, 'eval', 'task')),
    ...findEnding(log, scores),
    numbers: readScores(scores),
    lists: [],
    results: [],
    samples: readSamples(log),
    attributes: collectAttributes(header, ATTRIBUTES),
  };
}

const STATUSES = ['success', 'error', 'cancelled', 'started'] as const;

function findEnding({ header, samples }: Log, scores: readonly Place[]): Ending {
  // The journal, which is all that a run leaves that was killed, has no status.
  const status = optional(at(header, 'status'), (place) => oneOf(place, STATUSES)) ?? 'started';
  if (status === 'error') {
    const message = optional(at(header, 'error', 'message'), textOf) ?? 'it does not say why';
    return { status: 'failed', detail: `The run ended with an error: ${message}` };
  }
  if (status !== 'success') {
    return completeUnless(
      status === 'started' ? 'The run did not come to its end.' : 'The run was cancelled.',
    );
  }
  if (optional(at(header, 'invalidated'), booleanOf) === true) {
    return { status: 'failed', detail: 'The log was marked as invalid.' };
  }
  if (scores.length === 0) return completeUnless('The run was not scored.');
  return completeUnless(findGap(header, samples));
}

/** `success` is said of a run that was limited, and of one some of whose samples ended with an error. */
function findGap(header: Place, samples: Place): string | undefined {
  const total = countOf(at(header, 'results', 'total_samples'));
  const completed = countOf(at(header, 'results', 'completed_samples'));
  if (completed < total) return `${completed} of ${total} samples were completed.`;
  const inDataset = optional(at(header, 'eval', 'dataset', 'samples'), countOf);
  const epochs = optional(at(header, 'eval', 'config', 'epochs'), countOf) ?? 1;
  const option = ['limit', 'sample_id'].find((key) => !isAbsent(at(header, 'eval', 'config', key)));
  const why = option === undefined ? '' : ` The run took only some (\`eval.config.${option}\`).`;
  // A limit beyond the size of the dataset limits nothing; without that size nobody knows.
  if (inDataset === undefined && option !== undefined) return why.trim();
  if (inDataset !== undefined && total < inDataset * epochs) {
    return `${total} samples ran of ${inDataset * epochs} that the dataset has.${why}`;
  }
  const errors = (optional(samples, listOf) ?? []).filter((sample) => !isAbsent(at(sample, 'error'))).length;
  return errors === 0 ? undefined : `${errors} of ${total} samples ended with an error.`;
}

/** What Inspect calls the standard error of a mean; an attribute of it, not a metric. */
const STANDARD_ERRORS = ['stderr', 'bootstrap_stderr'];
const MEANS = ['accuracy', 'mean'];

function readScores(scores: readonly Place[]): readonly ImportedNumber[] {
  const names = nameApart(scores.map((score) => ({ name: nameScore(score), place: score })));
  return scores.flatMap((score, index) => readScore(score, names[index] ?? ''));
}

function readScore(score: Place, name: string): readonly ImportedNumber[] {
  const metrics = entriesOf(at(score, 'metrics')).map(([key, metric]) => [key, at(metric, 'value')] as const);
  const standardError = metrics
    .filter(([key]) => STANDARD_ERRORS.includes(key))
    .map(([, place]) => numberAt(place))
    .find((value) => value !== undefined && Number.isFinite(value));
  const n = optional(at(score, 'scored_samples'), countOf);
  return metrics
    .filter(([key]) => !STANDARD_ERRORS.includes(key))
    .map(([key, place]) => ({
      key: `${name}.${key}`,
      value: numberOf(place),
      ...(n === undefined ? {} : { n }),
      ...(standardError !== undefined && MEANS.includes(key) ? { standardError } : {}),
    }));
}

/** By scorer, and by the part of its score where that has parts. */
function nameScore(score: Place): string {
  const scorer = textOf(at(score, 'scorer'));
  const name = textOf(at(score, 'name'));
  return name === scorer ? scorer : `${scorer}.${name}`;
}

/** Names with the reducer of the epochs behind those that several reducers have. */
function nameApart(named: readonly { readonly name: string; readonly place: Place }[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  return named.map(({ name, place }) => {
    const reducer = counts.get(name) === 1 ? undefined : optional(at(place, 'reducer'), textOf);
    return reducer === undefined ? name : `${name}.${reducer}`;
  });
}

/** Grades of samples, epochs taken together as Inspect did for its metrics. */
function readSamples({ header, reductions }: Log): readonly ImportedSamples[] {
  const all = optional(reductions, listOf) ?? [];
  const byId = new Map<string, Map<string, number>>();
  const names = nameApart(all.map((place) => ({ name: textOf(at(place, 'scorer')), place })));
  for (const [index, reduction] of all.entries()) {
    for (const sample of listOf(at(reduction, 'samples'))) {
      const id = String(readId(at(sample, 'sample_id')));
      const grades = byId.get(id) ?? new Map<string, number>();
      for (const [key, grade] of readGrades(at(sample, 'value'), names[index] ?? '')) grades.set(key, grade);
      byId.set(id, grades);
    }
  }
  const samples = collectSamples(textOf(at(header, 'eval', 'task')), byId, header.file);
  return Object.keys(samples.grades).length === 0 ? [] : [samples];
}

function readId(place: Place): string | number {
  return typeof place.value === 'number' ? countOf(place) : textOf(place);
}

function readGrades(value: Place, prefix: string): readonly (readonly [string, number])[] {
  if (isMapping(value))
    return entriesOf(value).flatMap(([key, inner]) => readGrades(inner, `${prefix}.${key}`));
  const grade = numberAt(value);
  return grade === undefined ? [] : [[prefix, grade]];
}
