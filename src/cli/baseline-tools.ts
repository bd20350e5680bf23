import { tmpdir } from 'node:os';
import type { BaselineTools } from '../chain/local-baseline.ts';
import type { Engine } from '../engine/engine.ts';
import { findChampion } from '../promotion/find-champion.ts';
import type { CliContext } from './context.ts';

/** What a search for a baseline takes of this process. `useEngine` starts the engine, or has it already. */
export function openBaselineTools(
  { version, signal }: CliContext,
  useEngine: <T>(work: (engine: Engine) => Promise<T>) => Promise<T>,
): BaselineTools {
  return {
    findChampion,
    measure: async (parsed, kept) =>
      await useEngine(async (engine) => {
        const { measureFiles } = await import('../chain/measure-files.ts');
        return await measureFiles(parsed, kept, { engine, version, signal, temporaryFolder: tmpdir() });
      }),
  };
}
