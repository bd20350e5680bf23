import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../evidence/errors.ts';

/** Files that are one table together. */
const MAX_SHARDS = 1000;

/** Levels of folders that name partitions. */
const MAX_PARTITIONS = 16;

/** Names in a message. */
const MAX_SHOWN = 10;

/**
 * The files that a pattern (`out/part-*.parquet`) or a folder stands for, as paths relative to `root`, sorted by name
 * whatever the file system's order is; undefined for the path of one file. `*` and `?` stand for characters within a
 * name. What a tool leaves beside its output (names that begin with `.` or `_`) is no shard.
 * Throws a UserError where there is no file, or more than 1000.
 */
export async function listShards(root: string, path: string): Promise<readonly string[] | undefined> {
  const found = await stat(resolve(root, path)).catch(() => undefined);
  if (found?.isDirectory() === true) return checkShards(await listFolder(root, path), path);
  if (found !== undefined || !isPattern(path)) return undefined;
  let folders: readonly string[] = [''];
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts.slice(0, -1)) {
    folders = isPattern(part)
      ? (
          await Promise.all(folders.map(async (folder) => await matchNames(root, folder, part, 'folder')))
        ).flat()
      : folders.map((folder) => join(folder, part));
  }
  const last = parts.at(-1) ?? '';
  const files = await Promise.all(
    folders.map(async (folder) => await matchNames(root, folder, last, 'file')),
  );
  return checkShards(files.flat(), path);
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

function checkShards(files: readonly string[], path: string): readonly string[] {
  if (files.length > MAX_SHARDS) {
    throw new UserError(`${path} stands for ${files.length} files; a table has at most ${MAX_SHARDS}.`, {
      help: 'Write fewer and larger files.',
    });
  }
  if (files.length > 0) return files.map((file) => file.replaceAll('\\', '/')).sort();
  throw new UserError(`${path} stands for no file.`, {
    help: 'Check the pattern, and the step that writes the files. Paths are relative to the folder of the config.',
  });
}

/** Folders of partitions (`day=1`) belong to the table; a link is never followed to a folder. */
async function listFolder(root: string, folder: string, depth = 0): Promise<readonly string[]> {
  const entries = (await readdir(resolve(root, folder), { withFileTypes: true })).filter(isShardName);
  const folders = entries.filter((entry) => entry.isDirectory());
  const others = folders.filter(({ name }) => !name.includes('=', 1) || depth === MAX_PARTITIONS);
  if (others.length > 0) {
    const names = others.map(({ name }) => `\`${name}\``).sort();
    throw new UserError(
      `The folder ${folder} holds folders (${names.slice(0, MAX_SHOWN).join(', ')}), and so is no table.`,
      {
        help: 'Name the files by a pattern, such as `predictions/*/part-*.parquet`; only folders of partitions such as `day=1` belong to a table.',
      },
    );
  }
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
  for (const { name } of folders) files.push(...(await listFolder(root, join(folder, name), depth + 1)));
  return files;
}

function isShardName({ name }: { readonly name: string }): boolean {
  return !name.startsWith('.') && !name.startsWith('_');
}

async function matchNames(
  root: string,
  folder: string,
  pattern: string,
  kind: 'file' | 'folder',
): Promise<readonly string[]> {
  const entries = await readdir(resolve(root, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => isShardName(entry) && (kind === 'file' ? !entry.isDirectory() : entry.isDirectory()))
    .filter(({ name }) => matches(name, pattern))
    .map(({ name }) => join(folder, name));
}

/** Linear in name times pattern, whatever both are: a regular expression made of stars would not be. */
function matches(name: string, pattern: string): boolean {
  let [at, of, star, from] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[of] === '?' || (pattern[of] !== '*' && pattern[of] === name[at])) {
      at += 1;
      of += 1;
    } else if (pattern[of] === '*') {
      star = of;
      from = at;
      of += 1;
    } else if (star >= 0) {
      of = star + 1;
      from += 1;
      at = from;
    } else {
      return false;
    }
  }
  return pattern.slice(of).replaceAll('*', '') === '';
}
