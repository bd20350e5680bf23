/**
 * What moved, leaked or is personal in the data of a pull request, by the committed bundle: beside what main recorded,
 * and judged by the config of the base, whatever the pull request's own run says.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence, EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { addArtifact } from '../helpers/results-service/artifact-store.ts';
import type { StepResult } from '../helpers/run-action.ts';
import { createZip } from '../helpers/zip.ts';
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
  type Servers,
} from './project.ts';

const ASKED = {
  dataset: 'columns: { id: [id] }, drift: {}, integrity: { max-duplicate-rows: 100% }, privacy: {}',
};
/** The same, so lax that nothing fails. */
const LAX = {
  dataset:
    'columns: { id: [id] }, drift: { max-share: 1 }, integrity: { max-duplicate-rows: 100% }, privacy: {}',
};
/** One of two columns is more than `max-share`. */
const MOVED = { ...ASKED, yearsOlder: 30 };
const SAID = /1 of 2 columns has drifted from main/u;

function pretend(body: EvidenceBody): EvidenceBody['checks'] {
  return body.checks.map((check) => ({ ...check, verdict: 'pass' }));
}

let servers: Servers;
let project: Project;

beforeAll(async () => {
  servers = await startServers();
  project = await createRecordedProject(servers, ASKED);
});
afterEach(() => servers.github.assertNoViolations());
afterAll(async () => {
  await project.close();
  await servers.close();
});

describe('a pull request of this repository', () => {
  it('whose data are as main has them passes', async () => {
    const pull = await project.openPull('same', makeFiles('better', ASKED));
    const step = await (await project.pullRun(pull)).step('actions/validate-data');
    expect(ending(step)).toMatch(/^exit 0/u);
    const { body } = await readEvidence(step);
    expect(body.profiles).toMatchObject([{ dataset: 'customers', rows: 400 }]);
    expect(body.drifts).toMatchObject([
      { dataset: 'customers', against: { kind: 'baseline' }, rows: 400, referenceRows: 400 },
    ]);
    expect(body.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('whose customers are older fails in validate-data, in the report and in the comment', async () => {
    const pull = await project.openPull('older', makeFiles('better', MOVED));
    const run = await project.pullRun(pull);
    const data = await run.step('actions/validate-data');
    expect(ending(data)).toMatch(/^exit 1/u);
    expect(data.annotations.map(({ message }) => message).join('\n')).toMatch(SAID);
    for (const action of ['test-model', 'compare-metrics'])
      expect(ending(await run.step(`actions/${action}`))).toMatch(/^exit 0/u);
    const report = await run.step('actions/report');
    expect(ending(report)).toMatch(/^exit 1/u);
    expect((await readEvidence(report)).body.drifts).toHaveLength(1);
    const [comment] = commentsOf(project, pull);
    expect(comment?.body).toMatch(SAID);
    expect(comment?.body).toContain('Drift of customers');
  });

  it('is judged by the config of the base if it allows more drift', async () => {
    const pull = await project.openPull('lax', makeFiles('better', { ...MOVED, ...LAX }));
    const gate = await (await project.pullRun(pull)).step('.');
    expect(ending(gate)).toMatch(/^exit 1/u);
    expect(commentsOf(project, pull)[0]?.body).toMatch(SAID);
  });
});

describe('a pull request from a fork', () => {
  let fork: ForkedPull;
  let honest: Evidence;

  beforeAll(async () => {
    fork = await openForkPull(project, 'mallory', makeFiles('better', { ...MOVED, ...LAX }));
    const run = await project.pullRun(fork.pull, { permissions: READ_ONLY });
    honest = await readEvidence(await run.step('.'));
  });
  afterAll(() => fork.work.remove());

  /** What the trusted half says of a run that left this as its evidence. */
  async function judge(change: (body: EvidenceBody) => Partial<EvidenceBody>): Promise<StepResult> {
    const run = await project.pullRun(fork.pull, { permissions: READ_ONLY });
    const evidence = makeEvidence(
      { ...honest.body, ...change(honest.body) },
      {
        source: { ...honest.source, run: run.state.id, attempt: 1 },
        createdAt: new Date(honest.createdAt),
        durationSeconds: 1,
      },
    );
    const bytes = createZip([{ name: 'evidence.json', content: printEvidence(evidence) }]);
    addArtifact(servers.github.state.artifacts, { runId: run.state.id, name: 'mlgate-evidence', bytes });
    return await (await project.trustedRun(run)).step('actions/report', { 'from-run': String(run.state.id) });
  }

  it.each<readonly [string, (body: EvidenceBody) => Partial<EvidenceBody>, RegExp]>([
    ['as it is: drift is judged by the base', () => ({}), SAID],
    [
      'that says its checks passed: they are judged anew',
      (body) => ({ verdict: 'pass', checks: pretend(body) }),
      SAID,
    ],
    [
      'without drift: it was not measured',
      (body) => ({
        verdict: 'pass',
        drifts: [],
        checks: pretend(body).filter(({ id }) => !id.includes('drift')),
      }),
      /How far `customers` has moved from main was not measured/u,
    ],
    [
      'without what was found in data',
      (body) => ({
        verdict: 'pass',
        dataFindings: [],
        checks: pretend(body).filter(({ id }) => !/integrity|privacy/u.test(id)),
      }),
      /This was not looked at, though `privacy` asks for it/u,
    ],
  ])('%s', async (_name, change, said) => {
    const step = await judge(change);
    expect(ending(step)).toMatch(/^exit 1/u);
    expect(step.stdout + step.summary).toMatch(said);
    expect(project.repository.statuses.at(-1)).toMatchObject({ sha: fork.pull.headSha, state: 'failure' });
  });
});
