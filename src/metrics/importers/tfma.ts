/** TensorFlow Model Analysis: the folder of an evaluation, or its file of validations. */
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { UserError } from '../../evidence/errors.ts';
import { eachField, FIXED32, FIXED64, LENGTH, VARINT } from './each-field.ts';
import { completeUnless, type Ending } from './ending.ts';
import type { ForeignSource, ImportedNumber, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { listPaths } from './list-paths.ts';
import { readRecords } from './tfrecord.ts';

export const TFMA: Importer = {
  format: 'tfma',
  title: 'TensorFlow Model Analysis metrics and validations',
  tested: 'fixture',
  versions: 'tensorflow-model-analysis 0.52.0',
  source:
    'https://github.com/tensorflow/model-analysis/blob/master/tensorflow_model_analysis/proto/validation_result.proto',
  recognise: async (source) => (await listPaths(source)).some((path) => VALIDATIONS.test(path)),
  read: async (source) =>
    source.kind === 'file' ? [await readEvaluation('', [source], [])] : await readFolder(source),
};

const VALIDATIONS = /(?:^|[/\\])validations(?:-\d+-of-\d+)?(?:\.tfrecord)?$/u;
const METRICS = /(?:^|[/\\])metrics(?:-\d+-of-\d+)?(?:\.tfrecord)?$/u;

/** An evaluation is a folder; below the one of a pipeline there are those of several runs. */
async function readFolder(folder: ForeignSource): Promise<readonly ImportedRun[]> {
  const paths = await folder.list();
  const found = paths.filter((path) => VALIDATIONS.test(path)).map(folderOf);
  const evaluations = found.length === 0 ? [''] : [...new Set(found)];
  const openAll = async (evaluation: string, name: RegExp): Promise<readonly ForeignSource[]> => {
    const own = paths.filter((path) => folderOf(path) === evaluation && name.test(path));
    const files = await Promise.all(own.map(async (path) => await folder.open(path)));
    return files.filter((file) => file !== undefined);
  };
  const runs: ImportedRun[] = [];
  for (const evaluation of evaluations) {
    const id = evaluations.length === 1 ? '' : evaluation;
    const [validations, metrics] = [
      await openAll(evaluation, VALIDATIONS),
      await openAll(evaluation, METRICS),
    ];
    runs.push(await readEvaluation(id, validations, metrics));
  }
  return runs;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function readEvaluation(
  id: string,
  validationFiles: readonly ForeignSource[],
  metricsFiles: readonly ForeignSource[],
): Promise<ImportedRun> {
  const { BinaryReader } = await import('@bufbuild/protobuf/wire');
  const validations = await decodeAll(validationFiles, BinaryReader, readValidation);
  const metrics = await decodeAll(metricsFiles, BinaryReader, readSlice);
  const gap =
    validations.gap ??
    metrics.gap ??
    findMissingShard(metricsFiles) ??
    (metricsFiles.length === 0 ? undefined : findMissingSlice(validations.messages, metrics.messages.length));
  return {
    id,
    ...(gap === undefined ? findEnding(validations.messages) : completeUnless(gap)),
    numbers: metrics.messages.flat(),
    lists: [],
    results: validations.messages.flatMap(toResults),
    samples: [],
    attributes: { rubber_stamp: validations.messages.some((validation) => validation.rubberStamp) },
  };
}

async function decodeAll<T>(
  files: readonly ForeignSource[],
  Reader: typeof BinaryReader,
  read: (reader: BinaryReader) => T,
): Promise<{ readonly messages: readonly T[]; readonly gap?: string }> {
  const messages: T[] = [];
  for (const file of files) {
    for await (const record of readRecords(file)) {
      if (record === 'cut') return { messages, gap: `${file.name} was cut off.` };
      try {
        messages.push(read(new Reader(record.bytes)));
      } catch (error) {
        throw new UserError(
          `${file.name} is damaged: the record at byte ${record.at} is no message of TFMA.`,
          {
            help: 'Copy it again from where it was written.',
            cause: error,
          },
        );
      }
    }
  }
  return { messages };
}

/** `metrics-00000-of-00002` says how many there are. */
function findMissingShard(files: readonly ForeignSource[]): string | undefined {
  const count = Number(/-of-(\d+)/u.exec(files[0]?.name ?? '')?.[1] ?? files.length);
  return count === files.length ? undefined : `There are ${files.length} of ${count} files of metrics.`;
}

/** A file of records has no end; the validation says how many slices a rule of it matched. */
function findMissingSlice(validations: readonly Validation[], slices: number): string | undefined {
  const matched = Math.max(0, ...validations.map(({ matchedSlices }) => matchedSlices));
  return slices < matched
    ? `${matched} slices were validated, and there are metrics of ${slices}.`
    : undefined;
}

function findEnding(validations: readonly Validation[]): Ending {
  if (validations.length === 0) {
    return completeUnless('There is no validation: no record says how it went.');
  }
  if (validations.some(({ missingThresholds }) => missingThresholds)) {
    return { status: 'failed', detail: 'The evaluation has no thresholds, so nothing was validated.' };
  }
  return { status: 'complete' };
}

interface Failure {
  readonly metric: string;
  readonly value?: number;
  readonly message?: string;
}

interface Validation {
  readonly ok: boolean;
  readonly missingThresholds: boolean;
  readonly rubberStamp: boolean;
  readonly slices: readonly { readonly slice: string; readonly failures: readonly Failure[] }[];
  readonly missingSlices: readonly string[];
  /** Slices that the widest of the rules matched. */
  readonly matchedSlices: number;
}

/** One result for each metric and slice that failed, and one for each slice that is missing; else one that passed. */
function toResults({ ok, slices, missingSlices, missingThresholds }: Validation): readonly ImportedResult[] {
  const failures = slices.flatMap(({ slice, failures }) =>
    failures.map(({ metric, value, message }): ImportedResult => {
      const found = [
        ...(value === undefined ? [] : [`it is ${value}`]),
        ...(message === undefined ? [] : [message]),
      ];
      return {
        name: nameMetric(slice, metric),
        outcome: 'fail',
        ...(found.length === 0 ? {} : { message: found.join('; ') }),
      };
    }),
  );
  const missing = missingSlices.map((slice): ImportedResult => ({
    name: slice,
    outcome: 'fail',
    message: 'This slice is missing.',
  }));
  if (failures.length + missing.length > 0) return [...failures, ...missing];
  if (missingThresholds) return [];
  return [{ name: 'validation_ok', outcome: ok ? 'pass' : 'fail' }];
}

function nameMetric(slice: string, metric: string): string {
  return slice === '' ? metric : `${slice}.${metric}`;
}

/** Reads the message that begins here. */
function inner(reader: BinaryReader, read: (field: number, type: number) => boolean): void {
  const length = reader.uint32();
  eachField(reader, read, reader.pos + length);
}

/**
 * `ValidationResult { bool validation_ok = 1; metric_validations_per_slice = 2; missing_slices = 3;
 * ValidationDetails validation_details = 4; missing_cross_slices = 5; bool missing_thresholds = 6; bool rubber_stamp = 7 }`
 */
function readValidation(reader: BinaryReader): Validation {
  let [ok, missingThresholds, rubberStamp] = [false, false, false];
  const slices: { slice: string; failures: readonly Failure[] }[] = [];
  const missingSlices: string[] = [];
  let matchedSlices = 0;
  eachField(reader, (field, type) => {
    if (field === 1 && type === VARINT) ok = reader.bool();
    else if (field === 6 && type === VARINT) missingThresholds = reader.bool();
    else if (field === 7 && type === VARINT) rubberStamp = reader.bool();
    else if (field === 2 && type === LENGTH) slices.push(readSliceValidation(reader));
    else if (field === 3 && type === LENGTH) missingSlices.push(readSlicingSpec(reader));
    else if (field === 4 && type === LENGTH) matchedSlices = Math.max(matchedSlices, readMatches(reader));
    else if (field === 5 && type === LENGTH) {
      reader.skip(type);
      missingSlices.push('a comparison of slices');
    } else return false;
    return true;
  });
  return { ok, missingThresholds, rubberStamp, slices, missingSlices, matchedSlices };
}

/** `ValidationDetails { repeated SlicingDetails slicing_details = 1 { int32 num_matching_slices = 2 } }` */
function readMatches(reader: BinaryReader): number {
  let most = 0;
  inner(reader, (field, type) => {
    if (field !== 1 || type !== LENGTH) return false;
    inner(reader, (field, type) => {
      if (field !== 2 || type !== VARINT) return false;
      most = Math.max(most, reader.int32());
      return true;
    });
    return true;
  });
  return most;
}

/** `MetricsValidationForSlice { SliceKey slice_key = 2; failures = 3; CrossSliceKey cross_slice_key = 4 }` */
function readSliceValidation(reader: BinaryReader) {
  let slice = '';
  const failures: Failure[] = [];
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 2) slice = readSliceKey(reader);
    else if (field === 4) slice = readCrossSliceKey(reader);
    else if (field === 3) failures.push(readFailure(reader));
    else return false;
    return true;
  });
  return { slice, failures };
}

