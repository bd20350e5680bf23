/**
 * The official JSON Schema test suite, draft 2020-12, through the whole way that a user's schema takes: parser, rules,
 * plan, engine. Each case is wrapped as one column of JSON Lines; where all its instances are objects, as rows too.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadDataSchema } from '../../src/config/load-data-schema.ts';
import { uriOfFile } from '../../src/config/references/index-schemas.ts';
import { validateData } from '../../src/data/validate-data.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const SUITE = resolve(process.env['JSON_SCHEMA_SUITE'] ?? '../shared/data/json-schema-test-suite');
const CASES = join(SUITE, 'tests/draft2020-12');
const REMOTES = join(SUITE, 'remotes/draft2020-12');

/** The suite serves these; here they are files that the schema refers to. */
const SERVED = 'http://localhost:1234/draft2020-12/';
const FOLDER = 'remotes/';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

type Form = 'column' | 'row';

/** What is not run, and why; the first that fits. */
const OUT_OF_SCOPE: readonly (readonly [RegExp, string])[] = [
  [/^vocabulary\.json|format-assertion/u, 'another dialect by `$vocabulary`'],
  [/^format\.json/u, 'formats are assertions here, annotations there'],
  [/^optional\/(?:bignum|float-overflow)\.json/u, 'numbers that no double holds'],
  [
    /^unevaluatedItems\.json: unevaluatedItems (?:with nested items|depends on (?:adjacent|multiple nested) contains|and contains interact|with minContains|can see annotations from if without then)/u,
    'ajv counts the items that `contains`, nested `items` and `if` have looked at otherwise',
  ],
];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listFiles(): readonly string[] {
  const required = readdirSync(CASES).filter((name) => name.endsWith('.json'));
  const optional = ['optional', 'optional/format'].flatMap((folder) =>
    readdirSync(join(CASES, folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${folder}/${name}`),
  );
  return [...required, ...optional];
}

/** Groups that are one table together: as columns, each a column of its own that only its rows have. */
interface Batch {
  readonly form: Form;
  readonly groups: readonly Group[];
}

function wrap({ form, groups }: Batch): string {
  const columns = groups.map(({ schema }, index) => [
    `g${index}`,
    isObject(schema) ? { $id: uriOfFile(`case-${index}.json`), ...schema } : schema,
  ]);
  const whole = form === 'row' ? groups[0]?.schema : { properties: Object.fromEntries(columns) };
  return JSON.stringify(whole).replaceAll(SERVED, uriOfFile(FOLDER));
}

function listRows({ form, groups }: Batch): readonly string[] {
  return groups.flatMap(({ tests }, index) =>
    tests.map(({ data }) => JSON.stringify(form === 'row' ? data : { [`g${index}`]: data })),
  );
}

/** Identifiers of two groups must not meet in one document. */
function canShare({ schema }: Group): boolean {
  return !/"\$(?:id|anchor|dynamicAnchor)"/u.test(JSON.stringify(schema));
}

function toBatches(groups: readonly Group[]): readonly Batch[] {
  const shared = groups.filter(canShare);
  const alone = groups.filter((group) => !canShare(group));
  const rows = groups.filter(({ tests }) => tests.every(({ data }) => isObject(data)));
  return [
    ...(shared.length === 0 ? [] : [{ form: 'column' as const, groups: shared }]),
    ...alone.map((group) => ({ form: 'column' as const, groups: [group] })),
    ...rows.map((group) => ({ form: 'row' as const, groups: [group] })),
  ];
}

async function readRemote(path: string): Promise<string> {
  const file = join(REMOTES, path.replace(FOLDER, ''));
  if (!path.startsWith(FOLDER) || !existsSync(file)) throw new UserError(`there is no ${path}`);
  return await Promise.resolve(readFileSync(file, 'utf8').replaceAll(SERVED, uriOfFile(FOLDER)));
}

interface Outcome {
  readonly form: Form;
  readonly name: string;
  readonly kind: 'pass' | 'fail' | 'out';
  readonly reason: string;
}

describe.skipIf(!existsSync(CASES))('the official JSON Schema test suite', () => {
  let tables: TestEngine;
  const outcomes: Outcome[] = [];
  let number = 0;
  beforeAll(() => {
    tables = openTestEngine({ memoryMegabytes: 256 });
  });
  afterAll(async () => tables.close());

  async function judge(batch: Batch, name: string): Promise<readonly boolean[] | string> {
    const { schema } = await loadDataSchema(wrap(batch), 'case.schema.json', readRemote);
    const lines = listRows(batch);
    const path = tables.write(`${name}.jsonl`, `${lines.join('\n')}\n`);
    const { checks } = await validateData({
      engine: tables.engine,
      dataset: 'd',
      source: { path },
      displayPath: path,
      schema,
      examples: 1000,
      severity: 'fail',
      locateSchema: (key) => ({ file: 'case.schema.json', key: key.join('.'), line: 1, column: 1 }),
      now: new Date(0),
    } as Parameters<typeof validateData>[0]);
    return readChecks(checks, lines.length);
  }

  test('every case has the answer that it states', async () => {
    for (const file of listFiles()) {
      const groups = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as readonly Group[];
      for (const form of ['column', 'row'] as const) {
        const open: Group[] = [];
        for (const group of groups) {
          if (form === 'row' && !group.tests.every(({ data }) => isObject(data))) continue;
          const reason = await whyOut(file, { form, groups: [group] });
          if (reason === undefined) open.push(group);
          else outcomes.push(...group.tests.map((one) => outcomeOf(file, form, group, one, 'out', reason)));
        }
        for (const batch of toBatches(open).filter((one) => one.form === form)) {
          outcomes.push(...(await runBatch(file, batch)));
        }
      }
    }
    report(outcomes);
    expect(outcomes.filter(({ kind }) => kind === 'fail')).toStrictEqual([]);
  }, 600_000);

  async function runBatch(file: string, batch: Batch): Promise<readonly Outcome[]> {
    number += 1;
    const judged = await judge(batch, `case-${number}`);
    const cases = batch.groups.flatMap((group) => group.tests.map((one) => ({ group, one })));
    return cases.map(({ group, one }, index) => {
      if (typeof judged === 'string') return outcomeOf(file, batch.form, group, one, 'out', judged);
      const isRight = judged[index] === one.valid;
      // What a format means is ajv-formats' definition, as the data schema says: the differences are counted.
      const isOther = !isRight && file.startsWith('optional/format/');
      return outcomeOf(
        file,
        batch.form,
        group,
        one,
        isRight ? 'pass' : isOther ? 'out' : 'fail',
        isOther ? 'ajv-formats reads the format otherwise' : `expected ${one.valid}`,
      );
    });
  }
});

/** Why a group is not run. */
async function whyOut(file: string, batch: Batch): Promise<string | undefined> {
  const label = `${file}: ${batch.groups[0]?.description ?? ''}`;
  const excluded = OUT_OF_SCOPE.find(([pattern]) => pattern.test(label));
  if (excluded !== undefined) return excluded[1];
  try {
    await loadDataSchema(wrap(batch), 'case.schema.json', readRemote);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return classify(error.message);
    throw error;
  }
}

function outcomeOf(
  file: string,
  form: Form,
  group: Group,
  one: Group['tests'][number],
  kind: Outcome['kind'],
  reason: string,
): Outcome {
  return { form, name: `${file}: ${group.description}: ${one.description}`, kind, reason };
}

/** Refusals of a user's mistake, by what they have in common. */
function classify(message: string): string {
  if (/on the network/u.test(message)) return 'refused: a reference into the network';
  if (/says nothing|contradicts|can only be described|must have at least 1 item/u.test(message)) {
    return 'refused: a keyword that could never fail, or never hold';
  }
  if (/unknown key/u.test(message)) return 'refused: an unknown keyword';
  if (/must be `date`/u.test(message)) return 'refused: a format that nothing here checks';
  if (/older JSON Schema/u.test(message)) return 'refused: a keyword of an older draft';
  return `refused: ${message.split('\n').at(-1) ?? ''}`;
}

function readChecks(checks: readonly Check[], rows: number): readonly boolean[] | string {
  if (checks.some(({ name, verdict }) => name === 'DATA_UNREADABLE' && verdict === 'fail')) {
    return 'a table with none of the columns of its schema is refused as a whole';
  }
  const valid = Array.from({ length: rows }, () => true);
  for (const check of checks) {
    if (check.verdict !== 'fail') continue;
    if (check.name === 'SCHEMA_MISSING_COLUMN') valid.fill(false);
    if (check.name === 'SCHEMA_NEW_COLUMN')
      return 'columns that are one too many are told by the header, not row by row';
    const found = check.examples ?? [];
    if (check.violations !== undefined && found.length > 0) expect(found).toHaveLength(check.violations);
    for (const { row } of found) if (row !== undefined) valid[row - 1] = false;
  }
  return valid;
}

function report(outcomes: readonly Outcome[]): void {
  for (const form of ['column', 'row'] as const) {
    const of = outcomes.filter((outcome) => outcome.form === form);
    const count = (kind: Outcome['kind']): number => of.filter((outcome) => outcome.kind === kind).length;
    console.log(
      `as ${form}: ${of.length} cases, ${count('pass')} pass, ${count('fail')} fail, ${count('out')} out of scope`,
    );
    const out = of.filter(({ kind }) => kind === 'out').map(({ reason }) => reason);
    for (const reason of new Set(out)) {
      console.log(`  ${out.filter((other) => other === reason).length} × ${reason}`);
    }
  }
}
