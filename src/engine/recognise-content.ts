/** What a file is by its first bytes, where that is not what its name says. */
import type { TableFormat } from './engine.ts';
import type { TableLocation } from './protocol.ts';

/** As many bytes as the longest signature has. */
export const SIGNATURE_BYTES = 16;

interface Signature {
  /** Each byte as one character. */
  readonly start: string;
  /** With its article. */
  readonly what: string;
  readonly help: string;
  /** Tables that really begin so. */
  readonly fits?: (location: Pick<TableLocation, 'format' | 'compression'>) => boolean;
}

export const WRITE_A_TABLE =
  'Write the predictions as Parquet, Arrow, CSV or JSON Lines, for instance with `DataFrame.to_parquet`.';

function rename(extension: string): string {
  return `Rename the file to end in ${extension}, or say its \`format\`.`;
}

function isOf(format: TableFormat): NonNullable<Signature['fits']> {
  return (location) => location.format === format;
}

/** Bytes as a text of as many characters. */
function text(...bytes: readonly number[]): string {
  return String.fromCodePoint(...bytes);
}

const PACKED: readonly TableFormat[] = ['parquet', 'arrow'];

const SIGNATURES: readonly Signature[] = [
  // Protocols 2 to 5 begin with their number; no table begins as 0 and 1 do, which are text.
  ...[2, 3, 4, 5].map((protocol) => ({
    start: text(0x80, protocol),
    what: 'a pickle: reading one runs whatever code it holds, so mlgate never does',
    help: WRITE_A_TABLE,
  })),
  {
    start: `${text(0x93)}NUMPY`,
    what: 'a NumPy array, which has neither ids nor columns',
    help: WRITE_A_TABLE,
  },
  {
    start: `PK${text(3, 4)}`,
    what: 'a zip archive, as .xlsx, .npz and .pt files are',
    help: WRITE_A_TABLE,
  },
  { start: text(0xd0, 0xcf, 0x11, 0xe0), what: 'an old Excel document', help: WRITE_A_TABLE },
  { start: `${text(0x89)}HDF\r\n`, what: 'an HDF5 file', help: WRITE_A_TABLE },
  { start: 'SQLite format 3', what: 'an SQLite database', help: WRITE_A_TABLE },
  ...[text(0xff, 0xfe), text(0xfe, 0xff)].map((start) => ({
    start,
    what: 'text in UTF-16',
    help: 'Save the file as UTF-8; in Excel as “CSV UTF-8”.',
  })),
  {
    start: 'PARE',
    what: 'a Parquet file whose footer is encrypted',
    help: 'Write it without encryption: a gate that holds the key would show it to every pull request.',
  },
  { start: 'PAR1', what: 'a Parquet file', help: rename('.parquet'), fits: isOf('parquet') },
  { start: `ARROW1${text(0, 0)}`, what: 'an Arrow file', help: rename('.arrow'), fits: isOf('arrow') },
  {
    start: 'FEA1',
    what: 'a Feather file of version 1',
    help: 'Write version 2, as `pyarrow.feather.write_feather` does since 2020.',
  },
  {
    start: text(0x1f, 0x8b),
    what: 'compressed by gzip',
    help: 'Let its name end in .gz too; Parquet and Arrow are compressed inside.',
    fits: ({ compression, format }) => compression === 'gzip' && !PACKED.includes(format),
  },
  {
    start: text(0x28, 0xb5, 0x2f, 0xfd),
    what: 'compressed by Zstandard',
    help: 'Let its name end in .zst too; Parquet and Arrow are compressed inside.',
    fits: ({ compression, format }) => compression === 'zstd' && !PACKED.includes(format),
  },
];

/** What the file is instead of a table of its format, with what to do; undefined where nothing is known against it. */
export function recogniseContent(
  start: Uint8Array,
  location: Pick<TableLocation, 'format' | 'compression'>,
): Pick<Signature, 'what' | 'help'> | undefined {
  const bytes = Buffer.from(start).toString('latin1');
  const found = SIGNATURES.find((signature) => bytes.startsWith(signature.start));
  return found?.fits?.(location) === true ? undefined : found;
}

/** Names of files that hold predictions in a form that is no table, by extension. */
export const FOREIGN_EXTENSIONS: Readonly<Record<string, string>> = {
  pkl: 'a pickle',
  pickle: 'a pickle',
  joblib: 'a pickle of joblib',
  pt: 'a checkpoint of PyTorch, which is a pickle',
  pth: 'a checkpoint of PyTorch, which is a pickle',
  npy: 'a NumPy array',
  npz: 'an archive of NumPy arrays',
  xlsx: 'an Excel workbook',
  xls: 'an Excel workbook',
  h5: 'an HDF5 file',
  hdf5: 'an HDF5 file',
  orc: 'an ORC file',
};
