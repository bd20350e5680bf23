import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

const CLEAR = '\r\u001B[2K';

function record(interactive: boolean) {
  const remarks: string[] = [];
  return { remarks, progress: createProgress({ interactive, remark: (text) => remarks.push(text) }) };
}

describe('createProgress', () => {
  it('draws the step and a bar in place', () => {
    const { remarks, progress } = record(true);
    progress.onStep('data/customers');
    progress.onProgress(0);
    progress.onProgress(0.5);
    progress.onProgress(1.2);
    progress.onProgress(-1);
    expect(remarks).toEqual([
      `${CLEAR}data/customers`,
      `${CLEAR}data/customers ${'░'.repeat(24)} 0 %`,
      `${CLEAR}data/customers ${'█'.repeat(12)}${'░'.repeat(12)} 50 %`,
      `${CLEAR}data/customers ${'█'.repeat(24)} 100 %`,
      `${CLEAR}data/customers ${'░'.repeat(24)} 0 %`,
    ]);
  });

  it('clears its line once, and only if there is one', () => {
    const { remarks, progress } = record(true);
    progress.end();
    expect(remarks).toEqual([]);
    progress.onStep('x');
    progress.end();
    progress.end();
    expect(remarks).toEqual([`${CLEAR}x`, CLEAR]);
  });

  it('is silent where there is no terminal', () => {
    const { remarks, progress } = record(false);
    progress.onStep('x');
    progress.onProgress(0.5);
    progress.end();
    expect(remarks).toEqual([]);
  });
});
