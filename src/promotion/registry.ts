/**
 * The registry: git tags in GTO's grammar. Which tags of a repository a promotion has to read, and what they say.
 */
import type { RefStore, TagRef } from '../platform/ref-store.ts';
import { parseGtoTag, type GtoTag } from './gto-tags.ts';
import type { Ledger } from './ledger.ts';
import { listClaims } from './ledger.ts';
import { parseLedgerMark, type LedgerMark } from './tag-message.ts';

/** A tag and what it says. */
export interface RegistryTag {
  readonly name: string;
  readonly event: GtoTag;
  /** The commit that it names. */
  readonly target: string;
  /** Where in the ledger it says that it stands; undefined if mlgate did not write it. */
  readonly mark: LedgerMark | undefined;
}

/** What is registered of one model, as far as a promotion to one stage needs it. */
export interface Registry {
  /** Names of all tags of the model, whoever made them. */
  readonly names: readonly string[];
  /** Tags that assign the stage or take it away: all of them if one takes away, or else the newest. */
  readonly stageTags: readonly RegistryTag[];
  /** Tags that register versions or take them back. */
  readonly versionTags: readonly RegistryTag[];
  /** Names of lightweight tags that were met; GTO does not see them, but they occupy their names. */
  readonly lightweight: readonly string[];
  /** The newest tag of each model and stage that remembers a place in the ledger. */
  readonly witnesses: readonly RegistryTag[];
}

interface NamedTag {
  readonly ref: TagRef;
  readonly event: GtoTag;
}

/**
 * Reads the tags that a promotion needs. `tags` are all tags of the repository. Each tag that is read is a call over
 * REST, so what the ledger has confirmed about versions is taken from there; the version that is asked for is read.
 * Throws a WorldError if the repository cannot be reached.
 */
export async function readRegistry(
  store: Pick<RefStore, 'readTag'>,
  tags: readonly TagRef[],
  wanted: { readonly model: string; readonly stage: string; readonly version: string },
  ledger: Ledger,
): Promise<Registry> {
  const all = tags.flatMap((ref): readonly NamedTag[] => {
    const event = parseGtoTag(ref.name);
    return event === undefined ? [] : [{ ref, event }];
  });
  const own = all.filter(({ event }) => event.artifact === wanted.model);
  const reader = openReader(store);
  const known = listKnownVersionTags(ledger, wanted);
  const versionTags = await readAll(
    own.filter(isVersionTag),
    (tag) => known.get(tag.ref.name) ?? reader.read(tag),
  );
  const stageTags = await readStageTags(own, wanted.stage, reader);
  const witnesses = await readAll(listNewestOfStages(all), reader.read);
  return {
    names: own.map(({ ref }) => ref.name),
    stageTags,
    versionTags,
    lightweight: reader.lightweight(),
    witnesses: witnesses.filter(({ mark }) => mark !== undefined),
  };
}

interface TagReader {
  /** Undefined for a lightweight tag. */
  readonly read: (tag: NamedTag) => Promise<RegistryTag | undefined>;
  readonly lightweight: () => readonly string[];
}

/** Reads each tag once. */
function openReader(store: Pick<RefStore, 'readTag'>): TagReader {
  const read = new Map<string, RegistryTag | undefined>();
  return {
    read: async ({ ref, event }) => {
      if (!read.has(ref.name)) {
        const { target, message } = await store.readTag(ref);
        const mark = parseLedgerMark(message);
        read.set(ref.name, target === ref.object ? undefined : { name: ref.name, event, target, mark });
      }
      return read.get(ref.name);
    },
    lightweight: () => [...read].flatMap(([name, tag]) => (tag === undefined ? [name] : [])),
  };
}

async function readAll(
  tags: readonly NamedTag[],
  read: (tag: NamedTag) => RegistryTag | undefined | Promise<RegistryTag | undefined>,
): Promise<readonly RegistryTag[]> {
  const found: RegistryTag[] = [];
  for (const tag of tags) {
    const content = await read(tag);
    if (content !== undefined) found.push(content);
  }
  return found;
}

function isVersionTag({ event }: NamedTag): boolean {
  return event.kind === 'register' || event.kind === 'deregister';
}

