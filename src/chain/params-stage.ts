import { MAX_DOCUMENT_BYTES } from '../config/limits.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { readYaml } from '../config/read-yaml.ts';
import { boundDistinctly } from '../evidence/bound-text.ts';
import { UserError } from '../evidence/errors.ts';
import { flattenValues } from '../evidence/flatten-values.ts';
import type { Params } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';
import { NO_FINDINGS, type Findings } from './findings.ts';

/** Files of parameters that evidence has room for, besides the config. */
const MAX_FILES = 199;

/**
 * The parameters of the training, as the files that the models name have them, and the config itself without what
 * judges nothing: so that a later run can say what changed. Throws a UserError for a file that is no mapping in YAML
 * or JSON, or too large to be one of parameters.
 */
export async function readParams(
  parsed: ParsedConfig,
  effects: Pick<ChainEffects, 'readText' | 'displayPath' | 'evidencePath'>,
): Promise<Findings> {
  const named = Object.values(parsed.config.models ?? {}).flatMap(({ params = [] }) => params);
  const paths = [...new Set(named)];
  const files: Params[] = [];
  for (const path of paths.slice(0, MAX_FILES)) {
    const document = readMapping(await effects.readText(path), effects.displayPath(path));
    files.push(describe('params', effects.evidencePath(path), document));
  }
  const { report: _report, engine: _engine, ...policy } = parsed.config;
  const left = paths.length - files.length;
  return {
    ...NO_FINDINGS,
    params: [describe('config', parsed.locate([]).file, policy), ...files],
    notes:
      left === 0 ? [] : [`${left} files of parameters were not read: evidence has room for ${MAX_FILES}.`],
  };
}

/** Whether there is nothing but blank lines and comments, which the reader of configs calls an error. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
}

function readMapping(text: string, file: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new UserError(
      `${file} has ${bytes.toLocaleString('en-US')} bytes; a file of parameters may have at most ${MAX_DOCUMENT_BYTES.toLocaleString('en-US')}.`,
      { help: 'Name under `params` the file with the settings of the training, not one with its results.' },
    );
  }
  if (isBlank(text)) return {};
  const { value } = readYaml(text, file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new UserError(`${file} holds no mapping of names to values.`, {
    help: 'A file of parameters is one YAML or JSON document such as `train: {max_depth: 8}`.',
  });
}

function describe(kind: Params['kind'], name: string, document: Readonly<Record<string, unknown>>): Params {
  const { values, omitted } = flattenValues(document);
  return { kind, name: boundDistinctly(name), values, ...(omitted === 0 ? {} : { omitted }) };
}
