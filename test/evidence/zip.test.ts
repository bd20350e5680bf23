import { constants, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { array, assert, nat, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorldError } from '../../src/evidence/errors.ts';
import { isZip, readZip } from '../../src/evidence/zip.ts';
import { createZip, type ZipEntry } from '../helpers/zip.ts';

const LIMITS = { maxEntries: 10, maxBytes: 10_000_000 };

function read(entries: readonly ZipEntry[], limits = LIMITS) {
  return readZip(createZip(entries), limits, 'The artifact');
}

/** Overwrites a field of the first entry in the central directory. */
function patchDirectory(archive: Buffer, offset: number, value: number): Buffer {
  const start = archive.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  archive.writeUInt16LE(value, start + offset);
  return archive;
}

describe('readZip', () => {
  it('reads plain files, in folders, and leaves folders out', () => {
    const files = read([
      { name: 'evidence.json', content: '{}' },
      { name: 'outcomes/', content: '', mode: 0o040755 },
      { name: 'outcomes/churn.bin', content: Uint8Array.of(0, 255) },
    ]);
    expect(files.map(({ path, bytes }) => [path, [...bytes]])).toEqual([
      ['evidence.json', [0x7b, 0x7d]],
      ['outcomes/churn.bin', [0, 255]],
    ]);
    expect(read([])).toEqual([]);
    expect(isZip(createZip([]))).toBe(true);
    expect(isZip(Buffer.from('{"a":1}'))).toBe(false);
  });

  it('gives back what was packed', () => {
    assert(
      property(array(uint8Array({ maxLength: 2000 }), { maxLength: 10 }), (contents) => {
        const files = read(contents.map((content, index) => ({ name: `f${index}`, content })));
        expect(files.map(({ bytes }) => Buffer.from(bytes))).toEqual(
          contents.map((bytes) => Buffer.from(bytes)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    '../evil.json',
    'a/../../evil',
    '/etc/passwd',
    'C:/x',
    'a\\..\\b',
    'a//b',
    './a',
    'a\u0000b',
    'nul\n',
    'a.',
    'b /c',
    'x'.repeat(501),
  ])('refuses the path %j', (name) => {
    expect(() => read([{ name, content: 'x' }])).toThrow(
      /The artifact was refused: .* is not a plain relative path/u,
    );
  });

  it.each([
    ['a link', 0o120777],
    ['a device', 0o060644],
    ['a pipe', 0o010644],
  ])('refuses %s', (_, mode) => {
    expect(() => read([{ name: 'evidence.json', content: '/etc/passwd', mode }])).toThrow(
      /is a link or a device/u,
    );
  });

  it('refuses two entries that a file system may take for one', () => {
    const twice = [
      { name: 'Evidence.json', content: '1' },
      { name: 'evidence.JSON', content: '2' },
    ];
    expect(() => read(twice)).toThrow(/is there twice/u);
  });

  it('refuses too many entries and too many bytes', () => {
    const many = Array.from({ length: 11 }, (_, index) => ({ name: `f${index}`, content: 'x' }));
    expect(() => read(many)).toThrow(/has 11 entries; at most 10/u);
    const large = [
      { name: 'a', content: 'x'.repeat(600) },
      { name: 'b', content: 'x'.repeat(600) },
    ];
    expect(() => read(large, { maxEntries: 10, maxBytes: 1000 })).toThrow(/more than 1000 bytes/u);
  });

  it('refuses a bomb, whether it says so or lies', () => {
    const zeros = Buffer.alloc(5_000_000);
    expect(() => read([{ name: 'bomb', content: zeros }])).toThrow(/more than 200 times its size/u);
    expect(() => read([{ name: 'bomb', content: zeros, claimedSize: 10 }])).toThrow(WorldError);
    expect(() => read([{ name: 'short', content: 'abc', claimedSize: 4 }])).toThrow(
      /another size than it claims/u,
    );
  });

  it('refuses what it does not know: encryption, methods, Zip64', () => {
    const archive = createZip([{ name: 'a', content: 'x' }]);
    const encrypted = patchDirectory(Buffer.from(archive), 8, 1);
    expect(() => readZip(encrypted, LIMITS, 'It')).toThrow(/is encrypted/u);
    const lzma = patchDirectory(Buffer.from(archive), 10, 14);
    expect(() => readZip(lzma, LIMITS, 'It')).toThrow(/packed by method 14/u);
    const zip64 = patchDirectory(patchDirectory(Buffer.from(archive), 24, 0xffff), 26, 0xffff);
    expect(() => readZip(zip64, LIMITS, 'It')).toThrow(/Zip64/u);
  });

  it('reads only what is wanted, and judges nothing else', () => {
    const entries = [
      { name: 'header.json', content: '{}' },
      { name: '../evil', content: 'x' },
      { name: 'bomb', content: Buffer.alloc(5_000_000) },
    ];
    const limits = { ...LIMITS, maxBytes: 10, wanted: (path: string) => path === 'header.json' };
    expect(read(entries, limits).map(({ path }) => path)).toEqual(['header.json']);
  });

  it('reads the end of an archive, and refuses what lies before it', () => {
    const archive = createZip([
      { name: 'first', content: 'x'.repeat(50) },
      { name: 'last', content: 'hello' },
    ]);
    const begin = 10;
    const end = archive.subarray(begin);
    const limits = { ...LIMITS, begin, wanted: (path: string) => path === 'last' };
    expect(readZip(end, limits, 'It').map(({ path }) => path)).toEqual(['last']);
    expect(() => readZip(end, { ...LIMITS, begin }, 'It')).toThrow(/"first" lies too far from its end/u);
    const tail = archive.subarray(-30);
    expect(() => readZip(tail, { ...LIMITS, begin: archive.length - 30 }, 'It')).toThrow(
      /directory is too large/u,
    );
  });

  it('reads entries that are packed with Zstandard', () => {
    const text = 'a1';
    const archive = createZip([{ name: 'a', content: text }]);
    const deflated = deflateRawSync(text);
    const packed = zstdCompressSync(text);
    const start = archive.indexOf(deflated);
    const zstandard = Buffer.concat([
      archive.subarray(0, start),
      packed,
      archive.subarray(start + deflated.length),
    ]);
    patchDirectory(zstandard, 10, 93);
    patchDirectory(zstandard, 20, packed.length);
    const end = zstandard.indexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
    zstandard.writeUInt32LE(zstandard.readUInt32LE(end + 16) + packed.length - deflated.length, end + 16);
    expect(readZip(zstandard, LIMITS, 'It').map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      text,
    ]);
    const liar = patchDirectory(Buffer.from(zstandard), 24, 1);
    expect(() => readZip(liar, LIMITS, 'It')).toThrow(WorldError);
  });

  it('notices damage', () => {
    const archive = createZip([{ name: 'a', content: 'hello hello hello' }]);
    const crc = patchDirectory(Buffer.from(archive), 16, 0);
    expect(() => readZip(crc, LIMITS, 'It')).toThrow(/checksum does not fit/u);
    for (let length = 0; length < archive.length; length += 1) {
      expect(() => readZip(archive.subarray(0, length), LIMITS, 'It')).toThrow(WorldError);
    }
  });

  it('answers arbitrary bytes with files or a WorldError, never with anything else', () => {
    const archive = createZip([
      { name: 'a', content: 'hello' },
      { name: 'b/c', content: 'x'.repeat(100) },
    ]);
    assert(
      property(
        uint8Array({ minLength: 1, maxLength: 8 }),
        nat({ max: archive.length - 1 }),
        (noise, position) => {
          const damaged = Buffer.from(archive);
          damaged.set(noise.subarray(0, damaged.length - position), position);
          let outcome: unknown = undefined;
          try {
            outcome = readZip(damaged, LIMITS, 'It');
          } catch (error) {
            outcome = error;
          }
          expect(Array.isArray(outcome) || outcome instanceof WorldError).toBe(true);
        },
      ),
    );
  });

  it('reads stored entries', () => {
    const archive = createZip([{ name: 'a', content: 'x' }]);
    const packed = deflateRawSync('x', { level: constants.Z_DEFAULT_COMPRESSION });
    const start = archive.indexOf(packed);
    const stored = Buffer.concat([
      archive.subarray(0, start),
      Buffer.from('x'),
      archive.subarray(start + packed.length),
    ]);
    patchDirectory(stored, 10, 0);
    patchDirectory(stored, 20, 1);
    const end = stored.indexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
    stored.writeUInt32LE(stored.readUInt32LE(end + 16) - packed.length + 1, end + 16);
    expect(readZip(stored, LIMITS, 'It').map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['x']);
  });
});
