/** The Python environments with their pinned requirements that peers run in. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export function runOnce(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw error ?? new Error(`${program} ${args.join(' ')} ended with exit code ${String(status)}`);
  }
}

/**
 * The interpreter of an environment below bench/, which is made on first use; pip is asked each time, because requirements
 * change.
 */
export function preparePython(folder = '.venv', requirements = 'requirements.txt'): string {
  const environment = join(import.meta.dirname, folder);
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) runOnce('python3', ['-m', 'venv', environment]);
  const file = join(import.meta.dirname, requirements);
  runOnce(python, ['-m', 'pip', 'install', '--quiet', '--requirement', file]);
  return python;
}
