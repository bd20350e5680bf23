/**
 * What the stubs in dist/ call. Everything heavy is behind `import()`, so that starting costs little:
 * the command line does not load the Actions toolkit, an action does not load what it does not use.
 */
import packageDescription from '../package.json' with { type: 'json' };

/** The programs of child processes, relative to the folder that `runCli` is given. */
const WORKERS = { engine: 'engine-worker.js', model: 'model-worker.js' };

/** The command line. `folder` holds the programs of child processes. */
export async function runCli(folder: URL, workers = WORKERS): Promise<void> {
  const [{ runCommandLine }, { processContext }] = await Promise.all([
    import('./cli/main.ts'),
    import('./cli/process-context.ts'),
  ]);
  const context = processContext(folder, workers, packageDescription.version);
  process.exitCode = await runCommandLine(process.argv.slice(2), context);
}

/** One action. `folder` is where its stub lies. */
export async function runAction(name: string, folder: string): Promise<void> {
  const { runNamedAction } = await import('./actions/run-action.ts');
  process.exitCode = await runNamedAction(name, { folder, version: packageDescription.version });
}

/** The child process that parses strangers' files. */
export async function runEngineWorker(): Promise<void> {
  const worker = await import('./engine/duckdb/worker.ts');
  worker.runEngineWorker();
}

/** The child process that runs strangers' models. */
export async function runModelWorker(): Promise<void> {
  const worker = await import('./platform/model-runtimes/onnx/worker.ts');
  worker.runModelWorker();
}
