/**
 * GitHub's own description of its REST API (OpenAPI), used in both directions: no request that it does not
 * allow is answered, and no answer that it does not allow goes unnoticed.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import addFormatsModule from 'ajv-formats';
import { OpenAPIBackend, type Document, type Operation } from 'openapi-backend';

export interface DescribedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface MatchedOperation {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface GitHubDescription {
  /** The operation that a request calls; undefined if GitHub has none there. */
  match(request: DescribedRequest): MatchedOperation | undefined;
  /** What is wrong with a request; empty if nothing. */
  checkRequest(request: DescribedRequest, operation: string): readonly string[];
  /** What is wrong with an answer; empty if nothing. */
  checkResponse(operation: string, status: number, body: unknown): readonly string[];
}

/** Path parameters that may hold slashes, which clients may send raw and OpenAPI's templates do not match. */
const TAILS_WITH_SLASHES = [
  /^(\/repos\/[^/]+\/[^/]+\/contents\/)(.+)$/u,
  /^(\/repos\/[^/]+\/[^/]+\/git\/(?:ref|refs|matching-refs)\/)(.+)$/u,
  /^(\/repos\/[^/]+\/[^/]+\/compare\/)(.+)$/u,
  /^(\/repos\/[^/]+\/[^/]+\/releases\/tags\/)(.+)$/u,
];

/** Encodes the slashes of such a tail; leaves what is encoded already. */
function encodeTail(path: string): string {
  for (const pattern of TAILS_WITH_SLASHES) {
    const match = pattern.exec(path);
    if (match !== null) return `${match[1] ?? ''}${(match[2] ?? '').replaceAll('/', '%2F')}`;
  }
  return path;
}

type Schema = {
  readonly properties?: object;
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
};

/** The names that a JSON body may have at its top; undefined if the description leaves it open. */
function allowedBodyNames(operation: Operation): readonly string[] | undefined {
  const body = operation.requestBody as { content?: Record<string, { schema?: Schema }> } | undefined;
  const schema = body?.content?.['application/json']?.schema;
  if (schema?.properties === undefined || schema.additionalProperties !== undefined) return undefined;
  return Object.keys(schema.properties);
}

function unknownBodyNames(operation: Operation, body: unknown): readonly string[] {
  const allowed = allowedBodyNames(operation);
  if (allowed === undefined || typeof body !== 'object' || body === null) return [];
  return Object.keys(body)
    .filter((name) => !allowed.includes(name))
    .map((name) => `the body has "${name}", which GitHub does not know and would ignore`);
}

interface Problem {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: unknown;
}

function describeProblems(problems: readonly Problem[] | null | undefined): readonly string[] {
  return (problems ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath === '' ? 'the whole' : instancePath} ${message ?? ''} ${JSON.stringify(params ?? {})}`,
  );
}

function checkResponse(
  api: OpenAPIBackend,
  operation: string,
  status: number,
  body: unknown,
): readonly string[] {
  const described = api.router.getOperation(operation)?.responses ?? {};
  if (status < 400 && !(String(status) in described)) {
    return [`status ${status} is not in the description of ${operation}`];
  }
  // Errors have one form everywhere; most operations do not list the ones that any of them may give.
  if (!(String(status) in described)) return [];
  return describeProblems(api.validateResponse(body, operation, status).errors);
}

/** In the form that the library wants: with objects that it may change. */
function toRequest(request: DescribedRequest) {
  return {
    ...request,
    path: encodeTail(request.path),
    query: { ...request.query },
    headers: { ...request.headers },
  };
}

const COMBINATORS = ['oneOf', 'anyOf', 'allOf'] as const;

/**
 * Rewrites `nullable` beside a combinator and without a type, which the description has in places and ajv
 * refuses to compile: the same meaning, said with another alternative.
 */
function rewriteNullable(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const child of Object.values(node)) rewriteNullable(child);
  const schema = node as Record<string, unknown>;
  if (schema['nullable'] !== true || schema['type'] !== undefined) return;
  const combinator = COMBINATORS.find((name) => Array.isArray(schema[name]));
  if (combinator === undefined) return;
  const inner = { [combinator]: schema[combinator] };
  delete schema['nullable'];
  delete schema[combinator];
  schema['anyOf'] = [inner, { enum: [null] }];
}

async function loadDescription(): Promise<GitHubDescription> {
  const file = fileURLToPath(import.meta.resolve('@octokit/openapi/generated/api.github.com.json'));
  const definition = JSON.parse(await readFile(file, 'utf8')) as Document;
  rewriteNullable(definition);
  // Two descriptions of one URL; the router would cut this older one's parameters in the wrong place.
  delete definition.paths?.['/repos/{owner}/{repo}/compare/{base}...{head}'];
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    strict: false,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      addFormatsModule.default(ajv);
      return ajv;
    },
  });
  await api.init();
  return {
    match: (request) => {
      const operation = api.matchOperation(toRequest(request));
      if (operation?.operationId === undefined) return undefined;
      const { params } = api.router.parseRequest(toRequest(request), operation);
      return { id: operation.operationId, params: params as Record<string, string> };
    },
    checkRequest: (request, id) => {
      const operation = api.router.getOperation(id);
      if (operation === undefined) return [`GitHub has no operation ${id}`];
      return [
        ...describeProblems(api.validateRequest(toRequest(request), operation).errors),
        ...unknownBodyNames(operation, request.body),
      ];
    },
    checkResponse: (operation, status, body) => checkResponse(api, operation, status, body),
  };
}

let loaded: Promise<GitHubDescription> | undefined;

/** GitHub's description, read once for each process: 13 MB of JSON take a quarter of a second. */
export function describeGitHub(): Promise<GitHubDescription> {
  loaded ??= loadDescription();
  return loaded;
}
