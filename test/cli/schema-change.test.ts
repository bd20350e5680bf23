/** An edited data schema in a pull request: what it means is in evidence, beside main's, in a real repository. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { runGit } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson } from './harness.ts';
import { recordMain, useRepositories } from './repositories.ts';

const repositories = useRepositories();

const CONFIG = 'version: 1\ndata:\n  customers: { path: customers.csv, schema: schemas/customers.json }\n';
const ROWS = 'id,age\n1,31\n2,44\n';
const SHARED = '{"$defs": {"age": {"type": "integer", "maximum": 120}}}';

function schema(maximum: number): string {
  return JSON.stringify({
    properties: { id: { type: 'integer' }, age: { $ref: 'shared.json#/$defs/age', maximum } },
    required: ['id'],
  });
}

async function runAfterEdit(edit: Readonly<Record<string, string>>): Promise<Evidence> {
  const { work } = await repositories.create({
    'mlgate.yml': CONFIG,
    'customers.csv': ROWS,
    'schemas/customers.json': schema(100),
    'schemas/shared.json': SHARED,
  });
  await mlgate(work.directory, ['run']);
  await recordMain(work);
  await runGit(work.directory, ['checkout', '--quiet', '-b', 'change']);
  await work.commit({ 'README.md': 'A change.', ...edit });
  return (await mlgateJson(work.directory, ['validate'])).document as Evidence;
}

describe('an edited data schema', () => {
  it('is told with what it allows', async () => {
    const { body } = await runAfterEdit({ 'schemas/customers.json': schema(110) });
    expect(body.schemaChanges).toMatchObject([
      { dataset: 'customers', effect: 'loosening', changes: [{ column: 'age', effect: 'loosening' }] },
    ]);
    expect(body.schemaChanges?.[0]?.against).toMatch(/^schemas\/customers\.json at [0-9a-f]{7}$/u);
  });

  it('may be edited in a file that it refers to', async () => {
    const { body } = await runAfterEdit({ 'schemas/shared.json': SHARED.replace('120', '90') });
    expect(body.schemaChanges).toMatchObject([{ effect: 'tightening' }]);
  });

  it('that is not edited is no change', async () => {
    expect((await runAfterEdit({})).body.schemaChanges).toBeUndefined();
  });
});
