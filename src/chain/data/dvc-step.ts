import { ANOMALIES } from '../../data/anomalies.ts';
import { findDvcEntry, type DvcEntry } from '../../platform/dvc-files/find-dvc-entry.ts';
import { hasDigest } from '../../platform/dvc-files/open-dvc-object.ts';
import type { Check } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS, type Findings } from '../findings.ts';
import type { DatasetRequest } from './dataset-step.ts';

const NAME = 'DVC_DIGEST_MISMATCH' satisfies (typeof ANOMALIES)[number]['name'];

/** Whether a file that DVC tracks holds the bytes that the commit names: what is not in git could be anything. */
export async function dvcStep({ name, dataset }: DatasetRequest, effects: ChainEffects): Promise<Findings> {
  const entry = await findDvcEntry(dataset.path, effects.readOptionalText);
  // The listing of a folder is in DVC's cache, which a job that only pulled one file need not have.
  if (entry === undefined || entry.inFolder !== undefined) return NO_FINDINGS;
  const isSame = await hasDigest(await effects.resolvePath(dataset.path), entry.md5);
  return { ...NO_FINDINGS, checks: [describeDigest(name, dataset, entry, isSame)] };
}

function describeDigest(
  name: string,
  { path, severity }: DatasetRequest['dataset'],
  { md5, namedBy }: DvcEntry,
  isSame: boolean,
): Check {
  const frame = {
    id: `data/${name}/${NAME}`,
    name: NAME,
    about: { dataset: name },
    severity,
    expected: `MD5 ${md5}`,
    source: { file: namedBy, key: 'md5' },
  };
  return isSame
    ? { ...frame, verdict: 'pass', message: `${path} holds the bytes that ${namedBy} names.` }
    : {
        ...frame,
        verdict: 'fail',
        violations: 1,
        message: `${path} does not hold the bytes that ${namedBy} names, so what is checked here is not what the commit stands for. Run \`dvc checkout ${path}\`, or \`dvc add\` if the new bytes are meant.`,
      };
}
