/** Plays back what a real MLflow server answered (recorded.json, written by record.py): **fixture**. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import recorded from './recorded.json' with { type: 'json' };
import { readBody, startServer } from '../http-server.ts';

export interface RecordedMlflow {
  readonly url: string;
  /** The run that was recorded. */
  readonly run: string;
  /** What was asked, with the credentials. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  /** What happens instead of the next answers. */
  readonly faults: ((response: ServerResponse) => void)[];
  readonly close: () => Promise<void>;
}

export async function startRecordedMlflow(): Promise<RecordedMlflow> {
  const requests: RecordedMlflow['requests'] = [];
  const faults: RecordedMlflow['faults'] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    requests.push({ path, authorization: request.headers.authorization });
    const body = (await readBody(request)).toString('utf8');
    const fault = faults.shift();
    if (fault !== undefined) {
      fault(response);
      return;
    }
    const found = recorded.answers.find(
      ({ path: asked, body: sent }) =>
        decodeURIComponent(asked) === decodeURIComponent(path) &&
        (sent === null || JSON.stringify(sent) === body),
    );
    response.writeHead(found?.status ?? 404).end(found?.text ?? '');
  };
  const server = await startServer((request, response) => void answer(request, response));
  return { url: server.url, run: recorded.run, requests, faults, close: () => server.close() };
}
