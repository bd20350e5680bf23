/** Nothing is fetched and nothing runs: a page is its own text, style and pictures, whatever a stranger wrote into it. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
