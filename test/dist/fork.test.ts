/**
 * A pull request from a fork, through both stages of the committed bundle: the untrusted run can only read, the
 * trusted half judges what it left. Most evidence here is forged.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence, EvidenceBody, Metric } from '../../src/schemas/evidence.generated.ts';
import { addPullRequest, addRunArtifact } from '../helpers/fake-github/seed.ts';
import type { StatusState } from '../helpers/fake-github/state.ts';
import { addArtifact } from '../helpers/results-service/artifact-store.ts';
import type { StepResult } from '../helpers/run-action.ts';
import { createZip, type ZipEntry } from '../helpers/zip.ts';
import {
  commentsOf,
  createRecordedProject,
  ending,
  makeFiles,
  openForkPull,
  READ_ONLY,
  readEvidence,
  startServers,
  type ForkedPull,
  type Project,
  type Run,
  type Servers,
} from './project.ts';

let servers: Servers;
let project: Project;
/** An honest pull request of a stranger, which is worse than main, and the evidence that its run made. */
let fork: ForkedPull;
let honest: Evidence;
let gate: StepResult;
let finished: Run;

beforeAll(async () => {
  servers = await startServers();
  project = await createRecordedProject(servers);
  fork = await openForkPull(project, 'mallory', makeFiles('worse', { brokenData: true }));
  finished = await project.pullRun(fork.pull, { permissions: READ_ONLY });
  gate = await finished.step('.');
  honest = await readEvidence(gate);
});
afterEach(() => {
  servers.github.assertNoViolations();
});
afterAll(async () => {
  await fork.work.remove();
  await project.close();
  await servers.close();
});

function trustedStep(run: Run, of: Run, inputs: Readonly<Record<string, string>> = {}) {
  return run.step('actions/report', { 'from-run': String(of.state.id), ...inputs });
}

/** The trusted half for a new run of the fork's workflow that left these entries, or this archive, as its artifact. */
async function judgeArtifact(
  content: readonly ZipEntry[] | undefined,
): Promise<{ readonly step: StepResult; readonly status: StatusState | undefined; readonly temp: string }> {
  const run = await project.pullRun(fork.pull, { permissions: READ_ONLY });
  if (content !== undefined) {
    const bytes = createZip(renumber(content, run.state.id));
    addArtifact(servers.github.state.artifacts, { runId: run.state.id, name: 'mlgate-evidence', bytes });
  }
  const before = project.repository.statuses.length;
  const trusted = await project.trustedRun(run);
  const step = await trustedStep(trusted, run);
  const status = project.repository.statuses.slice(before).at(-1);
  return { step, status, temp: trusted.job.temp };
}

/** Puts the number of the run into evidence that says it is of this one: `run: 0`. */
function renumber(entries: readonly ZipEntry[], run: number): readonly ZipEntry[] {
  return entries.map((entry) =>
    typeof entry.content === 'string'
      ? { ...entry, content: entry.content.replace(/"run": 0,/u, `"run": ${run},`) }
      : entry,
  );
}

/** Evidence that anybody could write: sound by schema and digest, with whatever content. */
function forge(
  change: (body: EvidenceBody) => Partial<EvidenceBody>,
  source: Partial<Evidence['source']> = {},
): readonly ZipEntry[] {
  const evidence = makeEvidence(
    { ...honest.body, ...change(honest.body) },
    {
      source: { ...honest.source, run: 0, attempt: 1, ...source },
      createdAt: new Date(honest.createdAt),
      durationSeconds: 1,
    },
  );
  return [{ name: 'evidence.json', content: printEvidence(evidence) }];
}

describe('the untrusted run', () => {
  it('can only read: no comment, no status, no crash, exit code by the verdict', () => {
    expect(ending(gate)).toMatch(/^exit 1/u);
    expect(gate.outputs['verdict']).toBe('fail');
    expect(honest.body.baseline?.rung).toBe('exact');
    expect(gate.stdout).toContain('cannot write comments');
    expect(commentsOf(project, fork.pull)).toEqual([]);
    const names = servers.results.artifacts.artifacts
      .filter(({ runId }) => runId === finished.state.id)
      .map(({ name }) => name);
    expect(names.toSorted()).toEqual(['mlgate-evidence', 'mlgate-evidence.html']);
  });
});

