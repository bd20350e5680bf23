import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryTiming } from './ref-store.ts';

/** Chance and waiting of this process, for writers that meet others. */
export const RETRY_TIMING: RetryTiming = {
  random: Math.random,
  sleep: async (milliseconds) => await sleep(milliseconds),
};
