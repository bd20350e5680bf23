/**
 * Uploaded artifacts, shared between the results service (which jobs upload to) and the fake GitHub
 * (whose REST endpoints list and serve them).
 */
import { createHash } from 'node:crypto';

export interface StoredArtifact {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  /** `application/zip`, or the type of the single file that was uploaded as it is. */
  readonly contentType: string;
  /** The name that a download gets. */
  readonly fileName: string;
  readonly bytes: Buffer;
  /** `sha256:` and 64 hex digits; null for artifacts of before digests existed. */
  digest: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Set it to let downloads answer 410 as GitHub does after the retention period. */
  expired: boolean;
}

/** A plain object: tests read and change it freely. */
export interface ArtifactStore {
  nextId: number;
  artifacts: StoredArtifact[];
}

export interface NewArtifact {
  readonly runId: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  readonly fileName?: string;
  readonly createdAt?: string;
}

const DEFAULT_RETENTION_DAYS = 90;
const MILLISECONDS_PER_DAY = 86_400_000;
/** The moment at which artifacts are made unless a test says otherwise: fixed, so that nothing depends on today. */
const DEFAULT_CREATED_AT = '2026-11-01T12:00:00Z';

export function createArtifactStore(): ArtifactStore {
  return { nextId: 5001, artifacts: [] };
}

/**
 * Adds an artifact to the store as an upload would, but does not refuse a name twice: GitHub's REST lists of
 * old runs have such pairs, and readers must cope with them.
 */
export function addArtifact(store: ArtifactStore, artifact: NewArtifact): StoredArtifact {
  const bytes = Buffer.from(artifact.bytes);
  const createdAt = artifact.createdAt ?? DEFAULT_CREATED_AT;
  const stored: StoredArtifact = {
    id: store.nextId,
    runId: artifact.runId,
    name: artifact.name,
    contentType: artifact.contentType ?? 'application/zip',
    fileName: artifact.fileName ?? `${artifact.name}.zip`,
    bytes,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    createdAt,
    expiresAt: new Date(Date.parse(createdAt) + DEFAULT_RETENTION_DAYS * MILLISECONDS_PER_DAY).toISOString(),
    expired: false,
  };
  store.nextId += 1;
  store.artifacts.push(stored);
  return stored;
}