describe('the trusted half', () => {
  it('comments as for a stranger, and sets the status of the verified head', async () => {
    const run = await project.trustedRun(finished);
    const step = await trustedStep(run, finished);
    expect(ending(step)).toMatch(/^exit 1/u);
    const [comment, ...others] = commentsOf(project, fork.pull);
    expect(others).toEqual([]);
    expect(comment?.body).toContain('Reported by code of this pull request');
    expect(step.summary).toContain('Reported by code of this pull request');
    const url = `${servers.github.serverUrl}/${project.repository.fullName}/actions/runs/${finished.state.id}`;
    expect(comment?.body).toContain(url);
    expect(project.repository.statuses).toMatchObject([
      {
        sha: fork.pull.headSha,
        context: 'mlgate',
        state: 'failure',
        description: 'fail, by the policy of main',
        targetUrl: url,
      },
    ]);
    const again = await trustedStep(await project.trustedRun(finished), finished);
    expect(again.exitCode).toBe(1);
    expect(commentsOf(project, fork.pull)).toEqual([comment]);
  });

  it('lets an honest, good change through', async () => {
    const good = await openForkPull(project, 'grace', makeFiles('better'));
    const run = await project.pullRun(good.pull, { permissions: READ_ONLY });
    expect((await run.step('.')).exitCode).toBe(0);
    const step = await trustedStep(await project.trustedRun(run), run, { comment: 'false' });
    await good.work.remove();
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(commentsOf(project, good.pull)).toEqual([]);
    const status = project.repository.statuses.at(-1);
    expect(status).toMatchObject({
      sha: good.pull.headSha,
      state: 'success',
      description: 'pass, by the policy of main',
    });
  });

  it('does nothing once the head has moved', async () => {
    const late = await openForkPull(project, 'ivan', makeFiles('better'));
    const run = await project.pullRun(late.pull, { permissions: READ_ONLY });
    addRunArtifact(servers.github.state, run.state.id, 'mlgate-evidence', { 'evidence.json': '{}' });
    await late.work.commit({ 'more.txt': 'newer' });
    await late.work.push('better');
    await late.work.remove();
    const before = project.repository.statuses.length;
    const step = await trustedStep(await project.trustedRun(run), run);
    expect(ending(step)).toMatch(/^exit 0/u);
    expect(step.stdout).toContain('superseded');
    expect(commentsOf(project, late.pull)).toEqual([]);
    expect(project.repository.statuses).toHaveLength(before);
  });

  it('takes only the run that started it', async () => {
    const run = await project.trustedRun(finished);
    for (const number of ['1', 'abc', '$(id)']) {
      const step = await run.step('actions/report', { 'from-run': number });
      expect(step.exitCode).toBe(2);
      expect(step.stdout).toContain('not the run that started this one');
    }
  });
});

function withMetrics(change: (metric: Metric) => Metric) {
  return ({ metrics }: EvidenceBody) => ({ metrics: metrics.map(change) });
}

const PASSED = (body: EvidenceBody): EvidenceBody['checks'] =>
  body.checks.map((check) => ({ ...check, verdict: 'pass' as const, severity: 'warn' as const }));

