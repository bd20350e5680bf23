/** Preloaded by check-sizes: prints on standard error every file of dist/ that a program loads, at its exit. */
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/dist/')) loaded.add(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => process.stderr.write(`\nLOADED ${JSON.stringify([...loaded])}\n`));
