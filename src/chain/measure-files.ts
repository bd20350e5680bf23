import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { Engine } from '../engine/engine.ts';
import type { EvidenceSource } from '../schemas/evidence.generated.ts';
import { runChain, type ChainResult } from './chain.ts';
import { connectNamedFiles } from './connect.ts';

/** Files that another tool kept, under the names that the config gives to the candidate's. */
export interface KeptFiles {
  /** Content by the config's path of the predictions or of the metrics file. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly source: EvidenceSource;
  /** When the files were made. */
  readonly madeAt: Date;
}

/** What measuring takes of the surroundings. */
export interface MeasureEffects {
  readonly engine: Engine;
  /** Absolute: where temporary files go. */
  readonly temporaryFolder: string;
  readonly version: string;
  readonly signal?: AbortSignal;
}

/**
 * Evidence and outcomes of files that another tool kept, measured as the candidate's are today. Models and metrics files
 * whose file is not there are left out. Throws a UserError for files that cannot be read.
 */
export async function measureFiles(
  parsed: ParsedConfig,
  { files, source, madeAt }: KeptFiles,
  { engine, temporaryFolder, version, signal }: MeasureEffects,
): Promise<ChainResult> {
  const folder = await mkdtemp(join(temporaryFolder, 'mlgate-history-'));
  try {
    const named = new Map<string, string>();
    for (const [path, bytes] of files) {
      // Numbered, because a configured path may lead anywhere; the name's ending says the format.
      const real = join(folder, `${named.size}-${basename(path)}`);
      await writeFile(real, bytes);
      named.set(path, real);
    }
    return await runChain(
      { parsed: keepMeasurable(parsed, files), stages: ['comparison'], source, version },
      {
        ...connectNamedFiles(folder, named),
        // The files stand for those of the commit, not for where they lie now.
        evidencePath: (path) => path,
        engine,
        findBaseline: async () =>
          await Promise.resolve({
            used: { rung: 'none', tried: [] },
            evidence: undefined,
            outcomes: new Map(),
          }),
        now: () => madeAt,
        onStep: () => undefined,
        ...(signal === undefined ? {} : { signal }),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The config with what the files can answer: numbers of models and of metrics files, and no bound on them. */
function keepMeasurable(parsed: ParsedConfig, files: ReadonlyMap<string, unknown>): ParsedConfig {
  const { data: _data, rules: _rules, models = {}, metrics = {}, ...config } = parsed.config;
  const bare = Object.entries(models)
    .filter(([, model]) => files.has(model.predictions.path))
    .map(([name, model]) => {
      const {
        artifact: _artifact,
        'baseline-predictions': _given,
        slices: _slices,
        seeds: _seeds,
        params: _params,
        'max-negative-flips': _flips,
        ...rest
      } = model;
      return [name, { ...rest, metrics: {} }] as const;
    });
  const numbers = Object.entries(metrics).filter(([, file]) => files.has(file.path));
  return {
    ...parsed,
    config: { ...config, models: Object.fromEntries(bare), metrics: Object.fromEntries(numbers) },
  };
}
