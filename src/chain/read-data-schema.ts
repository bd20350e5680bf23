import { posix } from 'node:path';
import { loadDataSchema, type LoadedDataSchema } from '../config/load-data-schema.ts';
import { UserError } from '../evidence/errors.ts';
import type { Input } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';

type SchemaEffects = Pick<ChainEffects, 'readText' | 'displayPath' | 'besidePath'>;

/** A data schema that a config names, with the files that it refers to: those, too, inside the config's folder. */
export async function readDataSchema(path: string, effects: SchemaEffects): Promise<LoadedDataSchema> {
  const named = effects.displayPath(path);
  return await loadDataSchema(await effects.readText(path), named, async (other) => {
    try {
      return await effects.readText(effects.besidePath(path, other));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${named} refers to ${JSON.stringify(other)}: ${error.message}`, {
        help: 'A reference is a path from the file that it stands in, and stays inside the folder of the config.',
        cause: error.cause,
      });
    }
  });
}

/** The files that a data schema is made of as inputs of evidence: its own first. */
export async function identifyDataSchema(
  name: string,
  path: string,
  { referred }: Pick<LoadedDataSchema, 'referred'>,
  effects: Pick<ChainEffects, 'identifyFile' | 'besidePath'>,
): Promise<readonly Input[]> {
  const own: Input = { role: 'data-schema', name, path, ...(await effects.identifyFile(path)) };
  const others: Input[] = [];
  for (const { file } of referred) {
    const identity = await effects.identifyFile(effects.besidePath(path, file));
    others.push({ role: 'data-schema', name, path: referredPath(path, file), ...identity });
  }
  return [own, ...others];
}

/** What evidence calls a file that a data schema refers to. */
export function referredPath(schema: string, file: string): string {
  return posix.join(posix.dirname(schema), file);
}
