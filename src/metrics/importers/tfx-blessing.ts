/** TFX's blessings: an empty file whose name is the verdict of its Evaluator or InfraValidator. */
import { UserError } from '../../evidence/errors.ts';
import { completeUnless } from './ending.ts';
import type { ForeignSource, ImportedResult, ImportedRun, Importer } from './importer.ts';
import { listPaths } from './list-paths.ts';

export const TFX_BLESSING: Importer = {
  format: 'tfx-blessing',
  title: 'TFX blessings (BLESSED, NOT_BLESSED)',
  tested: 'fake',
  versions: 'written after the source of tfx 1.x (components/evaluator, components/infra_validator)',
  source: 'https://github.com/tensorflow/tfx/blob/master/tfx/components/evaluator/executor.py',
  recognise: async (source) => (await listMarkers(source)).length > 0,
  read: async (source) => [await readBlessing(source)],
};

const MARKERS = [
  { marker: 'BLESSED', check: 'model', outcome: 'pass' },
  { marker: 'NOT_BLESSED', check: 'model', outcome: 'fail' },
  { marker: 'INFRA_BLESSED', check: 'infrastructure', outcome: 'pass' },
  { marker: 'INFRA_NOT_BLESSED', check: 'infrastructure', outcome: 'fail' },
] as const;

/** A marker lies in a folder of its own, or of its check and its run. */
async function listMarkers(source: ForeignSource): Promise<readonly string[]> {
  return (await listPaths(source)).filter((path) => findMarker(path) !== undefined);
}

function findMarker(path: string) {
  const name = path.split(/[/\\]/u).at(-1);
  return MARKERS.find(({ marker }) => marker === name);
}

async function readBlessing(source: ForeignSource): Promise<ImportedRun> {
  const markers = await listMarkers(source);
  const results = markers.flatMap((path): ImportedResult[] => {
    const found = findMarker(path);
    return found === undefined ? [] : [{ name: found.check, outcome: found.outcome, message: path }];
  });
  const twice = results.find(
    ({ name }, index) => results.findIndex((other) => other.name === name) !== index,
  );
  if (twice !== undefined) {
    throw new UserError(`${source.name} has several blessings of the ${twice.name}: ${markers.join(', ')}.`, {
      help: 'Name the folder of one run.',
    });
  }
  return {
    id: '',
    ...completeUnless(results.length === 0 ? 'There is no marker: the model was not validated.' : undefined),
    numbers: [],
    lists: [],
    results,
    samples: [],
    attributes: {},
  };
}