/** `ValidationFailure { MetricKey metric_key = 1; MetricValue metric_value = 3; string message = 4 }` */
function readFailure(reader: BinaryReader): Failure {
  let failure: Failure = { metric: '' };
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1) failure = { ...failure, metric: readMetricKey(reader) };
    else if (field === 3) {
      const value = readMetricValue(reader);
      if (value !== undefined) failure = { ...failure, value };
    } else if (field === 4) failure = { ...failure, message: reader.string() };
    else return false;
    return true;
  });
  return failure;
}

/** `SlicingSpec { repeated string feature_keys = 1; map<string, string> feature_values = 2; string slice_keys_sql = 3 }` */
function readSlicingSpec(reader: BinaryReader): string {
  const parts: string[] = [];
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1 || field === 3) parts.push(reader.string());
    else if (field === 2) {
      let [key, value] = ['', ''];
      inner(reader, (field, type) => {
        if (type !== LENGTH) return false;
        if (field === 1) key = reader.string();
        else if (field === 2) value = reader.string();
        else return false;
        return true;
      });
      parts.push(`${key}=${value}`);
    } else return false;
    return true;
  });
  return showSlice(parts.join(', '));
}

/** `SliceKey { repeated SingleSliceKey single_slice_keys = 1 }`; empty for the whole set. */
function readSliceKey(reader: BinaryReader): string {
  const parts: string[] = [];
  inner(reader, (field, type) => {
    if (field !== 1 || type !== LENGTH) return false;
    parts.push(readSingleSliceKey(reader));
    return true;
  });
  return parts.join(', ');
}

