/** `github.actions.results.api.v1.ArtifactService`, version 4 of the artifact protocol. */
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import { addArtifact } from './artifact-store.ts';
import { blobPath, signBlobUrl, type BlobStore } from './blob-store.ts';
import { backendId, type RuntimeClaims } from './runtime-token.ts';
import { parseMessage, text, TwirpError, type Message } from './twirp.ts';

export interface ArtifactServiceState {
  readonly artifacts: ArtifactStore;
  readonly blobs: BlobStore;
  /** Created, not yet finalized: run, name, and where its bytes go. */
  readonly pending: { readonly runId: number; readonly name: string; readonly path: string }[];
}

type Method = (state: ArtifactServiceState, claims: RuntimeClaims, body: Buffer, origin: string) => unknown;

const IDENTITY = ['workflow_run_backend_id', 'workflow_job_run_backend_id'];
/** Characters that an artifact's name must not have (actions/toolkit, path-and-artifact-name-validation). */
const FORBIDDEN_IN_NAME = /[":<>|*?\r\n\\/]/u;

function parseOwnMessage(claims: RuntimeClaims, body: Buffer, fields: readonly string[]): Message {
  const message = parseMessage(body, [...IDENTITY, ...fields]);
  if (text(message, 'workflow_run_backend_id') !== backendId(claims.runId)) {
    throw new TwirpError(403, 'permission_denied', 'the token is for another workflow run');
  }
  return message;
}

function requireName(message: Message): string {
  const name = text(message, 'name');
  if (name === '' || FORBIDDEN_IN_NAME.test(name)) {
    throw new TwirpError(400, 'invalid_argument', 'name is not a valid artifact name');
  }
  return name;
}

function findArtifact(state: ArtifactServiceState, runId: number, name: string): StoredArtifact {
  const found = state.artifacts.artifacts.find(
    (artifact) => artifact.runId === runId && artifact.name === name,
  );
  if (found === undefined) throw new TwirpError(404, 'not_found', 'artifact not found');
  return found;
}

const createArtifact: Method = (state, claims, body, origin) => {
  const message = parseOwnMessage(claims, body, ['name', 'expires_at', 'version', 'mime_type']);
  const name = requireName(message);
  const isSame = (other: { runId: number; name: string }) =>
    other.runId === claims.runId && other.name === name;
  if (state.pending.some(isSame) || state.artifacts.artifacts.some(isSame)) {
    throw new TwirpError(
      409,
      'already_exists',
      'an artifact with this name already exists on the workflow run',
    );
  }
  const isZip = text(message, 'mime_type') === '' || text(message, 'mime_type') === 'application/zip';
  const path = blobPath('artifacts', `${claims.runId}-${name}${isZip ? '.zip' : ''}`);
  state.pending.push({ runId: claims.runId, name, path });
  return { ok: true, signed_upload_url: signBlobUrl(state.blobs, origin, path, 'w') };
};

const finalizeArtifact: Method = (state, claims, body) => {
  const message = parseOwnMessage(claims, body, ['name', 'size', 'hash']);
  const name = requireName(message);
  const index = state.pending.findIndex((entry) => entry.runId === claims.runId && entry.name === name);
  const upload = state.pending[index];
  const blob = upload === undefined ? undefined : state.blobs.blobs.get(upload.path);
  if (upload === undefined || blob === undefined) throw new TwirpError(404, 'not_found', 'upload not found');
  if (text(message, 'size') !== String(blob.bytes.length)) {
    throw new TwirpError(400, 'invalid_argument', 'size differs from what was uploaded');
  }
  const fileName = blob.contentType === 'application/zip' ? `${name}.zip` : name;
  const stored = addArtifact(state.artifacts, {
    runId: claims.runId,
    name,
    bytes: blob.bytes,
    contentType: blob.contentType,
    fileName,
  });
  if (text(message, 'hash') !== '' && text(message, 'hash') !== stored.digest) {
    state.artifacts.artifacts.pop();
    throw new TwirpError(400, 'invalid_argument', 'hash differs from what was uploaded');
  }
  state.blobs.fileNames.set(upload.path, fileName);
  state.pending.splice(index, 1);
  return { ok: true, artifact_id: String(stored.id) };
};

const listArtifacts: Method = (state, claims, body) => {
  const message = parseOwnMessage(claims, body, ['name_filter', 'id_filter']);
  const name = text(message, 'name_filter');
  const id = text(message, 'id_filter');
  return {
    artifacts: state.artifacts.artifacts
      .filter((artifact) => artifact.runId === claims.runId)
      .filter((artifact) => name === '' || artifact.name === name)
      .filter((artifact) => id === '' || String(artifact.id) === id)
      .map((artifact) => ({
        workflow_run_backend_id: backendId(artifact.runId),
        workflow_job_run_backend_id: backendId(claims.jobId),
        database_id: String(artifact.id),
        name: artifact.name,
        size: String(artifact.bytes.length),
        created_at: artifact.createdAt,
        ...(artifact.digest === null ? {} : { digest: artifact.digest }),
      })),
  };
};

const getSignedArtifactUrl: Method = (state, claims, body, origin) => {
  const message = parseOwnMessage(claims, body, ['name']);
  const artifact = findArtifact(state, claims.runId, requireName(message));
  const path = blobPath('artifacts', `download-${artifact.id}-${artifact.fileName}`);
  // Artifacts that a test put straight into the store have no blob yet.
  state.blobs.blobs.set(path, { bytes: artifact.bytes, contentType: artifact.contentType });
  state.blobs.fileNames.set(path, artifact.fileName);
  return { signed_url: signBlobUrl(state.blobs, origin, path, 'r') };
};

const deleteArtifact: Method = (state, claims, body) => {
  const message = parseOwnMessage(claims, body, ['name']);
  const artifact = findArtifact(state, claims.runId, requireName(message));
  state.artifacts.artifacts.splice(state.artifacts.artifacts.indexOf(artifact), 1);
  return { ok: true, artifact_id: String(artifact.id) };
};

/** The methods of the service, by the name in the URL. */
export const ARTIFACT_METHODS: Readonly<Record<string, Method>> = {
  CreateArtifact: createArtifact,
  FinalizeArtifact: finalizeArtifact,
  ListArtifacts: listArtifacts,
  GetSignedArtifactURL: getSignedArtifactUrl,
  DeleteArtifact: deleteArtifact,
};
