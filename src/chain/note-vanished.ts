import { boundSentence } from '../evidence/bound-text.ts';

/** Names that a note lists at most. */
const MAX_NAMED = 20;

/** What the baseline has and the candidate has not is no finding where nothing asks for it, but a reader may miss it. */
export function noteVanished(owner: string, what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const named = names.slice(0, MAX_NAMED).map((name) => `\`${name}\``);
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const note = `The baseline of ${owner} has ${what} that are gone now: ${named.join(', ')}${more}.`;
  return [boundSentence(note)];
}
