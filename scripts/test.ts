/**
 * `npm test`: every suite. One whose prerequisite is missing says so and is skipped; in CI (CI=true) that is a failure.
 * `--quick` runs only what needs nothing but Node and git; other words go to vitest.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    results: { type: 'string', default: 'coverage/results.json' },
  },
  allowPositionals: true,
});
mkdirSync(dirname(values.results), { recursive: true });
const { status } = spawnSync(
  'vitest',
  [
    'run',
    ...(values.quick ? ['--project', 'unit', '--project', 'dist'] : []),
    ...(values.coverage ? ['--coverage'] : []),
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${values.results}`,
    ...positionals,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const results = JSON.parse(readFileSync(values.results, 'utf8')) as Readonly<
  Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests', number>
>;
console.log(
  `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${results.numPendingTests} skipped`,
);
process.exitCode = status ?? 1;
