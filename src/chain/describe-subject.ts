import type { TableSource } from '../engine/engine.ts';
import type { Check, ConfigSource, Subject } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects, FileIdentity } from './chain.ts';

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
}

export interface DescribedSubject {
  readonly subject: Subject;
  readonly check: Check;
}

/**
 * Names the bytes that a promotion would ship, and says how the predictions are tied to them: `declared` if the
 * training run wrote the artifact's digest into or beside the predictions file. A digest that does not agree is a
 * failed check: the predictions are another model's.
 */
export async function describeSubject(
  request: SubjectRequest,
  effects: ChainEffects,
): Promise<DescribedSubject> {
  const identity = await effects.identifyFile(request.artifact);
  const declared = await readDeclaredDigest(request, effects);
  const agrees = declared === identity.sha256;
  return {
    subject: {
      name: request.model,
      ...identity,
      format: /\.([A-Za-z0-9]+)$/.exec(request.artifact)?.[1]?.toLowerCase() ?? 'file',
      path: request.artifact,
      binding: agrees ? 'declared' : 'none',
    },
    check: judgeBinding(request, identity, declared),
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
