import { posix } from 'node:path';
import {
  digestCheckouts,
  findChangedMeasurement,
  type TrustedPolicy,
} from '../chain/find-changed-measurement.ts';
import { addNote, judgeAgain } from '../chain/judge-again.ts';
import { parseWholeConfig } from '../chain/connect.ts';
import { referredPath } from '../chain/read-data-schema.ts';
import { loadDataSchema, type LoadedDataSchema } from '../config/load-data-schema.ts';
import { MAX_DOCUMENT_BYTES } from '../config/limits.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import { readContent } from '../platform/contents.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { connectGitHub, type ActionContext } from './action.ts';
import type { OpenedConfig } from './run-stages.ts';

/** The config, and the data schemas that it names, as a commit of this repository has them; undefined if it has no config. */
export async function readPolicyAt(
  client: GitHubClient,
  path: string,
  commit: string,
): Promise<TrustedPolicy | undefined> {
  const text = await readContent(client, path, commit, MAX_DOCUMENT_BYTES);
  if (text === undefined) return undefined;
  const parsed = parseWholeConfig(text, path);
  const schemaDigests = new Map<string, readonly string[]>();
  const referredDigests = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const schemas = new Map<string, DataSchema>();
  for (const [name, { schema }] of Object.entries(parsed.config.data ?? {})) {
    const content = await readContent(
      client,
      posix.join(posix.dirname(path), schema),
      commit,
      MAX_DOCUMENT_BYTES,
    );
    if (content === undefined) continue;
    schemaDigests.set(name, digestCheckouts(content));
    const known = await readSchemaAt(client, posix.join(posix.dirname(path), schema), content, commit);
    if (known === undefined) continue;
    schemas.set(name, known.schema);
    const digests = known.referred.map(
      ({ file, text }) => [referredPath(schema, file), digestCheckouts(text)] as const,
    );
    referredDigests.set(name, new Map(digests));
  }
  return { parsed, schemaDigests, referredDigests, schemas };
}

/** A data schema as a commit has it; undefined where this version cannot read it: then the config alone says what counts. */
async function readSchemaAt(
  client: GitHubClient,
  path: string,
  text: string,
  commit: string,
): Promise<LoadedDataSchema | undefined> {
  const read = async (beside: string): Promise<string> => {
    const referred = posix.join(posix.dirname(path), beside);
    const content = await readContent(client, referred, commit, MAX_DOCUMENT_BYTES);
    if (content === undefined) throw new UserError(`${referred} does not exist.`);
    return content;
  };
  try {
    return await loadDataSchema(text, path, read);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

export interface Judged {
  readonly evidence: Evidence;
  /** The config that judged. */
  readonly parsed: ParsedConfig;
}

/**
 * Evidence of a change that is not merged yet, judged by the config of what it is to be merged into: a change of
 * thresholds takes effect once it is merged, not for the pull request that makes it. Where the base has no config, or
 * none that this version reads, the change's own judges, and the report says so.
 */
export async function judgeByBase(
  context: ActionContext,
  { workspace, parsed: own }: OpenedConfig,
  evidence: Evidence,
): Promise<Judged> {
  const { pullRequest, mergeGroup } = context.run;
  const base = pullRequest?.baseSha ?? mergeGroup?.baseSha;
  if (base === undefined) return { evidence, parsed: own };
  const client = await connectGitHub(context);
  const found = await readUsableConfig(client, workspace.displayPath, base);
  if (found.kind === 'unusable')
    return { evidence: addNote(evidence, `${found.reason} So its own config judges.`), parsed: own };
  const { policy } = found;
  const unchanged =
    policy.parsed.digest === own.digest && findChangedMeasurement(evidence, policy, own.config).length === 0;
  return unchanged
    ? { evidence, parsed: own }
    : { evidence: judgeAgain(evidence, policy, own), parsed: policy.parsed };
}

type BaseConfig =
  | { readonly kind: 'usable'; readonly policy: TrustedPolicy }
  | { readonly kind: 'unusable'; readonly reason: string };

async function readUsableConfig(client: GitHubClient, path: string, commit: string): Promise<BaseConfig> {
  const base = `Commit ${commit.slice(0, 12)}, into which this change goes,`;
  try {
    const policy = await readPolicyAt(client, path, commit);
    if (policy !== undefined) return { kind: 'usable', policy };
    return { kind: 'unusable', reason: `${base} has no \`${path}\`.` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'unusable', reason: `${base} has a \`${path}\` that this version of mlgate cannot read.` };
  }
}
