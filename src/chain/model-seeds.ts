import type { Outcomes } from '../outcomes/outcomes.ts';
import type { Check, Input } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';
import { loadPredictions, type Candidate, type PredictionsRequest } from './load-predictions.ts';
import { renameFindings } from './model-checks.ts';

/** Predictions of further trainings of main's recipe, as the config lists them; none where a check says what is wrong. */
export interface ModelSeeds {
  readonly outcomes: readonly Outcomes[];
  readonly inputs: readonly Input[];
  readonly checks: readonly Check[];
}

/**
 * Reads the files of `seeds`. Each must cover the candidate's test set: on other examples the trainings would differ by
 * those too, and the noise of training would be taken for larger than it is.
 */
export async function readModelSeeds(
  request: PredictionsRequest,
  candidate: Candidate,
  effects: ChainEffects,
): Promise<ModelSeeds> {
  const outcomes: Outcomes[] = [];
  const inputs: Input[] = [];
  const checks: Check[] = [];
  for (const [index, path] of (request.model.seeds ?? []).entries()) {
    const file = { role: 'seed-predictions', path, ownGroups: false, candidate } as const;
    const { input, loaded } = await loadPredictions(request, file, effects);
    inputs.push(input);
    const key = ['seeds', String(index)] as const;
    if (loaded.kind === 'findings') {
      checks.push(...renameFindings(request.name, key, loaded.checks, request.parsed.locate));
    } else if (loaded.outcomes.testSetDigest === candidate.outcomes.testSetDigest) {
      outcomes.push(loaded.outcomes);
    } else {
      checks.push(reportOtherTestSet(request, path, key));
    }
  }
  return { outcomes: checks.length === 0 ? outcomes : [], inputs, checks };
}

function reportOtherTestSet(
  { name, parsed }: PredictionsRequest,
  path: string,
  key: readonly [string, string],
): Check {
  return {
    id: `model/${name}/${key.join('/')}/test-set`,
    name: 'test-set',
    about: { model: name },
    verdict: 'fail',
    reason: 'test-set-changed',
    severity: 'fail',
    message: `\`${path}\` holds predictions on another test set than \`${parsed.config.models?.[name]?.predictions.path ?? ''}\`. Predict the same examples, with the same targets, with every training.`,
    source: parsed.locate(['models', name, ...key]),
  };
}
