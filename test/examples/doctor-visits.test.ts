/**
 * The example's committed files belong together, the gate finds in them what its README says, and training again gives
 * them. Without Python the last part is skipped on a laptop and is a failure in CI.
 */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import type { EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { runProcess } from '../helpers/run-process.ts';
import { findPython, prepareEnvironment, runPython } from './python.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'doctor-visits');
const ENVIRONMENT = join(ROOT, 'node_modules', '.cache', 'mlgate', 'venv-doctor-visits');
const VARIANTS = ['main', 'candidate'] as const;

/** Of a probability, on another processor than the one that trained. */
const TOLERANCE = 1e-3;

let folder: string;
let body: EvidenceBody;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-doctor-visits-'));
  await cp(EXAMPLE, folder, { recursive: true });
  const program = join(ROOT, 'scripts', 'mlgate.ts');
  const { exitCode, stdout, stderr } = await runProcess(
    process.execPath,
    [program, 'run', '--config', join(folder, 'mlgate.yml')],
    { cwd: folder, env: process.env as Record<string, string> },
  );
  if (exitCode !== 0) throw new Error(`mlgate ended with ${exitCode}:\n${stdout}${stderr}`);
  body = parseEvidence(await readFile(join(folder, '.mlgate', 'evidence.json'), 'utf8'), 'evidence').body;
}, 300_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function verdictOf(id: string): string | undefined {
  return body.checks.find((check) => check.id === id)?.verdict;
}

describe('the gate', () => {
  it('runs the model and gets the same answers', () => {
    expect(body.subjects).toMatchObject([{ name: 'doctor-visits', binding: 'recomputed' }]);
    expect(body.subjects[0]?.recomputed).toMatchObject({ rows: 200, agreeing: 200 });
  });

  it('finds a candidate that is surely better, by little', () => {
    const loss = body.metrics.find(({ name, about }) => name === 'log_loss' && about.slice === undefined);
    expect(loss).toMatchObject({ n: 6017, comparison: { method: 'paired' } });
    expect(loss?.value).toBeCloseTo(1.2862, 4);
    expect(loss?.comparison?.interval?.high).toBeLessThan(0);
    expect(verdictOf('model/doctor-visits/log_loss/max-regression')).toBe('pass');
  });

  it('finds whom the model does not find, and says where it cannot tell', () => {
    expect(verdictOf('model/doctor-visits/fairness/limitation/recall/max-difference')).toBe('fail');
    expect(verdictOf('model/doctor-visits/fairness/plan/recall/max-difference')).toBe('inconclusive');
    expect(body.fairness?.map(({ column }) => column)).toEqual(['plan', 'limitation', 'health']);
    expect(body.verdict).toBe('warn');
  });

  it('measures calibration, gain and overfitting', () => {
    expect(body.calibrations?.[0]?.slope?.value).toBeGreaterThan(1.3);
    const against = body.generalisations?.map(({ against, metric }) => `${against} ${metric}`);
    expect(against).toContain('training log_loss');
    expect(against).toContain('trivial log_loss');
    expect(verdictOf('model/doctor-visits/trivial/log_loss/min-gain')).toBe('pass');
    expect(verdictOf('model/doctor-visits/training/log_loss/max-gap')).toBe('pass');
  });
});

describe.each(VARIANTS)('the committed state %s', (variant) => {
  it('declares the model that made its predictions', async () => {
    const state = join(EXAMPLE, 'states', variant);
    const model = await readFile(join(state, 'models', 'doctor-visits.onnx'));
    const sidecar = await readFile(join(state, 'out', 'predictions.parquet.mlgate.json'), 'utf8');
    const digest = createHash('sha256').update(model).digest('hex');
    expect(JSON.parse(sidecar)).toMatchObject({ subject: { sha256: digest } });
  });
});

const python = findPython();
const inCi = process.env['CI'] === 'true';
const why = python.kind === 'missing' && !inCi ? ` (skipped: ${python.reason})` : '';

describe.skipIf(python.kind === 'missing' && !inCi)(`prepared and trained again${why}`, () => {
  let command: string;
  let made: string;

  beforeAll(async () => {
    if (python.kind === 'missing') throw new Error(python.reason);
    command = await prepareEnvironment(python, join(EXAMPLE, 'requirements.txt'), ENVIRONMENT);
    made = await mkdtemp(join(tmpdir(), 'mlgate-doctor-visits-again-'));
  }, 600_000);

  afterAll(async () => {
    await rm(made, { recursive: true, force: true });
  });

  it('gives the committed data', async () => {
    const path = join(made, 'doctor-visits.csv');
    await runPython(command, [join(EXAMPLE, 'prepare.py'), path]);
    expect(await readFile(path, 'utf8')).toBe(
      await readFile(join(EXAMPLE, 'data', 'doctor-visits.csv'), 'utf8'),
    );
  }, 120_000);

  it.each(VARIANTS)(
    'gives the probabilities of %s',
    async (variant) => {
      const into = join(made, variant);
      await runPython(command, [join(EXAMPLE, 'train.py'), '--variant', variant, '--into', into]);
      const compare = [
        'import sys, pandas as pd',
        'one, two = (pd.read_parquet(path) for path in sys.argv[1:3])',
        'assert one.drop(columns=one.filter(like="p_").columns).equals(two.drop(columns=two.filter(like="p_").columns))',
        'print((one.filter(like="p_") - two.filter(like="p_")).abs().to_numpy().max())',
      ].join('\n');
      const file = join('out', 'predictions.parquet');
      const difference = await runPython(command, [
        '-c',
        compare,
        join(into, file),
        join(EXAMPLE, 'states', variant, file),
      ]);
      expect(Number(difference)).toBeLessThan(TOLERANCE);
    },
    300_000,
  );
});