/** `SingleSliceKey { string column = 1; bytes bytes_value = 2; float float_value = 3; int64 int64_value = 4 }` */
function readSingleSliceKey(reader: BinaryReader): string {
  let [column, value] = ['', ''];
  inner(reader, (field, type) => {
    if (field === 1 && type === LENGTH) column = reader.string();
    else if (field === 2 && type === LENGTH) value = reader.string();
    else if (field === 3 && type === FIXED32) value = String(reader.float());
    else if (field === 4 && type === VARINT) value = String(reader.int64());
    else return false;
    return true;
  });
  return `${column}=${value}`;
}

/** `CrossSliceKey { SliceKey baseline_slice_key = 1; SliceKey comparison_slice_key = 2 }` */
function readCrossSliceKey(reader: BinaryReader): string {
  let [baseline, comparison] = ['', ''];
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1) baseline = readSliceKey(reader);
    else if (field === 2) comparison = readSliceKey(reader);
    else return false;
    return true;
  });
  return `${showSlice(comparison)} against ${showSlice(baseline)}`;
}

function showSlice(slice: string): string {
  return slice === '' ? 'the whole set' : slice;
}

/**
 * `MetricKey { string name = 1; string output_name = 2; SubKey sub_key = 3; string model_name = 4; bool is_diff = 5;
 * AggregationType aggregation_type = 6 }`: the parts that tell metrics of one name apart are joined by dots.
 */
function readMetricKey(reader: BinaryReader): string {
  let [name, output, model, sub, aggregation, isDiff] = ['', '', '', '', '', false];
  inner(reader, (field, type) => {
    if (field === 1 && type === LENGTH) name = reader.string();
    else if (field === 2 && type === LENGTH) output = reader.string();
    else if (field === 4 && type === LENGTH) model = reader.string();
    else if (field === 5 && type === VARINT) isDiff = reader.bool();
    else if (field === 3 && type === LENGTH) sub = readOne(reader, SUB_KEYS, readBoxedInteger);
    else if (field === 6 && type === LENGTH) aggregation = readOne(reader, AGGREGATIONS, readFlag);
    else return false;
    return true;
  });
  return [model, output, name, sub, aggregation, isDiff ? 'diff' : '']
    .filter((part) => part !== '')
    .join('.');
}

