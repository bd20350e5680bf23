/**
 * What the documentation says exists, exists: links, anchors, paths, commands with their options, npm scripts; and what
 * it shows to be copied is valid: configs, data schemas, workflows.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/cli/commands.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

interface Fence {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

interface Page {
  readonly file: string;
  readonly text: string;
  readonly fences: readonly Fence[];
  /** The text outside fenced code. */
  readonly prose: string;
}

/** Folders at the root of the repository, by which a word in code font is told to be a path of it. */
const FOLDERS =
  /^(\.ci|\.github|action-schema|actions|bench|build|dist|docs|examples|scripts|src|test|tools)\//;

/** Folders of GitHub's own actions look like ours. */
const GITHUBS_ACTIONS =
  /^actions\/(cache|checkout|download-artifact|github-script|setup-[a-z]+|upload-artifact)$/;

/** What a build or a run leaves behind, so that documentation names it and a clone does not have it. */
const MADE = /^(build|dist)\/|^bench\/data$|\.mlgate\//;

const PAGES: readonly Page[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('test/') && existsSync(file))
  .map((file) => readPage(file));

function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8');
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { indent: string; language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^( *)```(\w*)/.exec(line);
    if (open === undefined && fence !== null)
      open = { indent: fence[1] ?? '', language: fence[2] ?? '', lines: [], line: index + 1 };
    else if (open !== undefined && fence !== null) {
      fences.push({ language: open.language, text: open.lines.join('\n'), line: open.line });
      open = undefined;
    } else if (open === undefined) prose.push(line);
    else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
  }
  return { file, text, fences, prose: prose.join('\n') };
}

/** Anchors that GitHub makes of a page's headings. */
function anchorsOf(file: string): readonly string[] {
  return [...readPage(file).prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function listCode(page: Page): readonly string[] {
  return [...page.prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
}

/** Lines that a reader would type, and code in running text. */
function listCommandLines(page: Page): readonly string[] {
  const typed = page.fences
    .filter(({ language }) => ['sh', 'bash', 'console'].includes(language))
    .flatMap(({ text }) => text.split('\n'));
  return [...typed, ...listCode(page)];
}

/** `mlgate` and what follows it on one line, each. */
function listCalls(page: Page): readonly string[] {
  return listCommandLines(page)
    .flatMap((line) => line.split(/&&|\|\|?|;/))
    .map((part) => part.replace(/\s#.*$/, '').trim())
    .map(
      (part) =>
        /^(?:\$ )?(?:npx mlgate|npm run mlgate --|node dist\/cli\.js|mlgate)((?: .+)?)$/.exec(part)?.[1],
    )
    .filter((call) => call !== undefined)
    .map((call) => call.trim());
}

function listTypedFences(page: Page, language: string): readonly Fence[] {
  return page.fences.filter((fence) => fence.language === language);
}

function isWorkflow(text: string): boolean {
  return /^jobs:/m.test(text);
}

describe('the list of pages', () => {
  it('has the README, the guides and the READMEs of the actions', () => {
    const files = PAGES.map(({ file }) => file);
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'docs/guides/first-gate.md', 'actions/promote/README.md']),
    );
  });
});

describe.each(PAGES.map((page) => [page.file, page] as const))('%s', (file, page) => {
  it('links to what is there', () => {
    const targets = [
      ...[...page.prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? ''),
      ...[...page.prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map(([, target]) => target ?? ''),
    ].filter((target) => !/^[a-z]+:/.test(target));
    const broken = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : normalize(join(dirname(file), path));
      if (!existsSync(found)) return true;
      return anchor !== undefined && !anchorsOf(found).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names paths of this repository that are there', () => {
    const named = listCode(page)
      .filter((code) => FOLDERS.test(code) && !MADE.test(code) && !/[\s<>*{}$…]|\/\.\.\./.test(code))
      .map((code) => code.replace(/:\d+$/, ''));
    const missing = named.filter(
      (path) => !existsSync(path) && !existsSync(join(dirname(file), path)) && !isElsewhere(path),
    );
    expect(missing).toEqual([]);
  });

  it('calls commands and options that are there', () => {
    const wrong = listCalls(page).filter((call) => {
      const words = call.split(/\s+/).filter((word) => /^[a-z]/.test(word));
      if (words.length === 0) return false;
      const command = COMMANDS.find(({ name }) => name === words.slice(0, 2).join(' ') || name === words[0]);
      if (command === undefined) return !COMMANDS.some(({ name }) => name.startsWith(`${words[0]} `));
      const options = [...call.matchAll(/(?<=\s)--([a-z-]+)/g)].map(([, option]) => option ?? '');
      return options.some((option) => option !== 'help' && command.options[option] === undefined);
    });
    expect(wrong).toEqual([]);
  });

  it('calls npm scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = listCommandLines(page).flatMap((line) =>
      [...line.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script ?? ''),
    );
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('shows YAML and JSON that parse', () => {
    for (const { text, line } of listTypedFences(page, 'json'))
      expect(() => JSON.parse(text) as unknown, `${file}:${line}`).not.toThrow();
    for (const { text, line } of listTypedFences(page, 'yaml'))
      expect(() => parse(text) as unknown, `${file}:${line}`).not.toThrow();
  });

  it('shows configs that mlgate takes', () => {
    const configs = listTypedFences(page, 'yaml').filter(({ text }) => /^version: 1$/m.test(text));
    const read = configs.map(({ text, line }) => parseConfig(text, `${file}:${line}`).config.version);
    expect(read).toEqual(configs.map(() => 1));
  });

  it("shows workflows that are valid for GitHub's own parser", async () => {
    for (const { text, line } of listTypedFences(page, 'yaml').filter((fence) => isWorkflow(fence.text))) {
      // A snippet may leave out what starts it.
      const content = /^on:/m.test(text) ? text : `on: push\n${text}`;
      const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
      expect(context.errors.getErrors(), `${file}:${line}`).toEqual([]);
      if (value === undefined) throw new Error(`${file}:${line}: no workflow`);
      const template = await convertWorkflowTemplate(context, value);
      expect(template.errors ?? [], `${file}:${line}`).toEqual([]);
      expect(template.jobs.length).toBeGreaterThan(0);
    }
  });

  it('shows calls of our own actions and workflows that have these inputs', () => {
    const wrong = listTypedFences(page, 'yaml')
      .filter(({ text }) => isWorkflow(text))
      .flatMap(({ text }) => listUses(parse(text)))
      .filter(({ uses, given }) => {
        const inputs = inputsOf(uses);
        return inputs === undefined || given.some((input) => !inputs.includes(input));
      });
    expect(wrong).toEqual([]);
  });
});

/** What stands elsewhere: workflows that a guide tells the caller to write, and GitHub's own actions. */
function isElsewhere(path: string): boolean {
  return path.startsWith('.github/workflows/') || GITHUBS_ACTIONS.test(path);
}

interface Use {
  readonly uses: string;
  readonly given: readonly string[];
}

/** Each call of an action or a workflow of ours, anywhere in a workflow. */
function listUses(node: unknown): readonly Use[] {
  if (typeof node !== 'object' || node === null) return [];
  const { uses, with: given } = node as { uses?: unknown; with?: object | null };
  const own =
    typeof uses === 'string' && uses.startsWith('OWNER/mlgate')
      ? [{ uses, given: Object.keys(given ?? {}) }]
      : [];
  return [...own, ...Object.values(node).flatMap(listUses)];
}

/** Names of the inputs of `OWNER/mlgate/PATH@REF`; undefined if there is no such action or workflow. */
function inputsOf(uses: string): readonly string[] | undefined {
  const path = /^OWNER\/mlgate(?:\/([^@]+))?@v\d+$/.exec(uses);
  if (path === null) return undefined;
  const file = path[1]?.endsWith('.yml') === true ? path[1] : join(path[1] ?? '', 'action.yml');
  if (!existsSync(file)) return undefined;
  const definition = parse(readFileSync(file, 'utf8')) as {
    inputs?: object;
    on?: { workflow_call?: { inputs?: object } };
  };
  return Object.keys(definition.inputs ?? definition.on?.workflow_call?.inputs ?? {});
}