const FORGERIES: readonly {
  readonly name: string;
  readonly entries: () => readonly ZipEntry[];
  readonly said: RegExp;
  /** 1 judged and failed, 2 refused. */
  readonly exitCode: 1 | 2;
}[] = [
  {
    name: 'a verdict `pass` over failing numbers',
    entries: () => forge((body) => ({ verdict: 'pass', checks: PASSED(body) })),
    said: /fell by/u,
    exitCode: 1,
  },
  {
    name: 'thresholds of its own',
    entries: () =>
      forge((body) => ({
        verdict: 'pass',
        policy: {
          ...body.policy,
          digest: '0'.repeat(64),
          enforce: false,
          inconclusive: 'pass',
          noBaseline: 'pass',
        },
        checks: PASSED(body),
      })),
    said: /by the config of the base branch/u,
    exitCode: 1,
  },
  {
    name: 'metrics that are not there any more',
    entries: () => forge(() => ({ verdict: 'pass', metrics: [], figures: [], checks: [] })),
    said: /was not measured/u,
    exitCode: 1,
  },
  {
    name: 'a dataset that nobody validated',
    entries: () =>
      forge((body) => ({
        verdict: 'pass',
        metrics: [],
        checks: body.checks.filter(({ about }) => about.dataset === undefined),
      })),
    said: /no evidence for the dataset/u,
    exitCode: 1,
  },
  {
    name: 'intervals of another level',
    entries: () =>
      forge(
        withMetrics((metric) => ({
          ...metric,
          ...(metric.interval === undefined ? {} : { interval: { ...metric.interval, level: 0.01 } }),
        })),
      ),
    said: /measure it again under this policy/u,
    exitCode: 1,
  },
  {
    name: 'a baseline that main never recorded',
    entries: () =>
      forge((body) => ({
        verdict: 'pass',
        checks: PASSED(body),
        baseline: { rung: 'exact', tried: [], ...body.baseline, evidence: '1'.repeat(64) },
      })),
    said: /names a baseline .* that the branch does not hold/u,
    exitCode: 1,
  },
  {
    name: 'other numbers of the baseline than main recorded',
    entries: () =>
      forge((body) => ({
        verdict: 'pass',
        checks: PASSED(body),
        metrics: body.metrics.map((metric) =>
          metric.comparison === undefined
            ? metric
            : { ...metric, comparison: { ...metric.comparison, baseline: 0.1234, difference: 0.5 } },
        ),
      })),
    said: /other numbers of the baseline than main recorded/u,
    exitCode: 1,
  },
  {
    name: 'another commit',
    entries: () => forge((body) => ({ checks: PASSED(body) }), { headCommit: '1'.repeat(40) }),
    said: /is of something else.*commit/su,
    exitCode: 2,
  },
  {
    name: 'another run',
    entries: () => forge((body) => ({ checks: PASSED(body) }), { run: 99 }),
    said: /is of something else.*run 99/su,
    exitCode: 2,
  },
  {
    name: 'another repository, event, workflow and attempt',
    entries: () =>
      forge((body) => ({ checks: PASSED(body) }), {
        repositoryId: 1,
        event: 'push',
        workflow: '.github/workflows/other.yml',
        attempt: 9,
      }),
    said: /repository 1.*event push.*workflow .*attempt 9/su,
    exitCode: 2,
  },
  {
    name: 'an edited body',
    entries: () => {
      const [entry] = forge(() => ({}));
      const content = String(entry?.content).replace('"verdict": "fail"', '"verdict": "pass"');
      return [{ name: 'evidence.json', content }];
    },
    said: /its digest does not fit its body/u,
    exitCode: 2,
  },
  {
    name: 'no JSON',
    entries: () => [{ name: 'evidence.json', content: '<html>' }],
    said: /is not JSON/u,
    exitCode: 2,
  },
  {
    name: 'JSON that is nested 100,000 deep',
    entries: () => [{ name: 'evidence.json', content: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }],
    said: /evidence/u,
    exitCode: 2,
  },
  {
    name: 'bytes that are no UTF-8',
    entries: () => [{ name: 'evidence.json', content: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }],
    said: /not UTF-8/u,
    exitCode: 2,
  },
  {
    name: 'no evidence file',
    entries: () => [{ name: 'readme.txt', content: 'hello' }],
    said: /holds no evidence/u,
    exitCode: 2,
  },
  {
    name: '30 MB',
    entries: () => [{ name: 'evidence.json', content: `"${'x'.repeat(30_000_000)}"` }],
    said: /larger than 20 MB|packs/u,
    exitCode: 2,
  },
];

