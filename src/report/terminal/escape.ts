import { cleanLine } from '../clean-text.ts';

/**
 * Text for a terminal: one line without control characters, so that no escape sequence moves the cursor, colours the
 * screen, sets a title or writes a link. Nothing else is special in a terminal.
 */
export function escapeTerminal(text: string): string {
  return cleanLine(text);
}
