/** github-action-benchmark: the list that custom tools give it, and the history that it keeps. */
import { completeUnless } from './ending.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  entriesOf,
  listOf,
  numberOf,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const GITHUB_ACTION_BENCHMARK: Importer = {
  format: 'github-action-benchmark',
  title: 'github-action-benchmark custom JSON and stored history',
  tested: 'fake',
  versions: 'written after the source of v1.20 (src/extract.ts, src/write.ts)',
  source: 'https://github.com/benchmark-action/github-action-benchmark#examples',
  recognise: async ({ head }) => {
    const text = new TextDecoder().decode(head).replace(/^\uFEFF/u, '');
    return CUSTOM.test(text) || (STORED.test(text) && text.includes('"benches"'));
  },
  read,
};

/** A list whose first element has a name, a unit and a value, in any order. */
const CUSTOM = /^\s*\[\s*\{(?=[^{}]*"name"\s*:)(?=[^{}]*"unit"\s*:)(?=[^{}]*"value"\s*:)/u;

/** `data.js` is a script that sets one variable; the external file is the same without it. */
const STORED = /^\s*(?:window\.BENCHMARK_DATA\s*=\s*)?\{\s*"lastUpdate"\s*:/u;
const SCRIPT = /^\s*window\.BENCHMARK_DATA\s*=\s*/u;

async function read(source: ForeignSource): Promise<readonly ImportedRun[]> {
  const text = (await source.readText()).replace(SCRIPT, '');
  const document = placeOf(parseLenientJson(text, source.name), source.name);
  if (Array.isArray(document.value)) return [toRun('', listOf(document), undefined)];
  return entriesOf(at(document, 'entries')).flatMap(([suite, runs]) =>
    listOf(runs).map((run) => ({
      ...toRun(
        `${suite}@${textOf(at(run, 'commit', 'id'))}`,
        listOf(at(run, 'benches')),
        textOf(at(run, 'tool')),
      ),
      name: suite,
    })),
  );
}

/** `biggerIsBetter` of the action; all other tools measure times. */
const BIGGER_IS_BETTER = ['benchmarkjs', 'pytest', 'customBiggerIsBetter'];

/** A list of a custom tool does not say which direction is better: that is the name of its `tool` in the workflow. */
function toRun(id: string, benches: readonly Place[], tool: string | undefined): ImportedRun {
  const direction =
    tool === undefined
      ? {}
      : {
          direction: BIGGER_IS_BETTER.includes(tool)
            ? ('higher-is-better' as const)
            : ('lower-is-better' as const),
        };
  const numbers = benches.map((bench): ImportedNumber => {
    const unit = at(bench, 'unit').value;
    return {
      key: textOf(at(bench, 'name')),
      value: numberOf(at(bench, 'value')),
      ...direction,
      ...(typeof unit === 'string' && unit !== '' ? { unit } : {}),
    };
  });
  return {
    id,
    ...completeUnless(benches.length === 0 ? 'The file lists no benchmark.' : undefined),
    numbers,
    lists: [],
    results: [],
    samples: [],
    attributes: tool === undefined ? {} : { tool },
  };
}
