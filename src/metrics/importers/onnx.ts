/** ONNX: what a model says of itself. Weights are passed over, so that a model of any size can be read. */
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { UserError } from '../../evidence/errors.ts';
import { readBytewise, type ByteReader } from './byte-reader.ts';
import { eachField, LENGTH, VARINT } from './each-field.ts';
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { readMetadata } from './model-metadata.ts';

export const ONNX: Importer = {
  format: 'onnx',
  title: 'ONNX: metadata, inputs, outputs and size of a model',
  tested: 'fixture',
  versions: 'ONNX 1.23.2, written by skl2onnx 1.20.0',
  source: 'https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3',
  recognise: async ({ kind, name }) => kind === 'file' && name.endsWith('.onnx'),
  read: async (source) => [await readModel(source)],
};

/** Largest field that is looked into, in bytes: a description, not weights. */
const MAX_FIELD_BYTES = 1_000_000;

/** Most nodes, weights and pairs of one model; a damaged file may have as many as it has bytes. */
const MAX_FIELDS = 5_000_000;

/** Fields of `ModelProto`, and of its `GraphProto`. */
const MODEL = {
  irVersion: 1,
  producer: 2,
  producerVersion: 3,
  domain: 4,
  version: 5,
  graph: 7,
  opset: 8,
  metadata: 14,
};
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };

interface Found {
  readonly texts: Map<string, string>;
  readonly metadata: (readonly [string, string])[];
  readonly opsets: string[];
  readonly inputs: string[];
  readonly outputs: string[];
  nodes: number;
  weights: number;
  hasGraph: boolean;
}

async function readModel(source: ForeignSource): Promise<ImportedRun> {
  const wire = await import('@bufbuild/protobuf/wire');
  const found: Found = {
    texts: new Map(),
    metadata: [],
    opsets: [],
    inputs: [],
    outputs: [],
    nodes: 0,
    weights: 0,
    hasGraph: false,
  };
  const reader = readBytewise(source.stream());
  const open = (bytes: Uint8Array): BinaryReader => new wire.BinaryReader(bytes);
  try {
    await walk(reader, source.size, async (field, type, length) => {
      if (field === MODEL.graph && type === LENGTH) {
        found.hasGraph = true;
        await readGraph(reader, reader.position() + length, open, found);
        return true;
      }
      return await readModelField(reader, { field, type, length }, open, found);
    });
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof Error && isWireError(error))) throw error;
    throw notOnnx(source, `it is damaged or cut near byte ${reader.position()}`, error);
  }
  if (!found.hasGraph) throw notOnnx(source, 'it has no graph');
  if (found.opsets.length === 0)
    throw notOnnx(source, 'it does not say which operators it uses, as a file that was cut');
  return toRun(source, found);
}

/** What the reader of protobuf throws for bytes that are no message has no class of its own. */
function isWireError(error: Error): boolean {
  return !(error instanceof UserError) && !(error instanceof TypeError) && error.constructor === Error;
}

