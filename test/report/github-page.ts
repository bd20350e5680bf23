/** A page that looks like a comment on GitHub: for pictures and for eyes, with a small style sheet of our own. */
import { renderAsGitHub } from './github-rendering.ts';

const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --head: #f6f8fa; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --stripe: #f6f8fa; --code: #818b981f; --accent: #0969da; --important: #8250df; --warning: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --head: #151b23; --text: #f0f6fc; --muted: #9198a1; --line: #3d444d; --stripe: #151b23; --code: #656c7633; --accent: #4493f8; --important: #ab7df8; --warning: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 20px; background: var(--ground); color: var(--text); font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji"; }
.comment { max-width: 880px; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.author { background: var(--head); border-bottom: 1px solid var(--line); padding: 8px 16px; color: var(--muted); }
.author b { color: var(--text); font-weight: 600; } .author i { font-style: normal; border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; font-size: 12px; }
.body { padding: 16px; } .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
h3 { font-size: 1.25em; font-weight: 600; line-height: 1.25; margin: 24px 0 16px; } p, ul, table, blockquote, details { margin: 0 0 16px; } ul { padding-left: 2em; } li + li { margin-top: .25em; }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto; } th, td { padding: 6px 13px; border: 1px solid var(--line); } th { font-weight: 600; } tbody tr:nth-child(2n) { background: var(--stripe); }
code { font: 85%/1.5 ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; background: var(--code); padding: .2em .4em; border-radius: 6px; white-space: break-spaces; }
sub { font-size: 75%; line-height: 0; position: relative; vertical-align: baseline; bottom: -.25em; color: inherit; }
summary { cursor: pointer; } a { color: var(--accent); }
blockquote { padding: 0 1em; color: var(--muted); border-left: .25em solid var(--line); } .alert { padding: .5rem 1rem; color: inherit; } .alert p { margin: 0; }
.alert.note { border-color: var(--accent); } .alert.note strong { color: var(--accent); } .alert.important { border-color: var(--important); } .alert.important strong { color: var(--important); } .alert.warning { border-color: var(--warning); }
`;

/** The whole page around one comment. */
export function showAsComment(markdown: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><style>${STYLE}</style></head><body>
<div class="comment"><div class="author"><b>github-actions</b> <i>bot</i> commented</div><div class="body">${renderAsGitHub(markdown)}</div></div>
</body></html>`;
}
