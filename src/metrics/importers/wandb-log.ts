/** W&B's binary log `run-*.wandb`: what a run leaves behind, online or offline. */
import { crc32 } from 'node:zlib';
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { UserError } from '../../evidence/errors.ts';
import { readBytewise } from './byte-reader.ts';
import { eachField, LENGTH, VARINT } from './each-field.ts';
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import { numbersOf } from './read-numbers.ts';

export const WANDB_LOG: Importer = {
  format: 'wandb-log',
  title: 'W&B log of a run (run-*.wandb)',
  tested: 'fixture',
  versions: 'W&B 0.31.0, offline',
  source: 'https://github.com/wandb/wandb/blob/main/wandb/proto/wandb_internal.proto',
  recognise: async ({ kind, head }) => kind === 'file' && beginsWith(head, MAGIC),
  read: async (source) => [await readLog(source)],
};

/** `:W&B`, a number and a version: the beginning of every log. */
const MAGIC = new TextEncoder().encode(':W&B');
const HEADER_BYTES = 7;

/** The log is LevelDB's: blocks of this size, in which no part of a record begins so near to the end. */
const BLOCK_BYTES = 32_768;
const PART_HEADER_BYTES = 7;

/** Parts of a record: the whole, or its first, one in the middle, its last. */
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/** A record with more bytes is a table or a picture, not a summary. */
const MAX_RECORD_BYTES = 16_000_000;

/** Fields of `Record`. */
const RECORD = { summary: 3, run: 17, exit: 18 };

interface Log {
  readonly summary: Map<string, string>;
  readonly attributes: Map<string, string>;
  id: string;
  name: string | undefined;
  /** Undefined until the run has ended. */
  exitCode: number | undefined;
}

async function readLog(source: ForeignSource): Promise<ImportedRun> {
  const { BinaryReader } = await import('@bufbuild/protobuf/wire');
  const log: Log = {
    summary: new Map(),
    attributes: new Map(),
    id: '',
    name: undefined,
    exitCode: undefined,
  };
  for await (const record of readRecords(source)) {
    // Behind a record that was cut there can be none that says how the run ended.
    if (record === 'cut') break;
    try {
      readRecord(new BinaryReader(record), log);
    } catch (error) {
      throw damaged(source, 'a record of it is none', error);
    }
  }
  const values = Array.from(
    log.summary,
    ([key, json]) => [key, parseLenientJson(json, `${source.name}, ${key}`)] as const,
  );
  const { numbers, lists } = numbersOf(Object.fromEntries(values), source.name);
  return {
    id: log.id,
    ...(log.name === undefined ? {} : { name: log.name }),
    ...describeEnd(log.exitCode),
    numbers,
    lists,
    results: [],
    samples: [],
    attributes: Object.fromEntries(log.attributes),
  };
}

function describeEnd(exitCode: number | undefined): Pick<ImportedRun, 'status' | 'detail'> {
  if (exitCode === 0) return { status: 'complete' };
  if (exitCode !== undefined) return { status: 'failed', detail: `The program ended with code ${exitCode}.` };
  return { status: 'partial', detail: 'The log has no end: the run goes on, or was killed.' };
}

function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

