/** Leaks, faults and personal data, from a config and files to evidence and its report, with the real engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runChain } from '../../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../../src/chain/connect.ts';
import { judgeAgain } from '../../../src/chain/judge-again.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Check, Evidence } from '../../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../../src/schemas/validate.ts';
import { NO_BASELINE } from '../memory-effects.ts';
import { startUnitEngine } from '../../helpers/unit-engine.ts';

let engine: Engine;
let folder: string;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-findings-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

type Row = readonly (string | number)[];

function writeTable(name: string, header: string, rows: readonly Row[]): void {
  writeFileSync(join(folder, `${name}.csv`), `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`);
}

async function parse(data: object) {
  writeFileSync(join(folder, 'mlgate.yml'), JSON.stringify({ version: 1, data }));
  return await readConfig(openWorkspace('mlgate.yml', folder));
}

async function run(data: object): Promise<Evidence> {
  const parsed = await parse(data);
  const { evidence } = await runChain(
    { parsed, stages: ['data'], source: { event: 'local' }, version: '0.0.0-test' },
    {
      ...connectFiles(openWorkspace('mlgate.yml', folder)),
      engine,
      findBaseline: async () => NO_BASELINE,
      now: () => new Date(0),
      onStep: () => undefined,
    },
  );
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return evidence;
}

function dataset(name: string, others: object): object {
  writeFileSync(
    join(folder, `${name}.schema.json`),
    JSON.stringify({ type: 'object', properties: { id: {}, a: { type: 'number' } }, required: [] }),
  );
  return { path: `${name}.csv`, schema: `${name}.schema.json`, profile: false, ...others };
}

function find({ body }: Evidence, id: string): Check | undefined {
  return body.checks.find((check) => check.id === id);
}

function range<T>(n: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

/** Pseudo-random share of an index: without pattern, the same each time. */
function scatter(index: number): number {
  const wave = Math.sin((index + 1) * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
}

const CLEAN = range(400, (index) => [
  index,
  Math.round(scatter(index) * 1e6),
  ['north', 'south', 'west'][Math.floor(scatter(index + 5000) * 3)] ?? '',
  scatter(index + 9000) < 0.4 ? 'yes' : 'no',
]);
const HEADER = 'id,a,region,label';
const ROLES = { id: ['id'], label: 'label', entity: 'id' };

describe('a clean table', () => {
  it('passes every check of integrity, leakage and privacy', async () => {
    writeTable('train', HEADER, CLEAN);
    writeTable(
      'test',
      HEADER,
      range(400, (index) => [
        1000 + index,
        Math.round(scatter(index + 700) * 1e6) + 0.5,
        'north,south,west'.split(',')[index % 3] ?? '',
        scatter(index + 333) < 0.4 ? 'yes' : 'no',
      ]),
    );
    const evidence = await run({
      train: dataset('train', { columns: ROLES, integrity: {}, privacy: {} }),
      test: dataset('test', { columns: ROLES, leakage: { against: ['train'] }, integrity: {}, privacy: {} }),
    });
    expect(evidence.body.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(evidence.body.verdict).toBe('pass');
    expect(evidence.body.checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'data/test/leakage/SPLIT_OVERLAP/train',
        'data/test/leakage/LABEL_LEAK',
        'data/train/integrity/MIXED_TYPES',
        'data/train/privacy/PERSONAL_DATA',
      ]),
    );
  });
});

