/** TensorBoard's event files: scalars of TF1 (`simple_value`) and of TF2 (`tensor`), read as a stream. */
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { UserError } from '../../evidence/errors.ts';
import { eachField, FIXED32, FIXED64, LENGTH, VARINT } from './each-field.ts';
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { listPaths } from './list-paths.ts';
import { readRecords } from './tfrecord.ts';

export const TENSORBOARD: Importer = {
  format: 'tensorboard',
  title: 'TensorBoard events (scalars of TF1 and TF2)',
  tested: 'fixture',
  versions: 'tensorboardX 2.6.5, TensorBoard 2.21.0',
  source: 'https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto',
  recognise: async (source) =>
    source.kind === 'file'
      ? isEventFile(source)
      : (await listPaths(source)).some((path) => EVENT_FILE.test(path)),
  read: async (source) => (source.kind === 'file' ? [await readRun('', [source])] : await readFolder(source)),
};

const EVENT_FILE = /(?:^|[/\\])[^/\\]*tfevents[^/\\]*$/u;

/** What the first event of every file says of itself. */
const VERSION = 'brain.Event:';

function isEventFile({ name, head }: ForeignSource): boolean {
  return EVENT_FILE.test(name) || new TextDecoder('latin1').decode(head.subarray(0, 64)).includes(VERSION);
}

/** A run is a folder, as it is in TensorBoard; its files follow one another in the order of their names. */
async function readFolder(folder: ForeignSource): Promise<readonly ImportedRun[]> {
  const byRun = new Map<string, ForeignSource[]>();
  for (const path of (await folder.list()).filter((path) => EVENT_FILE.test(path))) {
    const file = await folder.open(path);
    const run = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    if (file !== undefined) byRun.set(run, [...(byRun.get(run) ?? []), file]);
  }
  const runs: ImportedRun[] = [];
  for (const [run, files] of byRun) runs.push(await readRun(run, files));
  return runs;
}

interface Scalar {
  readonly step: number;
  readonly value: number;
}

/** The last value of each tag, by its step. */
async function readRun(id: string, files: readonly ForeignSource[]): Promise<ImportedRun> {
  const wire = await import('@bufbuild/protobuf/wire');
  const last = new Map<string, Scalar>();
  const scalarTags = new Set<string>();
  let cutFile: string | undefined;
  let firstTime: number | undefined;
  for (const file of files) {
    for await (const record of readRecords(file)) {
      if (record === 'cut') {
        cutFile = file.name;
        break;
      }
      const event = parseAt(file, record.at, () =>
        readEvent(new wire.BinaryReader(record.bytes), scalarTags),
      );
      if (event.time > 0) firstTime ??= event.time;
      for (const { tag, value } of event.scalars) {
        const known = last.get(tag);
        if (known === undefined || event.step >= known.step) last.set(tag, { step: event.step, value });
      }
    }
  }
  return {
    id,
    status: cutFile === undefined ? 'complete' : 'partial',
    ...(cutFile === undefined
      ? {}
      : {
          detail: `${cutFile} ends inside a record: the program that wrote it was stopped, or it was copied meanwhile.`,
        }),
    numbers: Array.from(last, ([key, { value }]) => ({ key, value })),
    lists: [],
    results: [],
    samples: [],
    attributes: {
      ...(firstTime === undefined ? {} : timeAttribute(firstTime)),
      step: Math.max(0, ...Array.from(last.values(), ({ step }) => step)),
    },
  };
}

/** Seconds since 1970, where they are a time at all. */
function timeAttribute(seconds: number): { readonly started?: string } {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? {} : { started: date.toISOString() };
}

function parseAt<T>(file: ForeignSource, at: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UserError(`${file.name} is damaged: the record at byte ${at} is no event.`, {
      help: 'Check that it is a file of TensorBoard events.',
      cause: error,
    });
  }
}

interface Event {
  readonly time: number;
  readonly step: number;
  readonly scalars: readonly { readonly tag: string; readonly value: number }[];
}

