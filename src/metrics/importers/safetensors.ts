/** safetensors: the header of a file of weights. Only the header is read. */
import { UserError } from '../../evidence/errors.ts';
import { readBytewise } from './byte-reader.ts';
import type { ForeignSource, ImportedRun, Importer } from './importer.ts';
import { parseLenientJson } from '../../evidence/foreign/lenient-json.ts';
import { readMetadata } from './model-metadata.ts';
import {
  at,
  countOf,
  entriesOf,
  isAbsent,
  listOf,
  placeOf,
  textOf,
  wrong,
  type Place,
} from '../../evidence/foreign/places.ts';

export const SAFETENSORS: Importer = {
  format: 'safetensors',
  title: 'safetensors: metadata, size and shapes of weights',
  tested: 'fixture',
  versions: 'safetensors 0.8.0',
  source: 'https://huggingface.co/docs/safetensors/index#format',
  recognise: async ({ kind, name, head }) =>
    kind === 'file' && (name.endsWith('.safetensors') || looksLikeHeader(head)),
  read: async (source) => [await readHeader(source)],
};

/** The largest header that the format allows, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;

const LENGTH_BYTES = 8;

function lengthOf(head: Uint8Array): number {
  return Number(new DataView(head.buffer, head.byteOffset, head.byteLength).getBigUint64(0, true));
}

function looksLikeHeader(head: Uint8Array): boolean {
  if (head.length <= LENGTH_BYTES) return false;
  const start = new TextDecoder('latin1').decode(head.subarray(LENGTH_BYTES, 64));
  return lengthOf(head) <= MAX_HEADER_BYTES && /^\{\s*"/u.test(start);
}

async function readHeader(source: ForeignSource): Promise<ImportedRun> {
  const reader = readBytewise(source.stream());
  const first = await reader.take(LENGTH_BYTES);
  const length = first === undefined ? 0 : lengthOf(first);
  if (length < 2 || length > MAX_HEADER_BYTES)
    throw notSafetensors(source, 'its first 8 bytes are no length of a header');
  const bytes = await reader.take(length);
  if (bytes === undefined) throw notSafetensors(source, 'it ends inside its header');
  const name = `the header of ${source.name}`;
  const header = placeOf(parseLenientJson(decode(bytes, source), name), name);
  const tensors = entriesOf(header).filter(([key]) => key !== METADATA);
  const sizes = tensors.map(([, tensor]) => measureTensor(tensor));
  const data = sizes.reduce((most, { end }) => Math.max(most, end), 0);
  const whole = LENGTH_BYTES + length + data;
  const isWhole = source.size >= whole;
  const metadata = at(header, METADATA);
  const { numbers, attributes } = readMetadata(
    isAbsent(metadata) ? [] : entriesOf(metadata).map(([key, place]) => [key, textOf(place)] as const),
  );
  return {
    id: '',
    status: isWhole ? 'complete' : 'partial',
    ...(isWhole
      ? {}
      : {
          detail: `The file has ${source.size} bytes of the ${whole} that its header speaks of: it was cut.`,
        }),
    numbers: [
      { key: 'parameters', value: sizes.reduce((sum, { elements }) => sum + elements, 0) },
      { key: 'tensors', value: tensors.length },
      { key: 'bytes', value: whole, unit: 'bytes', direction: 'lower-is-better' },
      ...numbers,
    ],
    lists: [],
    results: [],
    samples: [],
    attributes: { types: [...new Set(sizes.map(({ type }) => type))].toSorted().join(', '), ...attributes },
  };
}

const METADATA = '__metadata__';

function decode(bytes: Uint8Array, source: ForeignSource): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notSafetensors(source, 'its header is no UTF-8 text', error);
  }
}

function measureTensor(tensor: Place): {
  readonly type: string;
  readonly elements: number;
  readonly end: number;
} {
  const offsets = at(tensor, 'data_offsets');
  const [start, end] = listOf(offsets).map(countOf);
  if (start === undefined || end === undefined || end < start) throw wrong(offsets, 'a begin and an end');
  return {
    type: textOf(at(tensor, 'dtype')),
    elements: listOf(at(tensor, 'shape'))
      .map(countOf)
      .reduce((product, size) => product * size, 1),
    end,
  };
}

function notSafetensors({ name }: ForeignSource, why: string, cause?: unknown): UserError {
  return new UserError(`${name} is no safetensors file: ${why}.`, {
    help: 'Check that it was written and copied whole.',
    ...(cause === undefined ? {} : { cause }),
  });
}
