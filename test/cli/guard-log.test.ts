import { openSync, closeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guardLog, isStepLog } from '../../src/cli/guard-log.ts';
import { wrapText } from '../../src/report/terminal/layout.ts';

function written(text: string): string {
  let log = '';
  guardLog((part) => {
    log += part;
  })(text);
  return log;
}

test('a name out of a file is no command, also where a line is broken before it', () => {
  const lines = wrapText('the label ::set-output name=verdict::pass is not known', 14);
  expect(lines.some((line) => line.startsWith('::set-output'))).toBe(true);
  for (const text of [`${lines.join('\n')}\n`, '  ::add-mask::pass\n', 'a ##[add-path]/tmp\n']) {
    expect(written(text)).not.toMatch(/^\s*::|##\[/mu);
    expect(written(text).replaceAll('\u200b', '')).toBe(text);
  }
});

test('what a program reads is left as it is', () => {
  const json = `${JSON.stringify({ name: '##[x]', other: '::stop-commands::x' }, undefined, 1)}\n`;
  expect(written(json)).toBe(json);
});

test('a file is no log, and neither is anything outside of a step', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-log-'));
  const file = openSync(join(folder, 'report.md'), 'w');
  expect(isStepLog(file, { GITHUB_ACTIONS: 'true' })).toBe(false);
  const other = openSync(devNull, 'w');
  expect(isStepLog(other, { GITHUB_ACTIONS: 'true' })).toBe(true);
  expect(isStepLog(other, {})).toBe(false);
  closeSync(file);
  closeSync(other);
  await rm(folder, { recursive: true });
});
