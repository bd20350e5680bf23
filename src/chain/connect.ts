/** The chain's effects on the file system: reading inside one folder. */
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { listFairnessGates } from '../comparison/fairness/list-fairness-gates.ts';
import { listGeneralisationGates } from '../comparison/generalisation/list-generalisation-gates.ts';
import { listFlipGates } from '../comparison/judge-flips.ts';
import { listGates } from '../comparison/list-gates.ts';
import { listRules } from '../comparison/rules/list-rules.ts';
import { MAX_DOCUMENT_BYTES } from '../config/limits.ts';
import { parseConfig, type ParsedConfig } from '../config/parse-config.ts';
import { decodeDocument, refuseLargeDocument } from '../config/read-document.ts';
import { UserError } from '../evidence/errors.ts';
import { openForeignSource } from '../platform/foreign-source.ts';
import { digestFile, resolveInside } from '../platform/file-digest.ts';
import { isFile } from '../platform/look-at-path.ts';
import { listShards } from '../platform/list-shards.ts';
import { explainFileFailure, readBytes, readTextFile } from '../platform/read-text-file.ts';
import type { ChainEffects } from './chain.ts';

/** Largest metrics file or sidecar that is read, in bytes. */
const MAX_METRICS_FILE_BYTES = 20_000_000;

/** Where the config is, and the folder that nothing it names may leave. */
export interface Workspace {
  /** Absolute. */
  readonly configPath: string;
  /** As messages show it: relative to where the user is. */
  readonly displayPath: string;
  /** Absolute: the repository's root, or where the command was started. */
  readonly root: string;
}

/**
 * Finds the folder that bounds what a config may name: `root` if the config is inside it, else the config's folder.
 */
export function openWorkspace(configPath: string, root: string): Workspace {
  const absolute = resolve(root, configPath);
  const way = relative(root, absolute);
  const inside = way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === absolute;
  return {
    configPath: absolute,
    displayPath: inside ? way.replaceAll('\\', '/') : configPath,
    root: inside ? root : dirname(absolute),
  };
}

/**
 * Reads and checks the config: its keys and values, and whether every bound and rule is one that its metrics can have.
 * Throws a UserError that lists the mistakes, before anything else is done.
 */
export async function readConfig(workspace: Workspace): Promise<ParsedConfig> {
  const { configPath, displayPath } = workspace;
  return parseWholeConfig(await readDocument(configPath, displayPath, 'the config'), displayPath);
}

/**
 * From the text of a config to one that the whole chain can run on. Throws a UserError that names `file`; places in
 * evidence name the config from its own folder, so that evidence is the same wherever the command was started.
 */
export function parseWholeConfig(text: string, file: string): ParsedConfig {
  const parsed = parseConfig(text, file);
  listGates(parsed.config, parsed.locate);
  listFlipGates(parsed.config, parsed.locate);
  listRules(parsed.config, parsed.locate);
  listFairnessGates(parsed.config, parsed.locate);
  listGeneralisationGates(parsed.config, parsed.locate);
  return { ...parsed, locate: (path) => ({ ...parsed.locate(path), file: basename(file) }) };
}

/**
 * The text of a document that people write, such as a config or a data schema. Refused by its size before it is read.
 * @param name the path as messages show it
 * @param what what it is to the user: `the config`
 */
export async function readDocument(path: string, name: string, what: string): Promise<string> {
  const size = await stat(path).then(
    (stats) => (stats.isFile() ? stats.size : 0),
    (error: unknown) => {
      throw explainFileFailure(error, name, what);
    },
  );
  refuseLargeDocument(size, name);
  return decodeDocument(await readBytes(path, { what, maxBytes: MAX_DOCUMENT_BYTES }), name);
}

/** The part of the chain's effects that reads files. */
export type FileEffects = Pick<
  ChainEffects,
  | 'resolvePath'
  | 'listShards'
  | 'displayPath'
  | 'evidencePath'
  | 'besidePath'
  | 'readText'
  | 'readOptionalText'
  | 'identifyFile'
  | 'openForeign'
