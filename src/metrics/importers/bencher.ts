/** Bencher Metric Format: `{ benchmark: { measure: { value, lower_value, upper_value } } }`. */
import { completeUnless } from './ending.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  entriesOf,
  isMapping,
  numberAt,
  numberOf,
  optional,
  placeOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const BENCHER: Importer = {
  format: 'bencher',
  title: 'Bencher Metric Format (BMF)',
  tested: 'fake',
  versions: 'written after the JSON schema at https://bencher.dev/bmf.json',
  source: 'https://bencher.dev/docs/reference/bencher-metric-format/',
  recognise: async (source) => isBencher(source),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

const FIELDS = ['value', 'lower_value', 'upper_value'];

/** Nothing in the file names the format, so all of it must have its shape; a larger one is named by the user. */
function isBencher({ kind, head, size, name }: ForeignSource): boolean {
  if (kind !== 'file' || size > head.length) return false;
  try {
    const document = placeOf(parseLenientJson(new TextDecoder().decode(head), name), name);
    const benchmarks = entriesOf(document);
    return benchmarks.length > 0 && benchmarks.every(([, measures]) => hasMeasures(measures));
  } catch {
    return false;
  }
}

function hasMeasures(measures: Place): boolean {
  return entriesOf(measures).every(
    ([, metric]) =>
      numberAt(at(metric, 'value')) !== undefined && entriesOf(metric).every(([key]) => FIELDS.includes(key)),
  );
}

function toRun(document: Place): ImportedRun {
  const numbers = entriesOf(document).flatMap(([benchmark, measures]) =>
    entriesOf(measures).map(([measure, metric]) => readMetric(`${benchmark}.${measure}`, metric)),
  );
  return {
    id: '',
    ...completeUnless(numbers.length === 0 ? 'The file holds no measure.' : undefined),
    numbers,
    lists: [],
    results: [],
    samples: [],
    attributes: {},
  };
}

/** Its limits are not taken over: the format does not say at which level they hold, or of what they are. */
function readMetric(key: string, metric: Place): ImportedNumber {
  if (!isMapping(metric)) throw wrong(metric, 'a mapping with a `value`');
  for (const limit of ['lower_value', 'upper_value']) optional(at(metric, limit), numberOf);
  return { key, value: numberOf(at(metric, 'value')) };
}
