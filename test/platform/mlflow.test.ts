import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError, WorldError } from '../../src/evidence/errors.ts';
import { connectMlflow, type MlflowClient } from '../../src/platform/mlflow.ts';
import { startRecordedMlflow, type RecordedMlflow } from '../helpers/mlflow/server.ts';

let server: RecordedMlflow;
let client: MlflowClient;

beforeEach(async () => {
  server = await startRecordedMlflow();
  client = connect();
});

afterEach(() => server.close());

function connect(environment: Readonly<Record<string, string>> = {}): MlflowClient {
  return connectMlflow({ MLFLOW_TRACKING_URI: `${server.url}/`, ...environment }, 1);
}

describe('MLflow', () => {
  it('tells the run behind an alias, with its newest numbers and its commit', async () => {
    const run = await client.findRunOfAlias('churn', 'champion');
    expect(run).toMatchObject({ id: server.run, commit: '1'.repeat(40), metrics: new Map([['loss', 0.4]]) });
    expect(run?.time.getTime()).toBeGreaterThan(1_700_000_000_000);
    expect(await client.findNewestRun('churn-training')).toEqual(run);
  });

  it('has no run where there is no such model, alias or experiment', async () => {
    expect(await client.findRunOfAlias('nothing', 'champion')).toBeUndefined();
    expect(await client.findRunOfAlias('churn', 'nobody')).toBeUndefined();
    expect(await client.findNewestRun('nothing')).toBeUndefined();
  });

  it('gives artifacts as they were logged, up to a size', async () => {
    const run = (await client.findRunOfAlias('churn', 'champion'))!;
    const bytes = await client.readArtifact(run, 'predictions.csv', 100_000);
    expect(Buffer.from(bytes ?? []).toString()).toMatch(/^id,target,score\n0,0,0\.9\n/u);
    expect(await client.readArtifact(run, 'mlgate/evidence.json', 100_000)).toBeUndefined();
    await expect(client.readArtifact(run, 'predictions.csv', 10)).rejects.toThrow(UserError);
  });

  it('gets the credentials of the environment', async () => {
    await connect({ MLFLOW_TRACKING_TOKEN: 't' }).findNewestRun('nothing');
    await connect({ MLFLOW_TRACKING_USERNAME: 'a', MLFLOW_TRACKING_PASSWORD: 'b' }).findNewestRun('nothing');
    await client.findNewestRun('nothing');
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer t',
      `Basic ${Buffer.from('a:b').toString('base64')}`,
      undefined,
    ]);
  });

  it.each([[undefined], ['file:///tmp/mlruns'], ['mlruns']])('takes %s for no server', (uri) => {
    expect(() => connectMlflow(uri === undefined ? {} : { MLFLOW_TRACKING_URI: uri })).toThrow(
      /MLFLOW_TRACKING_URI is not/u,
    );
  });
});

describe('a hostile or careless setting', () => {
  it('never shows a password in the address', () => {
    const MLFLOW_TRACKING_URI = 'https://ann:hunter2@mlflow.example';
    expect(() => connectMlflow({ MLFLOW_TRACKING_URI })).toThrow(
      /^(?!.*hunter2).*a user name or a password/u,
    );
  });

  it('of an artifact stays in the folder of the run', async () => {
    const run = { id: 'r', artifacts: 'mlflow-artifacts:/0/r/artifacts', time: new Date(0) };
    const path = '../../../../2.0/mlflow/experiments/search';
    await expect(
      connect().readArtifact({ ...run, commit: undefined, metrics: new Map() }, path, 10),
    ).rejects.toThrow(/leaves the run's folder/u);
  });
});

describe('an MLflow server with a fault', () => {
  it.each([
    ['500', 500],
    ['502', 502],
    ['429', 429],
  ])('that passes (%s) is asked again', async (_, status) => {
    server.faults.push((response) => response.writeHead(status).end());
    expect(await client.findNewestRun('churn-training')).toMatchObject({ id: server.run });
  });

  it('that breaks off in the middle of an answer is asked again', async () => {
    server.faults.push((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"experiment":');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await client.findNewestRun('churn-training')).toMatchObject({ id: server.run });
  });

  it.each([
    ['401', 401, /answered 401/u, /MLFLOW_TRACKING_TOKEN/u, 1],
    ['403', 403, /answered 403/u, /MLFLOW_SERVER_ALLOWED_HOSTS/u, 1],
    ['422', 422, /answered 422/u, /message above/u, 1],
    ['429', 429, /answered 429/u, /limits its callers/u, 4],
    ['503', 503, /answered 503/u, /look at its log/u, 4],
  ])('that stays (%s) ends with the cure', async (_, status, message, help, calls) => {
    for (let index = 0; index < 9; index += 1)
      server.faults.push((response) => response.writeHead(status).end('{"message": "no"}'));
    const asking = client.findNewestRun('churn-training');
    await expect(asking).rejects.toThrow(message);
    await expect(asking).rejects.toMatchObject({ help: expect.stringMatching(help) });
    await expect(asking).rejects.toThrow(WorldError);
    expect(server.requests).toHaveLength(calls);
  });

  it('that is no MLflow server is told from one', async () => {
    server.faults.push((response) => response.writeHead(200).end('<html>'));
    await expect(client.findNewestRun('churn-training')).rejects.toThrow(/is not JSON/u);
  });

  it('that cannot be reached, or sends elsewhere, is the world’s fault', async () => {
    for (let index = 0; index < 4; index += 1)
      server.faults.push((response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    await expect(client.findNewestRun('churn-training')).rejects.toThrow(/the connection to MLflow failed/u);
    const nobody = connectMlflow({ MLFLOW_TRACKING_URI: 'http://127.0.0.1:1' }, 1);
    await expect(nobody.findNewestRun('x')).rejects.toThrow(/the connection to MLflow failed/u);
  });
});
