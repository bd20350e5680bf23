import * as core from '@actions/core';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listAnnotations, toWorkflowCommand, type Annotation } from '../../src/report/annotations.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import { readGoldenCase } from './golden-cases.ts';
import { hostileText } from './hostile-text.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the toolkit itself writes to standard output. */
function commandOfToolkit(annotation: Annotation): string {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const properties = {
    title: annotation.title,
    ...(annotation.file === undefined ? {} : { file: annotation.file }),
    ...(annotation.line === undefined ? {} : { startLine: annotation.line }),
    ...(annotation.column === undefined ? {} : { startColumn: annotation.column }),
  };
  const { error, warning, notice } = core;
  ({ error, warning, notice })[annotation.level](annotation.message, properties);
  spy.mockRestore();
  return written.join('').replace(/\r?\n$/, '');
}

const annotations: fc.Arbitrary<Annotation> = fc.record(
  {
    level: fc.constantFrom('error', 'warning', 'notice'),
    title: hostileText.filter((text) => text !== ''),
    message: hostileText,
    file: hostileText.filter((text) => text !== ''),
    line: fc.integer({ min: 1, max: 99_999 }),
    column: fc.integer({ min: 1, max: 999 }),
  },
  { requiredKeys: ['level', 'title', 'message'] },
);

describe('toWorkflowCommand', () => {
  it('writes what the toolkit writes', () => {
    fc.assert(
      fc.property(annotations, (annotation) => {
        expect(toWorkflowCommand(annotation)).toBe(commandOfToolkit(annotation));
      }),
    );
  });

  it('is one line, so that no text begins a command of its own', () => {
    fc.assert(
      fc.property(annotations, (annotation) => {
        expect(toWorkflowCommand(annotation)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

function evidenceOf(
  checks: readonly Partial<Check>[],
  policy: Partial<Evidence['body']['policy']> = {},
): Evidence {
  const { evidence } = readGoldenCase('all-pass');
  const template = evidence.body.checks[0]!;
  const all = checks.map((check, index) => ({ ...template, id: `check-${index}`, ...check }));
  return {
    ...evidence,
    body: { ...evidence.body, checks: all, policy: { ...evidence.body.policy, ...policy } },
  };
}

function levels(checks: readonly Partial<Check>[], policy = {}): readonly string[] {
  return listAnnotations(evidenceOf(checks, policy)).map(({ level }) => level);
}

describe('listAnnotations', () => {
  it('is silent about what passed or was skipped', () => {
    expect(listAnnotations(readGoldenCase('all-pass').evidence)).toEqual([]);
    expect(listAnnotations(evidenceOf([{ verdict: 'skipped' }]))).toEqual([]);
  });

  it('says with its level what a check does to the verdict', () => {
    expect(levels([{ verdict: 'fail' }])).toEqual(['error']);
    expect(levels([{ verdict: 'fail', severity: 'warn' }])).toEqual(['warning']);
    expect(levels([{ verdict: 'inconclusive' }])).toEqual(['warning']);
    expect(levels([{ verdict: 'inconclusive' }], { inconclusive: 'pass' })).toEqual(['notice']);
    expect(levels([{ verdict: 'inconclusive' }], { inconclusive: 'fail' })).toEqual(['error']);
    expect(levels([{ verdict: 'fail' }], { enforce: false })).toEqual(['warning']);
  });

  it('points at the place in the config', () => {
    const [annotation] = listAnnotations(readGoldenCase('metrics-file').evidence);
    expect(annotation).toMatchObject({
      title: 'training: val_loss max-regression',
      file: 'mlgate.yml',
      line: 21,
      column: 7,
    });
  });

  it.each([
    ['', 'mlgate.yml'],
    ['.', 'mlgate.yml'],
    ['examples/birds', 'examples/birds/mlgate.yml'],
  ])('with the config in the folder %j names %s', (folder, file) => {
    const [annotation] = listAnnotations(readGoldenCase('metrics-file').evidence, folder);
    expect(annotation?.file).toBe(file);
  });

  it.each(['../x.yml', 'a/../../x', '/etc/passwd', String.raw`C:\x`, String.raw`..\x`])(
    'has no file where the path leads out of the repository: %s',
    (file) => {
      const [annotation] = listAnnotations(
        evidenceOf([{ verdict: 'fail', source: { file, key: 'x', line: 1 } }]),
      );
      expect(annotation).toEqual(expect.not.objectContaining({ file: expect.anything() as unknown }));
    },
  );

  it('shows as many as GitHub does and says how many more there are', () => {
    const many = listAnnotations(
      evidenceOf(Array.from({ length: 25 }, () => ({ verdict: 'fail' as const }))),
    );
    expect(many).toHaveLength(10);
    expect(many.at(-1)?.title).toBe('16 more findings of this kind');
    expect(
      listAnnotations(evidenceOf(Array.from({ length: 10 }, () => ({ verdict: 'fail' as const })))),
    ).toHaveLength(10);
  });

  it('stays within the limits of the runner', () => {
    const [annotation] = listAnnotations(evidenceOf([{ verdict: 'fail', message: 'x\u202E'.repeat(1000) }]));
    expect(annotation?.message.length).toBeLessThanOrEqual(4096);
  });
});
