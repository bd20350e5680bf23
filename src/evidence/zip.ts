/**
 * Reads zip archives that anybody may have made: in memory, with limits, from the central directory only
 * (PKWARE APPNOTE 6.3.10). What mlgate does not need is refused, not supported: links, encryption, Zip64, several
 * disks, methods other than stored, deflated and Zstandard.
 */
import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { WorldError } from './errors.ts';

export interface ZipLimits {
  readonly maxEntries: number;
  /** Of all unpacked files together. */
  readonly maxBytes: number;
  /** By path: the files that are read, where that is not all of them. The others are neither judged nor unpacked. */
  readonly wanted?: (path: string) => boolean;
  /** Where the bytes begin in the archive, where they are only its end: files that lie before are refused. */
  readonly begin?: number;
}

export interface ZipFile {
  /** Relative, with forward slashes, without `..`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file that unpacks to more than this many times its size, and to more than a megabyte, is a bomb. */
const MAX_RATIO = 200;
const RATIO_FREE_BYTES = 1_000_000;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_MARK = 0xffffffff;
const ENCRYPTED = 0x0001;
const STORED = 0;
const DEFLATED = 8;
const ZSTANDARD = 93;
const UNIX_TYPE = 0o170000;
const UNIX_REGULAR = 0o100000;
const UNIX_FOLDER = 0o040000;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Unix type bits; 0 where the archive was not made on Unix. */
  readonly type: number;
  readonly offset: number;
}

/** Whether bytes look like a zip archive, also an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The files of an archive, folders left out. Throws a WorldError for anything unsound; `origin` names the archive. */
export function readZip(bytes: Uint8Array, limits: ZipLimits, origin: string): readonly ZipFile[] {
  try {
    return unpackAll(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), limits);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WorldError(`${origin} was refused: ${why}`, {
      cause: error,
      help: 'Look at how it was made: mlgate writes a few plain files into an archive.',
    });
  }
}

function unpackAll(archive: Buffer, limits: ZipLimits): readonly ZipFile[] {
  const { maxEntries, maxBytes, wanted, begin = 0 } = limits;
  const listed = listEntries(archive, maxEntries, begin);
  const entries = listed.filter(({ name }) => wanted === undefined || wanted(name));
  for (const entry of entries) assertSound(entry);
  const files = entries.filter(({ name }) => !name.endsWith('/'));
  assertDistinct(files);
  const claimed = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (claimed > maxBytes) throw new Error(`it unpacks to more than ${maxBytes} bytes.`);
  return files.map((entry) => ({ path: entry.name, bytes: unpack(archive, entry, begin) }));
}

function listEntries(archive: Buffer, maxEntries: number, begin: number): readonly Entry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  const start = archive.readUInt32LE(end + 16);
  if (count === 0xffff || start === ZIP64_MARK) throw new Error('it is a Zip64 archive.');
  if (archive.readUInt16LE(end + 4) !== 0) throw new Error('it is one of several parts.');
  if (count > maxEntries) throw new Error(`it has ${count} entries; at most ${maxEntries} are read.`);
  if (start < begin) throw new Error('its directory is too large.');
  let position = start - begin;
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(archive, position);
    entries.push(entry);
    position = next;
  }
  return entries;
}

function findEnd(archive: Buffer): number {
  const earliest = Math.max(0, archive.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let position = archive.length - END_BYTES; position >= earliest; position -= 1) {
    if (archive.readUInt32LE(position) === END_SIGNATURE) return position;
  }
  throw new Error('it is no zip archive, or it was cut off.');
}

function readEntry(archive: Buffer, position: number): { readonly entry: Entry; readonly next: number } {
  if (archive.readUInt32LE(position) !== ENTRY_SIGNATURE) throw new Error('its directory is damaged.');
  const nameLength = archive.readUInt16LE(position + 28);
  const skipped = archive.readUInt16LE(position + 30) + archive.readUInt16LE(position + 32);
  const nameStart = position + ENTRY_BYTES;
  const nameEnd = nameStart + nameLength;
  if (nameEnd > archive.length) throw new Error('its directory is damaged.');
  const entry: Entry = {
    name: archive.toString('utf8', nameStart, nameEnd),
    flags: archive.readUInt16LE(position + 8),
    method: archive.readUInt16LE(position + 10),
    checksum: archive.readUInt32LE(position + 16),
    packedBytes: archive.readUInt32LE(position + 20),
    bytes: archive.readUInt32LE(position + 24),
    type: (archive.readUInt32LE(position + 38) >>> 16) & UNIX_TYPE,
    offset: archive.readUInt32LE(position + 42),
  };
  return { entry, next: nameEnd + skipped };
}

function assertSound({ name, flags, method, packedBytes, bytes, type, offset }: Entry): void {
  const shown = JSON.stringify(name.slice(0, 100));
  if ((flags & ENCRYPTED) !== 0) throw new Error(`${shown} is encrypted.`);
  if (![STORED, DEFLATED, ZSTANDARD].includes(method))
    throw new Error(`${shown} is packed by method ${method}.`);
  if ([packedBytes, bytes, offset].includes(ZIP64_MARK)) throw new Error('it is a Zip64 archive.');
  if (type !== 0 && type !== UNIX_REGULAR && type !== UNIX_FOLDER)
    throw new Error(`${shown} is a link or a device.`);
  if (!isPlainPath(name)) throw new Error(`${shown} is not a plain relative path.`);
  if (bytes > RATIO_FREE_BYTES && bytes > MAX_RATIO * packedBytes) {
    throw new Error(`${shown} unpacks to more than ${MAX_RATIO} times its size.`);
  }
}

/** A relative path that stays where it is put, on every operating system. */
function isPlainPath(name: string): boolean {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  return (
    path.length <= 500 &&
    // eslint-disable-next-line no-control-regex -- control characters are what is ruled out
    !/[\u0000-\u001f\u007f\\:*?"<>|\ufffd]/u.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[. ]$/u.test(part))
  );
}

/** Two entries that some file system takes for one could make a reader and a checker see different files. */
function assertDistinct(entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const folded = name.normalize('NFC').toLowerCase();
    if (seen.has(folded)) throw new Error(`${JSON.stringify(name)} is there twice.`);
    seen.add(folded);
  }
}

function unpack(archive: Buffer, entry: Entry, begin: number): Uint8Array {
  const shown = JSON.stringify(entry.name);
  const local = entry.offset - begin;
  if (local < 0) throw new Error(`${shown} lies too far from its end.`);
  if (archive.readUInt32LE(local) !== LOCAL_SIGNATURE) throw new Error(`${shown} is damaged.`);
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + entry.packedBytes);
  const bytes = expand(packed, entry);
  if (bytes.length !== entry.bytes) throw new Error(`${shown} has another size than it claims.`);
  if (crc32(bytes) !== entry.checksum) throw new Error(`${shown} is damaged: its checksum does not fit.`);
  return bytes;
}

/** One byte more than claimed is enough to see that the claim is a lie, however much there is. */
function expand(packed: Buffer, { method, bytes }: Entry): Buffer {
  if (method === STORED) return packed;
  const most = { maxOutputLength: bytes + 1 };
  return method === ZSTANDARD ? zstdDecompressSync(packed, most) : inflateRawSync(packed, most);
}
