import { PERSONAL_KINDS, PERSONAL_NAMES, PERSONAL_WHOLE_NAMES, type PersonalKind } from './personal-names.ts';

/** Letters that Unicode does not take apart into a base letter and an accent. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
};

/** Words before a name that make it a number, a flag or a digest of the thing, or the thing of no person. */
const IMPERSONAL_WORDS = new Set(
  `n nb has have had is are was with without missing count counts counted number of valid invalid same hash hashed
  encrypted masked md5 sha1 sha256 hmac company business store shop hotel branch office warehouse station building
  venue restaurant property school server host merchant vendor supplier product item file model column`.split(
    /\s+/u,
  ),
);

/** Words after a name that leave it what it is. */
const TRAILING_WORDS = new Set(
  `raw text str string value field col column clean cleaned orig original primary secondary main new old home work
  private client cliente clients customer user usuario utilisateur kunde kunden patient patiente contact employee
  of de du del da do`.split(/\s+/u),
);

/** Scripts that are written without blanks between words. */
const WITHOUT_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function simplify(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßøłıæœđ]/gu, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

function splitWords(column: string): readonly string[] {
  const separated = column
    .replaceAll(/(?<=\p{Ll}|\p{Nd})(?=\p{Lu})/gu, ' ')
    .replaceAll(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ');
  const words = simplify(separated).split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word !== '');
}

const KIND_OF_NAME: ReadonlyMap<string, PersonalKind> = new Map(
  PERSONAL_KINDS.flatMap((kind) =>
    PERSONAL_NAMES[kind].split(/\s+/u).map((name) => [simplify(name), kind] as const),
  ),
);

const UNSPACED_NAMES: readonly (readonly [string, PersonalKind])[] = PERSONAL_KINDS.flatMap((kind) =>
  PERSONAL_NAMES[kind]
    .split(/\s+/u)
    .filter((name) => WITHOUT_BLANKS.test(name))
    .map((name) => [simplify(name), kind] as const),
);

/** Without the number or the word at the end that says which of several it is: `phone_2`, `email_client`. */
function dropTrailing(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => !TRAILING_WORDS.has(word) && !/^\d+$/u.test(word));
  return words.slice(0, last + 1);
}

function findEnding(words: readonly string[]): PersonalKind | undefined {
  for (let start = 0; start < words.length; start += 1) {
    const kind = KIND_OF_NAME.get(words.slice(start).join(''));
    if (kind !== undefined)
      return words.slice(0, start).some((word) => IMPERSONAL_WORDS.has(word)) ? undefined : kind;
  }
  return undefined;
}

/**
 * What kind of personal data a column holds by its name, in some twenty languages; undefined where the name does not say
 * so. The name must end in the thing: `email_count` and `has_phone` are no personal data, and a company's address is no
 * person's.
 */
export function namesPersonal(column: string): PersonalKind | undefined {
  const words = splitWords(column);
  const whole = words.join('');
  if (Object.hasOwn(PERSONAL_WHOLE_NAMES, whole)) return PERSONAL_WHOLE_NAMES[whole];
  const unspaced = UNSPACED_NAMES.find(([name]) => whole.endsWith(name))?.[1];
  return unspaced ?? findEnding(words) ?? findEnding(dropTrailing(words));
}
