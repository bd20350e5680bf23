/** Results of pytest-benchmark: times of functions, in seconds. */
import type { ImportedNumber, Importer, ImportedRun } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  entriesOf,
  listOf,
  numberAt,
  numberOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const PYTEST_BENCHMARK: Importer = {
  format: 'pytest-benchmark',
  title: 'pytest-benchmark',
  tested: 'fixture',
  versions: 'pytest-benchmark 5.3.1 with pytest 9.2.0',
  source: 'https://pytest-benchmark.readthedocs.io/en/latest/usage.html',
  recognise: async (source) => headHasKeys(source, ['machine_info', 'commit_info', 'benchmarks']),
  read: async (source) => [toRun(placeOf(await readJson(source), source.name))],
};

function toRun(document: Place): ImportedRun {
  const benchmarks = listOf(at(document, 'benchmarks'));
  return {
    id: '',
    ...(benchmarks.length === 0
      ? {
          status: 'partial' as const,
          detail: 'The file lists no benchmark: each of them failed, or none ran.',
        }
      : {
          status: 'complete' as const,
          detail:
            'The file does not say whether the tests around the benchmarks passed, and a benchmark that failed is not in it: import the JUnit file of the same run too.',
        }),
    numbers: benchmarks.flatMap(readBenchmark),
    lists: [],
    results: [],
    samples: [],
    attributes: Object.fromEntries([
      ...(['version', 'datetime'] as const).map((key) => [key, textOf(at(document, key))]),
      ...listTexts(at(document, 'commit_info'), 'commit'),
      ...benchmarks.flatMap((benchmark) =>
        listTexts(at(benchmark, 'extra_info'), `${nameOf(benchmark)}.extra_info`),
      ),
    ]),
  };
}

function nameOf(benchmark: Place): string {
  return textOf(at(benchmark, 'fullname'));
}

/** The mean of its rounds, with the standard error of a mean, and what the test itself noted. */
function readBenchmark(benchmark: Place): readonly ImportedNumber[] {
  const stats = at(benchmark, 'stats');
  const name = nameOf(benchmark);
  const n = countOf(at(stats, 'rounds'));
  const deviation = numberOf(at(stats, 'stddev'));
  const time = { direction: 'lower-is-better', unit: 's', n } as const;
  const notes = optional(at(benchmark, 'extra_info'), entriesOf) ?? [];
  return [
    {
      key: `${name}.mean`,
      value: numberOf(at(stats, 'mean')),
      ...time,
      // One round has the deviation 0, which is not known rather than nothing.
      ...(n > 1 && Number.isFinite(deviation) ? { standardError: deviation / Math.sqrt(n) } : {}),
    },
    ...(['median', 'min', 'max'] as const).map((key) => ({
      key: `${name}.${key}`,
      value: numberOf(at(stats, key)),
      ...time,
    })),
    ...notes.flatMap(([key, place]) => {
      const value = numberAt(place);
      return value === undefined ? [] : [{ key: `${name}.extra_info.${key}`, value }];
    }),
  ];
}

function listTexts(mapping: Place, prefix: string): readonly (readonly [string, string])[] {
  return (optional(mapping, entriesOf) ?? []).flatMap(([key, { value }]) =>
    typeof value === 'string' ? [[`${prefix}.${key}`, value] as const] : [],
  );
}