>;

/** Effects on the files that a config names. */
export function connectFiles(workspace: Workspace): FileEffects {
  const way = relative(workspace.root, dirname(workspace.configPath));
  const resolvePath = async (path: string) => {
    try {
      return await resolveInside(workspace.root, join(way, path), 'the file');
    } catch (error) {
      if (!(error instanceof UserError) || !isMissing(error)) throw error;
      const config = relative(workspace.root, workspace.configPath).replaceAll('\\', '/');
      throw new UserError(error.message, {
        help: (await isFile(join(workspace.root, way, `${path}.dvc`)))
          ? `DVC tracks it: fetch it with \`dvc pull ${path}\` before this step.`
          : `${config} names it: check the path there, and the step that writes the file.`,
        cause: error.cause,
      });
    }
  };
  const readText = async (path: string) =>
    await readTextFile(await resolvePath(path), { what: 'the file', maxBytes: MAX_METRICS_FILE_BYTES });
  return {
    resolvePath,
    // What leads outside is refused when it is resolved.
    listShards: async (path) =>
      isAbsolute(path) || join(way, path).startsWith('..')
        ? undefined
        : await listShards(resolve(workspace.root, way), path),
    displayPath: (path) => join(way, path).replaceAll('\\', '/'),
    evidencePath: (path) => path,
    besidePath: (path, other) => posix.join(posix.dirname(path.replaceAll('\\', '/')), other),
    readText,
    readOptionalText: async (path) => {
      try {
        return await readText(path);
      } catch (error) {
        if (error instanceof UserError && isMissing(error)) return undefined;
        throw error;
      }
    },
    identifyFile: async (path) => await digestFile(await resolvePath(path)),
    openForeign: async (path) => await openForeignSource(await resolvePath(path), path),
  };
}

function isMissing(error: UserError): boolean {
  return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT';
}

/**
 * A file beside one that somebody names on a command line. What a file says of others may be a stranger's words: they
 * lead nowhere but below the current folder, or below the file's own.
 */
export function besideNamed(cwd: string, path: string, other: string): string {
  const folder = dirname(path);
  const wanted = resolve(cwd, folder, other);
  const isBelow = (root: string): boolean => wanted.startsWith(`${root}${root.endsWith(sep) ? '' : sep}`);
  if (![resolve(cwd), resolve(cwd, folder)].some(isBelow)) {
    throw new UserError(`${path} refers to ${JSON.stringify(other)}, which is outside of the folder.`, {
      help: 'Put the file next to the one that refers to it, or start the command in a folder that holds both.',
    });
  }
  return join(folder, other);
}

/**
 * The same for files that somebody names on a command line, who may read whatever the operating system lets them.
 * A config names files relative to itself, so each gets a name there that stands for the real path.
 */
export function connectNamedFiles(cwd: string, named: ReadonlyMap<string, string>): FileEffects {
  const typed = (path: string) => named.get(path) ?? path;
  const locate = (path: string) => resolve(cwd, typed(path));
  return {
    resolvePath: async (path) => await Promise.resolve(locate(path)),
    listShards: async (path) => await listShards(cwd, typed(path)),
    displayPath: typed,
    // Evidence holds no path of a machine.
    besidePath: (path, other) => besideNamed(cwd, typed(path), other),
    evidencePath: (path) => (isAbsolute(typed(path)) ? path : typed(path).replaceAll('\\', '/')),
    readText: async (path) =>
      await readTextFile(locate(path), { what: 'the file', maxBytes: MAX_METRICS_FILE_BYTES }),
    readOptionalText: async () => await Promise.resolve(undefined),
    identifyFile: async (path) => await digestFile(locate(path)),
    openForeign: async (path) => await openForeignSource(locate(path), typed(path)),
  };
}
