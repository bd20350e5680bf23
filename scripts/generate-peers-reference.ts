/** Generates docs/reference/peers.md: every check of eight other tools beside what says the same here. `--check` writes nothing and fails if it is out of date. */
import {
  DEEPCHECKS_CHECKS,
  EVIDENTLY_METRICS,
  FRICTIONLESS_CHECKS,
  SODA_CHECKS,
  TFDV_ANOMALIES,
  type PeerChecks,
} from './peers/checks.ts';
import { writeGenerated } from './write-generated.ts';
import { DBT_TESTS } from '../src/data/schema-import/dbt-tests.ts';
import { EXPECTATIONS } from '../src/data/schema-import/expectations.ts';
import { SCHEMA_FORMATS } from '../src/data/schema-import/import-schema.ts';
import { CHECKS } from '../src/data/schema-import/pandera-checks.ts';

const PATH = 'docs/reference/peers.md';

const INTRODUCTION = `<!-- Generated from src/data/schema-import/ and scripts/peers/ by scripts/generate-peers-reference.ts. Do not edit. -->

# Other tools' checks, and ours

What other tools check in data, and what says the same here: keywords of JSON Schema, keys of the \`dataset\` block of a [data schema](data-schema.md), or keys of [mlgate.yml](config.md). **not there** means what it says. Lists are those of the versions that are named; a tool's plugins and a user's own code are not in them.

\`mlgate schema import FILE\` reads the formats below and lists what it could not carry over, each with its place, the reason and a cure. What "imported" says in a table is what it carries over. The importers are tested on files that the tools wrote, and rule by rule: on a good and on a broken table the imported schema must say what the tool said (\`test/data-room/schema-import/agrees-with-peers.test.ts\`).

`;

interface Row {
  readonly name: string;
  readonly ours: string;
  readonly imported?: boolean;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function printTable(head: string, rows: readonly Row[]): string {
  const withImport = rows.some(({ imported }) => imported !== undefined);
  const lines = rows.map(({ name, ours, imported }) =>
    [
      '',
      `\`${name}\``,
      ours === '' ? '**not there**' : ours,
      ...(withImport ? [imported === true ? 'yes' : ''] : []),
      '',
    ]
      .map(escapeCell)
      .join(' | ')
      .trim(),
  );
  const columns = withImport
    ? `| ${head} | here | imported |\n|---|---|---|`
    : `| ${head} | here |\n|---|---|`;
  return `${columns}\n${lines.join('\n')}\n`;
}

function rowsOf(checks: PeerChecks): readonly Row[] {
  return Object.entries(checks).map(([name, ours]) => ({ name, ours }));
}

interface Meaning {
  readonly ours: string;
  readonly read?: unknown;
}

function rowsOfMeanings(meanings: Readonly<Record<string, Meaning>>): readonly Row[] {
  return Object.entries(meanings).map(([name, { ours, read }]) => ({
    name,
    ours,
    imported: read !== undefined,
  }));
}

const SECTIONS: readonly (readonly [title: string, text: string, table: string])[] = [
  [
    'Great Expectations',
    'The core expectations of 1.24 and 0.18. `mostly` is `dataset.mostly`, or a share in `dataset.null-fraction`; `severity` is `dataset.severity`; `row_condition` is `dataset.rules`. dbt_expectations has the same names.',
    printTable('expectation', rowsOfMeanings(EXPECTATIONS)),
  ],
  [
    'pandera',
    'The checks that pandera 0.35 brings for data frames. `nullable` is `required`, `unique` is `dataset.unique`, `strict` is `additionalProperties: false`, `dtype` is `type` and `format`, `raise_warning` is `dataset.severity`; `coerce` and parsers change data, which nothing here does. Hypotheses are not there: a comparison of groups is `dataset.slices` or `dataset.compare`.',
    printTable('check', rowsOfMeanings(CHECKS)),
  ],
  [
    'Frictionless',
    'Errors of frictionless 5.21 that speak of data, and the checks that it runs on request. Table Schemas are imported with all their types, formats, constraints and keys.',
    printTable('error or check', rowsOf(FRICTIONLESS_CHECKS)),
  ],
  [
    'TensorFlow Data Validation',
    'Reasons of anomalies of TFDV 1.16. Where the reason is one of the [anomalies](anomalies.md), it has the same name here. Schemas are imported; what compares with other data (`skew_comparator`, `drift_comparator`) goes into mlgate.yml, and the import says how.',
    printTable('reason', rowsOf(TFDV_ANOMALIES)),
  ],
  [
    'deepchecks',
    'Checks of deepchecks 0.19.1 for tables that speak of data (integrity, train-test validation). Those that speak of models are `models` in mlgate.yml.',
    printTable('check', rowsOf(DEEPCHECKS_CHECKS)),
  ],
  [
    'Evidently',
    'Metrics of Evidently 0.7.20 that speak of data, each of which may carry a test. Its choice of a test for drift by the size of the sample is no choice here: [drift](config.md) is judged by an effect, its own null distribution and a false discovery rate.',
    printTable('metric', rowsOf(EVIDENTLY_METRICS)),
  ],
  ['Soda', 'Metrics and checks of SodaCL, soda-core 3.5.6.', printTable('check', rowsOf(SODA_CHECKS))],
  ['dbt', 'Tests of dbt 1.10 and of dbt_utils 1.3.', printTable('test', rowsOfMeanings(DBT_TESTS))],
];

const importers = await Promise.all(SCHEMA_FORMATS.map(([, load]) => load()));
const formats = importers
  .toSorted((left, right) => (left.format < right.format ? -1 : 1))
  .map(({ format, title, tested, versions, source }) =>
    ['', `\`${format}\``, title, tested, versions, source, ''].map(escapeCell).join(' | ').trim(),
  );
const table = `## Formats of schemas that are imported\n\n*fixture*: tested against files that the tool itself wrote; *fake*: against ours.\n\n| \`--from\` | reads | tested | with | described at |\n|---|---|---|---|---|\n${formats.join('\n')}\n`;
const sections = SECTIONS.map(([title, text, rows]) => `\n## ${title}\n\n${text}\n\n${rows}`);
writeGenerated(PATH, `${INTRODUCTION}${table}${sections.join('')}`);
