import type { CliContext } from './context.ts';

const BAR_COLUMNS = 24;
const CLEAR_LINE = '\r\u001B[2K';

interface Progress {
  readonly onStep: (step: string) => void;
  readonly onProgress: (share: number) => void;
  /** Clears the line, before anything else is printed. May be called again. */
  readonly end: () => void;
}

/** A bar that is redrawn in place on a terminal; nothing elsewhere, where a log would fill with it. */
export function createProgress(context: Pick<CliContext, 'interactive' | 'remark'>): Progress {
  if (!context.interactive) return { onStep: () => {}, onProgress: () => {}, end: () => {} };
  const state = { step: '', isShown: false };
  const draw = (text: string) => {
    state.isShown = true;
    context.remark(`${CLEAR_LINE}${text}`);
  };
  return {
    onStep: (step) => {
      state.step = step;
      draw(step);
    },
    onProgress: (share) => {
      const known = Math.min(1, Math.max(0, share));
      const filled = Math.round(known * BAR_COLUMNS);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}`;
      draw(`${state.step} ${bar} ${Math.round(known * 100)} %`);
    },
    end: () => {
      if (state.isShown) context.remark(CLEAR_LINE);
      state.isShown = false;
    },
  };
}
