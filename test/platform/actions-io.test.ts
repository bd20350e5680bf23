import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import {
  MAX_SUMMARY_BYTES,
  maskSecret,
  readActionInputs,
  writeOutputs,
  writeSummary,
} from '../../src/platform/actions-io.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-io-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

function give(inputs: Record<string, string>) {
  for (const [name, value] of Object.entries(inputs)) {
    vi.stubEnv(`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value);
  }
  return readActionInputs();
}

describe('inputs', () => {
  it('are read with their types', () => {
    const inputs = give({
      config: ' mlgate.yml ',
      enforce: 'false',
      alpha: '0.05',
      paths: 'a\n\n b \n',
      mode: 'b',
    });
    expect(inputs.required('config')).toBe('mlgate.yml');
    expect(inputs.optional('config')).toBe('mlgate.yml');
    expect(inputs.boolean('enforce', true)).toBe(false);
    expect(inputs.number('alpha', { min: 0, max: 1 })).toBe(0.05);
    expect(inputs.lines('paths')).toEqual(['a', 'b']);
    expect(inputs.choice('mode', ['a', 'b'], 'a')).toBe('b');
  });

  it('have fallbacks where they are absent', () => {
    const inputs = give({ blank: '  ' });
    expect(inputs.optional('blank')).toBeUndefined();
    expect(inputs.boolean('absent', true)).toBe(true);
    expect(inputs.number('absent', { min: 0, max: 1 })).toBeUndefined();
    expect(inputs.lines('absent')).toEqual([]);
    expect(inputs.choice('absent', ['a', 'b'], 'a')).toBe('a');
    expect(() => inputs.required('blank')).toThrow(/The input `blank` is missing/u);
  });

  it.each(['yes', 'True', 'TRUE', '1', 'on', 'true '.repeat(2)])('take %j for no boolean', (text) => {
    expect(() => give({ enforce: text }).boolean('enforce', false)).toThrow(UserError);
  });

  it('name the input, the value and what is allowed', () => {
    expect(() => give({ enforce: 'yes' }).boolean('enforce', false)).toThrow(
      'The input `enforce` is `yes`, which is not allowed: it is `true` or `false`.',
    );
    expect(() => give({ mode: 'c' }).choice('mode', ['a', 'b'], 'a')).toThrow('it is `a`, `b`');
  });

  it.each(['20abc%', 'NaN', 'Infinity', '0x10', '1e999', '-1', '2', '1,5', '0.5.1'])(
    'take %j for no number from 0 to 1',
    (text) => {
      const inputs = give({ alpha: text });
      expect(() => inputs.number('alpha', { min: 0, max: 1 })).toThrow(/a number from 0 to 1/u);
    },
  );

  it('take whole numbers only where they are asked for', () => {
    expect(give({ n: '1e3' }).number('n', { min: 1, max: 5000, integer: true })).toBe(1000);
    expect(() => give({ n: '1.5' }).number('n', { min: 1, max: 9, integer: true })).toThrow(
      /a whole number/u,
    );
  });
});

describe('outputs and the summary', () => {
  it('cannot be forged by what they hold', async () => {
    const path = join(folder, 'output');
    await writeFile(path, '');
    vi.stubEnv('GITHUB_OUTPUT', path);
    writeOutputs({ verdict: 'fail', text: 'a\nverdict=pass\nEOF', count: 3, ok: false, absent: undefined });
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^verdict<<(ghadelimiter_[-0-9a-f]+)\nfail\n\1\n/u);
    expect(text).toMatch(/text<<(ghadelimiter_[-0-9a-f]+)\na\nverdict=pass\nEOF\n\1\n/u);
    expect(text).toMatch(/count<<.*\n3\n/u);
    expect(text).not.toContain('absent');
  });

  it('are refused where GitHub would drop them', async () => {
    const path = join(folder, 'summary');
    await writeFile(path, '');
    vi.stubEnv('GITHUB_STEP_SUMMARY', path);
    await writeSummary('# Report');
    expect(await readFile(path, 'utf8')).toBe('# Report\n');
    await expect(writeSummary('é'.repeat(MAX_SUMMARY_BYTES / 2 + 1))).rejects.toThrow(WorldError);
    expect(await readFile(path, 'utf8')).toBe('# Report\n');
  });

  it('masks a secret, and not the empty text', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    maskSecret('');
    maskSecret('hunter2');
    expect(write.mock.calls.map(([text]) => String(text).trim())).toEqual(['::add-mask::hunter2']);
  });
});
