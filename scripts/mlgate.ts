/** Runs mlgate from its source, unbuilt: `node scripts/mlgate.ts run …`. */
import { runCli } from '../src/main.ts';

await runCli(new URL('../src/engine/duckdb/', import.meta.url), 'worker-main.ts');
