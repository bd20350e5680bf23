/** Whole processes measured from outside, start included. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE_MILLISECONDS = 20;
const ROOT = join(import.meta.dirname, '..');

export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

export interface Measurement {
  readonly seconds: number;
  /** Largest sum of resident memory over the process and its children, in units of 1,000,000 bytes; undefined without /proc. */
  readonly peakMegabytes: number | undefined;
  readonly output: string;
}

/** Resident memory of a process and all that it started, in bytes; 0 for what has ended. */
function readResidentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return kilobytes * 1024 + children.reduce((sum, child) => sum + readResidentBytes(Number(child)), 0);
  } catch {
    return 0;
  }
}

/** @throws Error with what it wrote when a process ends with another exit code than 0. */
export async function measureProcess({ name, command }: Contender): Promise<Measurement> {
  const [program, ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, readResidentBytes(child.pid ?? 0));
  }, SAMPLE_MILLISECONDS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampler);
  if (code !== 0) {
    throw new Error(`${name} ended with exit code ${String(code)}:\n${output}`);
  }
  return { seconds, peakMegabytes: peak === 0 ? undefined : peak / 1e6, output };
}

/** The bundle that users run, or the source where nothing is built. */
export function findProgram(): string {
  const bundle = join(ROOT, 'dist', 'cli.js');
  return existsSync(bundle) ? bundle : join(ROOT, 'scripts', 'mlgate.ts');
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