describe('a table with everything wrong', () => {
  const bad = {
    columns: { ...ROLES, time: 'day' },
    integrity: {},
    privacy: {},
    leakage: { against: ['train'] },
  };

  async function runBad(others: object = {}): Promise<Evidence> {
    const header = 'id,a,region,label,day,copy,mail,same,twin';
    writeTable(
      'train',
      header,
      CLEAN.map((row, index) => [
        ...row,
        `2026-01-${String((index % 28) + 1).padStart(2, '0')}`,
        row[3] ?? '',
        `u${index}@example.org`,
        'k',
        row[1] ?? '',
      ]),
    );
    writeTable('bad', header, [
      ...CLEAN.slice(0, 100).map((row, index): Row => [
        ...row.with(0, index < 5 ? index : 5000 + index),
        '2026-02-01',
        row[3] ?? '',
        `u${index}@example.org`,
        'k',
        row[1] ?? '',
      ]),
      ...range(300, (index): Row => [
        6000 + index,
        index < 3 ? 'oops' : index < 6 ? 'NA' : index + 0.25,
        index < 4 ? 'North' : 'north',
        index === 0 ? 'maybe' : index % 2 === 0 ? 'yes' : 'no',
        '2026-01-02',
        index % 2 === 0 ? 'yes' : 'no',
        `v${index}@example.org`,
        'k',
        index + 0.25,
      ]),
    ]);
    return await run({ train: dataset('train', {}), bad: dataset('bad', { ...bad, ...others }) });
  }

  it('fails each check, and says what and where', async () => {
    const evidence = await runBad();
    const failed = evidence.body.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
    for (const name of ['MIXED_TYPES', 'SPELLING_VARIANTS', 'CONSTANT_COLUMN'])
      expect(failed).toContain(`data/bad/integrity/${name}`);
    for (const name of [
      'SPLIT_OVERLAP/train',
      'ENTITY_OVERLAP/train',
      'TIME_OVERLAP/train',
      'NEW_LABELS/train',
      'LABEL_LEAK',
    ])
      expect(failed).toContain(`data/bad/leakage/${name}`);
    // Nobody bounds how much the times may overlap, and random splits are common.
    expect(find(evidence, 'data/bad/leakage/TIME_OVERLAP/train')).toMatchObject({ severity: 'warn' });
    expect(find(evidence, 'data/bad/leakage/SPLIT_OVERLAP/train')).toMatchObject({
      observed: 0.25,
      violations: 100,
      rows: 400,
    });
    expect(find(evidence, 'data/bad/leakage/LABEL_LEAK')?.message).toContain('`copy`');
    expect(find(evidence, 'data/bad/privacy/PERSONAL_DATA')).toMatchObject({
      verdict: 'fail',
      severity: 'warn',
      violations: 400,
    });
    expect(find(evidence, 'data/bad/privacy/PERSONAL_DATA')?.message).toContain('`mail`');
    expect(JSON.stringify(evidence)).not.toContain('@example.org');
  });

  it('lets pass what is allowed with a reason, and tells the reason', async () => {
    const evidence = await runBad({
      privacy: { allow: { mail: 'Needed for support' } },
      leakage: { against: ['train'], allow: { copy: 'Known before' }, 'max-overlap': '60%' },
    });
    expect(find(evidence, 'data/bad/privacy/PERSONAL_DATA')).toMatchObject({ verdict: 'pass' });
    expect(find(evidence, 'data/bad/privacy/PERSONAL_DATA')?.message).toContain('Needed for support');
    expect(find(evidence, 'data/bad/leakage/LABEL_LEAK')).toMatchObject({ verdict: 'pass' });
    expect(find(evidence, 'data/bad/leakage/SPLIT_OVERLAP/train')).toMatchObject({
      verdict: 'pass',
      observed: 0.25,
    });
  });

  it('is judged anew by the bounds of the base, and what was cut out fails', async () => {
    const lax = await runBad({ leakage: { against: ['train'], 'max-overlap': '60%', severity: 'warn' } });
    const parsed = await parse({ train: dataset('train', {}), bad: dataset('bad', bad) });
    const trusted = { parsed, schemaDigests: new Map() };
    const again = judgeAgain(lax, trusted);
    expect(find(lax, 'data/bad/leakage/SPLIT_OVERLAP/train')).toMatchObject({ verdict: 'pass' });
    expect(find(again, 'data/bad/leakage/SPLIT_OVERLAP/train')).toMatchObject({
      verdict: 'fail',
      severity: 'fail',
    });
    const { dataFindings = [] } = lax.body;
    const cut = {
      ...lax,
      body: { ...lax.body, dataFindings: dataFindings.filter(({ kind }) => kind !== 'ENTITY_OVERLAP') },
    };
    expect(find(judgeAgain(cut, trusted), 'data/bad/leakage/ENTITY_OVERLAP/train')).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
    });
  });
});

function splitOf(index: number): string {
  return index < 200 ? 'train' : index < 300 ? 'valid' : 'test';
}

describe('splits of one file', () => {
  it('are held against those before them', async () => {
    writeTable(
      'all',
      `${HEADER},part`,
      CLEAN.map((row, index) => [...(index >= 300 ? (CLEAN[index - 300] ?? row) : row), splitOf(index)]),
    );
    const evidence = await run({
      all: dataset('all', {
        columns: { ...ROLES, split: 'part' },
        leakage: { splits: ['train', 'valid', 'test'] },
      }),
    });
    expect(find(evidence, 'data/all/leakage/SPLIT_OVERLAP/train → test')).toMatchObject({
      verdict: 'fail',
      violations: 100,
    });
    expect(find(evidence, 'data/all/leakage/SPLIT_OVERLAP/train → valid')).toMatchObject({ verdict: 'pass' });
    expect(find(evidence, 'data/all/leakage/ENTITY_OVERLAP/train → test')).toMatchObject({ verdict: 'fail' });
  });
});

describe('a file that is no table', () => {
  it('leaves each check skipped', async () => {
    writeFileSync(join(folder, 'ragged.csv'), 'id,a\n1,2\n1,2,3\n');
    const evidence = await run({ ragged: dataset('ragged', { integrity: {}, privacy: {} }) });
    expect(find(evidence, 'data/ragged/integrity/DUPLICATE_ROWS')).toMatchObject({
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
    });
    expect(find(evidence, 'data/ragged/privacy/PERSONAL_DATA')).toMatchObject({ verdict: 'skipped' });
  });
});

function digits(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
}

describe('personal values', () => {
  const secret = fc.record({ user: fc.stringMatching(/^[a-z]{8,12}$/u), phone: digits(10), ssn: digits(4) });

  it('never stand in evidence, whatever else is wrong with them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(secret, { minLength: 8, maxLength: 20 }), async (people) => {
        const rows = people.map(({ user, phone, ssn }, index): Row => [
          index,
          `${user}@mail.example`,
          `+1${phone}`,
          `219-09-${ssn === '0000' ? '0001' : ssn}`,
          index % 3 === 0 ? user : user.toUpperCase(),
          'yes',
        ]);
        writeTable('people', 'id,contact,call,code,last_name,label', [...rows, ...rows]);
        writeFileSync(
          join(folder, 'people.schema.json'),
          JSON.stringify({
            type: 'object',
            properties: {
              contact: { type: 'string', maxLength: 3 },
              call: { pattern: '^x' },
              code: { type: 'number' },
              last_name: { enum: ['nobody'] },
            },
            required: ['id'],
            dataset: { unique: [['contact'], ['last_name', 'call']] },
          }),
        );
        const evidence = await run({
          people: {
            path: 'people.csv',
            schema: 'people.schema.json',
            columns: { id: ['id'], label: 'label' },
            integrity: {},
            privacy: {},
            leakage: {},
          },
        });
        const told = JSON.stringify(evidence).toLowerCase();
        for (const { user, phone, ssn } of people) {
          expect(told).not.toContain(user);
          expect(told).not.toContain(phone);
          expect(told).not.toContain(`219-09-${ssn}`);
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
