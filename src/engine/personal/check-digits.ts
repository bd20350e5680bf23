/** Check digits of published numbering schemes. Each takes digits (or capitals) without separators. */

export function digitsOf(text: string): readonly number[] {
  return Array.from(text, Number);
}

/** Sum of digits by weights; weights that are left over count nothing. */
export function weighDigits(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(text[index] ?? 0), 0);
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(text: string): boolean {
  const sum = digitsOf(text)
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = index % 2 === 1 ? 2 * digit : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 97-10, of letters as 10 to 35: the remainder that a valid text leaves is 1. */
export function remainder97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    for (const digit of parseInt(character, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}

/** ISO/IEC 7064, MOD 11,10 (hybrid), the last digit being the check digit. */
export function passesHybrid(text: string): boolean {
  let product = 10;
  for (const digit of digitsOf(text.slice(0, -1))) {
    const sum = (digit + product) % 10;
    product = (2 * (sum === 0 ? 10 : sum)) % 11;
  }
  return (11 - product) % 10 === Number(text.at(-1));
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

/** Multiplication in the dihedral group of order 10. */
function multiply(one: number, other: number): number {
  if (one < 5) return other < 5 ? (one + other) % 5 : 5 + ((one + other) % 5);
  return other < 5 ? 5 + ((one - other + 5) % 5) : (one - other + 5) % 5;
}

/** J. Verhoeff, Error Detecting Decimal Codes (1969). */
export function passesVerhoeff(text: string): boolean {
  const permute = (digit: number, times: number): number =>
    times === 0 ? digit : permute(PERMUTATION[digit] ?? 0, times - 1);
  const sum = digitsOf(text)
    .toReversed()
    .reduce((total, digit, index) => multiply(total, permute(digit, index % 8)), 0);
  return sum === 0;
}

/** Whether day and month are such of some year: `yearDigits` may be two. */
export function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A run of digits at a place, as a number. */
export function numberAt(text: string, start: number, length: number): number {
  return Number(text.slice(start, start + length));
}
