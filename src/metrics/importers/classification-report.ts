/** scikit-learn's `classification_report(output_dict=True)`, as JSON. */
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  entriesOf,
  isMapping,
  numberOf,
  placeOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const CLASSIFICATION_REPORT: Importer = {
  format: 'classification-report',
  title: "scikit-learn's classification_report(output_dict=True), as JSON",
  tested: 'fixture',
  versions: 'scikit-learn 1.9.1',
  source: 'https://scikit-learn.org/stable/modules/generated/sklearn.metrics.classification_report.html',
  recognise: async (source) => headHasKeys(source, ['macro avg', 'weighted avg', 'support']),
  read: async (source) => [await readReport(source)],
};

const AVERAGES: ReadonlySet<string> = new Set(['micro avg', 'macro avg', 'weighted avg', 'samples avg']);
const ACCURACY = 'accuracy';

const UNITS = [
  ['precision', 'higher-is-better'],
  ['recall', 'higher-is-better'],
  ['f1-score', 'higher-is-better'],
] as const;

async function readReport(source: ForeignSource): Promise<ImportedRun> {
  const report = placeOf(await readJson(source), source.name);
  const rows = entriesOf(report).filter(([, row]) => isMapping(row));
  const total = supportOf(at(report, 'macro avg'));
  // A class called "accuracy" is written over by the row of that name: its support is missing from the sum.
  const counted = rows.reduce((sum, [key, row]) => sum + (AVERAGES.has(key) ? 0 : supportOf(row)), 0);
  supportOf(at(report, 'weighted avg'));
  const isWhole = Math.abs(counted - total) <= 1e-6 * Math.max(1, total);
  const accuracy = at(report, ACCURACY);
  return {
    id: '',
    status: isWhole ? 'complete' : 'partial',
    ...(isWhole
      ? {}
      : {
          detail: `Its classes have ${counted} examples and its averages ${total}: a class is missing, such as one that is called like a row of the report (\`accuracy\`, \`macro avg\`).`,
        }),
    numbers: [
      ...(accuracy.value === undefined || isMapping(accuracy) ? [] : [accuracyOf(numberOf(accuracy), total)]),
      ...rows.flatMap(([key, row]) => readRow(key, row)),
    ],
    lists: [],
    results: [],
    samples: [],
    attributes: { classes: rows.filter(([key]) => !AVERAGES.has(key)).length, examples: total },
  };
}

function accuracyOf(value: number, n: number): ImportedNumber {
  return { key: ACCURACY, value, ...countedBy(n), direction: 'higher-is-better' };
}

function supportOf(row: Place): number {
  const support = numberOf(at(row, 'support'));
  if (!(support >= 0)) throw wrong(at(row, 'support'), 'a number of at least 0');
  return support;
}

/** With sample weights the support is a sum, not a count. */
function countedBy(support: number): { readonly n?: number } {
  return Number.isSafeInteger(support) ? { n: support } : {};
}

/** Of a class, recall is a share of its support; nothing else is a share of a number that the report has. */
function readRow(key: string, row: Place): readonly ImportedNumber[] {
  const support = supportOf(row);
  const isClass = !AVERAGES.has(key);
  return [
    ...UNITS.map(([name, direction]): ImportedNumber => ({
      key: `${key}.${name}`,
      value: numberOf(at(row, name)),
      direction,
      ...(isClass && name === 'recall' ? countedBy(support) : {}),
    })),
    { key: `${key}.support`, value: support },
  ];
}
