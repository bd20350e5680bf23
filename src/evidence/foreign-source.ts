/** A file or folder of another tool, with limits on what is read of it. Here because both who opens and who reads them may import it. */
export interface ForeignSource {
  /** As messages show it. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Size in bytes; 0 for a folder. */
  readonly size: number;
  /** The first bytes of a file, at most 64 KiB: what formats are recognised by. */
  readonly head: Uint8Array;
  /** The whole file. Throws a UserError for one that is too large to be a summary. */
  readonly readBytes: () => Promise<Uint8Array>;
  /** The whole file as UTF-8, without a byte order mark. Throws a UserError as `readBytes` does, and for other bytes. */
  readonly readText: () => Promise<string>;
  /** The file in pieces, for what may be larger than memory. */
  readonly stream: () => AsyncIterable<Uint8Array>;
  /** Files below a folder, as sorted relative paths with forward slashes; a file lists none. */
  readonly list: () => Promise<readonly string[]>;
  /** A file below a folder, or beside a file; undefined where there is none. Never leads out of that folder. */
  readonly open: (path: string) => Promise<ForeignSource | undefined>;
  /** SHA-256 and size of its bytes; of a folder that of the list of its files with theirs. */
  readonly digest: () => Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Rows of a read-only query of an SQLite file, run in a child process. */
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}
