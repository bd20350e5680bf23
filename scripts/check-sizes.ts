/**
 * Prints the sizes of dist/ and the cost of a start beside the design's budgets, and fails where one is over.
 * The start is a ratio to an empty script in the same run, because machines differ.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BYTES_PER_MB = 1e6;
const START_ROUNDS = 21;

/** What starts: the command line up to its answer, and an action up to reading its config (there is none, so it ends). */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  'command line': ['dist/cli.js', '--version'],
  'action validate-data': ['dist/validate-data.js'],
};

const folder = mkdtempSync(join(tmpdir(), 'mlgate-sizes-'));
const environment = {
  PATH: process.env['PATH'],
  INPUT_CONFIG: 'no-such-file.yml',
  RUNNER_TEMP: folder,
  GITHUB_WORKSPACE: folder,
};

function loadedMegabytes(words: readonly string[]): number {
  const { stderr } = spawnSync(
    'node',
    ['--import', new URL('./trace-loads.ts', import.meta.url).href, ...words],
    {
      encoding: 'utf8',
      env: environment,
    },
  );
  const list = /^LOADED (.*)$/m.exec(stderr)?.[1];
  if (list === undefined) throw new Error(`no trace of ${words.join(' ')}: ${stderr}`);
  const files = JSON.parse(list) as readonly string[];
  return files.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0) / BYTES_PER_MB;
}

function startMilliseconds(words: readonly string[]): number {
  const started = performance.now();
  spawnSync('node', words, { stdio: 'ignore', env: environment });
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function startRatio(words: readonly string[]): number {
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const rounds = Array.from(
    { length: START_ROUNDS },
    () => [startMilliseconds(words), startMilliseconds([empty])] as const,
  );
  return median(rounds.map(([start]) => start)) / median(rounds.map(([, base]) => base));
}

function report(what: string, value: number, budget: number, unit: string): void {
  const over = !(value <= budget);
  console.log(`${over ? 'OVER ' : 'ok   '} ${what}: ${value.toFixed(2)} ${unit} (budget ${budget} ${unit})`);
  if (over) process.exitCode = 1;
}

const raw = readdirSync('dist').reduce((sum, file) => sum + statSync(join('dist', file)).size, 0);
const archive = execFileSync('git', ['archive', '--worktree-attributes', 'HEAD'], { maxBuffer: 1e9 });
const packedDist = execFileSync('git', ['archive', 'HEAD', 'dist'], { maxBuffer: 1e9 });
report('dist, raw', raw / BYTES_PER_MB, 14, 'MB');
report('dist, packed', gzipSync(packedDist).length / BYTES_PER_MB, 3, 'MB');
for (const [what, words] of Object.entries(STARTS)) {
  // Validators compiled ahead and the schemas beside them are 0.65 MB of it: more to read, and a third less time.
  report(`start path of the ${what}`, loadedMegabytes(words), 1.9, 'MB');
  report(`start of the ${what}, empty script = 1`, startRatio(words), 4.5, 'times');
}
console.log(
  `     archive that each job downloads: ${(gzipSync(archive).length / BYTES_PER_MB).toFixed(2)} MB packed`,
);
rmSync(folder, { recursive: true, force: true });
