/** `trainer_state.json` of Hugging Face's Trainer: the log of a training. */
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  at,
  countOf,
  entriesOf,
  isAbsent,
  listOf,
  numberAt,
  numberOf,
  optional,
  placeOf,
  textOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const TRAINER_STATE: Importer = {
  format: 'trainer-state',
  title: "trainer_state.json of Hugging Face's Trainer",
  tested: 'fixture',
  versions: 'transformers 5.23.0 (its TrainerState, saved without a training)',
  source: 'https://huggingface.co/docs/transformers/main_classes/callback#transformers.TrainerState',
  recognise: async (source) => headHasKeys(source, ['log_history', 'global_step']) || isNamed(source),
  read: async (source) => [await readState(source)],
};

function isNamed({ kind, name }: ForeignSource): boolean {
  return kind === 'file' && /(?:^|[/\\])trainer_state\.json$/u.test(name);
}

/** Keys of a log entry that say when, not how well. */
const WHEN: ReadonlySet<string> = new Set(['epoch', 'step']);

/** What the last entry has when the training came to its end, however early. */
const END = 'train_runtime';

async function readState(source: ForeignSource): Promise<ImportedRun> {
  const state = placeOf(await readJson(source), source.name);
  const steps = countOf(at(state, 'global_step'));
  const planned = optional(at(state, 'max_steps'), numberOf) ?? 0;
  const log = listOf(at(state, 'log_history'));
  const latest = new Map<string, number>();
  for (const entry of log) {
    for (const [key, place] of entriesOf(entry)) {
      const value = numberAt(place);
      if (value !== undefined && !WHEN.has(key)) latest.set(key, value);
    }
  }
  const best = optional(at(state, 'best_metric'), numberOf);
  const hasEnd = latest.has(END) || steps >= planned;
  return {
    id: '',
    status: hasEnd ? 'complete' : 'partial',
    ...(hasEnd ? {} : { detail: `The training is at step ${steps} of ${planned}.` }),
    numbers: [
      ...Array.from(latest, ([key, value]): ImportedNumber => ({ key, value })),
      ...(best === undefined ? [] : [{ key: 'best_metric', value: best }]),
    ],
    lists: [],
    results: [],
    samples: [],
    attributes: { global_step: steps, ...listTexts(state, ['best_model_checkpoint', 'trial_name']) },
  };
}

function listTexts(state: Place, keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keys.flatMap((key) => (isAbsent(at(state, key)) ? [] : [[key, textOf(at(state, key))] as const])),
  );
}
