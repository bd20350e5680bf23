import canonicalize from 'canonicalize';

/**
 * The one text of a JSON value that digests are taken of: RFC 8785 (JSON Canonicalization Scheme).
 * Throws a TypeError for what JSON cannot say (NaN, infinities, undefined at the top).
 */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form.');
  return text;
}
