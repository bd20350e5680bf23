/** Artifacts through REST: lists, one, and the redirect to its bytes. */
import type { StoredArtifact } from '../../results-service/artifact-store.ts';
import type { Call, Handler } from '../call.ts';
import { notFound, pathNumber, Refusal } from '../call.ts';
import { paginate } from '../paging.ts';
import { nodeId } from '../render/accounts.ts';
import { repositoryUrl } from '../render/repositories.ts';
import { requireRepository } from '../state.ts';

/** Where the bytes are, for whoever has a signed URL. */
export const DOWNLOAD_PATH = '/_artifacts/';

/** Artifacts belong to a run, and runs to a repository. */
function ownArtifacts(call: Call): readonly StoredArtifact[] {
  const runs = new Set(call.repository.runs.map(({ id }) => id));
  return call.state.artifacts.artifacts
    .filter((artifact) => runs.has(artifact.runId))
    .toSorted((left, right) => right.id - left.id);
}

function renderArtifact(call: Call, artifact: StoredArtifact) {
  const run = call.repository.runs.find(({ id }) => id === artifact.runId);
  const url = `${repositoryUrl(call.baseUrl, call.repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId('Artifact', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    created_at: artifact.createdAt,
    updated_at: artifact.createdAt,
    expires_at: artifact.expiresAt,
    digest: artifact.digest,
    workflow_run:
      run === undefined
        ? null
        : {
            id: run.id,
            repository_id: call.repository.id,
            head_repository_id: requireRepository(call.state, run.headRepository).id,
            head_branch: run.headBranch,
            head_sha: run.headSha,
          },
  };
}

function replyWithArtifacts(call: Call, artifacts: readonly StoredArtifact[]) {
  const { name } = call.query;
  const all = artifacts.filter((artifact) => name === undefined || artifact.name === name);
  const { items, headers } = paginate(call, all);
  const body = {
    total_count: all.length,
    artifacts: items.map((artifact) => renderArtifact(call, artifact)),
  };
  return { status: 200, body, headers };
}

export const listArtifacts: Handler = (call) => replyWithArtifacts(call, ownArtifacts(call));

export const listArtifactsOfRun: Handler = (call) => {
  const run = pathNumber(call, 'run_id');
  if (!call.repository.runs.some(({ id }) => id === run)) throw notFound();
  return replyWithArtifacts(
    call,
    ownArtifacts(call).filter(({ runId }) => runId === run),
  );
};

function requireArtifact(call: Call): StoredArtifact {
  const id = pathNumber(call, 'artifact_id');
  const found = ownArtifacts(call).find((artifact) => artifact.id === id);
  if (found === undefined) throw notFound();
  return found;
}

export const getArtifact: Handler = (call) => ({
  status: 200,
  body: renderArtifact(call, requireArtifact(call)),
});

export const downloadArtifact: Handler = (call) => {
  const artifact = requireArtifact(call);
  if (call.params['archive_format'] !== 'zip') throw notFound();
  if (artifact.expired) throw new Refusal(410, 'Artifact has expired');
  return { status: 302, headers: { location: call.sign(`${DOWNLOAD_PATH}${artifact.id}`) } };
};
