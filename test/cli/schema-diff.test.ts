/** `mlgate schema diff`: between files and between commits of a real repository. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/schemas/validate.ts';
import { runGit } from '../helpers/git-repository.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';
import { useRepositories } from './repositories.ts';

const makeFolder = useFolders();
const repositories = useRepositories();

const OLD = JSON.stringify({
  properties: { age: { type: 'integer', maximum: 120 }, 'pl`an|<b>': { enum: ['free', 'paid'] } },
  required: ['age'],
});
const LOOSER = OLD.replace('120', '130');
const TIGHTER = OLD.replace('120', '110');

describe('mlgate schema diff', () => {
  it('prints a document of its schema with --json', async () => {
    const folder = await makeFolder({ 'a.json': OLD, 'b.json': LOOSER });
    const { exitCode, document } = await mlgateJson(folder, ['schema', 'diff', 'a.json', 'b.json']);
    expect(exitCode).toBe(0);
    expect(validateDocument('schema-diff', document)).toMatchObject({ ok: true });
    expect(document).toEqual({
      version: 1,
      before: 'a.json',
      after: 'b.json',
      effect: 'loosening',
      changes: [
        {
          path: ['properties', 'age', 'maximum'],
          column: 'age',
          effect: 'loosening',
          text: 'Column "age": the greatest number allowed moves from 120 to 130.',
        },
      ],
    });
  });

  it.each([
    ['a.json', 'loosening', 0],
    ['looser.json', 'loosening', 1],
    ['tighter.json', 'loosening', 0],
    ['tighter.json', 'tightening', 1],
    ['a.json', 'change', 0],
    ['tighter.json', 'change', 1],
    ['unclear.json', 'loosening', 1],
    ['unclear.json', 'tightening', 1],
  ] as const)('from a.json to %s with --fail-on %s exits with %i', async (after, refused, exitCode) => {
    const folder = await makeFolder({
      'a.json': OLD,
      'looser.json': LOOSER,
      'tighter.json': TIGHTER,
      'unclear.json': OLD.replace('"maximum":120', '"not":{"multipleOf":7},"oneOf":[{},{"maximum":3}]'),
    });
    const result = await mlgate(folder, ['schema', 'diff', 'a.json', after, '--fail-on', refused]);
    expect(result).toMatchObject({ exitCode });
  });

  it('escapes names for Markdown', async () => {
    const folder = await makeFolder({ 'a.json': OLD, 'b.json': OLD.replace('"paid"', '"@team"') });
    const { out } = await mlgate(folder, ['schema', 'diff', 'a.json', 'b.json', '--markdown']);
    expect(out).toContain('Loosening and tightening');
    expect(out).not.toMatch(/<b>|(?<!`)@team/);
  });

  it('holds a schema, with the files that it refers to, against where the branch left main', async () => {
    const { work } = await repositories.create({
      's/a.json': '{"properties": {"age": {"$ref": "types.json#/$defs/age"}}}',
      's/types.json': '{"$defs": {"age": {"type": "integer", "maximum": 120}}}',
    });
    await runGit(work.directory, ['checkout', '--quiet', '-b', 'change']);
    writeFileSync(
      join(work.directory, 's/types.json'),
      '{"$defs": {"age": {"type": "integer", "maximum": 99}}}',
    );
    const same = await mlgateJson(work.directory, ['schema', 'diff', 'HEAD:s/a.json', 'main:s/a.json']);
    expect(same.document).toMatchObject({ effect: 'none', changes: [] });
    const { document } = await mlgateJson(work.directory, ['schema', 'diff', 's/a.json']);
    expect(document).toMatchObject({ after: 's/a.json', effect: 'tightening', changes: [{ column: 'age' }] });
    const inFolder = await mlgateJson(join(work.directory, 's'), ['schema', 'diff', 'main:a.json', 'a.json']);
    expect(inFolder.document).toMatchObject({ effect: 'tightening' });
  });

  it('takes a schema that main does not have for one that demands more than none', async () => {
    const { work } = await repositories.create({ 'README.md': 'x\n' });
    writeFileSync(join(work.directory, 'a.json'), OLD);
    const { exitCode, document } = await mlgateJson(work.directory, [
      'schema',
      'diff',
      'a.json',
      '--fail-on',
      'loosening',
    ]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ before: null, effect: 'tightening' });
  });

  it.each([
    [['schema', 'diff', 'a.json', 'no.json'], 'no.json'],
    [['schema', 'diff', 'a.json', 'b.json', 'c.json'], 'at most two'],
    [['schema', 'diff', 'a.json', 'a.json', '--fail-on', 'x'], '--fail-on is `x`'],
    [['schema', 'diff', 'a.json', 'bad.json'], 'bad.json:1'],
  ])('says what is wrong with %j', async (words, said) => {
    const folder = await makeFolder({ 'a.json': OLD, 'bad.json': '{"properties": 3}' });
    const { exitCode, err } = await mlgate(folder, words);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
  });
});
