/** Evidence, configs and requests that a promotion accepts; each test changes what it is about. */
import { tmpdir } from 'node:os';
import { digestJson, sha256 } from '../../src/evidence/digest.ts';
import { makeEvidence } from '../../src/evidence/evidence.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY, type RefStore } from '../../src/platform/ref-store.ts';
import type { EvidenceCandidate, EvidenceVerification } from '../../src/promotion/judge-evidence.ts';
import type { PromotionRequest } from '../../src/promotion/judge-request.ts';
import type { PromotionContext, PromotionEffects } from '../../src/promotion/promote.ts';
import type { Config } from '../../src/schemas/config.generated.ts';
import type { Evidence, EvidenceBody, EvidenceSource } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import type { GitWorkspace } from '../helpers/git-repository.ts';
import { isolatedEnvironment } from '../platform/environment.ts';

export const NOW = new Date('2026-11-21T10:00:00Z');
export const DIGEST = sha256('the model');
export const OTHER_DIGEST = sha256('another model');
export const COMMIT = 'a'.repeat(40);
export const OTHER_COMMIT = 'b'.repeat(40);

const CONFIG_SOURCE = {
  version: 1,
  models: {
    churn: {
      artifact: 'models/churn.onnx',
      task: 'binary-classification',
      predictions: { path: 'out/predictions.parquet', id: 'id', target: 'churned', score: 'p' },
      metrics: { roc_auc: { 'at-least': 0.75 } },
    },
  },
  promotion: { workflow: '.github/workflows/gate.yml' },
};

/** A config with every default; `changes` replaces whole blocks. */
export function makeConfig(changes: Readonly<Record<string, unknown>> = {}): Config {
  const result = validateDocument('config', { ...CONFIG_SOURCE, ...changes });
  if (!result.ok)
    throw new Error(JSON.stringify(result.violations.map(({ path, message }) => [path, message])));
  return result.document;
}

export const CONFIG = makeConfig();
export const CONFIG_DIGEST = digestJson(CONFIG);

export const BODY: EvidenceBody = {
  tool: { name: 'mlgate', version: '0.1.0' },
  seed: 1,
  policy: { digest: CONFIG_DIGEST, enforce: true, alpha: 0.05, inconclusive: 'warn', noBaseline: 'warn' },
  verdict: 'pass',
  subjects: [
    {
      name: 'churn',
      sha256: DIGEST,
      bytes: 9,
      format: 'onnx',
      path: 'models/churn.onnx',
      binding: 'declared',
    },
  ],
  inputs: [],
  checks: [
    {
      id: 'model/churn/roc_auc/at-least',
      name: 'at-least',
      about: { model: 'churn' },
      metric: 'roc_auc',
      verdict: 'pass',
      severity: 'fail',
      message: 'roc_auc is 0.8, at least 0.75 wanted.',
    },
  ],
  metrics: [
    {
      name: 'roc_auc',
      about: { model: 'churn' },
      definition: 1,
      direction: 'higher-is-better',
      value: 0.8,
      n: 100,
    },
  ],
  figures: [],
};

export interface EvidenceChanges {
  readonly body?: Partial<EvidenceBody>;
  readonly source?: Partial<EvidenceSource>;
  readonly createdAt?: Date;
}

export function makeTestEvidence({ body, source, createdAt }: EvidenceChanges = {}): Evidence {
  return makeEvidence(
    { ...BODY, ...body },
    {
      source: {
        repository: 'acme/churn',
        repositoryId: 1,
        commit: COMMIT,
        event: 'push',
        run: 101,
        ...source,
      },
      createdAt: createdAt ?? new Date('2026-11-21T09:00:00Z'),
      durationSeconds: 1,
    },
  );
}

/** Evidence about another digest of the model at a commit. */
export function evidenceOf(commit: string, digest: string, changes: EvidenceChanges = {}): Evidence {
  const subjects = BODY.subjects.map((subject) => ({ ...subject, sha256: digest }));
  return makeTestEvidence({
    ...changes,
    body: { ...changes.body, subjects },
    source: { ...changes.source, commit },
  });
}

export const VERIFIED: EvidenceVerification = { kind: 'verified', by: 'artifact' };

export function makeCandidate(changes: EvidenceChanges = {}): EvidenceCandidate {
  return { evidence: makeTestEvidence(changes), comparedWith: undefined, verification: VERIFIED };
}

export const REQUEST: PromotionRequest = {
  model: 'churn',
  version: '1.0.0',
  stage: 'production',
  reason: 'Weekly release.',
  actor: 'octocat',
};

export const CONTEXT: PromotionContext = {
  config: CONFIG,
  configDigest: CONFIG_DIGEST,
  subject: DIGEST,
  toolVersion: '0.1.0',
};

/** A clock that only sleeping moves. */
export function makeClock(start: Date = NOW): {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  slept: () => number;
} {
  let passed = 0;
  return {
    now: () => new Date(start.getTime() + passed),
    sleep: async (milliseconds) => {
      passed += milliseconds;
    },
    slept: () => passed,
  };
}

/** Effects that find the given evidence, all of it verified. */
export function makeEffects(
  store: RefStore,
  evidence: readonly Evidence[],
  clock = makeClock(),
): PromotionEffects {
  return {
    store,
    findEvidence: async (_model, subject) => ({
      found: evidence
        .filter(({ body }) => body.subjects.some((each) => each.sha256 === subject))
        .map((each) => ({ evidence: each, comparedWith: undefined })),
      unsound: [],
    }),
    verify: async () => VERIFIED,
    now: clock.now,
    timing: { random: () => 0.5, sleep: clock.sleep },
    inform: () => undefined,
  };
}

export function openTestStore(workspace: GitWorkspace, remote: string | undefined): RefStore {
  return openGitStore({
    git: openGit(workspace.directory, isolatedEnvironment()),
    remote,
    identity: MLGATE_IDENTITY,
    temporaryFolder: tmpdir(),
  });
}
