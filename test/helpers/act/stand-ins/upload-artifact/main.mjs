import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

// act copies this folder away from the repository: the harness says where the toolkit is.
const { DefaultArtifactClient } = await import(process.env.MLGATE_TEST_ARTIFACT_CLIENT);

function listFiles(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => listFiles(join(path, name)));
}

const paths = process.env.INPUT_PATH.split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')
  .map((line) => resolve(line));
// As the real action: one path is the root itself (or a file's folder); of several it is the workspace.
const single = paths.length === 1 ? paths[0] : undefined;
const root = single === undefined ? process.cwd() : statSync(single).isDirectory() ? single : dirname(single);
await new DefaultArtifactClient().uploadArtifact(process.env.INPUT_NAME, paths.flatMap(listFiles), root);