/** `Event { double wall_time = 1; int64 step = 2; Summary summary = 5 }`, `Summary { repeated Value value = 1 }`. */
function readEvent(reader: BinaryReader, scalarTags: Set<string>): Event {
  let [time, step] = [0, 0];
  const scalars: { tag: string; value: number }[] = [];
  eachField(reader, (field, type) => {
    if (field === 1 && type === FIXED64) time = reader.double();
    else if (field === 2 && type === VARINT) step = Number(reader.int64());
    else if (field === 5 && type === LENGTH) {
      const end = reader.uint32() + reader.pos;
      eachField(
        reader,
        (field, type) => {
          if (field !== 1 || type !== LENGTH) return false;
          const value = readValue(reader, reader.uint32() + reader.pos, scalarTags);
          if (value !== undefined) scalars.push(value);
          return true;
        },
        end,
      );
    } else return false;
    return true;
  });
  return { time, step, scalars };
}

const SCALARS = 'scalars';

/**
 * `Value { string tag = 1; float simple_value = 2; TensorProto tensor = 8; SummaryMetadata metadata = 9 }`. A tensor is
 * a scalar if its plugin says so, which only the first event of a tag needs to do.
 */
function readValue(reader: BinaryReader, end: number, scalarTags: Set<string>) {
  let tag = '';
  let simple: number | undefined;
  let tensor: number | undefined;
  let plugin: string | undefined;
  eachField(
    reader,
    (field, type) => {
      if (field === 1 && type === LENGTH) tag = reader.string();
      else if (field === 2 && type === FIXED32) simple = reader.float();
      else if (field === 8 && type === LENGTH) tensor = readTensor(reader, reader.uint32() + reader.pos);
      else if (field === 9 && type === LENGTH) plugin = readPlugin(reader, reader.uint32() + reader.pos);
      else return false;
      return true;
    },
    end,
  );
  if (simple !== undefined) return { tag, value: simple };
  if (plugin === SCALARS) scalarTags.add(tag);
  return tensor !== undefined && scalarTags.has(tag) ? { tag, value: tensor } : undefined;
}

/** `SummaryMetadata { PluginData plugin_data = 1 { string plugin_name = 1 } }` */
function readPlugin(reader: BinaryReader, end: number): string | undefined {
  let name: string | undefined;
  eachField(
    reader,
    (field, type) => {
      if (field !== 1 || type !== LENGTH) return false;
      eachField(
        reader,
        (field, type) => {
          if (field !== 1 || type !== LENGTH) return false;
          name = reader.string();
          return true;
        },
        reader.uint32() + reader.pos,
      );
      return true;
    },
    end,
  );
  return name;
}

const [FLOAT, DOUBLE] = [1, 2];

/**
 * The number of a tensor without dimensions: `TensorProto { DataType dtype = 1; TensorShape shape = 2; bytes
 * tensor_content = 4; float float_val = 5; double double_val = 6 }`, floats as the scalars plugin writes them.
 */
function readTensor(reader: BinaryReader, end: number): number | undefined {
  let dtype = 0;
  let isScalar = true;
  let value: number | undefined;
  let content: Uint8Array | undefined;
  eachField(
    reader,
    (field, type) => {
      if (field === 1 && type === VARINT) dtype = reader.int32();
      else if (field === 2 && type === LENGTH) isScalar = reader.bytes().length === 0;
      else if (field === 4 && type === LENGTH) content = reader.bytes();
      else if (field === 5 && type === FIXED32) value = reader.float();
      else if (field === 6 && type === FIXED64) value = reader.double();
      else if ((field === 5 || field === 6) && type === LENGTH)
        value = readPacked(reader.bytes(), field === 6);
      else return false;
      return true;
    },
    end,
  );
  if (!isScalar) return undefined;
  return content !== undefined && (dtype === FLOAT || dtype === DOUBLE)
    ? readPacked(content, dtype === DOUBLE)
    : value;
}

/** The only number of a packed list. */
function readPacked(bytes: Uint8Array, isDouble: boolean): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isDouble) return bytes.length === 8 ? view.getFloat64(0, true) : undefined;
  return bytes.length === 4 ? view.getFloat32(0, true) : undefined;
}
