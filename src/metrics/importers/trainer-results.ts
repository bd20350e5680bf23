/** `all_results.json`, `eval_results.json` and `train_results.json` of Hugging Face's example programs: flat numbers. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource, ImportedNumber, ImportedRun, Importer } from './importer.ts';
import { headHasKeys, readJson } from '../../evidence/foreign/lenient-json.ts';
import {
  countOf,
  entriesOf,
  at,
  numberAt,
  optional,
  placeOf,
  type Place,
} from '../../evidence/foreign/places.ts';

export const TRAINER_RESULTS: Importer = {
  format: 'trainer-results',
  title: "all_results.json, eval_results.json and train_results.json of Hugging Face's Trainer",
  tested: 'fake',
  versions: 'files that we wrote by the documentation of transformers 5 (its writer needs PyTorch)',
  source: 'https://huggingface.co/docs/transformers/main_classes/trainer#transformers.Trainer.save_metrics',
  recognise: async (source) =>
    /(?:^|[/\\])(?:all|eval|train|test|predict)_results\.json$/u.test(source.name) &&
    (headHasKeys(source, ['eval_runtime']) ||
      headHasKeys(source, ['train_runtime']) ||
      headHasKeys(source, ['test_runtime']) ||
      headHasKeys(source, ['predict_runtime'])),
  read: async (source) => [await readResults(source)],
};

const SPLIT = /^(eval|train|test|predict)_/u;

/** Measured on the machine, not on the examples. */
const NOT_OF_EXAMPLES = /_(?:runtime|samples|samples_per_second|steps_per_second|jit_compilation_time)$/u;

async function readResults(source: ForeignSource): Promise<ImportedRun> {
  const results = placeOf(await readJson(source), source.name);
  const numbers = entriesOf(results).flatMap(([key, place]): ImportedNumber[] => {
    const value = numberAt(place);
    if (value === undefined) return [];
    const n = NOT_OF_EXAMPLES.test(key) ? undefined : examplesOf(results, key);
    return [{ key, value, ...(n === undefined ? {} : { n }) }];
  });
  if (numbers.length === 0) {
    throw new UserError(`${source.name} has no number in it.`, {
      help: 'Check that `save_metrics` was called with the metrics of an evaluation.',
    });
  }
  return { id: '', status: 'complete', numbers, lists: [], results: [], samples: [], attributes: {} };
}

/** `eval_samples` says how many examples every `eval_…` rests on. */
function examplesOf(results: Place, key: string): number | undefined {
  const split = SPLIT.exec(key)?.[1];
  return split === undefined ? undefined : optional(at(results, `${split}_samples`), countOf);
}
