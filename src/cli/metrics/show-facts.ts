import { escapeTerminal } from '../../report/terminal/escape.ts';
import { measureWidth, wrapText } from '../../report/terminal/layout.ts';

const LEAST_TEXT = 20;

/** Pairs of a word and what is said of it, in two columns; what says nothing is left out. */
export function showFacts(
  facts: readonly (readonly [string, string | undefined])[],
  width: number,
): readonly string[] {
  const said = facts.flatMap(([key, text]) =>
    text === undefined || text === '' ? [] : [[escapeTerminal(key), escapeTerminal(text)] as const],
  );
  const indent = Math.max(0, ...said.map(([key]) => measureWidth(key))) + 4;
  return said.flatMap(([key, text]) => {
    const [first = '', ...rest] = wrapText(text, Math.max(LEAST_TEXT, width - indent));
    const head = `  ${key}${' '.repeat(indent - 2 - measureWidth(key))}`;
    return [`${head}${first}`, ...rest.map((line) => `${' '.repeat(indent)}${line}`)];
  });
}
