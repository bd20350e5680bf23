import { describe, expect, test } from 'vitest';
import { judgeImports } from '../../src/comparison/judge-imports.ts';
import type { MetricsFileConfig } from '../../src/schemas/config.generated.ts';
import type { ImportedFile } from '../../src/schemas/evidence.generated.ts';

const WHOLE: ImportedFile = { metricsFile: 'suite', format: 'junit', status: 'complete' };

function judge(imports: readonly ImportedFile[], file: Partial<MetricsFileConfig> = {}) {
  const config = { metrics: { suite: { path: 'junit.xml', gates: {}, ...file } } };
  return judgeImports({
    imports,
    config,
    locate: () => ({ file: 'mlgate.yml', line: 1, key: 'metrics.suite' }),
  }).map(({ id, verdict, reason, message }) => [id, verdict, reason, message]);
}

const RUN = 'metrics/suite/foreign-run';
const CHECKS = 'metrics/suite/foreign-checks';

describe('runs of other tools', () => {
  test('are judged by how they ended', () => {
    expect(judge([WHOLE])).toEqual([[RUN, 'pass', undefined, 'The run is complete (junit).']]);
    expect(judge([{ ...WHOLE, status: 'partial', detail: 'It was interrupted.' }])).toEqual([
      [
        RUN,
        'fail',
        'foreign-incomplete',
        'The run is not complete (junit), so its numbers do not count. It was interrupted.',
      ],
    ]);
    expect(judge([{ ...WHOLE, status: 'failed' }])[0]?.slice(0, 3)).toEqual([RUN, 'fail', 'foreign-failure']);
  });

  test('are not there where the file is of plain numbers, and missing where the config names another format', () => {
    expect(judge([])).toEqual([]);
    expect(judge([], { format: 'dvc' })).toEqual([]);
    expect(judge([], { format: 'junit' })[0]?.slice(0, 3)).toEqual([RUN, 'fail', 'missing']);
  });

  test('of one file count by the worst, whatever stands first', () => {
    expect(judge([WHOLE, { ...WHOLE, status: 'failed' }])[0]?.[1]).toBe('fail');
  });

  test('fail by one check that failed, which is named', () => {
    const results = [
      { name: 'a', outcome: 'error' },
      { name: 'b', outcome: 'fail' },
      { name: 'c', outcome: 'pass' },
    ] as const;
    expect(judge([{ ...WHOLE, results, omittedResults: 7 }])[1]).toEqual([
      CHECKS,
      'fail',
      'foreign-failure',
      "2 of the other tool's 10 checks failed: `a`, `b`.",
    ]);
  });

  test('pass with warnings, and fail where nothing ran', () => {
    const [warned, skipped] = (['warn', 'skipped'] as const).map((outcome) => ({ name: 'a', outcome }));
    expect(judge([{ ...WHOLE, results: [warned!, skipped!] }])[1]).toEqual([
      CHECKS,
      'pass',
      undefined,
      "None of the other tool's 2 checks failed (1 warned, 1 skipped).",
    ]);
    expect(judge([{ ...WHOLE, results: [skipped!] }])[1]?.slice(0, 3)).toEqual([CHECKS, 'fail', 'empty']);
  });
});
