/** Each file in test/golden/config and test/golden/data-schema is a case: `NAME.yml` (or .json) and the messages in `NAME.txt`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { UserError } from '../../src/evidence/errors.ts';

const ROOMS = [
  ['config', parseConfig],
  ['data-schema', parseDataSchema],
] as const;

describe.each(ROOMS)('messages about a %s', (kind, parse) => {
  const folder = `test/golden/${kind}`;
  const cases = readdirSync(folder).filter((name) => !name.endsWith('.txt'));

  it.each(cases)('%s', async (name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const golden = `${folder}/${name.replace(/\.\w+$/, '.txt')}`;
    let told = 'valid';
    try {
      parse(text, name);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      told = error.message;
    }
    expect(existsSync(golden)).toBe(true);
    await expect(`${told}\n`).toMatchFileSnapshot(`../../${golden}`);
  });
});
