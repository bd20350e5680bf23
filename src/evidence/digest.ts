import { createHash } from 'node:crypto';
import { toCanonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes, or of a text's UTF-8 bytes, in lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a value's canonical JSON. */
export function digestJson(value: unknown): string {
  return sha256(toCanonicalJson(value));
}
