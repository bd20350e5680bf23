/** Signed URLs: whoever holds one may read or write one blob, and nobody else. */
import { createHmac, timingSafeEqual } from 'node:crypto';

function signature(secret: string, purpose: string): string {
  // Plain base64 on purpose: its +, / and = are what clients get wrong.
  return createHmac('sha256', secret).update(purpose).digest('base64');
}

/** Adds `sig` to a URL: a signature over the path and the permission (`r` or `w`). */
export function signUrl(secret: string, url: string, permission: 'r' | 'w'): string {
  const signed = new URL(url);
  signed.searchParams.set('sp', permission);
  signed.searchParams.set('sig', signature(secret, `${permission} ${signed.pathname}`));
  return signed.href;
}

/** Whether `sig` of the URL is ours, for this path and this permission. */
export function isSigned(secret: string, url: URL, permission: 'r' | 'w'): boolean {
  const given = Buffer.from(url.searchParams.get('sig') ?? '');
  const wanted = Buffer.from(signature(secret, `${permission} ${url.pathname}`));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
