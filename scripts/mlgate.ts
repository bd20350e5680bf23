/** Runs mlgate from its source, unbuilt: `node scripts/mlgate.ts run …`. */
import { runCli } from '../src/main.ts';

await runCli(new URL('../src/', import.meta.url), {
  engine: 'engine/duckdb/worker-main.ts',
  model: 'platform/model-runtimes/onnx/worker-main.ts',
});
