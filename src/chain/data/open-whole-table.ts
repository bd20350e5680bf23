import type { WholeTable } from '../../data/validate-data.ts';
import type { TableSource } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import type { TableReference } from '../../schemas/data-schema.generated.ts';
import type { ConfigSource, Input } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import { identifyTable, readSource } from '../read-source.ts';
import type { DatasetRequest } from './dataset-step.ts';
import { openDataset } from './open-dataset.ts';

type Request = Pick<
  DatasetRequest,
  'name' | 'dataset' | 'schema' | 'parsed' | 'locateSchema' | 'findBaseline'
>;

/** The world around a table, and the files that were opened for it. */
export interface OpenedWorld {
  readonly whole: WholeTable;
  readonly listInputs: () => readonly Input[];
}

/**
 * What rules of a whole table may ask for: the time, other tables, main's record.
 * @throws UserError for an environment that the schema does not know
 */
export function openWholeTable(request: Request, effects: ChainEffects): OpenedWorld {
  const { name, dataset, schema, parsed } = request;
  const { environment } = dataset;
  if (environment !== undefined) {
    refuseUnknown(
      'environment',
      environment,
      Object.keys(schema.dataset.environments ?? {}),
      parsed.locate(['data', name, 'environment']),
    );
  }
  const inputs = new Map<string, Input>();
  const { engine } = effects;
  return {
    whole: {
      now: effects.now(),
      ...(environment === undefined ? {} : { environment }),
      askTable: async (...asked) => await engine.askTable(...asked),
      openTable: async (reference) => await openReference(reference, request, effects, inputs),
      findBaselineRows: async () => {
        const { evidence } = await request.findBaseline();
        const recorded = evidence?.body.inputs.find(
          (input) => input.role === 'dataset' && input.name === name,
        );
        return recorded?.rows;
      },
    },
    listInputs: () => [...inputs.values()],
  };
}

/** A dataset of the config is an input of its own; a file becomes one here. */
async function openReference(
  { dataset, path }: TableReference,
  { name, parsed, locateSchema }: Request,
  effects: ChainEffects,
  inputs: Map<string, Input>,
): Promise<TableSource> {
  if (dataset !== undefined) {
    const datasets = parsed.config.data ?? {};
    refuseUnknown('dataset', dataset, Object.keys(datasets), locateSchema(['dataset']));
    const other = datasets[dataset];
    if (other === undefined) throw new Error(`There is no dataset ${dataset}.`);
    return await openDataset(other, effects);
  }
  if (path === undefined) throw new Error('A reference to no table was opened.');
  const source = await readSource({ path }, effects);
  if (!inputs.has(path)) {
    inputs.set(path, { role: 'referenced-table', name, path, ...(await identifyTable(path, effects)) });
  }
  return source;
}

function refuseUnknown(what: string, name: string, known: readonly string[], source: ConfigSource): void {
  if (known.includes(name)) return;
  const nearest = findNearest(name, known);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  const place = source.line === undefined ? source.file : `${source.file}:${source.line}`;
  throw new UserError(`${place}: \`${source.key}\`: there is no ${what} \`${name}\`.${hint}`, {
    help:
      known.length === 0
        ? `None is described: write it, or take the name out.`
        : `There are: ${known.join(', ')}.`,
  });
}
