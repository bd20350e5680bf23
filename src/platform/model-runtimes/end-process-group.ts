import { type ChildProcess, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What `spawn` needs so that the process leads a group of its own: on Windows a tree is ended by its root instead. */
export const OWN_GROUP = process.platform !== 'win32';

/** Ends a process that leads its own group, and all that it started and that stayed in the group. */
export function endProcessGroup({ pid }: Pick<ChildProcess, 'pid'>): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    spawnSync(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left in the group.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `end` should this process end or be told to, while its children are not in its own group and hear of nothing.
 * Returns what takes that back.
 */
export function endWithParent(end: () => void): () => void {
  // Who listens already decides what becomes of the process; without a listener a signal ends it.
  const unheard = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    end();
    takeBack();
    if (unheard.includes(signal)) process.kill(process.pid, signal);
  };
  const takeBack = (): void => {
    process.off('exit', end);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.once('exit', end);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return takeBack;
}
