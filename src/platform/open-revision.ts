import { mkdtemp, open, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../evidence/errors.ts';
import { findDvcEntry } from './dvc-files/find-dvc-entry.ts';
import { openDvcObject } from './dvc-files/open-dvc-object.ts';
import { explainGitFailure, findRoot, type Git } from './git.ts';

/** Largest pointer file of DVC that is read, in bytes: a `dvc.lock` may name thousands of files. */
const MAX_POINTER_BYTES = 20_000_000;

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';

interface FileAtCommit {
  /** Absolute; the file has the name that it has in the commit. */
  readonly path: string;
  /** What keeps it: git itself, or DVC's cache. */
  readonly keeper: 'git' | 'dvc';
}

/**
 * A file as a commit has it, as a checkout would write it: from git, or, where the commit only names what it should
 * hold, from DVC's cache. Undefined where the commit has no such file.
 * @param path from the repository's root, with `/`
 * @param temporaryFolder where a copy may be put; whoever made the folder removes it
 * @throws UserError where the bytes are not on this machine
 */
export async function openFileAt(
  git: Git,
  commit: string,
  path: string,
  temporaryFolder: string,
): Promise<FileAtCommit | undefined> {
  const folder = await mkdtemp(join(temporaryFolder, 'at-'));
  const target = join(folder, basename(path));
  if (await hasFile(git, commit, path)) {
    const args = ['cat-file', '--filters', `${commit}:${path}`];
    const result = await git.run(args, { outputFile: target });
    if (result.code !== 0) throw explainGitFailure(git, args, result);
    await refuseLfsPointer(target, path);
    return { path: target, keeper: 'git' };
  }
  const entry = await findDvcEntry(path, async (pointer) => await readFileAt(git, commit, pointer));
  if (entry === undefined) return undefined;
  const object = await openDvcObject(await findRoot(git), entry);
  if (object === undefined) {
    throw new UserError(`DVC's cache does not hold ${path} as ${commit.slice(0, 7)} has it.`, {
      help: `Fetch it: \`dvc fetch --all-commits ${path}\`, or check that commit out and \`dvc pull\`.`,
    });
  }
  await symlink(object, target);
  return { path: target, keeper: 'dvc' };
}

async function hasFile(git: Git, commit: string, path: string): Promise<boolean> {
  return (await git.run(['cat-file', '-e', `${commit}:${path}`])).code === 0;
}

/** The text of a file that git keeps, as a commit has it; undefined where the commit has no such file. */
export async function readFileAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  if (!(await hasFile(git, commit, path))) return undefined;
  const args = ['cat-file', 'blob', `${commit}:${path}`];
  const result = await git.run(args, { maxOutputBytes: MAX_POINTER_BYTES });
  if (result.code !== 0) throw explainGitFailure(git, args, result);
  return result.stdout.toString('utf8');
}

/** Without Git LFS on this machine its filter is no filter, and a pointer is what a checkout would write. */
async function refuseLfsPointer(file: string, path: string): Promise<void> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(LFS_POINTER.length);
    await handle.read(start, 0, start.length, 0);
    if (start.toString('latin1') !== LFS_POINTER) return;
  } finally {
    await handle.close();
  }
  throw new UserError(`${path} is kept by Git LFS, and its bytes are not here.`, {
    help: 'Install Git LFS and run `git lfs fetch --all`, or check out with `lfs: true`.',
  });
}
