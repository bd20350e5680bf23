/** What a handler gets and what it gives back. */
import type {
  FakeGitHubState,
  Permissions,
  PermissionLevel,
  PermissionName,
  RepositoryState,
  TokenState,
} from './state.ts';

/** What rendering needs: everything that is known, and where links lead. */
export interface View {
  readonly state: FakeGitHubState;
  readonly repository: RepositoryState;
  /** Where this server answers: links in answers start with it. */
  readonly baseUrl: string;
}

/** One request that fits GitHub's description, at the handler's door. */
export interface Call extends View {
  readonly token: TokenState | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly accept: string;
  /** Path and query as they came, for the links between pages. */
  readonly path: string;
  /** Signs a path of this server, for downloads without a token. */
  sign(path: string): string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of `body`: an answer that is not JSON. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Promise<Reply> | Reply;

/** What a token must have: one of these is enough. */
export type Need = readonly { readonly name: PermissionName; readonly level: PermissionLevel }[];

export interface Route {
  readonly handler: Handler;
  readonly needs: Need;
}

/** An answer that is an error, thrown from anywhere in a handler. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** Whether the permissions contain one that is needed. */
export function satisfies(permissions: Permissions, needs: Need): boolean {
  return needs.some(({ name, level }) => {
    const granted = permissions[name];
    return granted === 'write' || (granted !== undefined && granted === level);
  });
}

/** Whose name goes under what this call makes. */
export function requireToken(call: Call): TokenState {
  if (call.token === undefined) throw new Refusal(401, 'Requires authentication');
  return call.token;
}

export function pathNumber(call: Call, name: string): number {
  return Number(call.params[name]);
}

/** A string of the body, or the fallback. The description has been checked already: the type is right. */
export function bodyText<Fallback>(call: Call, name: string, fallback: Fallback): string | Fallback {
  const value = call.body[name];
  return typeof value === 'string' ? value : fallback;
}
