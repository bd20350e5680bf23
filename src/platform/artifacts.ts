import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WorldError } from '../evidence/errors.ts';
import type { RunArtifact } from './runs.ts';
import { isZip, readZip, type ZipLimits } from '../evidence/zip.ts';

/** An artifact of this run, after its upload. */
export interface UploadedArtifact {
  readonly id: number;
  /** `sha256:` and the digest of what was uploaded. */
  readonly digest: string | undefined;
}

export interface ArtifactUpload {
  readonly name: string;
  /** Absolute paths below `folder`. */
  readonly files: readonly string[];
  readonly folder: string;
  /** Days until it expires; undefined: the repository's default. */
  readonly retentionDays?: number;
  /** Uploads a single file as it is, so that a browser opens it; its name is then the artifact's. */
  readonly unpacked?: boolean;
}

/** Where an artifact of another run is downloaded from, and with what. */
export interface ArtifactOrigin {
  /** A token with `actions: read`. */
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly run: number;
}

/** A downloaded artifact: a fresh folder that holds these files and nothing else. */
export interface DownloadedArtifact {
  readonly folder: string;
  /** Paths relative to the folder, with forward slashes. */
  readonly files: readonly string[];
}

export interface DownloadLimits extends ZipLimits {
  /** Of the archive as it is stored. */
  readonly maxPackedBytes: number;
}

/** Enough for evidence, a report and outcomes; far from what fills a runner's disk. */
const DEFAULT_DOWNLOAD_LIMITS: DownloadLimits = {
  maxEntries: 200,
  maxBytes: 200_000_000,
  maxPackedBytes: 100_000_000,
};

/** Uploads files as an artifact of this run. Throws a WorldError if the service refuses. */
export async function uploadArtifact(upload: ArtifactUpload): Promise<UploadedArtifact> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const options = {
    ...(upload.retentionDays === undefined ? {} : { retentionDays: upload.retentionDays }),
    ...(upload.unpacked === true ? { skipArchive: true } : {}),
  };
  const client = new DefaultArtifactClient();
  const done = await explainService(`upload the artifact ${upload.name}`, () =>
    client.uploadArtifact(upload.name, [...upload.files], upload.folder, options),
  );
  if (done.id === undefined) throw new WorldError(`The artifact ${upload.name} was not taken.`);
  return { id: done.id, digest: done.digest === undefined ? undefined : withAlgorithm(done.digest) };
}

/** The artifacts of this run, the newest of each name. */
export async function listOwnArtifacts(): Promise<readonly RunArtifact[]> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  const { artifacts } = await explainService('list the artifacts of this run', () =>
    client.listArtifacts({ latest: true }),
  );
  return artifacts.map(({ id, name, size, digest }) => ({
    id,
    name,
    bytes: size,
    digest: digest === undefined ? undefined : withAlgorithm(digest),
  }));
}

/**
 * Downloads an artifact into a fresh folder under `temporaryFolder` (RUNNER_TEMP). The archive is fetched as it is,
 * held against the digest that GitHub knows, and unpacked here with limits: the toolkit's own unpacking has none.
 * `origin` undefined: an artifact of this run. Throws a WorldError for anything unsound and leaves no files then.
 */
export async function downloadArtifact(
  artifact: RunArtifact,
  origin: ArtifactOrigin | undefined,
  temporaryFolder: string,
  limits: DownloadLimits = DEFAULT_DOWNLOAD_LIMITS,
): Promise<DownloadedArtifact> {
  if (artifact.bytes > limits.maxPackedBytes) {
    throw new WorldError(
      `The artifact ${artifact.name} has ${artifact.bytes} bytes; at most ${limits.maxPackedBytes} are fetched.`,
    );
  }
  const folder = await mkdtemp(join(temporaryFolder, 'mlgate-artifact-'));
  try {
    const raw = join(folder, 'raw');
    await fetchRaw(artifact, origin, raw);
    const files = await unpackRaw(artifact, raw, join(folder, 'files'), limits);
    await rm(raw, { recursive: true });
    return { folder: join(folder, 'files'), files };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function fetchRaw(
  artifact: RunArtifact,
  origin: ArtifactOrigin | undefined,
  folder: string,
): Promise<void> {
  if (artifact.digest === undefined) {
    throw new WorldError(`GitHub knows no digest of the artifact ${artifact.name}, so it cannot be trusted.`);
  }
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  const options = { path: folder, expectedHash: artifact.digest, skipDecompress: true };
  const done = await explainService(`download the artifact ${artifact.name}`, () =>
    client.downloadArtifact(artifact.id, origin === undefined ? options : { ...options, ...findBy(origin) }),
  );
  if (done.digestMismatch !== false) {
    throw new WorldError(`The artifact ${artifact.name} is not what was uploaded: its digest does not fit.`);
  }
}

function findBy({ token, repository, run }: ArtifactOrigin) {
  const [repositoryOwner = '', repositoryName = ''] = repository.split('/');
  return { findBy: { token, workflowRunId: run, repositoryOwner, repositoryName } };
}

async function unpackRaw(
  artifact: RunArtifact,
  raw: string,
  target: string,
  limits: DownloadLimits,
): Promise<readonly string[]> {
  const [name, ...others] = await readdir(raw);
  if (name === undefined || others.length > 0) {
    throw new WorldError(`The artifact ${artifact.name} did not arrive as one file.`);
  }
  const bytes = await readFile(join(raw, name));
  const origin = `The artifact ${artifact.name}`;
  const files = isZip(bytes) ? readZip(bytes, limits, origin) : [{ path: basename(artifact.name), bytes }];
  await mkdir(target);
  for (const file of files) {
    const path = join(target, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.bytes, { flag: 'wx' });
  }
  return files.map(({ path }) => path);
}

/** The service writes a digest with its algorithm, the client of uploads without. */
function withAlgorithm(digest: string): string {
  return digest.startsWith('sha256:') ? digest : `sha256:${digest}`;
}

async function explainService<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new WorldError(`Could not ${doing}: ${why}`, {
      cause: error,
      help: 'Run the job again; if it fails again, check that it has `actions: read` and that the artifact has not expired.',
    });
  }
}
