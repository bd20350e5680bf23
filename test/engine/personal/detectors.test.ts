import { describe, expect, it } from 'vitest';

import {
  passesHybrid,
  passesLuhn,
  passesVerhoeff,
  remainder97,
} from '../../../src/engine/personal/check-digits.ts';
import { DETECTORS, holdsPersonalData, PREFILTER } from '../../../src/engine/personal/detectors.ts';

function detect(text: string): readonly string[] {
  return DETECTORS.filter(({ isFound }) => isFound(text)).map(({ name }) => name);
}

describe('check digits', () => {
  it('are those of the published examples', () => {
    // ISO/IEC 7812-1 annex B; Wikipedia's examples of Verhoeff and of ISO/IEC 7064.
    expect(passesLuhn('79927398713')).toBe(true);
    expect(passesVerhoeff('2363')).toBe(true);
    expect(remainder97('3214282912345698765432161182')).toBe(1);
    expect(passesHybrid('69435151530')).toBe(true);
  });

  it.each([
    ['Luhn', passesLuhn, '79927398713'],
    ['Verhoeff', passesVerhoeff, '2363'],
    ['hybrid', passesHybrid, '69435151530'],
  ] as const)('of %s notice every wrong digit', (_, passes, valid) => {
    for (let at = 0; at < valid.length; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const changed = valid.slice(0, at) + String(digit) + valid.slice(at + 1);
        expect(passes(changed)).toBe(changed === valid);
      }
    }
  });
});

describe('detectors', () => {
  // Numbers that the issuers publish as examples.
  it.each([
    ['4111 1111 1111 1111', 'payment card'],
    ['paid with 5555-5555-5555-4444 today', 'payment card'],
    ['378282246310005', 'payment card'],
    ['GB82 WEST 1234 5698 7654 32', 'IBAN'],
    ['DE89370400440532013000', 'IBAN'],
    ['write to ann.lee+x@mail.example.org please', 'e-mail address'],
    ['call +49 30 901820', 'phone number'],
    ['(202) 456-1111', 'phone number'],
    ['192.168.0.1', 'IPv4 address'],
    ['2001:db8::ff00:42:8329', 'IPv6 address'],
    ['00:1B:44:11:3A:B7', 'MAC address'],
    ['48.1371, 11.5754', 'coordinates'],
    ['1M8GDM9AXKP042788', 'vehicle identification number'],
    ['219-09-9999', 'US SSN'],
    ['943 476 5919', 'UK NHS number'],
    ['AB 12 34 56 C', 'UK NINO'],
    ['111222333', 'NL BSN'],
    ['12345678Z', 'ES DNI or NIE'],
    ['X1234567L', 'ES DNI or NIE'],
    ['RSSMRA85T10A562S', 'IT codice fiscale'],
    ['44051401359', 'PL PESEL'],
    ['529.982.247-25', 'BR CPF'],
    ['131052-308T', 'FI henkilötunnus'],
    ['756.9217.0769.85', 'CH AHV'],
    ['11010519491231002X', 'CN resident identity number'],
    ['10000000146', 'TR kimlik no'],
    ['8001015009087', 'ZA identity number'],
    ['123 456 782', 'AU TFN'],
    ['37605030299', 'EE or LT personal code'],
    ['94577403194', 'HR OIB'],
    ['86095742719', 'DE Steuer-ID'],
  ])('see %s as %s', (text, name) => {
    expect(detect(text)).toContain(name);
    expect(new RegExp(PREFILTER, 'u').test(text)).toBe(true);
  });

  it.each([
    'ordinary text',
    '2026-11-21T10:11:12Z',
    '12:34:56',
    '3.1415926',
    '4111 1111 1111 1112',
    'GB82 WEST 1234 5698 7654 33',
    'someone at example dot org',
    '@handle',
    '256.1.1.1',
    '000-12-3456',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  ])('see nothing in %s that is not to be shown', (text) => {
    expect(holdsPersonalData(text)).toBe(false);
  });
});
