import { isAbsolute, join } from 'node:path';

export interface CacheSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As in `process.platform`. */
  readonly platform: string;
  /** The user's own folder. */
  readonly home: string;
}

/**
 * The folder under which fetched packages are kept between runs: the runner's tool cache, or else the user's cache
 * as the platform has it (XDG Base Directory Specification on Linux, which says to ignore a relative path).
 */
export function findCacheRoot({ environment, platform, home }: CacheSearch): string {
  const named = (name: string): string | undefined => {
    const path = environment[name] ?? '';
    return isAbsolute(path) ? path : undefined;
  };
  return named('RUNNER_TOOL_CACHE') ?? findUserCache();

  function findUserCache(): string {
    if (platform === 'win32') return named('LOCALAPPDATA') ?? join(home, 'AppData', 'Local');
    if (platform === 'darwin') return join(home, 'Library', 'Caches');
    return named('XDG_CACHE_HOME') ?? join(home, '.cache');
  }
}
