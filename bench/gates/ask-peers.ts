/** Asks evalsig and noisecheck, the real packages, what they decide about tables of right and wrong answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PairedCounts } from '../../src/statistics/paired-proportions.ts';
import type { Decision } from './gate.ts';

export const PEERS = ['evalsig', 'noisecheck'] as const;
export type Peer = (typeof PEERS)[number];

export interface PeerCase {
  readonly table: PairedCounts;
  readonly margin: number;
}

/** One value for each example, 1 for right, and the examples in a fixed order. */
function spellCase({ table, margin }: PeerCase): string {
  const { both, onlyFirst, onlySecond, neither } = table;
  const repeat = (values: readonly [number, number, number, number]): readonly number[] =>
    [both, onlyFirst, onlySecond, neither].flatMap((count, cell) =>
      Array.from({ length: count }, () => values[cell] ?? 0),
    );
  return `${JSON.stringify({ margin, candidate: repeat([1, 1, 0, 0]), baseline: repeat([1, 0, 1, 0]) })}\n`;
}

/** The decisions of both, in the order of the cases. @param python an interpreter with bench/requirements.txt. */
export async function askPeers(
  python: string,
  cases: readonly PeerCase[],
): Promise<readonly Readonly<Record<Peer, Decision>>[]> {
  const child = spawn(python, [join(import.meta.dirname, 'peers.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const answers: Record<Peer, Decision>[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(JSON.parse(line) as Record<Peer, Decision>);
  });
  for (const item of cases) {
    if (!child.stdin.write(spellCase(item))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  lines.close();
  if (code !== 0 || answers.length !== cases.length) {
    throw new Error(
      `peers.py ended with exit code ${String(code)} after ${answers.length} of ${cases.length} cases.`,
    );
  }
  return answers;
}
