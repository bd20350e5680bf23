import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { besideNamed, connectFiles, openWorkspace } from '../../src/chain/connect.ts';
import { identifyDataSchema, readDataSchema } from '../../src/chain/read-data-schema.ts';
import { memoryEffects } from './memory-effects.ts';

const SCHEMA = '{"properties":{"a":{"$ref":"../common/types.yml#/$defs/x"}}}';
const TYPES = '$defs: { x: { $ref: "more.json" } }\n';

describe('a data schema of several files', () => {
  it('is read beside its own file, and each of them is an input of evidence', async () => {
    const files = {
      'schemas/s.json': SCHEMA,
      'common/types.yml': TYPES,
      'common/more.json': '{"minimum":1}',
    };
    const effects = memoryEffects(files);
    const loaded = await readDataSchema('schemas/s.json', effects);
    expect(loaded.schema.properties['a']).toEqual({ $ref: '#/$defs/x' });
    const inputs = await identifyDataSchema('d', 'schemas/s.json', loaded, effects);
    expect(inputs.map(({ role, name, path }) => ({ role, name, path }))).toEqual(
      ['schemas/s.json', 'common/types.yml', 'common/more.json'].map((path) => ({
        role: 'data-schema',
        name: 'd',
        path,
      })),
    );
    expect(new Set(inputs.map(({ sha256 }) => sha256)).size).toBe(3);
  });

  it('says which file refers to one that is not there', async () => {
    await expect(
      readDataSchema('schemas/s.json', memoryEffects({ 'schemas/s.json': SCHEMA })),
    ).rejects.toThrow('schemas/s.json refers to "../common/types.yml": common/types.yml does not exist.');
  });
});

describe('what a data schema refers to', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function makeFolder(reference: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'mlgate-schema-'));
    folders.push(folder);
    mkdirSync(join(folder, 'repository'));
    writeFileSync(join(folder, 'secret.yml'), 'title: secret\n');
    writeFileSync(join(folder, 'repository/s.json'), JSON.stringify({ $ref: reference }));
    symlinkSync(join(folder, 'secret.yml'), join(folder, 'repository/link.yml'));
    return join(folder, 'repository');
  }

  it.each(['../secret.yml', 'link.yml', '%2e%2e/secret.yml', 'file:///etc/hostname'])(
    'never lies outside of the folder of the config: %s',
    async (reference) => {
      const root = makeFolder(reference);
      const effects = connectFiles(openWorkspace('mlgate.yml', root));
      const read = readDataSchema('s.json', effects);
      await expect(read).rejects.toThrow(/^s\.json refers to ".*(?:outside|leads out|leaves)/);
      await expect(read).rejects.not.toThrow(/secret\b(?!\.yml)/);
    },
  );

  it('lies below the current folder or its own where it was named on a command line', () => {
    expect(besideNamed('/work', 'schemas/s.json', '../common/t.json')).toBe(join('common', 't.json'));
    expect(besideNamed('/work', '/other/s.json', 'sub/t.json')).toBe(join('/other', 'sub', 't.json'));
    expect(() => besideNamed('/work', 'schemas/s.json', '../../etc/passwd')).toThrow(/outside of the folder/);
    expect(() => besideNamed('/work', '/other/s.json', '../etc/passwd')).toThrow(/outside of the folder/);
  });
});
