/** One package, as exactly as npm can name it. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-` and Base64 of the packed package, as in a lockfile; npm refuses anything else. */
  readonly integrity: string;
}

/** What is fetched, kept and loaded on one platform. */
export interface PlatformPins {
  readonly version: string;
  readonly packages: readonly PinnedPackage[];
  /** SHA-256 of the list of all unpacked files with their own SHA-256: see `listFiles`. */
  readonly files: string;
  /** Size of what is fetched, in bytes. */
  readonly packedBytes: number;
  /**
   * Files and folders below `node_modules` that stay, with forward slashes: a package may hold the binaries of every
   * platform. Absent: everything stays.
   */
  readonly keep?: readonly string[];
}

/** A native part that cannot live in the bundle. */
export interface NativePins {
  /** For people. */
  readonly title: string;
  /** What mlgate does with it; completes "and mlgate …". */
  readonly use: string;
  /** Name of its folder in a cache. */
  readonly folder: string;
  /** The package that a program loads; the others are what it needs. */
  readonly main: string;
  /** By platform: `linux-x64`, `linux-x64-musl`, `darwin-arm64`, `win32-x64`. */
  readonly platforms: Readonly<Record<string, PlatformPins>>;
}
