import { dirname, join, relative, resolve } from 'node:path';
import { readAcceptances } from '../baseline/acceptances.ts';
import { acceptRegressions, mayBeAccepted } from '../chain/accept-regressions.ts';
import type { ChainResult } from '../chain/chain.ts';
import { withCommittedFiles } from '../chain/committed-files.ts';
import { connectFiles, type FileEffects, readConfig, type Workspace } from '../chain/connect.ts';
import { findLocalBaseline, openClone, readLocalSource } from '../chain/local-baseline.ts';
import { openLocalRecord } from '../chain/main-record.ts';
import type { Stage } from '../chain/stages.ts';
import { writeExports } from '../chain/write-exports.ts';
import { hideFromGit, writeResults, type WrittenFiles } from '../chain/write-results.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { Engine } from '../engine/engine.ts';
import { printEvidence } from '../evidence/evidence.ts';
import { exitCodeOf } from '../evidence/verdict.ts';
import { renderTerminal } from '../report/terminal/render-terminal.ts';
import type { Evidence, EvidenceSource } from '../schemas/evidence.generated.ts';
import { openBaselineTools } from './baseline-tools.ts';
import type { CommandArguments } from './command.ts';
import type { CliContext } from './context.ts';
import { createProgress } from './progress.ts';
import { connectCliRuntimes, openCliWorkspace, RESULTS_FOLDER, withCliEngine } from './session.ts';

interface StagesRequest {
  readonly parsed: ParsedConfig;
  readonly workspace: Workspace;
  readonly stages: readonly Stage[];
  readonly files: FileEffects;
  readonly source: EvidenceSource;
  /** Undefined writes nothing. */
  readonly output: { readonly folder: string; readonly hide: boolean } | undefined;
}

/** `mlgate run|validate|test|compare` with a config: the stages, the files beside it, the report on the terminal. */
export async function runConfiguredStages(
  arguments_: CommandArguments,
  context: CliContext,
  stages: readonly Stage[],
): Promise<number> {
  const workspace = openCliWorkspace(arguments_, context);
  const parsed = await readConfig(workspace);
  const folder = dirname(workspace.configPath);
  const source = await readLocalSource(workspace.configPath, context.environment);
  const chosen = arguments_.text('output');
  const output =
    chosen === undefined
      ? { folder: join(folder, RESULTS_FOLDER), hide: true }
      : { folder: resolve(context.cwd, chosen), hide: false };
  const files = connectFiles(workspace);
  const request = { parsed, workspace, stages, files, source, output };
  return await withCliEngine(context, parsed.config.engine, async (engine) =>
    runStages(engine, request, arguments_, context),
  );
}

/** Runs the stages and shows what they found. */
export async function runStages(
  engine: Engine,
  request: StagesRequest,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<number> {
  const { parsed, workspace, stages, files, source } = request;
  const { environment, now, signal, version } = context;
  const folder = dirname(workspace.configPath);
  const tools = openBaselineTools(context, async (work) => await work(engine));
  const findBaseline = async () => await findLocalBaseline({ parsed, folder, environment, files, tools });
  const openMainRecord = async () => await openLocalRecord(parsed, folder, environment);
  const { onStep, onProgress, end } = createProgress(context);
  try {
    const runtimes = connectCliRuntimes(context);
    const effects = {
      ...files,
      engine,
      findBaseline,
      openMainRecord,
      runtimes,
      now,
      signal,
      onStep,
      onProgress,
    };
    // Loaded when the config has been read: what ends there, and every other command, starts without it.
    const { runChain } = await import('../chain/chain.ts');
    const result = await withCommittedFiles(
      workspace,
      environment,
      async (openCommitted) =>
        await runChain({ parsed, stages, source, version }, { ...effects, openCommitted }),
    );
    end();
    const evidence = await acceptLocally(result.evidence, parsed, folder, context);
    return await showResult({ ...result, evidence }, request, arguments_, context);
  } finally {
    end();
  }
}

/** A regression that somebody accepted for this very commit is a warning here too. */
async function acceptLocally(
  evidence: Evidence,
  { config }: ParsedConfig,
  folder: string,
  { environment, now }: CliContext,
): Promise<Evidence> {
  const clone = mayBeAccepted(evidence) ? await openClone(folder, environment) : undefined;
  if (clone === undefined) return evidence;
  const read = await readAcceptances(clone.store, config.baseline.branch, now());
  const head = evidence.source.headCommit ?? evidence.source.commit;
  return acceptRegressions(evidence, read, { pullRequests: [], head, now: now() });
}

async function showResult(
  result: ChainResult,
  { parsed, output }: StagesRequest,
  arguments_: CommandArguments,
  context: CliContext,
): Promise<number> {
  const { title, html, exports } = parsed.config.report;
  const options = { title, now: context.now(), trust: 'own' } as const;
  const written = output === undefined ? undefined : await writeResults(output.folder, result, options, html);
  const exported = output === undefined ? [] : await writeExports(output.folder, result.evidence, exports);
  if (output?.hide === true) await hideFromGit(output.folder);
  if (arguments_.flag('json')) context.print(printEvidence(result.evidence));
  else {
    context.print(
      renderTerminal(result.evidence, { ...options, color: context.color, width: context.width }),
    );
    if (written !== undefined) context.print(listFiles(written, exported, context.cwd));
  }
  return exitCodeOf(result.evidence.body.verdict, parsed.config.enforce);
}

function listFiles(written: WrittenFiles, exported: readonly string[], cwd: string): string {
  const rows: readonly (readonly [string, string])[] = [
    ['evidence', written.evidence],
    ['report', written.markdown],
    ...(written.html === undefined ? [] : [['page', written.html] as const]),
    ...exported.map((path) => ['export', path] as const),
  ];
  return `\n${rows.map(([what, path]) => `${what.padEnd(9)} ${relative(cwd, path)}`).join('\n')}\n`;
}
