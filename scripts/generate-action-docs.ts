/**
 * Rewrites the generated blocks of the READMEs from each action.yml and reusable workflow: what stands between
 * `<!-- generated:NAME -->` and `<!-- /generated -->`. `--check` writes nothing and fails if a block is out of date.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { writeGenerated } from './write-generated.ts';

interface Input {
  readonly description: string;
  readonly default?: string | boolean;
  readonly required?: boolean;
  readonly type?: string;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly outputs?: Readonly<Record<string, { readonly description: string }>>;
}

function readYaml(path: string): Record<string, never> {
  return parse(readFileSync(path, 'utf8')) as Record<string, never>;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
}

function describeDefault(input: Input): string {
  if (input.required === true) return 'required';
  const value = String(input.default ?? '');
  return value === '' ? '(empty)' : `\`${value}\``;
}

function inputTable(inputs: Readonly<Record<string, Input>>): string {
  const rows = Object.entries(inputs).map(
    ([name, input]) => `| \`${name}\` | ${cell(input.description)} | ${cell(describeDefault(input))} |`,
  );
  return ['| input | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

function outputTable(outputs: Readonly<Record<string, { readonly description: string }>>): string {
  const rows = Object.entries(outputs).map(
    ([name, output]) => `| \`${name}\` | ${cell(output.description)} |`,
  );
  return ['| output | meaning |', '|---|---|', ...rows].join('\n');
}

function actionBlock(path: string): string {
  const action = readYaml(path) as unknown as Action;
  return [
    action.description,
    '',
    inputTable(action.inputs ?? {}),
    '',
    outputTable(action.outputs ?? {}),
  ].join('\n');
}

function workflowBlock(path: string): string {
  const call = (readYaml(path)['on'] as unknown as { workflow_call: Action })['workflow_call'];
  return [inputTable(call.inputs ?? {}), '', outputTable(call.outputs ?? {})].join('\n');
}

function catalogue(): string {
  const folders = readdirSync('actions').toSorted();
  const rows = folders.map((name) => {
    const action = readYaml(`actions/${name}/action.yml`) as unknown as Action;
    return `| [\`${name}\`](actions/${name}/README.md) | ${cell(action.description)} |`;
  });
  const root = readYaml('action.yml') as unknown as Action;
  return [
    '| action | what it does |',
    '|---|---|',
    `| [\`OWNER/mlgate\`](action.yml) | ${cell(root.description)} |`,
    ...rows,
  ].join('\n');
}

function blockFor(name: string): string {
  if (name === 'actions') return catalogue();
  if (name === 'root-action') return actionBlock('action.yml');
  if (name.startsWith('workflow:'))
    return workflowBlock(`.github/workflows/${name.slice('workflow:'.length)}.yml`);
  return actionBlock(`actions/${name}/action.yml`);
}

const BLOCK = /<!-- generated:([\w:-]+) -->\n[\s\S]*?<!-- \/generated -->/g;
const files = [
  'README.md',
  'docs/workflows.md',
  ...readdirSync('actions').map((name) => `actions/${name}/README.md`),
];
for (const path of files.filter((file) => existsSync(file))) {
  const text = readFileSync(path, 'utf8');
  const next = text.replaceAll(
    BLOCK,
    (_whole, name: string) => `<!-- generated:${name} -->\n${blockFor(name)}\n<!-- /generated -->`,
  );
  writeGenerated(path, next);
}