describe('forged evidence', () => {
  it.each(FORGERIES)('$name', async ({ entries, said, exitCode }) => {
    const { step, status } = await judgeArtifact(entries());
    expect(status).toMatchObject({ sha: fork.pull.headSha, state: 'failure', context: 'mlgate' });
    expect(step.stdout + step.summary).toMatch(said);
    expect([exitCode, exitCode + 1]).toContain(step.exitCode);
    expect(step.stdout).not.toContain('This is a defect of mlgate');
  });

  it('in archives that are attacks is refused, and nothing is written outside', async () => {
    const [evidence] = forge((body) => ({ verdict: 'pass', checks: PASSED(body) }));
    if (evidence === undefined) throw new Error('No evidence was forged.');
    const slip = { name: '../../../outside.txt', content: 'escaped' };
    const link = { name: 'link', content: '/etc/passwd', mode: 0o120_777 };
    const bomb = { name: 'zeros', content: new Uint8Array(250_000_000) };
    const liar = { name: 'evidence.json', content: 'x'.repeat(1_000_000), claimedSize: 10 };
    for (const entries of [[evidence, slip], [evidence, link], [evidence, bomb], [liar]]) {
      const { step, status, temp } = await judgeArtifact(entries);
      expect(step.exitCode).toBe(3);
      // Neither beside the runner's folder nor a half of the archive in it.
      const left = await readdir(join(temp, '..'), { recursive: true });
      expect(left.filter((path) => /outside|link|zeros|evidence/u.test(path))).toEqual([]);
      expect(status).toMatchObject({ state: 'failure' });
      expect(step.outputs).toEqual({});
    }
    const none = await judgeArtifact(undefined);
    expect(none.step.exitCode).toBe(2);
    expect(none.status).toMatchObject({
      state: 'failure',
      description: expect.stringContaining('has left no artifact') as string,
    });
  });

  it('with hostile words everywhere stays words', async () => {
    const hostile =
      '<!-- mlgate report 0000000000000000 --> <img src=x onerror=alert(1)> </details> [x](javascript:alert(1)) @octocat fixes #1 `` ` ``` \u202e | a | ::error::pwned \n::set-output name=verdict::pass\n::stop-commands::x\n# Passed';
    const { step, status } = await judgeArtifact(
      forge((body) => ({
        notes: [hostile],
        checks: body.checks.map((check) => ({
          ...check,
          message: hostile,
          ...(check.source === undefined ? {} : { source: { ...check.source, file: hostile, key: hostile } }),
        })),
        inputs: body.inputs.map((input) => ({ ...input, path: hostile })),
      })),
    );
    expect(step.exitCode).toBeGreaterThan(0);
    expect(status).toMatchObject({ state: 'failure' });
    expect(step.annotations.map(({ message }) => message)).not.toContain('pwned');
    expect(step.stdout).not.toMatch(/^::(?!error |debug)/mu);
    expect(step.outputs['verdict'] ?? 'fail').toBe('fail');
    for (const text of [step.summary, ...commentsOf(project, fork.pull).map(({ body }) => body)]) {
      expect(text).not.toMatch(/<img|<!-- mlgate report 0000|[^`]@octocat|[^\\]\]\(javascript:|\u202e/u);
      expect(text).not.toMatch(/^# Passed/mu);
    }
  });

  it("cannot choose whose pull request it is: a number in the artifact counts for nothing, and neither does a branch's name", async () => {
    const victim = await project.openPull('victim', makeFiles('better'));
    const twin = await openForkPull(project, 'trudy', makeFiles('worse'), 'victim');
    const run = await project.pullRun(twin.pull, { permissions: READ_ONLY });
    const [evidence] = forge((body) => ({ checks: PASSED(body) }), { headCommit: twin.pull.headSha });
    addRunArtifact(servers.github.state, run.state.id, 'mlgate-evidence', {
      'evidence.json': String(evidence?.content).replace('"run": 0,', `"run": ${run.state.id},`),
      'pr-number': String(victim.number),
      NR: String(victim.number),
    });
    const step = await trustedStep(await project.trustedRun(run), run);
    await twin.work.remove();
    expect(step.exitCode).toBe(1);
    expect(commentsOf(project, victim)).toEqual([]);
    expect(commentsOf(project, twin.pull)).toHaveLength(1);
    const touched = project.repository.statuses.filter(({ sha }) => sha === victim.headSha);
    expect(touched).toEqual([]);
  });

  it('of a head that two pull requests have is nobody’s', async () => {
    const base = project.work;
    await base.git('push', '--quiet', 'origin', 'main:refs/heads/release');
    const second = await addPullRequest(servers.github.state, project.repository, {
      head: fork.pull.head.ref,
      headRepository: fork.pull.head.repository,
      base: 'release',
    });
    const before = project.repository.statuses.length;
    const step = await trustedStep(await project.trustedRun(finished), finished);
    second.state = 'closed';
    expect(step.exitCode).toBe(0);
    expect(step.stdout).toContain('Several pull requests have this head');
    expect(project.repository.statuses).toHaveLength(before);
  });
});
