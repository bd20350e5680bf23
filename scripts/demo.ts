/**
 * `npm run demo`: the main job on the real example, with the committed dist/, as a user would run it. First the
 * candidate, which passes; then a broken variant, to which the gate says no.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const EXAMPLE = join(ROOT, 'examples', 'bird-strikes');

interface Scene {
  readonly title: string;
  readonly config: string;
  readonly output: string;
  readonly expected: number;
}

const SCENES: readonly Scene[] = [
  {
    title: 'A candidate that is better: the gate lets it through',
    config: 'mlgate.yml',
    output: 'candidate',
    expected: 0,
  },
  {
    title: 'A careless change: the gate says no',
    config: 'mlgate.broken.yml',
    output: 'broken',
    expected: 1,
  },
];

function play({ title, config, output, expected }: Scene): boolean {
  const words = [
    'dist/cli.js',
    'run',
    '--config',
    relative(ROOT, join(EXAMPLE, config)),
    '--output',
    relative(ROOT, join(EXAMPLE, '.mlgate', output)),
  ];
  console.log(`\n━━ ${title}\n$ node ${words.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, words, { cwd: ROOT, stdio: 'inherit' });
  console.log(`\nExit code ${status}${status === expected ? '' : `, expected ${expected}`}.`);
  return status === expected;
}

const started = performance.now();
const played = SCENES.map(play);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `\nThat took ${seconds} s. Open the pages (report.html) in a browser; report.md is the pull-request comment.`,
);
process.exitCode = played.every(Boolean) ? 0 : 1;
