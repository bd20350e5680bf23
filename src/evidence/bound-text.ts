/** Longest one-line text that evidence holds (`shortText` of its schema), in code points. */
export const MAX_SHORT_TEXT = 300;

/** A text of at most so many code points; one that was cut ends in `…`. */
export function boundText(text: string, most: number = MAX_SHORT_TEXT): string {
  if (text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
