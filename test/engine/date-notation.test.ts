import { expect, test } from 'vitest';

import { readTextCell } from '../../src/engine/cell-values.ts';
import type { PlanError } from '../../src/engine/engine.ts';
import { compileDateNotation } from '../../src/engine/date-notation.ts';

test.each([
  ['%d.%m.%Y', '31.01.2024', '2024-01-31'],
  ['%m/%d/%y', '01/31/68', '2068-01-31'],
  ['%m/%d/%y', '01/31/69', '1969-01-31'],
  ['%-d.%-m.%Y', '1.12.2024', '2024-12-01'],
  ['%Y%m%d', '20240131', '2024-01-31'],
  ['%d.%m.%Y %H:%M', '31.01.2024 09:05', '2024-01-31T09:05:00Z'],
  ['%Y-%m-%d %-H:%M:%S.%f', '2024-01-31 9:05:07.250', '2024-01-31T09:05:07.250Z'],
  ['%Y-%m-%d %H:%M:%S%z', '2024-01-31 09:05:07+02:00', '2024-01-31T09:05:07+02:00'],
  ['(%Y) [%m] $%d^', '(2024) [01] $31^', '2024-01-31'],
  ['%d%%%m%%%Y', '31%01%2024', '2024-01-31'],
  ['%d.%m.%Y', '1.1.2024', '1.1.2024'],
  ['%d.%m.%Y', '31x01x2024', '31x01x2024'],
])('%s reads %s as %s', (notation, text, expected) => {
  expect(readTextCell(text, ['string'], { dates: [notation] })).toBe(expected);
});

test.each([
  ['%d.%m', 'it has no year'],
  ['%Y-%m-%d %H', 'it names the hour but no minute'],
  ['%Y-%m-%d %M', 'it names the minute but no hour'],
  ['%Y-%m-%d %z', 'it names the zone but no hour'],
  ['%Y-%m-%d %d', 'it names the day twice'],
  ['%Y-%b-%d', '%b is none of %Y, %y, %m, %-m, %d, %-d, %H, %-H, %M, %S, %f, %z'],
  ['%Y-%m-%', '% is none of %Y, %y, %m, %-m, %d, %-d, %H, %-H, %M, %S, %f, %z'],
])('%s is no notation: %s', (notation, reason) => {
  const message = `${JSON.stringify(notation)} is no notation of dates: ${reason}.`;
  expect(() => compileDateNotation(notation)).toThrow(
    expect.objectContaining({ name: 'PlanError', message }) as PlanError,
  );
});
