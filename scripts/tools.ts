/**
 * Installs what is missing of the programs that npm does not have, and prints what is there.
 *
 *   node scripts/tools.ts            act, actionlint, zizmor
 *   node scripts/tools.ts --all      also a Chromium
 *   node scripts/tools.ts act        only that
 *
 * In CI (CI=true) a tool that is missing in the end is a failure; on a laptop its suite says so and is skipped.
 */
import { parseArgs } from 'node:util';
import { ensureTool, TOOLS, type ToolName } from './toolbox.ts';

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
});

function isToolName(word: string): word is ToolName {
  return Object.hasOwn(TOOLS, word);
}

const unknown = positionals.find((word) => !isToolName(word));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(TOOLS).join(', ')}.`);
const usual: readonly ToolName[] = ['act', 'actionlint', 'zizmor'];
const asked = positionals.filter(isToolName);
const chosen = asked.length > 0 ? asked : values.all ? [...usual, 'chromium' as const] : usual;

for (const name of chosen) {
  const tool = ensureTool(name);
  if (tool.kind === 'found') {
    console.log(`${name} ${tool.version} (${tool.path})`);
  } else {
    console.error(`Missing: ${tool.reason}.`);
    if (process.env['CI'] === 'true') process.exitCode = 1;
  }
}
