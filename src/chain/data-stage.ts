import type { BaselineFound } from '../baseline/find-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { readingOf } from '../data/cell-reading.ts';
import type { DatasetConfig } from '../schemas/config.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import type { DatasetRequest, DatasetStep } from './data/dataset-step.ts';
import { validateStep } from './data/validate-step.ts';
import { mergeFindings, type Findings } from './findings.ts';
import { readDataSchema } from './read-data-schema.ts';
import { readSource } from './read-source.ts';

/** What is looked at beyond the schema: each only where the config asks for it, and loaded only then. */
const STEPS: readonly {
  readonly isAsked: (dataset: DatasetConfig) => boolean;
  readonly load: () => Promise<DatasetStep>;
}[] = [
  {
    isAsked: ({ profile }) => profile,
    load: async () => (await import('./data/profile-step.ts')).profileStep,
  },
  // Without a pointer beside it the file is not read again.
  { isAsked: () => true, load: async () => (await import('./data/dvc-step.ts')).dvcStep },
  // What main recorded is at hand where a profile was asked for: edges are main's.
  {
    isAsked: ({ profile }) => profile,
    load: async () => (await import('./data/schema-change-step.ts')).schemaChangeStep,
  },
  {
    isAsked: ({ drift }) => drift !== undefined,
    load: async () => (await import('./data/drift-step.ts')).driftStep,
  },
  {
    isAsked: ({ skew }) => skew !== undefined,
    load: async () => (await import('./data/drift-step.ts')).skewStep,
  },
  {
    isAsked: ({ leakage }) => leakage !== undefined,
    load: async () => (await import('./data/leakage-step.ts')).leakageStep,
  },
  {
    isAsked: ({ integrity }) => integrity !== undefined,
    load: async () => (await import('./data/integrity-step.ts')).integrityStep,
  },
  {
    isAsked: ({ privacy }) => privacy !== undefined,
    load: async () => (await import('./data/privacy-step.ts')).privacyStep,
  },
  {
    isAsked: ({ diff }) => diff !== undefined,
    load: async () => (await import('./data/diff-step.ts')).diffStep,
  },
];

/** Every dataset of the config against its schema, and what else the config asks of it. */
export async function runDataStage(
  parsed: ParsedConfig,
  findBaseline: () => Promise<BaselineFound>,
  effects: ChainEffects,
): Promise<Findings> {
  const parts: Findings[] = [];
  for (const [name, dataset] of Object.entries(parsed.config.data ?? {})) {
    beginStep(effects, `data/${name}`);
    parts.push(await inspectOne({ name, dataset, parsed, findBaseline }, effects));
  }
  return mergeFindings(parts);
}

async function inspectOne(
  named: Pick<DatasetRequest, 'name' | 'dataset' | 'parsed' | 'findBaseline'>,
  effects: ChainEffects,
): Promise<Findings> {
  const { dataset } = named;
  const { schema, locate, referred } = await readDataSchema(dataset.schema, effects);
  const source = await readSource({ ...dataset, cells: readingOf(schema) }, effects);
  const described = { ...named, schema, locateSchema: locate, referred, source };
  const asked = { ...described, ...(await findPersonal(described, effects)) };
  const { findings, readable, profile } = await validateStep(asked, effects);
  let profiled = profile === undefined ? undefined : Promise.resolve(profile);
  const request: DatasetRequest = {
    ...asked,
    readable,
    profile: async () =>
      (profiled ??= import('./data/profile-step.ts').then(async ({ profileDataset }) =>
        profileDataset(asked, effects),
      )),
  };
  const parts = [findings];
  for (const { isAsked, load } of STEPS) {
    if (!isAsked(dataset)) continue;
    const step = await load();
    parts.push(await step(request, effects));
  }
  return mergeFindings(parts);
}

/** Which columns are personal is known before anything of the data is shown. */
async function findPersonal(
  asked: Omit<DatasetRequest, 'readable' | 'profile' | 'personal'>,
  effects: ChainEffects,
): Promise<Pick<DatasetRequest, 'personal'>> {
  if (asked.dataset.privacy === undefined) return {};
  const { measurePersonal } = await import('./data/privacy-step.ts');
  const personal = await measurePersonal(asked, effects);
  return personal === undefined ? {} : { personal };
}
