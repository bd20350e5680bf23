/** Everything that is generated and committed, but dist/. `--check` writes nothing and fails if something is out of date. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const generators = readdirSync('scripts')
  .filter((file) => /^generate-.+\.ts$/.test(file))
  .toSorted();
for (const generator of generators) {
  const { status } = spawnSync(process.execPath, [`scripts/${generator}`, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
