/**
 * A copy of this repository that act can run as somebody's `uses: acme/kit@v1`. act does not know
 * self-repository references: in the copy, `$/actions/x` says `acme/kit/actions/x@v1`.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_ROOT } from '../run-action.ts';

export interface Kit {
  /** `owner/name`. */
  readonly name: string;
  readonly ref: string;
  readonly directory: string;
  /** For act's --local-repository: this copy, and stand-ins for the actions of others that it uses. */
  readonly localRepositories: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface KitOptions {
  readonly name?: string;
  readonly ref?: string;
  /** Where the original is; default this repository. */
  readonly root?: string;
}

/** What users download, as far as act needs it. */
const PARTS = ['action.yml', 'actions', 'dist', 'package.json', '.github/workflows'];

/** Actions of others for which there is a stand-in under test/helpers/act/stand-ins. */
const STAND_INS = ['actions/download-artifact', 'actions/upload-artifact'];

/** Replaces self-repository references by the same things said in full. */
export function rewriteSelfReferences(text: string, name: string, ref: string): string {
  return text.replaceAll(/(\buses:\s*['"]?)\$\/([^\s'"#]*)/gu, (_, head: string, path: string) => {
    const inside = path.replace(/\/$/u, '');
    return `${head}${inside === '' ? name : `${name}/${inside}`}@${ref}`;
  });
}

/** `owner/name@ref` of every use of an action that has a stand-in. */
function listStandInUses(text: string): readonly string[] {
  return [...text.matchAll(/\buses:\s*['"]?([\w.-]+\/[\w.-]+)(?:\/[^\s@'"]*)?@([\w./-]+)/gu)]
    .filter((match) => STAND_INS.includes(match[1] ?? ''))
    .map((match) => `${match[1] ?? ''}@${match[2] ?? ''}`);
}

function standInFolder(use: string): string {
  const name = use.split('@')[0]?.split('/').at(-1) ?? '';
  return join(import.meta.dirname, 'stand-ins', name);
}

async function listYamlFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** For --local-repository: the stand-ins that the workflows and actions of a folder need. */
export async function findStandIns(directory: string): Promise<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = [];
  for (const file of await listYamlFiles(directory)) {
    pairs.push(
      ...listStandInUses(await readFile(file, 'utf8')).map((use): [string, string] => [
        use,
        standInFolder(use),
      ]),
    );
  }
  return Object.fromEntries(pairs);
}

/** Makes the copy. Remove it in the test. */
export async function createKit(options: KitOptions = {}): Promise<Kit> {
  const { name = 'acme/kit', ref = 'v1', root = REPOSITORY_ROOT } = options;
  const directory = await mkdtemp(join(tmpdir(), 'mlgate-kit-'));
  for (const part of PARTS) {
    if (existsSync(join(root, part))) await cp(join(root, part), join(directory, part), { recursive: true });
  }
  for (const file of await listYamlFiles(directory)) {
    await writeFile(file, rewriteSelfReferences(await readFile(file, 'utf8'), name, ref));
  }
  return {
    name,
    ref,
    directory,
    localRepositories: { [`${name}@${ref}`]: directory, ...(await findStandIns(directory)) },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