/** Tags that confirmed claims of other versions made: their targets need not be asked for. */
function listKnownVersionTags(
  ledger: Ledger,
  wanted: { readonly model: string; readonly version: string },
): ReadonlyMap<string, RegistryTag> {
  const known = new Map<string, RegistryTag>();
  for (const { claim, state } of listClaims(ledger)) {
    if (state !== 'confirmed' || claim.model !== wanted.model || claim.commit === undefined) continue;
    for (const name of claim.tags ?? []) {
      const event = parseGtoTag(name);
      if (event?.kind !== 'register' || event.version === wanted.version) continue;
      const mark = { sequence: claim.sequence, hash: claim.hash };
      known.set(name, { name, event, target: claim.commit, mark });
    }
  }
  return known;
}

async function readStageTags(
  own: readonly NamedTag[],
  stage: string,
  reader: TagReader,
): Promise<readonly RegistryTag[]> {
  const ofStage = own.filter(
    ({ event }) => (event.kind === 'assign' || event.kind === 'unassign') && event.stage === stage,
  );
  const undone = own.some(
    ({ event }) => event.kind === 'deregister' || (event.kind === 'unassign' && event.stage === stage),
  );
  if (undone) return readAll(ofStage, reader.read);
  for (const tag of ofStage.toSorted((a, b) => countOf(b.event) - countOf(a.event))) {
    const content = await reader.read(tag);
    if (content !== undefined) return [content];
  }
  return [];
}

/** The newest tag of each model and stage. */
function listNewestOfStages(tags: readonly NamedTag[]): readonly NamedTag[] {
  const newest = new Map<string, NamedTag>();
  for (const tag of tags) {
    if (tag.event.kind !== 'assign') continue;
    const key = `${tag.event.artifact}#${tag.event.stage}`;
    const known = newest.get(key);
    if (known === undefined || countOf(known.event) < countOf(tag.event)) newest.set(key, tag);
  }
  return [...newest.values()];
}

/** A tag without a counter is older than every counted one: GTO would ask its time, which no listing shows. */
function countOf(event: GtoTag): number {
  return event.counter ?? 0;
}

/**
 * The tag that holds a stage now, by GTO's rules: of the commits whose last event at this stage is an assignment, and
 * whose version was not taken back, the one that was assigned last.
 */
export function currentStage(
  tags: readonly RegistryTag[],
  model: string,
  stage: string,
): RegistryTag | undefined {
  const own = tags
    .filter(({ event }) => event.artifact === model)
    .toSorted((a, b) => countOf(a.event) - countOf(b.event));
  const holders = new Map<string, RegistryTag>();
  for (const tag of own) {
    if (tag.event.kind !== 'assign' && tag.event.kind !== 'unassign') continue;
    if (tag.event.stage !== stage) continue;
    // Deleted first, so that the map's order is that of the last assignments.
    holders.delete(tag.target);
    if (tag.event.kind === 'assign') holders.set(tag.target, tag);
  }
  return [...holders.values()].findLast(
    ({ target }) => findVersionAt(own, target)?.event.kind !== 'deregister',
  );
}

/** The last tag that registered a version at a commit, or took it back. */
export function findVersionAt(tags: readonly RegistryTag[], commit: string): RegistryTag | undefined {
  return listVersionTags(tags)
    .filter(({ target }) => target === commit)
    .at(-1);
}

/** The last tag that registered this version, or took it back. */
export function findVersion(tags: readonly RegistryTag[], version: string): RegistryTag | undefined {
  return listVersionTags(tags)
    .filter(({ event }) => versionOf(event) === version)
    .at(-1);
}

/** Oldest first; of two without a counter, the one that takes back comes last. */
function listVersionTags(tags: readonly RegistryTag[]): readonly RegistryTag[] {
  return tags
    .filter(({ event }) => versionOf(event) !== undefined)
    .toSorted(
      (a, b) =>
        countOf(a.event) - countOf(b.event) ||
        Number(a.event.kind === 'deregister') - Number(b.event.kind === 'deregister'),
    );
}

/** The version that a tag is about. */
function versionOf(event: GtoTag): string | undefined {
  return event.kind === 'register' || event.kind === 'deregister' ? event.version : undefined;
}

/** Whether the model as a whole was deprecated after everything else, or by a tag that does not count. */
export function findDeprecation(names: readonly string[], model: string): string | undefined {
  let last = 0;
  let deprecation: { readonly name: string; readonly counter: number } | undefined;
  for (const name of names) {
    const event = parseGtoTag(name);
    if (event?.artifact !== model) continue;
    if (event.kind === 'deprecate') {
      const counter = event.counter ?? Infinity;
      if (deprecation === undefined || counter > deprecation.counter) deprecation = { name, counter };
    } else last = Math.max(last, countOf(event));
  }
  return deprecation !== undefined && deprecation.counter > last ? deprecation.name : undefined;
}
