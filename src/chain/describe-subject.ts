import type { TableSource } from '../engine/engine.ts';
import type { Check, ConfigSource, Input, Subject } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects, FileIdentity } from './chain.ts';
import { recomputeSubject, type RecomputeRequest } from './recompute-subject.ts';

/** Key of the Parquet metadata, and of nothing else, under which a training run declares the model's digest. */
const DECLARED_DIGEST_KEY = 'mlgate.subject.sha256';

/** What is put behind the name of a predictions file to name the file that declares the model's digest. */
const SIDECAR_SUFFIX = '.mlgate.json';

const SHA256 = /^[0-9a-f]{64}$/;

export interface SubjectRequest {
  readonly model: string;
  /** Path of the artifact as the config spells it. */
  readonly artifact: string;
  /** Path of the predictions as the config spells it. */
  readonly predictions: string;
  readonly source: TableSource;
  readonly configSource: ConfigSource;
  /** What it takes to run the model here; undefined where the config does not ask for it. */
  readonly recompute: Omit<RecomputeRequest, 'model' | 'artifact' | 'predictions'> | undefined;
}

export interface DescribedSubject {
  readonly subject: Subject;
  readonly checks: readonly Check[];
  readonly inputs: readonly Input[];
}

/**
 * Names the bytes that a promotion would ship, and says how the predictions are tied to them: `recomputed` if the model
 * gave them here, `declared` if the training run wrote the artifact's digest into or beside the predictions file. A
 * digest or an answer that does not agree is a failed check: the predictions are another model's. Where the config asks
 * for the model to be run, a declaration does not stand in for it.
 */
export async function describeSubject(
  request: SubjectRequest,
  effects: ChainEffects,
): Promise<DescribedSubject> {
  const { model, artifact, predictions, recompute } = request;
  const identity = await effects.identifyFile(artifact);
  const declared = await readDeclaredDigest(request, effects);
  const input: Input = { role: 'artifact', name: model, path: artifact, ...identity };
  const subject = {
    name: model,
    ...identity,
    format: /\.([A-Za-z0-9]+)$/.exec(artifact)?.[1]?.toLowerCase() ?? 'file',
    path: artifact,
  };
  if (recompute === undefined) {
    const binding = declared === identity.sha256 ? 'declared' : 'none';
    const check = judgeBinding(request, identity, declared);
    return { subject: { ...subject, binding }, checks: [check], inputs: [input] };
  }
  const ran = await recomputeSubject({ ...recompute, model, artifact, predictions }, identity, effects);
  const contradicted = declared !== undefined && declared !== identity.sha256;
  return {
    subject: {
      ...subject,
      binding: ran.agrees && !contradicted ? 'recomputed' : 'none',
      ...(ran.recomputed === undefined ? {} : { recomputed: ran.recomputed }),
    },
    checks: [...(declared === undefined ? [] : [judgeBinding(request, identity, declared)]), ran.check],
    inputs: [input, ...ran.inputs],
  };
}

async function readDeclaredDigest(
  request: SubjectRequest,
  effects: ChainEffects,
): Promise<string | undefined> {
  const metadata = await effects.engine.readMetadata(request.source, queryOptions(effects));
  const inside = metadata[DECLARED_DIGEST_KEY];
  if (inside !== undefined) return inside;
  const text = await effects.readOptionalText(`${request.predictions}${SIDECAR_SUFFIX}`);
  return text === undefined ? undefined : parseSidecar(text);
}

/** `{"version": 1, "subject": {"sha256": "…"}}`; anything else declares nothing that could agree. */
function parseSidecar(text: string): string {
  try {
    const document = JSON.parse(text) as { subject?: { sha256?: unknown } } | null;
    const digest = document?.subject?.sha256;
    return typeof digest === 'string' && SHA256.test(digest) ? digest : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function judgeBinding(request: SubjectRequest, identity: FileIdentity, declared: string | undefined): Check {
  const base = {
    id: `model/${request.model}/binding`,
    name: 'binding',
    about: { model: request.model },
    severity: 'fail',
    source: request.configSource,
  } as const;
  const file = `\`${request.predictions}\``;
  if (declared === undefined) {
    const message = `Nothing ties ${file} to \`${request.artifact}\`: let the training run write the artifact's SHA-256 to \`${request.predictions}${SIDECAR_SUFFIX}\`, or into the Parquet metadata as \`${DECLARED_DIGEST_KEY}\`.`;
    return { ...base, verdict: 'skipped', observed: 'none', expected: 'declared', message };
  }
  if (declared === identity.sha256) {
    return {
      ...base,
      verdict: 'pass',
      observed: 'declared',
      expected: 'declared',
      message: `${file} declares that \`${request.artifact}\` (${identity.sha256.slice(0, 12)}) made it.`,
    };
  }
  const said = SHA256.test(declared) ? declared.slice(0, 12) : 'an unreadable digest';
  const message = `${file} says that another model made it: it declares ${said}, but \`${request.artifact}\` is ${identity.sha256.slice(0, 12)}. Write predictions and model in the same training run.`;
  return { ...base, verdict: 'fail', observed: said, expected: identity.sha256.slice(0, 12), message };
}
