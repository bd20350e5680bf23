import { digestJson } from '../evidence/digest.ts';
import type { Config } from '../schemas/config.generated.ts';
import { checkConfig } from './check-config.ts';
import { parseDocument, type Locate } from './parse-document.ts';

export interface ParsedConfig {
  /** Defaults filled in. */
  readonly config: Config;
  /** SHA-256 of the canonical JSON of the parsed config without `report` and `engine`: the policy that judges. */
  readonly digest: string;
  /** Where a key stands; for one that is not written (a default), where its nearest ancestor does. */
  readonly locate: Locate;
}

/**
 * From the text of mlgate.yml to a typed config. Throws one UserError that lists all mistakes, each with file, line,
 * column, key, value, what is allowed, and the nearest key.
 * @param file the name that messages show
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const { document, locate } = parseDocument('config', text, file, checkConfig);
  // How a run is shown, and on how many threads, judges nothing.
  const { report: _report, engine: _engine, ...policy } = document;
  return { config: document, digest: digestJson(policy), locate };
}
