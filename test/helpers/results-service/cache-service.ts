/** `github.actions.results.api.v1.CacheService`, version 2 of the cache protocol, with GitHub's scopes. */
import { blobPath, signBlobUrl, type BlobStore } from './blob-store.ts';
import type { RuntimeClaims } from './runtime-token.ts';
import { parseMessage, text, TwirpError } from './twirp.ts';

export interface CacheEntry {
  readonly id: number;
  readonly key: string;
  /** The toolkit's hash of the paths and of the compression. */
  readonly version: string;
  /** The ref that wrote it. */
  readonly scope: string;
  readonly path: string;
  finalized: boolean;
}

export interface CacheServiceState {
  readonly blobs: BlobStore;
  readonly entries: CacheEntry[];
}

type Method = (state: CacheServiceState, claims: RuntimeClaims, body: Buffer, origin: string) => unknown;

/** How the service says that the token may not write: @actions/cache looks for this prefix. */
const WRITE_DENIED = 'cache write denied: the token of this run is read-only';

function writableScope(claims: RuntimeClaims): string | undefined {
  return claims.cacheScopes.find((scope) => scope.writable)?.ref;
}

const createEntry: Method = (state, claims, body, origin) => {
  const message = parseMessage(body, ['metadata', 'key', 'version']);
  const scope = writableScope(claims);
  if (scope === undefined) return { ok: false, message: WRITE_DENIED };
  const key = text(message, 'key');
  const version = text(message, 'version');
  if (
    state.entries.some((entry) => entry.key === key && entry.version === version && entry.scope === scope)
  ) {
    throw new TwirpError(
      409,
      'already_exists',
      'cache entry with the same key, version, and scope already exists',
    );
  }
  const id = state.entries.length + 1;
  const path = blobPath('caches', `${id}.tzst`);
  state.entries.push({ id, key, version, scope, path, finalized: false });
  return { ok: true, signed_upload_url: signBlobUrl(state.blobs, origin, path, 'w') };
};

const finalizeEntry: Method = (state, claims, body) => {
  const message = parseMessage(body, ['metadata', 'key', 'version', 'size_bytes']);
  const entry = state.entries.find(
    (candidate) =>
      candidate.key === text(message, 'key') &&
      candidate.version === text(message, 'version') &&
      candidate.scope === writableScope(claims),
  );
  const blob = entry === undefined ? undefined : state.blobs.blobs.get(entry.path);
  if (entry === undefined || blob === undefined) throw new TwirpError(404, 'not_found', 'upload not found');
  if (text(message, 'size_bytes') !== String(blob.bytes.length)) {
    throw new TwirpError(400, 'invalid_argument', 'size_bytes differs from what was uploaded');
  }
  entry.finalized = true;
  return { ok: true, entry_id: String(entry.id) };
};

function findEntry(
  state: CacheServiceState,
  claims: RuntimeClaims,
  keys: readonly string[],
  version: string,
): CacheEntry | undefined {
  for (const { ref } of claims.cacheScopes) {
    const inScope = state.entries.filter(
      (entry) => entry.finalized && entry.scope === ref && entry.version === version,
    );
    for (const key of keys) {
      const found =
        inScope.find((entry) => entry.key === key) ??
        inScope.filter((entry) => entry.key.startsWith(key)).at(-1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const getDownloadUrl: Method = (state, claims, body, origin) => {
  const message = parseMessage(body, ['metadata', 'key', 'version', 'restore_keys']);
  const restoreKeys = Array.isArray(message['restore_keys']) ? message['restore_keys'].map(String) : [];
  const entry = findEntry(state, claims, [text(message, 'key'), ...restoreKeys], text(message, 'version'));
  if (entry === undefined) return { ok: false };
  return {
    ok: true,
    signed_download_url: signBlobUrl(state.blobs, origin, entry.path, 'r'),
    matched_key: entry.key,
  };
};

/** The methods of the service, by the name in the URL. */
export const CACHE_METHODS: Readonly<Record<string, Method>> = {
  CreateCacheEntry: createEntry,
  FinalizeCacheEntryUpload: finalizeEntry,
  GetCacheEntryDownloadURL: getDownloadUrl,
};
