/** The bytes that an entry of DVC names, from the cache on this machine. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../evidence/errors.ts';
import { isFile } from '../look-at-path.ts';
import type { DvcEntry, DvcLayout } from './find-dvc-entry.ts';

/** Largest listing of a folder that is read, in bytes: about half a million files. */
const MAX_LISTING_BYTES = 64_000_000;

/**
 * The file in the cache that holds the object, its digest verified. Undefined where the cache lacks it: `dvc pull`
 * fetches it.
 * @param root the folder that holds `.dvc`
 * @throws UserError where the object's digest is not the one that names it
 */
export async function openDvcObject(root: string, entry: DvcEntry): Promise<string | undefined> {
  const cache = await findCache(root);
  if (entry.inFolder === undefined) return await openObject(cache, entry.md5, entry.layout);
  const listing = await openObject(cache, `${entry.md5}.dir`, entry.layout);
  if (listing === undefined) return undefined;
  const md5 = findInListing(await readListing(listing), entry.inFolder);
  if (md5 === undefined) {
    throw new UserError(`${entry.inFolder} is not in the folder that ${entry.namedBy} tracks.`, {
      help: 'Add it with `dvc add`, or correct the path.',
    });
  }
  return await openObject(cache, md5, entry.layout);
}

async function openObject(cache: string, name: string, layout: DvcLayout): Promise<string | undefined> {
  const places = { dvc2: [cache], dvc3: [join(cache, 'files', 'md5'), cache] }[layout];
  for (const place of places) {
    const path = join(place, name.slice(0, 2), name.slice(2));
    if (!(await isFile(path))) continue;
    if (await hasDigest(path, name.replace('.dir', ''))) return path;
    throw new UserError(`The object ${name} in DVC's cache does not have the digest that names it.`, {
      help: 'Delete it, then fetch it again with `dvc pull`.',
    });
  }
  return undefined;
}

/**
 * Whether a file has this MD5. Before DVC 3, text was hashed as if its line ends were those of Unix; a file has passed
 * that is right either way.
 */
export async function hasDigest(path: string, md5: string): Promise<boolean> {
  const [plain, unix] = [createHash('md5'), createHash('md5')];
  let carriage = false;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    plain.update(chunk);
    const text = chunk.toString('latin1');
    const joined: string = carriage ? `\r${text}` : text;
    carriage = joined.endsWith('\r');
    unix.update((carriage ? joined.slice(0, -1) : joined).replaceAll('\r\n', '\n'), 'latin1');
  }
  if (carriage) unix.update('\r', 'latin1');
  return plain.digest('hex') === md5 || unix.digest('hex') === md5;
}

async function readListing(path: string): Promise<unknown> {
  if ((await stat(path)).size > MAX_LISTING_BYTES) {
    throw new UserError(
      `The listing of a folder that DVC tracks is larger than ${MAX_LISTING_BYTES / 1e6} MB.`,
    );
  }
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError("The listing of a folder in DVC's cache is not JSON.", {
      help: 'Delete it, then fetch it again with `dvc pull`.',
    });
  }
}

function findInListing(listing: unknown, path: string): string | undefined {
  if (!Array.isArray(listing)) return undefined;
  const found: unknown = listing.find(
    (item: unknown) =>
      typeof item === 'object' && item !== null && 'relpath' in item && item.relpath === path,
  );
  const md5 = typeof found === 'object' && found !== null && 'md5' in found ? found.md5 : undefined;
  return typeof md5 === 'string' && /^[0-9a-f]{32}$/u.test(md5) ? md5 : undefined;
}

/** `.dvc/cache`, unless `.dvc/config.local` or `.dvc/config` says another folder. */
async function findCache(root: string): Promise<string> {
  const folder = join(root, '.dvc');
  for (const name of ['config.local', 'config']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const configured = findCacheSetting(text);
    if (configured !== undefined) return resolve(folder, configured);
  }
  return join(folder, 'cache');
}

/** `dir` of the section `cache`, as DVC's configuration (git's format, less its escapes) holds it. */
function findCacheSetting(text: string): string | undefined {
  const [, section = ''] = /^\s*\[cache\]([^[]*)/mu.exec(text) ?? [];
  return /^\s*dir\s*=\s*(\S.*?)\s*$/mu.exec(section)?.[1];
}
