import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ALIASES, MAX_DEPTH, MAX_DOCUMENT_BYTES } from '../../src/config/limits.ts';
import { decodeDocument, refuseLargeDocument } from '../../src/config/read-document.ts';
import { readYaml } from '../../src/config/read-yaml.ts';
import { UserError } from '../../src/evidence/errors.ts';

function mistakeOf(text: string): string {
  try {
    readYaml(text, 'a.yml');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('This text was read.');
}

function whatIsThrown(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

function isUserErrorOrNothing(thrown: unknown): boolean {
  return thrown === undefined || thrown instanceof UserError;
}

describe('readYaml', () => {
  it('reads YAML and JSON, tabs and byte order mark included', () => {
    expect(readYaml('a: 1\nb: [x, y]\n', 'a.yml').value).toEqual({ a: 1, b: ['x', 'y'] });
    expect(readYaml('{\n\t"a": 1,\n\t"b": ["x"]\n}', 'a.json').value).toEqual({ a: 1, b: ['x'] });
    expect(readYaml('\u{feff}a: 1', 'a.yml').value).toEqual({ a: 1 });
  });

  it('reads every JSON document as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }), { minKeys: 1 }), (value) => {
        const text = JSON.stringify(value, undefined, 2);
        expect(readYaml(text, 'a.json').value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('reads keys as texts, and 1.2 words as YAML 1.2 does', () => {
    const { value } = readYaml('%YAML 1.1\n---\n1: no\nnull: 012\n', 'a.yml');
    expect(value).toEqual({ '1': 'no', null: 12 });
  });

  it('knows where keys and values stand', () => {
    const { locateKey, locateValue } = readYaml('a:\n  b: [x,\n    y]\n', 'a.yml');
    expect(locateKey(['a', 'b'])).toEqual({ line: 2, column: 3 });
    expect(locateValue(['a', 'b'])).toEqual({ line: 2, column: 6 });
    expect(locateKey(['a', 'b', '1'])).toEqual({ line: 3, column: 5 });
  });

  it('knows the nearest ancestor of what is not written', () => {
    const { locateKey } = readYaml('# first\na:\n  b: 1\n', 'a.yml');
    expect(locateKey(['a', 'c', 'd'])).toEqual({ line: 2, column: 1 });
    expect(locateKey(['x'])).toEqual({ line: 2, column: 1 });
  });

  it('follows aliases to what they stand for', () => {
    const { value, locateValue } = readYaml('a: &x\n  k: 1\nb: *x\n', 'a.yml');
    expect(value).toEqual({ a: { k: 1 }, b: { k: 1 } });
    expect(locateValue(['b', 'k'])).toEqual({ line: 2, column: 6 });
  });

  it.each([
    [
      'duplicate keys',
      'a: 1\nb: 2\na: 3\n',
      'a.yml:3:1: a: duplicate key: `"a"` stands in line 1 already. Keep one.',
    ],
    [
      'duplicate keys of JSON',
      '{"a": {"b": 1,\n"b": 1}}',
      'a.yml:2:1: a.b: duplicate key: `"b"` stands in line 1 already. Keep one.',
    ],
    ['tabs', 'a:\n\tb: 1\n', 'a.yml:2:1: a tab is used to indent; YAML allows blanks only.'],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      'a.yml:2:1: a second YAML document begins here; a file may hold one. Remove the line `---`.',
    ],
    ['an alias to nothing', 'a: *x', 'a.yml:1:4: a: the alias `*x` has no anchor `&x` before it.'],
    ['an alias to itself', 'a: &x [*x]', 'a.yml:1:8: a.0: the alias `*x` stands inside what it stands for.'],
    ['tags', 'a: !!python/object:os.system x', 'a.yml:1:4: a tag (`!…`) is used; only plain YAML is read.'],
    ['keys that are lists', '? [a]\n: 1\n', 'a.yml:1:3: a key must be a plain text.'],
    [
      'a colon in a text',
      'a: b: c',
      'a.yml:1:4: a mapping begins in the middle of a line. Put a text that holds `: ` in quotes, or check the indentation.',
    ],
    [
      'a reserved character',
      'a: @b',
      'a.yml:1:4: a text may not begin with this character. Put it in quotes.',
    ],
    ['a list that does not end', 'a: [1,', '(at the end of the file)'],
    ['nothing', '', 'a.yml is empty.'],
    ['only a comment', '# nothing\n\n', 'a.yml is empty.'],
  ])('refuses %s', (_name, text, message) => {
    expect(mistakeOf(text)).toContain(message);
  });

  it('lists all duplicate keys, and not more than can be read', () => {
    expect(mistakeOf('a: 1\na: 1\nb: 1\nb: 1\n').split('\n')).toEqual([
      'a.yml has 2 mistakes:',
      'a.yml:2:1: a: duplicate key: `"a"` stands in line 1 already. Keep one.',
      'a.yml:4:1: b: duplicate key: `"b"` stands in line 3 already. Keep one.',
    ]);
    const lines = mistakeOf('k: 1\n'.repeat(1000)).split('\n');
    expect(lines).toHaveLength(52);
    expect(lines.at(-1)).toBe('… and 949 more.');
  });

  it('refuses an alias bomb', () => {
    const levels = 'bcdefghij'
      .split('')
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]`);
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...levels].join('\n');
    expect(mistakeOf(bomb)).toBe('The aliases of a.yml expand to more than 1000 copies.');
  });

  it('refuses more aliases than a person writes', () => {
    const text = Array.from(
      { length: MAX_ALIASES + 1 },
      (_, index) => `k${index}: &k${index} 1\nj${index}: *k${index}\n`,
    );
    expect(mistakeOf(text.join(''))).toContain('more than 1000 aliases.');
  });

  it.each([['['], ['{"a":'], ['- '], ['? ']])(
    'refuses deep nesting of %s instead of dying of it',
    (opening) => {
      expect(mistakeOf(opening.repeat(50_000))).toBe(`a.yml is nested more than ${MAX_DEPTH} levels deep.`);
    },
  );

  it('refuses a large text', () => {
    expect(mistakeOf(`a: ${'é'.repeat(MAX_DOCUMENT_BYTES / 2)}`)).toBe(
      'a.yml has 300,003 bytes; a config or schema may have at most 300,000.',
    );
  });

  it('never fails but with a message', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      '&x',
      '*x',
      '!t',
      '"',
      "'",
      '|',
      '>',
      '?',
      '#',
      '\t',
      ',',
      '%',
      '---',
      '<<',
      '\u{0}',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(whatIsThrown(() => readYaml(text, 'a.yml').locateKey([]))).toSatisfy(isUserErrorOrNothing);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('refuseLargeDocument', () => {
  it('refuses 100 MB by the size alone', () => {
    expect(() => refuseLargeDocument(100_000_000, 'mlgate.yml')).toThrow(
      'mlgate.yml has 100,000,000 bytes; a config or schema may have at most 300,000.',
    );
    expect(() => refuseLargeDocument(MAX_DOCUMENT_BYTES, 'mlgate.yml')).not.toThrow();
  });
});

describe('decodeDocument', () => {
  it('reads UTF-8 with or without a byte order mark', () => {
    expect(decodeDocument(Buffer.from('a: é'), 'a.yml')).toBe('a: é');
    expect(decodeDocument(Buffer.from('\u{feff}a: é'), 'a.yml')).toBe('a: é');
  });

  it.each([
    [
      'Latin-1',
      [0x61, 0x3a, 0x20, 0xe9],
      'a.yml is not a text in UTF-8 (it begins with the bytes 61 3a 20 e9).',
    ],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 'a.yml is not a text in UTF-8 (its first bytes say UTF-16).'],
    ['gzip', [0x1f, 0x8b, 0x08, 0xff], 'a.yml is not a text in UTF-8 (its first bytes say gzip).'],
    [
      'Parquet',
      [0x50, 0x41, 0x52, 0x31, 0xff],
      'a.yml is not a text in UTF-8 (its first bytes say Parquet).',
    ],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => decodeDocument(Uint8Array.from(bytes), 'a.yml')).toThrow(message);
  });

  it('refuses by size before it decodes', () => {
    expect(() => decodeDocument(new Uint8Array(MAX_DOCUMENT_BYTES + 1).fill(0xff), 'a.yml')).toThrow(
      '300,001 bytes',
    );
  });
});
