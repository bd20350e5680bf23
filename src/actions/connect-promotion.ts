import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import { readTextFile } from '../platform/read-text-file.ts';
import { openRestStore } from '../platform/rest-ref-store.ts';
import { findEvidenceOf } from '../promotion/find-evidence.ts';
import { connectRuns } from '../promotion/github-runs.ts';
import type { PromotionEffects } from '../promotion/promote.ts';
import { verifyEvidence } from '../promotion/verify-evidence.ts';
import type { Config } from '../schemas/config.generated.ts';
import { RETRY_TIMING } from '../platform/retry-timing.ts';
import { connectGitHub, DEFAULT_ARTIFACT, type ActionContext } from './action.ts';
import { fetchEvidence } from './fetch-evidence.ts';

/** What a promotion does to this repository, through GitHub's API. */
export async function connectPromotion(context: ActionContext, config: Config): Promise<PromotionEffects> {
  const { repositoryId, defaultBranch } = context.run;
  const { branch, main = defaultBranch } = config.baseline;
  const client = await connectGitHub(context);
  const store = openRestStore(client);
  const expected = { repositoryId, ...(main === undefined ? {} : { main }) };
  const runs = connectRuns(client, {
    repositoryId,
    main,
    workflow: config.promotion.workflow,
    readEvidence: async (artifact, run) => {
      const path = await fetchEvidence(context, artifact, run);
      const limits = { what: 'the evidence', maxBytes: MAX_EVIDENCE_BYTES };
      return path === undefined ? undefined : await readTextFile(path, limits);
    },
  });
  return {
    store,
    findEvidence: async (model, subject) => await findEvidenceOf({ store, branch, expected }, model, subject),
    verify: async (evidence) => await verifyEvidence(evidence, DEFAULT_ARTIFACT, runs),
    now: context.now,
    timing: RETRY_TIMING,
    inform: context.logger.info,
  };
}