/** Records put together of their parts. Throws a UserError where a checksum is wrong. */
async function* readRecords(source: ForeignSource): AsyncGenerator<Uint8Array | 'cut'> {
  const reader = readBytewise(source.stream());
  const header = await reader.take(HEADER_BYTES);
  if (header === undefined || !beginsWith(header, MAGIC)) throw damaged(source, 'it does not begin as one');
  let parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const left = BLOCK_BYTES - (reader.position() % BLOCK_BYTES);
    if (left < PART_HEADER_BYTES && !(await reader.skip(left))) return;
    if (await reader.isAtEnd()) return;
    const head = await reader.take(PART_HEADER_BYTES);
    const view = head === undefined ? undefined : new DataView(head.buffer, head.byteOffset, head.byteLength);
    const type = view?.getUint8(6) ?? 0;
    const bytes = view === undefined ? undefined : await reader.take(view.getUint16(4, true));
    if (view === undefined || bytes === undefined) {
      yield 'cut';
      return;
    }
    // Checked over the type and the bytes, by zlib's own polynomial.
    const sum = crc32(bytes, crc32(Uint8Array.of(type)));
    const isInside = parts.length > 0;
    const follows = isInside ? type === MIDDLE || type === LAST : type === FULL || type === FIRST;
    if (sum !== view.getUint32(0, true) || !follows)
      throw damaged(source, `it is wrong at byte ${reader.position()}`);
    size += bytes.length;
    if (size > MAX_RECORD_BYTES) throw damaged(source, 'a record of it is too large');
    parts.push(Uint8Array.from(bytes));
    if (type === FULL || type === LAST) {
      yield Buffer.concat(parts);
      [parts, size] = [[], 0];
    }
  }
}

function damaged({ name }: ForeignSource, why: string, cause?: unknown): UserError {
  return new UserError(`${name} is no W&B log, or it is damaged: ${why}.`, {
    help: 'Copy it again when the run has ended.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function readRecord(reader: BinaryReader, log: Log): void {
  eachField(reader, (field, type) => {
    if (type !== LENGTH) return false;
    if (field === RECORD.summary)
      readItems(reader, (removed, key, json) => changeSummary(log, removed, key, json));
    else if (field === RECORD.run) readRun(reader, log);
    else if (field === RECORD.exit) readExit(reader, log);
    else return false;
    return true;
  });
}

/** Keys that begin so are W&B's own. */
const OWN = '_';

function changeSummary({ summary }: Log, removed: boolean, key: string, json: string): void {
  if (key.startsWith(OWN)) return;
  if (removed) summary.delete(key);
  else summary.set(key, json);
}

/**
 * `SummaryRecord { repeated SummaryItem update = 1, remove = 2 }`, and the same of a config; `SummaryItem { string key =
 * 1; repeated string nested_key = 2; string value_json = 16 }`.
 */
function readItems(reader: BinaryReader, use: (removed: boolean, key: string, json: string) => void): void {
  eachField(
    reader,
    (list, type) => {
      if (type !== LENGTH || list > 2) return false;
      const keys: string[] = [];
      let json = 'null';
      eachField(
        reader,
        (field, type) => {
          if (type !== LENGTH) return false;
          if (field === 1 || field === 2) keys.push(reader.string());
          else if (field === 16) json = reader.string();
          else return false;
          return true;
        },
        reader.uint32() + reader.pos,
      );
      use(list === 2, keys.join('.'), json);
      return true;
    },
    reader.uint32() + reader.pos,
  );
}

/** `RunRecord { string run_id = 1, entity = 2, project = 3; ConfigRecord config = 4; string display_name = 8 }` */
function readRun(reader: BinaryReader, log: Log): void {
  eachField(
    reader,
    (field, type) => {
      if (type !== LENGTH) return false;
      if (field === 1) log.id = reader.string();
      else if (field === 3) log.attributes.set('project', reader.string());
      else if (field === 8) log.name = reader.string();
      else if (field === 4) {
        readItems(reader, (_, key, json) => {
          if (!key.startsWith(OWN)) log.attributes.set(`config.${key}`, json);
        });
      } else return false;
      return true;
    },
    reader.uint32() + reader.pos,
  );
}

/** `RunExitRecord { int32 exit_code = 1 }`: left out where it is 0. */
function readExit(reader: BinaryReader, log: Log): void {
  log.exitCode = 0;
  eachField(
    reader,
    (field, type) => {
      if (field !== 1 || type !== VARINT) return false;
      log.exitCode = reader.int32();
      return true;
    },
    reader.uint32() + reader.pos,
  );
}
