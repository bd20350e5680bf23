/**
 * Formats of text. What a format means is ajv-formats' "full" definition, for all paths; SQL only spares most texts
 * the way through JavaScript, by a regular expression that every usual spelling matches and no wrong one does.
 */
import { fullFormats } from 'ajv-formats/dist/formats.js';

import type { CellFormat } from '../engine.ts';

export interface FormatFilter {
  /** In the subset that RE2 and ECMA-262 share: a text that matches in full is of the format. */
  readonly sufficient?: string;
  readonly accepts: (text: string) => boolean;
}

const LEAP_YEAR = '(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[048]|[2468][048]|[13579][26])00)';
const DATE = `(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|${LEAP_YEAR}-02-29)`;
/** Without leap seconds: whether one may be depends on the zone. */
const TIME =
  '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])';
/** Dates and date-times of which a database knows the moment, all but leap seconds: its cast refuses days that no month has. */
export const MOMENT_PATTERN = `[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ]${TIME})?`;
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";

const SUFFICIENT: Readonly<Partial<Record<CellFormat, string>>> = {
  date: DATE,
  time: TIME,
  'date-time': `${DATE}[Tt ]${TIME}`,
  email: `${ATOM}(?:[.]${ATOM})*@(?:${LABEL}[.])+${LABEL}`,
  uuid: '[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}',
  ipv4: `(?:${OCTET}[.]){3}${OCTET}`,
  /** At most 3 labels of 63: always shorter than the 253 that a name may have. */
  hostname: `${LABEL}(?:[.]${LABEL}){0,2}`,
};

type Definition = (typeof fullFormats)[keyof typeof fullFormats];

/** ajv-formats gives a pattern, a function, or an object with either. */
function readDefinition(definition: Definition): (text: string) => boolean {
  if (typeof definition === 'function') {
    return definition;
  }
  if (definition instanceof RegExp) {
    return (text) => definition.test(text);
  }
  if (typeof definition === 'object' && definition.validate !== undefined) {
    return readDefinition(definition.validate as Definition);
  }
  throw new TypeError('a format of ajv-formats of an unknown form');
}

export function formatFilter(format: CellFormat): FormatFilter {
  const sufficient = SUFFICIENT[format];
  return {
    accepts: readDefinition(fullFormats[format]),
    ...(sufficient === undefined ? {} : { sufficient }),
  };
}
