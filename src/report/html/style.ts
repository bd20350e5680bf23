/**
 * The style sheet of the page. Colours are pairs of light and dark whose text has a contrast of at least 4.5 : 1 on its
 * ground (WCAG 2.2, 1.4.3); figures use at least 3 : 1 (1.4.11).
 */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --text: #1f2328; --muted: #59636e; --line: #d1d9e0;
  --pass: #1a7f37; --warn: #8a5a00; --fail: #c21c2b; --undecided: #0a5fc4; --skipped: #59636e;
  --candidate: #0a5fc4; --baseline: #8a5a00; --tint: 9 105 218;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --raised: #151b23; --text: #e6edf3; --muted: #9aa4af; --line: #3d444d;
    --pass: #4ac26b; --warn: #d8a028; --fail: #ff7b72; --undecided: #6cb0ff; --skipped: #9aa4af;
    --candidate: #6cb0ff; --baseline: #d8a028; --tint: 68 147 248;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 1060px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 24px; line-height: 1.3; margin: 0 0 6px; font-weight: 650; }
h2 { font-size: 18px; line-height: 1.3; margin: 36px 0 10px; padding-bottom: 6px; border-bottom: 1px solid var(--line); font-weight: 600; }
h2 small { font-weight: 400; font-size: 14px; color: var(--muted); }
p { margin: 8px 0; }
a { color: var(--undecided); }
code { font: 13px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  background: var(--raised); border-radius: 4px; padding: 1px 4px; }
.muted { color: var(--muted); }
.small { font-size: 13px; }
.word { font-weight: 600; white-space: nowrap; }
.pass { color: var(--pass); } .warn { color: var(--warn); } .fail { color: var(--fail); }
.undecided { color: var(--undecided); } .skipped { color: var(--skipped); }
.banner { border: 1px solid var(--line); border-left: 4px solid var(--warn); border-radius: 6px; padding: 8px 14px; margin: 12px 0; }
.findings { list-style: none; margin: 18px 0 0; padding: 0; }
.findings > li { border: 1px solid var(--line); border-left-width: 4px; border-radius: 6px; padding: 10px 14px; margin: 8px 0; }
.findings > li.edge-fail { border-left-color: var(--fail); } .findings > li.edge-warn { border-left-color: var(--warn); }
.findings > li.edge-undecided { border-left-color: var(--undecided); }
.findings p { margin: 2px 0 0; } .findings details { margin: 4px 0 0; font-size: 14px; } .reason { color: var(--muted); }
.scroll { overflow-x: auto; margin: 10px 0; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th { font-weight: 600; } thead th { color: var(--muted); font-size: 13px; }
.wide td { min-width: 9ch; }
td.number, th.number { text-align: right; white-space: nowrap; }
td .line { display: block; white-space: nowrap; } td .reason { color: var(--muted); font-size: 12.5px; }
td .sub { display: block; color: var(--muted); font-size: 12.5px; white-space: nowrap; }
table code { white-space: nowrap; }
.wide table { width: 100%; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 20px; margin: 18px 0; align-items: start; }
figure { margin: 0; padding: 14px; border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
figure.full { grid-column: 1 / -1; }
figcaption { font-weight: 600; margin-bottom: 8px; }
svg { display: block; width: 100%; max-width: 480px; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
svg text { fill: var(--text); } svg text.muted { fill: var(--muted); } svg text.strong { font-weight: 600; }
svg text.halo { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round; }
svg text.arrow { fill: var(--candidate); }
svg .axis { stroke: var(--muted); } svg .grid { stroke: var(--line); }
svg .band { fill: var(--muted); opacity: .16; } svg .margin { stroke: var(--muted); stroke-dasharray: 3 3; }
svg .diagonal { stroke: var(--muted); stroke-dasharray: 2 4; }
svg .interval { stroke: var(--candidate); stroke-width: 2; } svg .bar { fill: var(--candidate); opacity: .8; }
svg .candidate-line { fill: none; stroke: var(--candidate); stroke-width: 2; }
svg .baseline-line { fill: none; stroke: var(--baseline); stroke-width: 1.5; stroke-dasharray: 6 4; }
svg .candidate-mark { fill: var(--candidate); } svg .baseline-mark { fill: var(--ground); stroke: var(--baseline); stroke-width: 1.5; }
svg .candidate-error { stroke: var(--candidate); stroke-width: 1.5; } svg .baseline-error { stroke: var(--baseline); }
.heat { width: auto; } .heat th, .heat td { padding: 6px 10px; border: 1px solid var(--line); }
.heat td.number { background: rgb(var(--tint) / calc(var(--share) * .35)); }
.heat td.right { font-weight: 600; } .heat .share, .heat td .muted { font-weight: 400; font-size: 12.5px; color: var(--text); opacity: .85; }
details { margin: 10px 0; } summary { cursor: pointer; color: var(--muted); } h2 + details { margin-top: 4px; }
summary:focus-visible, .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--undecided); outline-offset: 2px; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--muted); font-size: 13px; }
@media (max-width: 600px) { main { padding: 18px 14px 36px; } h1 { font-size: 20px; } figure { padding: 10px; } }
@media print {
  :root { --ground: #ffffff; --raised: #ffffff; --text: #000000; --muted: #444444; --line: #bbbbbb;
    --pass: #1a7f37; --warn: #8a5a00; --fail: #c21c2b; --undecided: #0a5fc4; --candidate: #0a5fc4; --baseline: #8a5a00; }
  main { max-width: none; padding: 0; } figure, .findings > li, tr { break-inside: avoid; } .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
