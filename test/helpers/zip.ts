/** Writes zip archives for tests, also hostile ones: any name, links, sizes that lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Unix mode with its type bits; 0o120777 makes a symbolic link whose target is the content. */
  readonly mode?: number;
  /** What the headers claim as the size, if not the truth. */
  readonly claimedSize?: number;
}

const REGULAR_FILE = 0o100644;
const VERSION_2_0 = 20;
const MADE_BY_UNIX = 0x0314;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 2026-11-01 12:00 in the format of MS-DOS. */
const DOS_TIME = 12 << 11;
const DOS_DATE = ((2026 - 1980) << 9) | (11 << 5) | 1;

interface WrittenEntry {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

function commonFields(entry: ZipEntry, bytes: Buffer, packed: Buffer, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION_2_0, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE(DOS_TIME, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(entry.claimedSize ?? bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function writeEntry(entry: ZipEntry): WrittenEntry {
  const bytes = Buffer.from(entry.content);
  const packed = deflateRawSync(bytes);
  const name = Buffer.from(entry.name, 'utf8');
  const common = commonFields(entry, bytes, packed, name);
  return {
    local: Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, name, packed]),
    central: (offset) => {
      const head = Buffer.from('PK\u0001\u0002\0\0', 'latin1');
      head.writeUInt16LE(MADE_BY_UNIX, 4);
      const tail = Buffer.alloc(14);
      tail.writeUInt32LE(((entry.mode ?? REGULAR_FILE) << 16) >>> 0, 6);
      tail.writeUInt32LE(offset, 10);
      return Buffer.concat([head, common, tail, name]);
    },
  };
}

/** The bytes of a zip archive with these entries, in this order. */
export function createZip(entries: readonly ZipEntry[]): Buffer {
  const written = entries.map(writeEntry);
  const offsets: number[] = [];
  let position = 0;
  for (const { local } of written) {
    offsets.push(position);
    position += local.length;
  }
  const directory = Buffer.concat(written.map(({ central }, index) => central(offsets[index] ?? 0)));
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...written.map(({ local }) => local), directory, end]);
}
