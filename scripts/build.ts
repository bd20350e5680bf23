/**
 * Builds dist/ from nothing: tsc, the validators compiled ahead, then ncc on its JavaScript (one shared bundle), then a
 * minifier on the chunks that are loaded late, which ncc leaves as they are, then a stub of a few lines for the command
 * line, for the child processes of engine and models and for each action.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { minifySync } from 'oxc-minify';
import { precompileValidators } from './precompile-validators.ts';

/** The bundle while it is being made. */
const TARGET = 'build/dist';

rmSync('build', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
mkdirSync('build/action-schema', { recursive: true });
cpSync('action-schema', 'build/action-schema', { recursive: true });
cpSync('package.json', 'build/package.json');
writeFileSync('build/src/schemas/compile-validator.js', precompileValidators());
execFileSync(
  'ncc',
  ['build', 'build/src/main.js', '-o', TARGET, '--license', 'licenses.txt', '--minify', '--quiet'],
  { stdio: 'inherit' },
);

for (const chunk of readdirSync(TARGET).filter((file) => /^\d+\.index\.js$/.test(file)))
  minifyChunk(`${TARGET}/${chunk}`);
for (const action of ['mlgate', ...readdirSync('actions')])
  writeFileSync(`${TARGET}/${action}.js`, actionStub(action));
for (const [worker, start] of [
  ['engine-worker', 'runEngineWorker'],
  ['model-worker', 'runModelWorker'],
])
  writeFileSync(`${TARGET}/${worker}.js`, `import { ${start} } from './index.js';\nawait ${start}();\n`);
writeFileSync(`${TARGET}/cli.js`, cliStub(), { mode: 0o755 });

// Only a whole bundle takes the place of the old one.
rmSync('dist', { recursive: true, force: true });
renameSync(TARGET, 'dist');

function minifyChunk(path: string): void {
  const { code, errors } = minifySync(path, readFileSync(path, 'utf8'), {
    module: true,
    compress: { target: 'es2023' },
  });
  if (errors.length > 0) throw new Error(`${path}: ${errors.map((error) => error.message).join('; ')}`);
  writeFileSync(path, code);
}

function actionStub(action: string): string {
  return `import { runAction } from './index.js';\nawait runAction('${action}', import.meta.dirname);\n`;
}

/** Written so that even an old Node parses it and can say what is wrong, rather than stop at a syntax error. */
function cliStub(): string {
  return `#!/usr/bin/env node
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error('mlgate needs Node 20.19 or newer; this is Node ' + process.versions.node + '. Get a newer one from https://nodejs.org, or run mlgate as a GitHub Action, which brings its own.');
  process.exit(2);
}
import('./index.js').then(function (bundle) {
  return bundle.runCli(new URL('.', import.meta.url));
});
`;
}
