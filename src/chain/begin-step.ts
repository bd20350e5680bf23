import { WorldError } from '../evidence/errors.ts';
import type { ChainEffects } from './chain.ts';

/** Says what comes next. Throws a WorldError if the user has stopped the run meanwhile. */
export function beginStep({ onStep, signal }: Pick<ChainEffects, 'onStep' | 'signal'>, step: string): void {
  if (signal?.aborted === true) throw new WorldError(`The run was stopped before ${step}.`);
  onStep(step);
}

/** What a query of the engine takes of the chain's effects. */
export function queryOptions({
  signal,
  onProgress,
}: ChainEffects): Pick<ChainEffects, 'signal' | 'onProgress'> {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}
