import type { ConfigSource } from '../schemas/evidence.generated.ts';
import { validateDocument } from '../schemas/validate.ts';
import { describeViolations, type DescribedKind } from './describe-violations.ts';
import { makeMistakesError, showKey, type FoundMistake, type Position } from './mistake.ts';
import { readYaml, type LocatedValue } from './read-yaml.ts';

/** Where something was asked for: file, key, line and column. */
export type Locate = (path: readonly string[]) => ConfigSource;

type Documents = { [K in DescribedKind]: ReturnType<typeof validateDocument<K>> & { ok: true } };

export interface ParsedDocument<K extends DescribedKind> {
  readonly document: Documents[K]['document'];
  /** A path that is not written (a default) is located at its nearest ancestor. */
  readonly locate: Locate;
}

/**
 * From a text in YAML or JSON to a valid document. Throws one UserError that lists all mistakes, each with its line
 * and column, in the order of the lines.
 * @param checkMore mistakes that the schema cannot see; gets the unvalidated document
 */
export function parseDocument<K extends DescribedKind>(
  kind: K,
  text: string,
  file: string,
  checkMore: (document: unknown) => readonly FoundMistake[],
): ParsedDocument<K> {
  const located = readYaml(text, file);
  const validated = validateDocument(kind, located.value);
  const violations = validated.ok ? [] : describeViolations(kind, validated.violations);
  const found = [...violations, ...checkMore(located.value)].map(({ path, text: told, at }) => ({
    position: locateMistake(located, path, at),
    path,
    text: told,
  }));
  const mistakes = [...found, ...located.rounded];
  if (mistakes.length > 0 || !validated.ok) throw makeMistakesError(file, mistakes);
  const { document } = validated;
  return { document, locate: (path) => locateSource(located, file, path) };
}

function locateMistake(located: LocatedValue, path: readonly string[], at: FoundMistake['at']): Position {
  return at === 'key' ? located.locateKey(path) : located.locateValue(path);
}

/** Longest file name in a source, in characters: the bound of evidence's short texts. */
const MAX_FILE_LENGTH = 300;

function locateSource(located: LocatedValue, file: string, path: readonly string[]): ConfigSource {
  return { file: file.slice(-MAX_FILE_LENGTH), key: showKey(path), ...located.locateKey(path) };
}
