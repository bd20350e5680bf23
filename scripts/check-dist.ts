/** Builds dist/ from nothing and fails if git then sees any change in it: new, changed or stale files. */
import { execFileSync } from 'node:child_process';

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const changes = execFileSync('git', ['status', '--porcelain', '--', 'dist'], { encoding: 'utf8' });
if (changes !== '') {
  console.error(`dist/ differs from what its source builds:\n${changes}Run npm run build and commit dist/.`);
  process.exitCode = 1;
}
