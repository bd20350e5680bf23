/** `wandb-summary.json`: the last value of everything that a W&B run logged. */
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import { entriesOf, numberAt, placeOf } from '../../evidence/foreign/places.ts';
import { numbersOf } from './read-numbers.ts';

export const WANDB: Importer = {
  format: 'wandb',
  title: 'W&B summary (wandb-summary.json)',
  tested: 'fake',
  versions: 'files that we wrote by the documentation: offline W&B 0.31 writes only its log',
  source: 'https://docs.wandb.ai/models/track/log/log-summary',
  recognise: async (source) =>
    (source.kind === 'file' && /(?:^|[/\\])wandb-summary\.json$/u.test(source.name)) ||
    headHasKeys(source, ['_runtime', '_timestamp', '_step']),
  read: async (source) => [await readSummary(source)],
};

/** Keys of W&B's own: when, and about itself. */
const OWN = '_';

async function readSummary(source: ForeignSource): Promise<ImportedRun> {
  const entries = entriesOf(placeOf(await readJson(source), source.name));
  const logged = entries.filter(([key]) => !key.startsWith(OWN));
  const { numbers, lists } = numbersOf(
    Object.fromEntries(logged.map(([key, { value }]) => [key, value])),
    source.name,
  );
  return {
    id: '',
    // Nothing in the file says how the run ended.
    status: 'complete',
    numbers,
    lists,
    results: [],
    samples: [],
    attributes: Object.fromEntries(
      entries.flatMap(([key, place]) => {
        const value = numberAt(place);
        return key.startsWith(OWN) && value !== undefined ? [[key.slice(1), value]] : [];
      }),
    ),
  };
}
