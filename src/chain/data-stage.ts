import type { ParsedConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../config/parse-data-schema.ts';
import { validateData } from '../data/validate-data.ts';
import type { DatasetConfig } from '../schemas/config.generated.ts';
import { beginStep, queryOptions } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { identifyTable, readSource } from './read-source.ts';

/** Every dataset of the config against its schema. */
export async function runDataStage(parsed: ParsedConfig, effects: ChainEffects): Promise<Findings> {
  const parts: Findings[] = [];
  for (const [name, dataset] of Object.entries(parsed.config.data ?? {})) {
    beginStep(effects, `data/${name}`);
    parts.push(await validateOne(name, dataset, effects));
  }
  return mergeFindings(parts);
}

async function validateOne(name: string, dataset: DatasetConfig, effects: ChainEffects): Promise<Findings> {
  const { schema, locate } = parseDataSchema(
    await effects.readText(dataset.schema),
    effects.displayPath(dataset.schema),
  );
  const source = await readSource(dataset, effects);
  // The digest is taken here while the engine's process reads the same file: two cores, one wait.
  const validating = validateData({
    engine: effects.engine,
    dataset: name,
    source,
    displayPath: effects.evidencePath(dataset.path),
    schema,
    examples: dataset.examples,
    severity: dataset.severity,
    locateSchema: (path) => ({ ...locate(path), file: effects.evidencePath(dataset.schema) }),
    ...queryOptions(effects),
  });
  const [identity, result] = await settleBoth(identifyTable(dataset.path, effects), validating);
  const size = {
    ...(result.rows === undefined ? {} : { rows: result.rows }),
    ...(result.columns === undefined ? {} : { columns: result.columns }),
  };
  return {
    ...NO_FINDINGS,
    checks: result.checks,
    inputs: [
      {
        role: 'dataset',
        name,
        path: dataset.path,
        ...identity,
        ...(result.format === undefined ? {} : { format: result.format }),
        ...size,
      },
      { role: 'data-schema', name, path: dataset.schema, ...(await effects.identifyFile(dataset.schema)) },
    ],
  };
}

/** Both, or the first one's failure before the second's: which of two failures is told must not depend on a race. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return [one.value, other.value];
}
