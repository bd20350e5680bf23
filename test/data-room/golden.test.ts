/**
 * Each folder in test/golden/data is a case: `input.*` (any format that the engine reads), `schema.json` or
 * `schema.yml`, and what the data stage finds in `expected.json`. A new case gets its `expected.json` from
 * `vitest run test/data-room --update`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { validateData, type DataResult } from '../../src/data/validate-data.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { startEngine } from '../../src/engine/start-engine.ts';

const FOLDER = 'test/golden/data';

let engine: Engine;
let temporaryFolder: string;

beforeAll(() => {
  temporaryFolder = mkdtempSync(join(tmpdir(), 'mlgate-golden-'));
  engine = startEngine({
    workerPath: resolve('src/engine/duckdb/worker-main.ts'),
    temporaryFolder,
    environment: process.env,
  });
});

afterAll(async () => {
  await engine.close();
  rmSync(temporaryFolder, { recursive: true });
});

async function validateCase(name: string): Promise<DataResult> {
  const files = readdirSync(join(FOLDER, name));
  const input = files.find((file) => file.startsWith('input.')) ?? 'input is missing';
  const schemaFile = files.find((file) => file.startsWith('schema.')) ?? 'schema is missing';
  const { schema, locate } = parseDataSchema(
    readFileSync(join(FOLDER, name, schemaFile), 'utf8'),
    schemaFile,
  );
  return validateData({
    engine,
    dataset: 'd',
    source: { path: resolve(FOLDER, name, input) },
    displayPath: input,
    schema,
    examples: 3,
    severity: 'fail',
    locateSchema: locate,
  });
}

/** What did not pass in full, and what passed by name: all of it, but short enough to be read. */
function summarize({ checks, ...size }: DataResult): string {
  const found = checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ about: _about, severity: _severity, ...check }) => check);
  const skipped = checks
    .filter(({ verdict }) => verdict === 'skipped')
    .map(({ id, reason }) => `${id}: ${reason ?? ''}`);
  const passed = checks.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
  return `${JSON.stringify({ ...size, found, skipped, passed }, undefined, 2)}\n`;
}

describe('golden data', () => {
  it.each(readdirSync(FOLDER))('%s', async (name) => {
    await expect(summarize(await validateCase(name))).toMatchFileSnapshot(
      `../golden/data/${name}/expected.json`,
    );
  });
});