function notOnnx({ name }: ForeignSource, why: string, cause?: unknown): UserError {
  return new UserError(`${name} is no ONNX model: ${why}.`, {
    help: 'Check that it was written and copied whole.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Fields up to a position of the reader; what `read` does not take is passed over. Throws a RangeError for damage. */
async function walk(
  reader: ByteReader,
  end: number,
  read: (field: number, type: number, length: number) => Promise<boolean>,
): Promise<void> {
  for (let count = 0; reader.position() < end; count += 1) {
    if (count > MAX_FIELDS) throw new RangeError('too many fields');
    const tag = await takeVarint(reader);
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (field === 0) throw new RangeError('a field without a number');
    const length = type === LENGTH ? await takeVarint(reader) : 0;
    if (reader.position() + length > end) throw new RangeError('a field is longer than its message');
    if (await read(field, type, length)) continue;
    if (type === VARINT) await takeVarint(reader);
    else if (!(await reader.skip(sizeOf(type, length)))) throw new RangeError('the file ends too early');
  }
  if (reader.position() !== end) throw new RangeError('a field is longer than its message');
}

function sizeOf(type: number, length: number): number {
  if (type === LENGTH) return length;
  if (type === 1) return 8;
  if (type === 5) return 4;
  throw new RangeError('a field of no known type');
}

/** At most 2^53: longer numbers are no lengths. */
async function takeVarint(reader: ByteReader): Promise<number> {
  let value = 0;
  for (let shift = 0; shift < 10; shift += 1) {
    const byte = (await reader.take(1))?.[0];
    if (byte === undefined) throw new RangeError('the file ends too early');
    value += (byte & 0x7f) * 2 ** (7 * shift);
    if (byte < 0x80) return value;
  }
  throw new RangeError('a number that is too long');
}

interface Field {
  readonly field: number;
  readonly type: number;
  readonly length: number;
}

type Open = (bytes: Uint8Array) => BinaryReader;

async function takeSmall(reader: ByteReader, length: number): Promise<Uint8Array | undefined> {
  if (length > MAX_FIELD_BYTES) return undefined;
  const bytes = await reader.take(length);
  if (bytes === undefined) throw new RangeError('the file ends too early');
  return bytes;
}

const TEXTS = new Map([
  [MODEL.producer, 'producer'],
  [MODEL.producerVersion, 'producer_version'],
  [MODEL.domain, 'domain'],
]);

async function readModelField(
  reader: ByteReader,
  { field, type, length }: Field,
  open: Open,
  found: Found,
): Promise<boolean> {
  if (type === VARINT && (field === MODEL.irVersion || field === MODEL.version)) {
    found.texts.set(
      field === MODEL.irVersion ? 'ir_version' : 'model_version',
      String(await takeVarint(reader)),
    );
    return true;
  }
  const name = TEXTS.get(field);
  if (type !== LENGTH || (name === undefined && field !== MODEL.opset && field !== MODEL.metadata))
    return false;
  const bytes = await takeSmall(reader, length);
  if (bytes === undefined) return false;
  if (name !== undefined) found.texts.set(name, decode(bytes));
  else if (field === MODEL.metadata) found.metadata.push(readPair(open(bytes)));
  else found.opsets.push(readOpset(open(bytes)));
  return true;
}

async function readGraph(reader: ByteReader, end: number, open: Open, found: Found): Promise<void> {
  await walk(reader, end, async (field, type, length) => {
    if (type !== LENGTH) return false;
    if (field === GRAPH.node) found.nodes += 1;
    if (field === GRAPH.initializer) found.weights += 1;
    const isText = field === GRAPH.name;
    if (!isText && field !== GRAPH.input && field !== GRAPH.output) return false;
    const bytes = await takeSmall(reader, length);
    if (bytes === undefined) return false;
    if (isText) found.texts.set('graph', decode(bytes));
    else (field === GRAPH.input ? found.inputs : found.outputs).push(readValueInfo(open(bytes)));
    return true;
  });
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** `StringStringEntryProto { key = 1; value = 2 }` */
function readPair(reader: BinaryReader): readonly [string, string] {
  let [key, value] = ['', ''];
  eachField(reader, (field, type) => {
    if (type !== LENGTH || field > 2) return false;
    const text = decode(reader.bytes());
    if (field === 1) key = text;
    else value = text;
    return true;
  });
  return [key, value];
}

/** `OperatorSetIdProto { domain = 1; version = 2 }` */
function readOpset(reader: BinaryReader): string {
  let [domain, version] = ['', '0'];
  eachField(reader, (field, type) => {
    if (field === 1 && type === LENGTH) domain = decode(reader.bytes());
    else if (field === 2 && type === VARINT) version = String(reader.int64());
    else return false;
    return true;
  });
  return `${domain === '' ? 'ai.onnx' : domain} ${version}`;
}

/** Element types by their numbers (`TensorProto.DataType`). */
const TYPES: ReadonlyMap<number, string> = new Map(
  [
    'float',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'string',
    'bool',
    'float16',
    'double',
    'uint32',
    'uint64',
  ].map((name, index) => [index + 1, name]),
);

/** `ValueInfoProto { name = 1; type = 2 { tensor_type = 1 { elem_type = 1; shape = 2 { dim = 1 { dim_value = 1; dim_param = 2 } } } } }` */
function readValueInfo(reader: BinaryReader): string {
  let name = '';
  let elementType: number | undefined;
  const dimensions: string[] = [];
  const within =
    (field: number, read: (field: number, type: number) => boolean) =>
    (found: number, type: number): boolean => {
      if (found !== field || type !== LENGTH) return false;
      eachField(reader, read, reader.uint32() + reader.pos);
      return true;
    };
  const readDimension = (found: number, type: number): boolean => {
    if (found !== 1 || type !== LENGTH) return false;
    let dimension = '?';
    const end = reader.uint32() + reader.pos;
    eachField(
      reader,
      (field, type) => {
        if (field === 1 && type === VARINT) dimension = String(reader.int64());
        else if (field === 2 && type === LENGTH) dimension = decode(reader.bytes());
        else return false;
        return true;
      },
      end,
    );
    dimensions.push(dimension);
    return true;
  };
  const readTensor = (field: number, type: number): boolean => {
    if (field === 1 && type === VARINT) {
      elementType = reader.int32();
      return true;
    }
    return within(2, readDimension)(field, type);
  };
  eachField(reader, (field, type) => {
    if (field === 1 && type === LENGTH) {
      name = decode(reader.bytes());
      return true;
    }
    return within(2, within(1, readTensor))(field, type);
  });
  if (elementType === undefined) return name;
  return `${name}: ${TYPES.get(elementType) ?? `type ${elementType}`}[${dimensions.join(', ')}]`;
}

function toRun(source: ForeignSource, found: Found): ImportedRun {
  const { numbers, attributes } = readMetadata(found.metadata);
  return {
    id: '',
    status: 'complete',
    numbers: [
      { key: 'nodes', value: found.nodes },
      { key: 'initializers', value: found.weights },
      { key: 'bytes', value: source.size, unit: 'bytes', direction: 'lower-is-better' },
      ...numbers,
    ],
    lists: [],
    results: [],
    samples: [],
    attributes: {
      ...Object.fromEntries(found.texts),
      opsets: found.opsets.join(', '),
      inputs: found.inputs.join(', '),
      outputs: found.outputs.join(', '),
      ...attributes,
    },
  };
}
