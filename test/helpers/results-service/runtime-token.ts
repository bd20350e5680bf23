/** The token that a runner hands to the toolkit: a JWT that names the run, the job and the caches in reach. */
import { createHmac } from 'node:crypto';

/** Cache scopes as GitHub grants them: a ref, and whether this job may also write there. */
export interface CacheScope {
  readonly ref: string;
  readonly writable: boolean;
}

export interface RuntimeClaims {
  readonly runId: number;
  readonly jobId: number;
  readonly cacheScopes: readonly CacheScope[];
}

/** GitHub's bit field of a cache scope: 1 reads, 2 writes. */
const READ = 1;
const WRITE = 2;

/** Backend ids are UUIDs; ours end with the number that they stand for. */
export function backendId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function numberOf(id: string | undefined): number {
  return Number.parseInt(id?.split('-').at(-1) ?? '', 10);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** A signed runtime token (JWT, HS256) for one job of a run. */
export function createRuntimeToken(secret: string, claims: RuntimeClaims): string {
  const scopes = claims.cacheScopes.map(({ ref, writable }) => ({
    Scope: ref,
    Permission: writable ? READ + WRITE : READ,
  }));
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    scp: `Actions.Results:${backendId(claims.runId)}:${backendId(claims.jobId)}`,
    ac: JSON.stringify(scopes),
  })}`;
  return `${text}.${sign(secret, text)}`;
}

/** The claims of a token that we signed; undefined for any other. */
export function readRuntimeToken(secret: string, token: string): RuntimeClaims | undefined {
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined) return undefined;
  if (signature !== sign(secret, `${header}.${payload}`)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    scp: string;
    ac: string;
  };
  const [, run, job] = claims.scp.split(':');
  const scopes = JSON.parse(claims.ac) as readonly { Scope: string; Permission: number }[];
  return {
    runId: numberOf(run),
    jobId: numberOf(job),
    cacheScopes: scopes.map(({ Scope, Permission }) => ({ ref: Scope, writable: Permission >= WRITE })),
  };
}
