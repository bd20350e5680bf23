import type { BaselineFound } from '../../baseline/find-baseline.ts';
import type { LoadedDataSchema } from '../../config/load-data-schema.ts';
import type { Locate } from '../../config/parse-document.ts';
import type { ParsedConfig } from '../../config/parse-config.ts';
import type { TableSource } from '../../engine/engine.ts';
import type { DatasetConfig } from '../../schemas/config.generated.ts';
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import type { DataFinding, DatasetProfile } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import type { Findings } from '../findings.ts';

/** One dataset of the config, as every step of its inspection sees it. */
export interface DatasetRequest {
  readonly name: string;
  readonly dataset: DatasetConfig;
  readonly parsed: ParsedConfig;
  readonly schema: DataSchema;
  /** The files that the schema refers to. */
  readonly referred: LoadedDataSchema['referred'];
  /** Where a key of the schema stands. */
  readonly locateSchema: Locate;
  readonly source: TableSource;
  /** Columns with personal data, where `privacy` asks for them and the file is a table. */
  readonly personal?: readonly DataFinding[];
  /** Whether the file is a table at all: where it is not, a step says of each of its checks that it was skipped. */
  readonly readable: boolean;
  /** What the dataset holds, on the edges of main's profile where main has one; gathered once. For a readable table. */
  readonly profile: () => Promise<DatasetProfile>;
  /** What main recorded, looked for when first asked for. */
  readonly findBaseline: () => Promise<BaselineFound>;
}

/** One kind of inspection. A bad finding is a check, not a throw. */
export type DatasetStep = (request: DatasetRequest, effects: ChainEffects) => Promise<Findings>;
