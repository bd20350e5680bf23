import { readdirSync, readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument, visit, isPair, isScalar } from 'yaml';
import { readDocumentedWorkflows } from '../e2e/caller.ts';

const FOLDER = '.github/workflows';
const WORKFLOWS = readdirSync(FOLDER).filter((file) => file.endsWith('.yml'));
const ACTION_FILES = ['action.yml', ...readdirSync('actions').map((name) => `actions/${name}/action.yml`)];

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Every value of a key anywhere in a YAML document, such as each `uses`. */
function valuesOf(text: string, key: string): readonly string[] {
  const values: string[] = [];
  visit(parseDocument(text), {
    Pair(_index, pair) {
      if (isPair(pair) && isScalar(pair.key) && pair.key.value === key && isScalar(pair.value))
        values.push(String(pair.value.value));
    },
  });
  return values;
}

describe.each(WORKFLOWS)('workflow %s', (file) => {
  const text = read(`${FOLDER}/${file}`);

  it("is valid for GitHub's own parser", async () => {
    const { context, value } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
    expect(value).toBeDefined();
    if (value === undefined) return;
    const template = await convertWorkflowTemplate(context, value);
    expect(template.errors ?? []).toEqual([]);
    expect(template.jobs.length).toBeGreaterThan(0);
  });

  it('grants nothing at the top', () => {
    expect((parse(text) as { permissions: unknown }).permissions).toEqual({});
  });

  it('gives a reason for each grant', () => {
    const grants = text.split('\n').filter((line) => /^ {6}[a-z-]+: (read|write)\b/.test(line));
    expect(grants.length).toBeGreaterThan(0);
    for (const grant of grants) expect(grant).toMatch(/: (read|write) # to [a-z]/);
  });

  it('pins every foreign action to a full commit hash, with its version', () => {
    for (const uses of text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line))) {
      expect(uses).toMatch(
        /uses: (\$\/(actions\/[a-z-]+|\.github\/workflows\/[a-z_-]+\.yml)|\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    }
  });

  it('uses the checkout as an action only where the checkout is this repository', () => {
    const isOwn = file.startsWith('_');
    expect(isOwn || !valuesOf(text, 'uses').includes('./')).toBe(true);
  });

  it('interpolates nothing into a shell', () => {
    for (const run of valuesOf(text, 'run')) expect(run).not.toContain('${{');
  });

  it('gives every job an end', () => {
    for (const job of Object.values((parse(text) as { jobs: Record<string, Record<string, unknown>> }).jobs))
      expect(job['timeout-minutes']).toEqual(expect.any(Number));
  });

  it('never leaves the token in the checkout', () => {
    const checkouts = text.split('uses: actions/checkout@').length - 1;
    expect(text.split('persist-credentials: false').length - 1).toBe(checkouts);
  });
});

describe('own actions that workflows use', () => {
  it.each(WORKFLOWS)('%s passes only inputs that the action has', (file) => {
    const { jobs } = parse(read(`${FOLDER}/${file}`)) as {
      jobs: Record<string, { steps?: readonly { uses?: string; with?: object }[] }>;
    };
    for (const step of Object.values(jobs).flatMap((job) => job.steps ?? [])) {
      const name = /^\$\/actions\/(.+)$/.exec(step.uses ?? '')?.[1];
      if (name === undefined) continue;
      const { inputs } = parse(read(`actions/${name}/action.yml`)) as { inputs: object };
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    }
  });

  it.each(ACTION_FILES)('%s runs on Node 24', (file) => {
    expect((parse(read(file)) as { runs: { using: string } }).runs.using).toBe('node24');
  });
});

describe('rights of the reusable workflows', () => {
  interface Job {
    readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
    readonly environment?: string;
    readonly steps: readonly { readonly uses?: string }[];
  }

  function jobsOf(file: string): Readonly<Record<string, Job>> {
    return (parse(read(`${FOLDER}/${file}`)) as { jobs: Record<string, Job> }).jobs;
  }

  /** GitHub refuses to start a caller that grants less, and a caller that grants more gives away for nothing. */
  it.each(Object.entries(readDocumentedWorkflows()))(
    'the documented caller %s grants what the jobs ask for, and no more',
    (_, text) => {
      const { jobs } = parse(text) as { jobs: Record<string, { uses: string; permissions: object }> };
      const [caller] = Object.values(jobs);
      const file = caller?.uses.split('/').at(-1)?.split('@')[0] ?? '';
      const asked: Record<string, string> = {};
      for (const { permissions } of Object.values(jobsOf(file)))
        for (const [name, level] of Object.entries(permissions))
          asked[name] = asked[name] === 'write' ? 'write' : level;
      expect(caller?.permissions).toEqual(asked);
    },
  );

  it('the job that parses data cannot write to the repository, and the one that can parses none', () => {
    const { gate, record } = jobsOf('gate.yml');
    expect(gate?.permissions).toMatchObject({ contents: 'read', actions: 'read' });
    expect(record?.permissions).toEqual({ contents: 'write', actions: 'read' });
    expect(record?.steps.map(({ uses }) => uses?.split('@')[0])).toEqual([
      'actions/checkout',
      '$/actions/record-baseline',
    ]);
  });

  it('the trusted half checks nothing out', () => {
    expect(jobsOf('comment.yml')['comment']?.steps.map(({ uses }) => uses)).toEqual(['$/actions/report']);
  });

  it('a promotion runs in the environment of its stage, whose reviewers are asked', () => {
    expect(jobsOf('promote.yml')['promote']?.environment).toBe('${{ inputs.environment || inputs.stage }}');
  });
});
