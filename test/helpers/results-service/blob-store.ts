/**
 * The blob storage behind artifacts and caches: Put Blob, Put Block, Put Block List and Get Blob of the Azure
 * Blob service's REST protocol, as @azure/storage-blob uses them.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http-server.ts';
import { isSigned, signUrl } from './signed-url.ts';

interface Blob {
  readonly bytes: Buffer;
  readonly contentType: string;
}

export interface BlobStore {
  readonly secret: string;
  readonly blobs: Map<string, Blob>;
  /** Blocks that were sent and not yet put together: path, then block id. */
  readonly blocks: Map<string, Map<string, Buffer>>;
  /** What a download of a blob is called, by path. */
  readonly fileNames: Map<string, string>;
}

/** The account name of Azure's own emulator; with an IP address as host, the client reads it from the path. */
const ACCOUNT = 'devstoreaccount1';

export function createBlobStore(secret: string): BlobStore {
  return { secret, blobs: new Map(), blocks: new Map(), fileNames: new Map() };
}

/** The path of a blob in the URL. */
export function blobPath(container: 'artifacts' | 'caches', name: string): string {
  return `/${ACCOUNT}/${container}/${encodeURIComponent(name)}`;
}

export function signBlobUrl(store: BlobStore, origin: string, path: string, permission: 'r' | 'w'): string {
  return signUrl(store.secret, `${origin}${path}`, permission);
}

export function isBlobPath(path: string): boolean {
  return path.startsWith(`/${ACCOUNT}/`);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code });
  response.end(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}

function created(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(201, {
    'content-length': '0',
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`,
    'last-modified': 'Sun, 01 Nov 2026 12:00:00 GMT',
    'x-ms-request-server-encrypted': 'true',
    'x-ms-version': '2025-05-05',
  });
  response.end();
}

function listBlockIds(xml: string): readonly string[] {
  return [...xml.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)<\//gu)].map((match) => match[1] ?? '');
}

function commitBlocks(store: BlobStore, path: string, xml: string, contentType: string): Blob | undefined {
  const blocks = store.blocks.get(path) ?? new Map<string, Buffer>();
  const parts = listBlockIds(xml).map((id) => blocks.get(id));
  if (parts.includes(undefined)) return undefined;
  store.blocks.delete(path);
  return { bytes: Buffer.concat(parts.filter((part) => part !== undefined)), contentType };
}

function stageBlock(store: BlobStore, path: string, id: string, bytes: Buffer): void {
  const blocks = store.blocks.get(path) ?? new Map<string, Buffer>();
  blocks.set(id, bytes);
  store.blocks.set(path, blocks);
}

async function putBlob(store: BlobStore, url: URL, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request);
  const component = url.searchParams.get('comp');
  const contentType = String(request.headers['x-ms-blob-content-type'] ?? 'application/octet-stream');
  if (component === 'block') {
    stageBlock(store, url.pathname, url.searchParams.get('blockid') ?? '', body);
    created(response, body);
    return;
  }
  if (component === null && request.headers['x-ms-blob-type'] !== 'BlockBlob') {
    refuse(response, 400, 'MissingRequiredHeader');
    return;
  }
  const blob =
    component === 'blocklist'
      ? commitBlocks(store, url.pathname, body.toString('utf8'), contentType)
      : { bytes: body, contentType };
  if (blob === undefined) {
    refuse(response, 400, 'InvalidBlockList');
    return;
  }
  store.blobs.set(url.pathname, blob);
  created(response, blob.bytes);
}

function getBlob(store: BlobStore, url: URL, response: ServerResponse): void {
  const blob = store.blobs.get(url.pathname);
  if (blob === undefined) {
    refuse(response, 404, 'BlobNotFound');
    return;
  }
  const fileName = store.fileNames.get(url.pathname);
  response.writeHead(200, {
    'content-type': blob.contentType,
    'content-length': String(blob.bytes.length),
    ...(fileName === undefined
      ? {}
      : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}` }),
  });
  response.end(blob.bytes);
}

/** Answers a request to a signed blob URL. */
export async function handleBlobRequest(
  store: BlobStore,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const permission = request.method === 'PUT' ? 'w' : 'r';
  if (!isSigned(store.secret, url, permission)) refuse(response, 403, 'AuthenticationFailed');
  else if (request.method === 'PUT') await putBlob(store, url, request, response);
  else if (request.method === 'GET' || request.method === 'HEAD') getBlob(store, url, response);
  else refuse(response, 405, 'UnsupportedHttpVerb');
}
