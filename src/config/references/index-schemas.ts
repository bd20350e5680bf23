/**
 * Which schema a reference means (JSON Schema core specification, sections 8.2 and 9): schemas by their identifiers,
 * of one document or of several that refer to each other.
 */
import { posix } from 'node:path';
import { isSchemaObject, listSubschemas, type SchemaObject } from '../../schemas/subschemas.ts';

/** A document that may be referred to. */
export interface SchemaDocument {
  /** Where it is, relative to the folder of the first one, with `/`. */
  readonly file: string;
  readonly value: unknown;
}

/** A schema with an identifier of its own, and the names in it. */
export interface Resource {
  readonly uri: string;
  readonly document: SchemaDocument;
  readonly root: SchemaObject;
  readonly anchors: Map<string, SchemaObject>;
  /** Those of the anchors that are dynamic. */
  readonly dynamic: Map<string, SchemaObject>;
}

export interface SchemaIndex {
  readonly resources: Map<string, Resource>;
  /** The resource that each schema is part of. */
  readonly homes: Map<SchemaObject, Resource>;
  readonly files: Set<string>;
}

/** Folders above the first document that a path may climb: a URL's own root would swallow further `..`. */
const DEPTH = 32;
const ROOM = `file:///${'_/'.repeat(DEPTH)}`;

export function uriOfFile(file: string): string {
  return new URL(file.split('/').map(encodeURIComponent).join('/'), ROOM).href;
}

/** The path of a file's address, from the folder of the first document. */
function fileOfUri(uri: string): string | undefined {
  const { protocol, pathname } = new URL(uri);
  if (protocol !== 'file:') return undefined;
  const parts = pathname.split('/').slice(1);
  const shared = parts.findIndex((part) => part !== '_');
  const climbed = DEPTH - Math.min(shared === -1 ? DEPTH : shared, DEPTH);
  return [...Array.from({ length: climbed }, () => '..'), ...parts.slice(DEPTH - climbed)]
    .map(decode)
    .join('/');
}

export function emptyIndex(): SchemaIndex {
  return { resources: new Map(), homes: new Map(), files: new Set() };
}

/** Adds a document with all schemas in it. */
export function addDocument(index: SchemaIndex, document: SchemaDocument): void {
  if (index.files.has(document.file)) return;
  index.files.add(document.file);
  if (!isSchemaObject(document.value)) return;
  const home = openResource(index, uriOfFile(document.file), document, document.value);
  addSchema(index, document.value, home);
}

function openResource(
  index: SchemaIndex,
  uri: string,
  document: SchemaDocument,
  root: SchemaObject,
): Resource {
  const resource = { uri, document, root, anchors: new Map(), dynamic: new Map() };
  if (!index.resources.has(uri)) index.resources.set(uri, resource);
  return resource;
}

function addSchema(index: SchemaIndex, schema: unknown, around: Resource): void {
  if (!isSchemaObject(schema) || index.homes.has(schema)) return;
  const home = homeOf(index, schema, around);
  index.homes.set(schema, home);
  const { $anchor: anchor, $dynamicAnchor: dynamic } = schema;
  if (typeof anchor === 'string') home.anchors.set(anchor, schema);
  if (typeof dynamic === 'string') {
    home.anchors.set(dynamic, schema);
    home.dynamic.set(dynamic, schema);
  }
  for (const { schema: held } of listSubschemas(schema)) addSchema(index, held, home);
}

/** An identifier of its own begins a resource, from which the references within are read. */
function homeOf(index: SchemaIndex, schema: SchemaObject, around: Resource): Resource {
  const { $id: id } = schema;
  if (typeof id !== 'string') return around;
  const uri = withoutFragment(resolveUri(id, around) ?? id);
  return uri === around.uri ? around : openResource(index, uri, around.document, schema);
}

