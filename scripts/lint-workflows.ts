/** Runs actionlint or zizmor over the workflows and actions of this repository. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const TOOLS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  actionlint: ['.tools/bin/actionlint', '-config-file', '.github/actionlint.yaml', '-color'],
  zizmor: [
    '.tools/venv/bin/zizmor',
    '--offline',
    '--config',
    '.github/zizmor.yml',
    '--no-progress',
    '.github',
    'action.yml',
    'actions',
  ],
};

const name = process.argv[2] ?? '';
const command = TOOLS[name];
if (command === undefined) throw new Error(`usage: lint-workflows ${Object.keys(TOOLS).join('|')}`);
const [program, ...words] = command;
if (!existsSync(program)) {
  console.error(`${name} is not installed: run node scripts/tools.ts.`);
  process.exitCode = 1;
} else process.exitCode = spawnSync(program, words, { stdio: 'inherit' }).status ?? 1;
