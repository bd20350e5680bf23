import { describe, expect, it } from 'vitest';
import { readParams } from '../../src/chain/params-stage.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type { Params } from '../../src/schemas/evidence.generated.ts';
import { CHURN, memoryEffects, parse, type Files } from './memory-effects.ts';

async function read(params: readonly string[], files: Files): Promise<readonly Params[]> {
  const parsed = parse({
    models: { churn: { ...CHURN, params }, again: { ...CHURN, params } },
    report: { comment: 'never' },
  });
  return (await readParams(parsed, memoryEffects(files))).params;
}

async function readOne(file: string, text: string): Promise<Params | undefined> {
  return (await read([file], { [file]: text })).find(({ kind }) => kind === 'params');
}

describe('readParams', () => {
  it('reads YAML and JSON, each file once, in the order of the config', async () => {
    const files = { 'params.yaml': 'train:\n  depth: 8\n', 'b.json': '{"rate": 0.1, "bad": NaN}' };
    const [config, ...rest] = await read(['params.yaml', 'b.json'], files);
    expect(config).toMatchObject({ kind: 'config', name: 'mlgate.yml' });
    expect(rest).toEqual([
      { kind: 'params', name: 'params.yaml', values: { 'train.depth': 8 } },
      { kind: 'params', name: 'b.json', values: { rate: 0.1, bad: 'NaN' } },
    ]);
  });

  it('keeps the config as it judges, with its defaults, and nothing of how it is shown', async () => {
    const [config] = await read(['p.yaml'], { 'p.yaml': '' });
    expect(config?.values).toMatchObject({
      'models.churn.task': 'binary-classification',
      'models.churn.params': '["p.yaml"]',
      'comparison.alpha': 0.05,
    });
    expect(Object.keys(config?.values ?? {}).filter((key) => /^(?:report|engine)\b/.test(key))).toEqual([]);
  });

  it('takes a file with comments only for one without values', async () => {
    expect(await readOne('p.yaml', '# nothing yet\r\n  # at all\n\n')).toMatchObject({ values: {} });
    // Neither does a hostile one take long: many blank lines before something.
    expect(await readOne('p.yaml', `${'\n'.repeat(20_000)}a: 1\n`)).toMatchObject({ values: { a: 1 } });
  });

  it.each([
    ['a list', 'p.yaml', '- 1\n- 2\n', 'holds no mapping'],
    ['a text', 'p.yaml', 'depth 8', 'holds no mapping'],
    ['a broken file', 'p.yaml', 'a: [1\n', 'p.yaml:'],
    ['a key that stands twice', 'p.yaml', 'a: 1\na: 2\n', 'duplicate key'],
    ['an object of Python', 'p.yaml', 'a: !!python/object/apply:os.system ["id"]\n', 'only plain YAML'],
    ['a file of results', 'p.json', `{"a": "${'x'.repeat(300_001)}"}`, 'may have at most 300,000'],
  ])('refuses %s in one sentence', async (_name, file, text, words) => {
    await expect(readOne(file, text)).rejects.toThrow(UserError);
    await expect(readOne(file, text)).rejects.toThrow(words);
  });

  it('refuses a bomb of aliases and a tower of brackets', async () => {
    const layers = Array.from(
      { length: 12 },
      (_, layer) =>
        `l${layer}: &l${layer} [${Array.from({ length: 9 }, () => (layer === 0 ? '1' : `*l${layer - 1}`)).join(', ')}]`,
    );
    await expect(readOne('p.yaml', layers.join('\n'))).rejects.toThrow(UserError);
    await expect(readOne('p.json', `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`)).rejects.toThrow(
      UserError,
    );
  });

  it('says what is missing where a file is', async () => {
    await expect(read(['gone.yaml'], {})).rejects.toThrow('gone.yaml');
  });
});
