/**
 * Largest mlgate.yml or data schema that is read, in bytes. Real ones have a few kB; the largest seen has 200.
 * Listing the mistakes takes time in proportion to the square of their number: 1 MB could hold a minute of it.
 */
export const MAX_DOCUMENT_BYTES = 300_000;

/** Deepest nesting that is read. The deepest key of our schemas has six levels; the parser recurses on each. */
export const MAX_DEPTH = 100;

/** How often one anchor may be expanded, by the count of the yaml package: more is an attack, not a config. */
export const MAX_ALIAS_EXPANSIONS = 1000;

/** Mistakes that are listed; the rest is counted. */
export const MAX_MISTAKES_SHOWN = 50;

/** Aliases in one document: finding what each stands for takes time in proportion to the document. */
export const MAX_ALIASES = 1000;
