/** Where a folder is kept between jobs: the Actions cache, or a test's stand-in. Both may throw; neither is needed. */
export interface FolderCache {
  /** Whether the folder was filled. What fills it is not to be trusted. */
  readonly restore: (folder: string, key: string) => Promise<boolean>;
  readonly save: (folder: string, key: string) => Promise<void>;
}

/** How long each is waited for, in milliseconds. */
export interface CachePatience {
  readonly restore: number;
  readonly save: number;
}

/**
 * The toolkit tries a service that is down for half a minute, and a download that stalls for ten minutes: longer than
 * fetching anew takes.
 */
const PATIENCE: CachePatience = { restore: 20_000, save: 60_000 };

/** The cache of GitHub Actions; undefined where there is none. */
export function openActionsCache(
  environment: Readonly<Record<string, string | undefined>>,
  patience: CachePatience = PATIENCE,
): FolderCache | undefined {
  const addresses = [environment['ACTIONS_RESULTS_URL'], environment['ACTIONS_CACHE_URL']];
  if (!addresses.some((address) => address !== undefined && address !== '')) return undefined;
  return {
    restore: async (folder, key) => {
      const { isFeatureAvailable, restoreCache } = await import('@actions/cache');
      if (!isFeatureAvailable()) return false;
      const options = { timeoutInMs: patience.restore, segmentTimeoutInMs: patience.restore };
      return (await waitFor(restoreCache([folder], key, [], options), patience.restore)) !== undefined;
    },
    save: async (folder, key) => {
      const { isFeatureAvailable, saveCache } = await import('@actions/cache');
      if (isFeatureAvailable()) await waitFor(saveCache([folder], key), patience.save);
    },
  };
}

async function waitFor<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const give = (): void => reject(new Error(`it did not answer within ${milliseconds / 1000} s`));
    timer = setTimeout(give, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
