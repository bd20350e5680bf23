/** Personal data that can be told by its own form. A detector sees one cell and says whether it holds such. */
import { passesLuhn, remainder97 } from './check-digits.ts';
import { NATIONAL_NUMBERS } from './national-numbers.ts';

export interface Detector {
  readonly name: string;
  /** Whether a cell has the form, before any check digit is looked at. */
  readonly isShaped: (text: string) => boolean;
  readonly isFound: (text: string) => boolean;
  /** Share of texts of this form that pass by chance. */
  readonly chance: number;
}

/** What a form may be found in: longer cells are looked at up to here. */
export const MAX_LOOKED_AT = 2000;

const EMAIL = /[\p{L}\d._%+-]+@(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+\p{L}{2,}/u;
const CARD = /(?<![\d.-])(?:\d[ -]?){12,18}\d(?![\d.-])/gu;
const CARD_FORM = /^(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{4,5})$/u;
/** Networks by their first digits: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
const CARD_NETWORK =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5018|5020|5038|6304|6759|676[1-3])\d{8,15})$/u;
const IBAN = /(?<![A-Z\d])[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![A-Z\d])/gu;
/** Length by country: the IBAN registry of SWIFT (ISO 13616). */
const IBAN_LENGTHS =
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TN24TR26UA29VA22VG24XK20';
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/u;
/** All eight groups, or fewer around one `::`; a time of day has neither. */
const IPV6 =
  /^(?:[\dA-Fa-f]{1,4}:){7}[\dA-Fa-f]{1,4}$|^(?=.*::)(?!.*::.*::)(?=.*[\dA-Fa-f])(?:[\dA-Fa-f]{0,4}:){2,7}[\dA-Fa-f]{0,4}$/u;
const MAC =
  /^(?:[\dA-Fa-f]{2}([:-]))(?:[\dA-Fa-f]{2}\1){4}[\dA-Fa-f]{2}$|^[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}$/u;
/** ITU-T E.164 with its plus, or written with brackets and dashes as in North America. */
const PHONE =
  /(?<![\d+])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)|(?<![\d-])(?:\(\d{3}\) ?|\d{3}[-.])[2-9]\d\d[-.]\d{4}(?: ?x\d+)?(?![\d-])/u;
const COORDINATES = /^\(?-?(?:[0-8]?\d|90)\.\d{3,}[,;] ?-?(?:1[0-7]\d|180|\d?\d)\.\d{3,}\)?$/u;
const VIN = /^[A-HJ-NPR-Z\d]{17}$/u;
const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from('ABCDEFGHJKLMNPRSTUVWXYZ', (letter, index) => [letter, '12345678123457923456789'[index]]).map(
    ([letter, value]) => [letter, Number(value)],
  ),
);
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

function compact(text: string): string {
  return text.replaceAll(/[ ./-]/gu, '');
}

function isCard(text: string): boolean {
  const digits = compact(text);
  return CARD_NETWORK.test(digits) && passesLuhn(digits) && new Set(digits).size > 1;
}

function isIban(text: string): boolean {
  const iban = compact(text);
  const at = IBAN_LENGTHS.indexOf(iban.slice(0, 2));
  const length = Number(IBAN_LENGTHS.slice(at + 2, at + 4));
  return (
    at >= 0 && at % 4 === 0 && iban.length === length && remainder97(iban.slice(4) + iban.slice(0, 4)) === 1
  );
}

/** ISO 3779 with the check digit of 49 CFR 565.15. */
function isVin(text: string): boolean {
  const sum = VIN_WEIGHTS.reduce((total, weight, index) => {
    const character = text[index] ?? '0';
    return total + weight * (VIN_VALUES[character] ?? Number(character));
  }, 0);
  return (sum % 11 === 10 ? 'X' : String(sum % 11)) === text[8] && /[A-Z]/u.test(text);
}

function withoutCheck(name: string, form: RegExp, chance: number): Detector {
  const isFound = (text: string): boolean => form.test(text);
  return { name, isShaped: isFound, isFound, chance };
}

function found(form: RegExp, text: string, isValid: (found: string) => boolean): boolean {
  return [...text.matchAll(form)].some(([match]) => isValid(match));
}

export const DETECTORS: readonly Detector[] = [
  withoutCheck('e-mail address', EMAIL, 0),
  {
    name: 'payment card',
    isShaped: (text) => CARD_FORM.test(text) || found(CARD, text, isCard),
    isFound: (text) => found(CARD, text, isCard),
    chance: 0.05,
  },
  {
    name: 'IBAN',
    isShaped: (text) => text.search(IBAN) !== -1,
    isFound: (text) => found(IBAN, text, isIban),
    chance: 0.001,
  },
  withoutCheck('phone number', PHONE, 0.01),
  withoutCheck('IPv4 address', IPV4, 0.02),
  withoutCheck('IPv6 address', IPV6, 0.001),
  withoutCheck('MAC address', MAC, 0.001),
  withoutCheck('coordinates', COORDINATES, 0.02),
  {
    name: 'vehicle identification number',
    isShaped: (text) => VIN.test(text),
    isFound: (text) => VIN.test(text) && isVin(text),
    chance: 0.091,
  },
  {
    name: 'IMEI',
    isShaped: (text) => /^\d{15}$/u.test(text),
    isFound: (text) => /^(?:01|3[35]|86|9[89])\d{13}$/u.test(text) && passesLuhn(text),
    chance: 0.01,
  },
  ...NATIONAL_NUMBERS.map(({ name, shape, isValid, chance }): Detector => {
    const isShaped = (text: string): boolean => shape.test(text);
    return { name, isShaped, isFound: (text) => isShaped(text) && isValid(compact(text)), chance };
  }),
];

/**
 * What every text that a detector finds matches, in the subset that RE2 and ECMA-262 share: spares most cells the way
 * through JavaScript.
 */
export const PREFILTER = [
  '@[^@\\s]+[.]',
  '(?:[0-9][ .()/+-]{0,3}){8}',
  '[0-9]{1,3}(?:[.][0-9]{1,3}){3}',
  '[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:',
  '[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-',
  '[0-9A-Fa-f]{4}[.][0-9A-Fa-f]{4}[.]',
  '[0-9][.][0-9]{3,}\\)?[,;]',
  '[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}',
  '[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}',
  '[0-9XYZ][0-9]{7}-?[A-Z]',
  '[0-9]{6}[-+A-FU-Y][0-9]{3}',
  '[A-Z]{6}[0-9L-V]{2}[A-Z][0-9L-V]{2}[A-Z]',
  '^[A-HJ-NPR-Z0-9]{17}$',
].join('|');

/** Detectors whose form alone says enough to keep a single text out of sight. */
const MAX_CHANCE = 0.05;

/** Whether a single text is better not shown. */
export function holdsPersonalData(text: string): boolean {
  return DETECTORS.some(({ chance, isFound }) => chance <= MAX_CHANCE && isFound(text));
}