const SUB_KEYS = ['class_id', 'k', 'top_k'];
const AGGREGATIONS = ['micro_average', 'macro_average', 'weighted_macro_average'];

/** The set one of fields that are counted from 1, by its name and what it holds. */
function readOne(
  reader: BinaryReader,
  names: readonly string[],
  read: (reader: BinaryReader, type: number) => string | undefined,
): string {
  let found = '';
  inner(reader, (field, type) => {
    const name = names[field - 1];
    const value = name === undefined ? undefined : read(reader, type);
    if (name === undefined || value === undefined) return false;
    found = `${name}${value}`;
    return true;
  });
  return found;
}

function readBoxedInteger(reader: BinaryReader, type: number): string | undefined {
  if (type !== LENGTH) return undefined;
  let value = 0;
  inner(reader, (field, type) => {
    if (field !== 1 || type !== VARINT) return false;
    value = reader.int32();
    return true;
  });
  return `=${value}`;
}

function readFlag(reader: BinaryReader, type: number): string | undefined {
  if (type !== VARINT) return undefined;
  reader.bool();
  return '';
}

/** `DoubleValue { double value = 1 }`, in which 0 is left out. */
function readDouble(reader: BinaryReader): number {
  let value = 0;
  inner(reader, (field, type) => {
    if (field !== 1 || type !== FIXED64) return false;
    value = reader.double();
    return true;
  });
  return value;
}

/**
 * `MetricValue { DoubleValue double_value = 1; BoundedValue bounded_value = 2; TDistributionValue
 * t_distribution_value = 9 }`: the number of a metric that is one; matrices and arrays are passed over.
 */
function readMetricValue(reader: BinaryReader): number | undefined {
  let value: number | undefined;
  const part = (wanted: number) => {
    inner(reader, (field, type) => {
      if (field !== wanted || type !== LENGTH) return false;
      value = readDouble(reader);
      return true;
    });
  };
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1) value = readDouble(reader);
    else if (field === 2) part(3);
    else if (field === 9) part(4);
    else return false;
    return true;
  });
  return value;
}

/** Level of TFMA's intervals, which its files do not state: `alpha` in its `utils/math_util.py`. */
const LEVEL = 0.95;

/** `MetricsForSlice { SliceKey slice_key = 1; CrossSliceKey cross_slice_key = 3; metric_keys_and_values = 51 }` */
function readSlice(reader: BinaryReader): readonly ImportedNumber[] {
  let slice = '';
  const metrics: ImportedNumber[] = [];
  eachField(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1) slice = readSliceKey(reader);
    else if (field === 3) slice = readCrossSliceKey(reader);
    else if (field === 51) metrics.push(...readMetric(reader));
    else return false;
    return true;
  });
  const n = metrics.find(({ key }) => key === 'example_count')?.value;
  return metrics.map((metric) => ({
    ...metric,
    key: nameMetric(slice, metric.key),
    ...(n !== undefined && Number.isSafeInteger(n) && n >= 0 && metric.key !== 'example_count' ? { n } : {}),
  }));
}

/** `{ MetricKey key = 1; MetricValue value = 2; ConfidenceInterval confidence_interval = 3 }` */
function readMetric(reader: BinaryReader): readonly ImportedNumber[] {
  let key = '';
  let value: number | undefined;
  let spread: ReturnType<typeof readInterval> = {};
  inner(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === 1) key = readMetricKey(reader);
    else if (field === 2) value = readMetricValue(reader);
    else if (field === 3) spread = readInterval(reader);
    else return false;
    return true;
  });
  return value === undefined ? [] : [{ key, value, ...spread }];
}

/** `ConfidenceInterval { upper_bound = 1; lower_bound = 2; standard_error = 3 }`, each a MetricValue. */
function readInterval(reader: BinaryReader): Pick<ImportedNumber, 'interval' | 'standardError'> {
  const values: (number | undefined)[] = [];
  inner(reader, (field, type) => {
    if (type !== LENGTH || field > 3) return false;
    values[field] = readMetricValue(reader);
    return true;
  });
  const [, high, low, standardError] = values;
  const isInterval = low !== undefined && high !== undefined && low <= high;
  return {
    ...(isInterval ? { interval: { low, high, level: LEVEL } } : {}),
    ...(standardError !== undefined && standardError > 0 ? { standardError } : {}),
  };
}
