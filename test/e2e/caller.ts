/**
 * Somebody's repository that calls mlgate: a data set, a model, predictions, and the workflows that docs/workflows.md
 * tells its readers to write. Everything is made from a seed, so that each test starts from the same commits.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';

/** Where the caller keeps its workflows, by the heading in docs/workflows.md under which they stand. */
const WORKFLOW_FILES: Readonly<Record<string, string>> = {
  'gate.yml': '.github/workflows/mlgate.yml',
  'comment.yml': '.github/workflows/mlgate-comment.yml',
  'promote.yml': '.github/workflows/promote.yml',
};

/** The examples of YAML below a heading of the guide, with the kit's name for this repository's. */
function readExamples(heading: string): readonly string[] {
  const guide = readFileSync(join(REPOSITORY_ROOT, 'docs/workflows.md'), 'utf8');
  const sections = guide.split(/^## /mu);
  const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```yaml\n([\s\S]*?)^```$/gmu)].map(([, text = '']) =>
    text.replaceAll('OWNER/mlgate', 'acme/kit'),
  );
}

function requireExample(heading: string, start: string): string {
  const found = readExamples(heading).find((text) => text.startsWith(start));
  if (found === undefined) throw new Error(`docs/workflows.md shows nothing like ${start} below ${heading}.`);
  return found;
}

/** The whole workflow below each heading of the guide: so what the guide says is what runs. */
export function readDocumentedWorkflows(): Readonly<Record<string, string>> {
  const pairs = Object.entries(WORKFLOW_FILES).map(([heading, path]) => [
    path,
    requireExample(heading, 'name: '),
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** The jobs of the guide that train, and hand what they trained to the gate. */
export function readDocumentedTraining(): string {
  return requireExample('gate.yml', 'jobs:\n  train:');
}

/** Numbers in [0, 1) from a seed: a linear congruential generator is enough to make tables. */
function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Enough examples to decide the margins of the config. */
const TEST_ROWS = 800;

/**
 * Predictions on the test set. `skill`: at 0 scores are noise, from 0.5 on they separate the classes. The noise is the
 * same for every skill, so that two models are right about mostly the same customers.
 */
function makePredictions(skill: number): string {
  const random = createNumbers(7);
  const rows = Array.from({ length: TEST_ROWS }, (_, index) => {
    const churned = random() < 0.4 ? 1 : 0;
    const score = skill * churned + (1 - skill) * random();
    return `${index + 1},${churned},${(0.02 + 0.96 * score).toFixed(6)}`;
  });
  return `${['customer_id,churned,p_churn', ...rows].join('\n')}\n`;
}

/** A model file and predictions that declare it: what a training run writes. */
export function makeModel(
  skill: number,
  name = `a model of skill ${skill}`,
): Readonly<Record<string, string>> {
  const model = `${name}\n`;
  const sha256 = createHash('sha256').update(model).digest('hex');
  return {
    'models/churn.bin': model,
    'out/predictions.csv': makePredictions(skill),
    'out/predictions.csv.mlgate.json': `${JSON.stringify({ version: 1, subject: { sha256 } })}\n`,
  };
}

/** Customers that satisfy their schema, but for those whose age the caller breaks. */
export function makeCustomers(options: { readonly brokenAges?: number } = {}): string {
  const random = createNumbers(11);
  const rows = Array.from({ length: 120 }, (_, index) => {
    const age = index < (options.brokenAges ?? 0) ? -1 : 18 + Math.floor(random() * 60);
    return `${index + 1},${age},${random() < 0.5 ? 'basic' : 'plus'}`;
  });
  return `${['customer_id,age,plan', ...rows].join('\n')}\n`;
}

const CUSTOMERS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    customer_id: { type: 'integer', minimum: 1 },
    age: { type: 'integer', minimum: 0, maximum: 120 },
    plan: { type: 'string', enum: ['basic', 'plus'] },
  },
  required: ['customer_id', 'age', 'plan'],
  dataset: { rows: { 'at-least': 100 }, unique: [['customer_id']] },
};

export interface ConfigChoices {
  readonly enforce?: boolean;
  /** Lower bound of the area under the curve. */
  readonly atLeast?: number;
}

export function makeConfig({ enforce = true, atLeast = 0.7 }: ConfigChoices = {}): string {
  return `version: 1
data:
  customers: { path: data/customers.csv, schema: schemas/customers.schema.json }
models:
  churn:
    artifact: models/churn.bin
    task: binary-classification
    predictions: { path: out/predictions.csv, id: customer_id, target: churned, score: p_churn }
    metrics:
      roc_auc: { at-least: ${atLeast}, max-regression: 0.03 }
      accuracy: { max-regression: 0.03 }
enforce: ${String(enforce)}
`;
}

/** Area under the curve about 0.84, 0.87 and 0.55. */
export const SKILL = { main: 0.3, better: 0.33, broken: 0.05 } as const;

/** Everything that main has to begin with. */
export function makeCallerFiles(choices: ConfigChoices = {}): Readonly<Record<string, string>> {
  return {
    ...readDocumentedWorkflows(),
    'mlgate.yml': makeConfig(choices),
    'schemas/customers.schema.json': `${JSON.stringify(CUSTOMERS_SCHEMA, undefined, 2)}\n`,
    'data/customers.csv': makeCustomers(),
    ...makeModel(SKILL.main),
  };
}
