import type { BaselineConfig } from '../schemas/config.generated.ts';
import { findNothing, type Resort } from './resort.ts';

/** Where a baseline can be, besides the branch. */
export type Place = 'artifact' | 'dvc' | 'mlflow' | 'file' | 'champion';

/** What each store looks at, best place first; `branch` stands for the rungs exact, ancestor and newest. */
const LADDERS: Readonly<Record<BaselineConfig['store'], readonly ('branch' | Place)[]>> = {
  branch: ['branch', 'artifact', 'file', 'champion'],
  artifact: ['artifact', 'file', 'champion'],
  file: ['file'],
  dvc: ['dvc', 'file', 'champion'],
  mlflow: ['mlflow', 'file', 'champion'],
};

/** Whether a config's store has main's evidence on the branch. */
export function usesBranch({ store }: Pick<BaselineConfig, 'store'>): boolean {
  return LADDERS[store].includes('branch');
}

/**
 * The resorts that a config asks for, in their order. `open` gives what can be opened here: a fallback that cannot is
 * left out; the store itself says why it cannot.
 */
export function listResorts(
  { store }: Pick<BaselineConfig, 'store'>,
  open: Readonly<Partial<Record<Place, Resort>>>,
): readonly Resort[] {
  return LADDERS[store].flatMap((place) => {
    if (place === 'branch') return [];
    const resort = open[place];
    if (resort !== undefined) return [resort];
    return place === store ? [explainClosed(place)] : [];
  });
}

const CLOSED: Readonly<Record<Exclude<Place, 'champion'>, string>> = {
  artifact: 'Artifacts of runs are read in a workflow on GitHub, not here.',
  file: 'The config names no evidence (`baseline.evidence`).',
  dvc: 'This folder is in no git repository with a commit.',
  mlflow: 'The config does not say which run (`baseline.mlflow`).',
};

function explainClosed(place: Exclude<Place, 'champion'>): Resort {
  return {
    rung: place === 'dvc' || place === 'mlflow' ? 'history' : place,
    whenUnreachable: 'fail',
    look: () => Promise.resolve(findNothing(CLOSED[place])),
  };
}
