/**
 * The steps of .ci/run, one after the other; a failed one does not hide the next. The last line is
 * `N passed, N failed`: the tests, and each further step as one.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const TEST_RESULTS = 'coverage/results.json';

const PREPARE: readonly Step[] = [
  { name: 'prerequisites of the suites', command: ['node', 'scripts/tools.ts', '--all'] },
];

const CHECKS: readonly Step[] = [
  { name: 'lint, with the arrows between rooms', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'formatting', command: ['npm', 'run', '--silent', 'format:check'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'unused files, exports and dependencies', command: ['npm', 'run', '--silent', 'knip'] },
  { name: 'generated files are current', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'dist/ equals its source', command: ['node', 'scripts/check-dist.ts'] },
  { name: 'sizes and start', command: ['node', 'scripts/check-sizes.ts'] },
  { name: 'actionlint', command: ['node', 'scripts/lint-workflows.ts', 'actionlint'] },
  { name: 'zizmor', command: ['node', 'scripts/lint-workflows.ts', 'zizmor'] },
];

function runStep({ name, command: [program, ...words] }: Step): boolean {
  console.log(`\n── ${name}: ${[program, ...words].join(' ')}`);
  const started = Date.now();
  const { status, error } = spawnSync(program, words, { stdio: 'inherit' });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : `FAILED (${error?.message ?? `exit code ${status}`})`} in ${seconds} s`,
  );
  return status === 0;
}

interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

const outcomes = PREPARE.map(runStep);
const tested = runStep({
  name: 'tests',
  command: ['npm', 'test', '--silent', '--', '--coverage', '--results', TEST_RESULTS],
});
outcomes.push(...CHECKS.map(runStep));
const results = JSON.parse(readFileSync(TEST_RESULTS, 'utf8')) as TestResults;
const failedTests = Math.max(results.numFailedTests, tested ? 0 : 1);
const passed = results.numPassedTests + outcomes.filter(Boolean).length;
const failed = failedTests + outcomes.filter((ok) => !ok).length;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
