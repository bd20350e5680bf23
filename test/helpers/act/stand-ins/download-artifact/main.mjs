import { resolve } from 'node:path';

// act copies this folder away from the repository: the harness says where the toolkit is.
const { DefaultArtifactClient } = await import(process.env.MLGATE_TEST_ARTIFACT_CLIENT);

const client = new DefaultArtifactClient();
const { artifact } = await client.getArtifact(process.env.INPUT_NAME);
await client.downloadArtifact(artifact.id, {
  path: resolve(process.env.INPUT_PATH),
  expectedHash: artifact.digest,
});
