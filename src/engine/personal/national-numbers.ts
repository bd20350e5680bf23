/** National numbers of persons whose check digit is public. */
import { groupBy } from '../../statistics/group-by.ts';
import {
  digitsOf,
  isDay,
  numberAt,
  passesHybrid,
  passesLuhn,
  passesVerhoeff,
  weighDigits,
} from './check-digits.ts';

export interface NationalNumber {
  /** Country and name. */
  readonly name: string;
  /** With the separators that it is written with; `u` is added. */
  readonly shape: RegExp;
  /** Of the text without separators, in capitals. */
  readonly isValid: (text: string) => boolean;
  /** Share of texts of this shape that are valid by chance; of those with 0.05 and less a few are enough. */
  readonly chance: number;
}

/** A check digit by weights modulo 11. */
function remainder11(text: string, weights: readonly number[]): number {
  return weighDigits(text, weights) % 11;
}

function isRepeated(text: string): boolean {
  return new Set(text).size === 1;
}

/** Days as `yymmdd` in any century. */
function hasDate(text: string, at = 0): boolean {
  return isDay(2000, numberAt(text, at + 2, 2), numberAt(text, at + 4, 2));
}

/** Days as `ddmmyy`. */
function hasReversedDate(text: string): boolean {
  return isDay(2000, numberAt(text, 2, 2), numberAt(text, 0, 2));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const HETU_CHARACTERS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const CN_CHECKS = '10X98765432';
/** Of the characters at odd places, 0-9 and A-Z. */
const CODICE_ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function codiceValue(character: string): number {
  return /\d/u.test(character) ? Number(character) : character.charCodeAt(0) - 65;
}

function codiceFiscale(text: string): boolean {
  const sum = Array.from(text.slice(0, 15)).reduce((total, character, index) => {
    const value = codiceValue(character);
    return total + (index % 2 === 0 ? (CODICE_ODD[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === text.at(-1);
}

function cpf(text: string): boolean {
  const check = (length: number): number => {
    const weights = Array.from({ length }, (_, index) => length + 1 - index);
    return ((weighDigits(text, weights) * 10) % 11) % 10;
  };
  return !isRepeated(text) && check(9) === Number(text[9]) && check(10) === Number(text[10]);
}

function norwegian(text: string): boolean {
  const first = remainder11(text, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
  return (
    first === 0 &&
    remainder11(text, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0 &&
    isDay(2000, numberAt(text, 2, 2), numberAt(text, 0, 2) % 40)
  );
}

function turkish(text: string): boolean {
  const digits = digitsOf(text);
  const sum = (from: number, step: number, to: number): number => {
    let total = 0;
    for (let at = from; at < to; at += step) total += digits[at] ?? 0;
    return total;
  };
  const tenth = (((7 * sum(0, 2, 9) - sum(1, 2, 8)) % 10) + 10) % 10;
  return tenth === digits[9] && sum(0, 1, 10) % 10 === digits[10];
}

function nir(text: string): boolean {
  const body = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - Number(BigInt(body) % 97n) === numberAt(text, 13, 2);
}

/** One digit twice or three times among the first ten, as the numbers were given out. */
function steuerId(text: string): boolean {
  const counts = groupBy(text.slice(0, 10), (digit) => digit);
  const most = Math.max(...[...counts.values()].map((same) => same.length));
  return passesHybrid(text) && most >= 2 && most <= 3 && (counts.size === 9 || counts.size === 8);
}

function baltic(text: string): boolean {
  const first = remainder11(text, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
  const second = remainder11(text, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 10;
  return hasDate(text, 1) && (first < 10 ? first : second) === Number(text[10]);
}

export const NATIONAL_NUMBERS: readonly NationalNumber[] = [
  {
    name: 'US SSN',
    shape: /^(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}$/u,
    isValid: () => true,
    chance: 0.02,
  },
  {
    name: 'UK NHS number',
    shape: /^\d{3}[ -]?\d{3}[ -]?\d{4}$/u,
    isValid: (text) => !isRepeated(text) && remainder11(text, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) === 0,
    chance: 0.091,
  },
  {
    name: 'UK NINO',
    shape: /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]$/u,
    isValid: () => true,
    chance: 0.05,
  },
  { name: 'CA SIN', shape: /^[1-79]\d\d[ -]?\d{3}[ -]?\d{3}$/u, isValid: passesLuhn, chance: 0.1 },
  {
    name: 'NL BSN',
    shape: /^\d{8,9}$/u,
    isValid: (text) => {
      const nine = text.padStart(9, '0');
      return !isRepeated(nine) && remainder11(nine, [9, 8, 7, 6, 5, 4, 3, 2, 10]) === 0;
    },
    chance: 0.091,
  },
  {
    name: 'BE national number',
    shape: /^\d\d\.?\d\d\.?\d\d-?\d{3}\.?\d\d$/u,
    isValid: (text) => {
      const check = numberAt(text, 9, 2);
      const [before, after] = [Number(text.slice(0, 9)), Number(`2${text.slice(0, 9)}`)];
      return hasDate(text) && (97 - (before % 97) === check || 97 - (after % 97) === check);
    },
    chance: 0.01,
  },
  {
    name: 'ES DNI or NIE',
    shape: /^[0-9XYZ]\d{7}-?[A-HJ-NP-TV-Z]$/u,
    isValid: (text) =>
      DNI_LETTERS[Number(text.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2')) % 23] ===
      text[8],
    chance: 0.044,
  },
  {
    name: 'IT codice fiscale',
    shape: /^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/u,
    isValid: codiceFiscale,
    chance: 0.04,
  },
  {
    name: 'FR NIR',
    shape: /^[1-478] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d$/u,
    isValid: nir,
    chance: 0.01,
  },
  { name: 'DE Steuer-ID', shape: /^[1-9]\d ?\d{3} ?\d{3} ?\d{3}$/u, isValid: steuerId, chance: 0.06 },
  {
    name: 'PL PESEL',
    shape: /^\d{11}$/u,
    isValid: (text) =>
      isDay(2000, numberAt(text, 2, 2) % 20, numberAt(text, 4, 2)) &&
      weighDigits(text, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
    chance: 0.02,
  },
  { name: 'BR CPF', shape: /^\d{3}\.?\d{3}\.?\d{3}-?\d\d$/u, isValid: cpf, chance: 0.01 },
  { name: 'IN Aadhaar', shape: /^[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}$/u, isValid: passesVerhoeff, chance: 0.1 },
  {
    name: 'SE personnummer',
    shape: /^(?:19|20)?\d{6}[-+]?\d{4}$/u,
    isValid: (text) => hasDate(text.slice(-10)) && passesLuhn(text.slice(-10)),
    chance: 0.037,
  },
  {
    name: 'FI henkilötunnus',
    shape: /^\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]$/u,
    isValid: (text) =>
      hasReversedDate(text) &&
      HETU_CHARACTERS[Number(text.slice(0, 6) + text.slice(-4, -1)) % 31] === text.at(-1),
    chance: 0.012,
  },
  { name: 'NO fødselsnummer', shape: /^\d{6} ?\d{5}$/u, isValid: norwegian, chance: 0.01 },
  { name: 'DK CPR', shape: /^\d{6}-\d{4}$/u, isValid: hasReversedDate, chance: 0.037 },
  {
    name: 'CH AHV',
    shape: /^756\.?\d{4}\.?\d{4}\.?\d\d$/u,
    isValid: (text) => weighDigits(text, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
    chance: 0.1,
  },
  {
    name: 'CN resident identity number',
    shape: /^[1-9]\d{5}(?:18|19|20)\d{9}[0-9X]$/u,
    isValid: (text) =>
      isDay(numberAt(text, 6, 4), numberAt(text, 10, 2), numberAt(text, 12, 2)) &&
      CN_CHECKS[remainder11(text, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])] === text.at(-1),
    chance: 0.004,
  },
  {
    // The last digit is a check digit in numbers given out before October 2020 only.
    name: 'KR resident registration number',
    shape: /^\d{6}-[1-8]\d{6}$/u,
    isValid: (text) => hasDate(text),
    chance: 0.03,
  },
  { name: 'TR kimlik no', shape: /^[1-9]\d{10}$/u, isValid: turkish, chance: 0.01 },
  {
    name: 'ZA identity number',
    shape: /^\d{10}[01]\d\d$/u,
    isValid: (text) => hasDate(text) && passesLuhn(text),
    chance: 0.037,
  },
  {
    name: 'AU TFN',
    shape: /^\d{3} \d{3} \d{3}$/u,
    isValid: (text) => remainder11(text, [1, 4, 3, 7, 5, 8, 6, 9, 10]) === 0,
    chance: 0.091,
  },
  {
    name: 'RO CNP',
    shape: /^[1-8]\d{12}$/u,
    isValid: (text) =>
      hasDate(text, 1) &&
      remainder11(text, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 10 === Number(text.at(-1)),
    chance: 0.037,
  },
  {
    name: 'CZ or SK rodné číslo',
    shape: /^\d{6}\/\d{4}$/u,
    isValid: (text) => {
      const month = numberAt(text, 2, 2) % 50;
      return isDay(2000, month > 20 ? month - 20 : month, numberAt(text, 4, 2)) && Number(text) % 11 === 0;
    },
    chance: 0.01,
  },
  { name: 'EE or LT personal code', shape: /^[1-6]\d{10}$/u, isValid: baltic, chance: 0.037 },
  { name: 'HR OIB', shape: /^\d{11}$/u, isValid: passesHybrid, chance: 0.1 },
];
