/** Secrets that another tool's file shows, in its outputs or among its parameters. */

/** Only what can hardly be anything else: a gate that cries wolf is switched off. */
const SECRETS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/u],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})/u],
  ['GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/u],
  ['Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/u],
  ['OpenAI or Anthropic key', /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/u],
  ['Google API key', /\bAIza[A-Za-z0-9_-]{35}/u],
  ['Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/u],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}/u],
  ['JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/u],
  ['private key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/u],
  ['password in an address', /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']{1,100}:[^\s:/@"']{3,200}@/u],
];

/** Kinds of secrets that a text seems to show, such as `GitHub token`; never what they are. */
export function findSecrets(text: string): readonly string[] {
  return SECRETS.flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []));
}

/** The text, or in its place what kind of secret it seems to hold. */
export function hideSecrets(text: string): string {
  const kinds = findSecrets(text);
  return kinds.length === 0 ? text : `(not shown: it looks like ${kinds.join(', ')})`;
}
