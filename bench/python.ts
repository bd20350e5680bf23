/** The Python with bench/requirements.txt that peers run in. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '.venv');
const PYTHON = join(FOLDER, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

export function runOnce(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw error ?? new Error(`${program} ${args.join(' ')} ended with exit code ${String(status)}`);
  }
}

/** The interpreter of bench/.venv, which is made on first use; pip is asked each time, because requirements change. */
export function preparePython(): string {
  if (!existsSync(PYTHON)) runOnce('python3', ['-m', 'venv', FOLDER]);
  const requirements = join(import.meta.dirname, 'requirements.txt');
  runOnce(PYTHON, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  return PYTHON;
}
