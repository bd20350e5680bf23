/** Smaller arrays cost less than the call. */
const LEAST_BYTES = 1 << 20;

/** Node.js 20 does not have it: there the collector frees the memory when it comes to it. */
interface Transferable {
  readonly transfer?: (length: number) => unknown;
}

/**
 * Gives the memory of large arrays back at once; they are empty afterwards. The garbage collector sees only their small
 * handles, and lets hundreds of megabytes wait while the next step takes as many again. Only for arrays that were made
 * for one step and that nobody else holds.
 */
export function releaseMemory(...arrays: readonly ArrayBufferView[]): void {
  for (const { buffer } of arrays) {
    if (buffer.byteLength >= LEAST_BYTES) (buffer as Transferable).transfer?.(0);
  }
}
