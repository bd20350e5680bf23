/**
 * Every string that reaches Markdown passes through here. GitHub works in two steps, and both must find nothing:
 * first GitHub Flavored Markdown (specification 0.29: emphasis, links, HTML, tables), then filters over the finished
 * text that link mentions, issues, commits and addresses, draw emoji and typeset mathematics. The filters see what is left after
 * backslashes and entities are resolved, so those do not help against them; they leave code alone. Hence a word that a filter
 * would act on is shown as code. Zero-width characters would do too, but they stay in what a reader copies.
 */
import { cleanLine, splitCode } from '../clean-text.ts';

/** A word that one of GitHub's filters would act on. */
const ACTED_ON = new RegExp(
  [
    '[@＠$]', // mentions, addresses of mail, mathematics
    '[#＃][0-9]', // issues and pull requests, also owner/name#1
    '\\b(?:gh|ghsa|cve)-[0-9a-z]', // other names of issues and advisories
    '://|www\\.|(?:mailto|xmpp):', // addresses
    '\\b[0-9a-f]{7,64}\\b', // commits
    ':[\\w+-]+:', // emoji, some of which are pictures
  ].join('|'),
  'i',
);

/** What begins or ends something inside a line. `<`, `>` and `&` become entities, so that no raw `<!--` is ever written. */
const INLINE_SYNTAX = /[\\`*_[\]|~]/g;
/** What begins a block, or underlines a heading, when it stands first in a line. */
const BLOCK_SIGN = /^[#+=-](?=[ #=-]|$)/;
const LIST_NUMBER = /^(\d+)([.)])(?= |$)/;
/** What cannot stand between backticks, in a cell of a table as elsewhere. */
const NOT_BETWEEN_BACKTICKS = /[`<>&|$\\]/;

/** Plain text: nothing in it is Markdown, HTML, a link, a mention or a picture. One line. */
export function escapeText(text: string): string {
  return cleanLine(text)
    .trim()
    .split(/ +/)
    .map((word) => (ACTED_ON.test(word) ? escapeActedOn(word) : escapeWord(word)))
    .join(' ')
    .replace(BLOCK_SIGN, String.raw`\$&`)
    .replace(LIST_NUMBER, String.raw`$1\$2`);
}

/** What a sentence puts around a word stays outside the code: the quotes and the full stop of `"07b1a2c".` */
function escapeActedOn(word: string): string {
  const [, before = '', core = '', after = ''] = /^(["'(]*)(.*?)(["'),.;!?]*)$/.exec(word) ?? [];
  return ACTED_ON.test(core) ? `${before}${escapeCode(core)}${after}` : escapeCode(word);
}

function escapeWord(word: string): string {
  return escapeEntities(word.replace(INLINE_SYNTAX, String.raw`\$&`));
}

function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Inline code: between backticks where that is safe, otherwise as an element with all punctuation as entities. */
export function escapeCode(text: string): string {
  const line = cleanLine(text);
  if (line.trim() === '') return line === '' ? '(empty)' : '(blank)';
  const plain = !NOT_BETWEEN_BACKTICKS.test(line) && !line.startsWith(' ') && !line.endsWith(' ');
  return plain ? `\`${line}\`` : escapeCodeElement(line);
}

/** Code as an element, with all punctuation as entities. */
function escapeCodeElement(text: string): string {
  return `<code>${escapePunctuation(cleanLine(text))}</code>`;
}

function escapePunctuation(line: string): string {
  return line.replace(/[^\p{L}\p{N}\p{M} ]/gu, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
}

/** Plain text where Markdown is not read: inside a block of HTML such as a summary. */
export function escapeSummary(text: string): string {
  return cleanLine(text)
    .split(' ')
    .map((word) => (ACTED_ON.test(word) ? escapeCodeElement(word) : escapePunctuation(word)))
    .join(' ');
}

/** A message for people: text in which backticks quote names and values. */
export function escapeMessage(message: string): string {
  return splitCode(cleanLine(message))
    .map(({ kind, value }) => (kind === 'code' ? escapeCode(value) : escapeWithSpaces(value)))
    .reduce(joinPieces, '');
}

/** `escapeText` trims; here the spaces between text and code stay. */
function escapeWithSpaces(text: string): string {
  const [before = '', after = ''] = [/^ */.exec(text)?.[0], / *$/.exec(text)?.[0]];
  return text.trim() === '' ? ' ' : `${before && ' '}${escapeText(text)}${after && ' '}`;
}

/** Two stretches between backticks that touch would be read as one: the second then becomes an element. */
function joinPieces(left: string, right: string): string {
  if (!left.endsWith('`') || !right.startsWith('`')) return left + right;
  return left + right.replace(/^`([^`]*)`/, (_, code: string) => escapeCodeElement(code));
}

/** A link to an address that the caller vouches for; plain text if it is no http address. */
export function writeLink(text: string, address: string): string {
  const url = parseWebAddress(address);
  if (url === undefined) return escapeText(text);
  return `[${escapeText(text)}](${url.replace(/[()<>|\\`*~[\]]/g, percentOf)})`;
}

function percentOf(sign: string): string {
  return `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}

function parseWebAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