function resolveUri(reference: string, { uri, document }: Resource): string | undefined {
  // An identifier like `urn:x` has no folder: what stands beside it stands beside its file.
  for (const base of [uri, uriOfFile(document.file)]) {
    if (URL.canParse(reference, base)) return new URL(reference, base).href;
  }
  return undefined;
}

function withoutFragment(uri: string): string {
  return uri.replace(/#.*$/su, '');
}

export type Found =
  | { readonly kind: 'schema'; readonly schema: unknown; readonly home: Resource; readonly key: string }
  /** In a file that is not there yet. */
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'network'; readonly uri: string }
  | { readonly kind: 'nothing' };

/** What a reference in a schema means. */
export function findReferred(index: SchemaIndex, reference: string, from: Resource): Found {
  const uri = resolveUri(reference, from);
  if (uri === undefined) return { kind: 'nothing' };
  const [base, fragment] = [withoutFragment(uri), uri.slice(withoutFragment(uri).length + 1)];
  const file = fileOfUri(base) ?? fileBeside(base, from);
  const resource = index.resources.get(base) ?? findByFile(index, file);
  if (resource !== undefined) return findInside(index, resource, fragment);
  if (file === undefined) return { kind: 'network', uri: base };
  return index.files.has(file) ? { kind: 'nothing' } : { kind: 'file', file };
}

/** A file that calls itself something else is still found by its path. */
function findByFile(index: SchemaIndex, file: string | undefined): Resource | undefined {
  return [...index.resources.values()].find(({ document }) => document.file === file);
}

/**
 * What an identifier on the network names is not fetched: its address stands for the file that holds it, and what is
 * beside it by address is beside it by path.
 */
function fileBeside(uri: string, { uri: own, document }: Resource): string | undefined {
  if (!URL.canParse(uri) || !URL.canParse(own)) return undefined;
  const [wanted, base] = [new URL(uri), new URL(own)];
  if (wanted.origin === 'null' || wanted.origin !== base.origin) return undefined;
  const way = posix.relative(posix.dirname(base.pathname), wanted.pathname);
  return fileOfUri(new URL(way, uriOfFile(document.file)).href);
}

function findInside(index: SchemaIndex, resource: Resource, fragment: string): Found {
  const key = `${resource.uri}#${fragment}`;
  if (fragment === '') return { kind: 'schema', schema: resource.root, home: resource, key };
  if (!fragment.startsWith('/')) {
    const schema = resource.anchors.get(decode(fragment));
    return schema === undefined ? { kind: 'nothing' } : { kind: 'schema', schema, home: resource, key };
  }
  let [value, home]: [unknown, Resource] = [resource.root, resource];
  for (const part of fragment.slice(1).split('/')) {
    value = childOf(value, decode(part).replaceAll('~1', '/').replaceAll('~0', '~'));
    if (value === undefined) return { kind: 'nothing' };
    if (isSchemaObject(value)) home = index.homes.get(value) ?? home;
  }
  if (typeof value !== 'boolean' && !isSchemaObject(value)) return { kind: 'nothing' };
  // A place that no keyword makes a schema is one because it is referred to.
  addSchema(index, value, home);
  return { kind: 'schema', schema: value, home, key };
}

function childOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A reference as it stands in a document. */
export interface Reference {
  readonly keyword: '$ref' | '$dynamicRef';
  readonly reference: string;
  readonly home: Resource;
  /** From the document's root to the keyword. */
  readonly path: readonly string[];
}

/** All references of a document that was added. */
export function listReferences(index: SchemaIndex, { value }: SchemaDocument): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (schema: unknown, path: readonly string[]): void => {
    if (!isSchemaObject(schema)) return;
    const home = index.homes.get(schema);
    for (const keyword of ['$ref', '$dynamicRef'] as const) {
      const reference = schema[keyword];
      if (home !== undefined && typeof reference === 'string')
        found.push({ keyword, reference, home, path: [...path, keyword] });
    }
    for (const held of listSubschemas(schema)) visit(held.schema, [...path, ...held.path]);
  };
  visit(value, []);
  return found;
}
