import { UserError } from '../../evidence/errors.ts';
import type { NativePins, PlatformPins } from './pins.ts';

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** This process's platform as native packages name it: `linux-x64`, `linux-arm64-musl`, `win32-x64`. */
export function detectPlatform(): string {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' && !hasGlibc() ? `${name}-musl` : name;
}

/** Node's own report names the C library's version on glibc, and nothing on musl (Alpine). */
function hasGlibc(): boolean {
  // Otherwise the report looks up the names of all open connections.
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  const { header } = report as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}

/** The pins of a platform. Throws a UserError that lists the supported ones. */
export function choosePins({ title, use, platforms }: NativePins, platform: string): PlatformPins {
  const pins = Object.hasOwn(platforms, platform) ? platforms[platform] : undefined;
  if (pins !== undefined) return pins;
  throw new UserError(`There is no ${title} for ${describePlatform(platform)}, and mlgate ${use}.`, {
    help: `Use one of ${Object.keys(platforms).map(describePlatform).join(', ')}.`,
  });
}

/** `linux-x64-musl` as `Linux x64 (musl)`. */
function describePlatform(platform: string): string {
  const [system = '', architecture = '', library] = platform.split('-');
  const name = `${SYSTEMS[system] ?? system} ${architecture}`;
  return library === undefined ? name : `${name} (${library})`;
}
