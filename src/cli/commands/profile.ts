import { EXIT_CODES } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command, type CommandArguments } from '../command.ts';
import type { CliContext } from '../context.ts';
import { PROFILE_OUTPUT_OPTION, showProfile, type NamedProfile } from '../profile/show-profile.ts';
import { createProgress } from '../progress.ts';
import { readSchema } from '../read-schema.ts';
import { DEFAULT_ENGINE, withCliEngine } from '../session.ts';
import { FORMAT_OPTION, readFormat, TABLE_POSITIONAL } from '../table-format.ts';

export const profileCommand: Command = {
  name: 'profile',
  summary: 'Show what a table holds: types, gaps, different values, quantiles, shapes, frequent values.',
  details: [
    'With --output the profile is written in a form that merges (`mlgate profile merge`) and that stands in for the data: drift can be measured against it. Columns whose names say that they are personal are only counted.',
    'With --against the bins of an earlier profile are used again, so that the two can be compared bin by bin.',
  ],
  positionals: [TABLE_POSITIONAL],
  options: {
    schema: {
      type: 'string',
      short: 's',
      placeholder: 'SCHEMA',
      description:
        'The data schema of FILE, which says the types of its columns. Without it they are guessed.',
    },
    against: { type: 'string', placeholder: 'PROFILE', description: 'A profile whose bins are used again.' },
    output: PROFILE_OUTPUT_OPTION,
    format: FORMAT_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    'mlgate profile data/customers.csv',
    'mlgate profile data/customers.parquet --output profiles/customers.json',
  ],
  run: async (arguments_, context) => {
    await showProfile(await profile(arguments_, context), arguments_, context);
    return EXIT_CODES.pass;
  },
};

async function profile(arguments_: CommandArguments, context: CliContext): Promise<NamedProfile> {
  const [file = ''] = arguments_.positionals;
  const { cwd, signal } = context;
  const { nameDataset, profileFile, readProfileFile } = await import('../../chain/data/profile-file.ts');
  const against = arguments_.text('against');
  const frozen = against === undefined ? undefined : (await readProfileFile(cwd, against)).profile;
  const schemaPath = arguments_.text('schema');
  const schema = schemaPath === undefined ? undefined : await readSchema(schemaPath, cwd);
  const format = readFormat(arguments_);
  const { onStep, onProgress, end } = createProgress(context);
  onStep('profile');
  const work = withCliEngine(
    context,
    DEFAULT_ENGINE,
    async (engine) =>
      await profileFile({
        engine,
        cwd,
        file,
        signal,
        onProgress,
        ...(format === undefined ? {} : { format }),
        ...(schema === undefined ? {} : { schema }),
        ...(frozen === undefined ? {} : { frozen }),
      }),
  );
  return { name: nameDataset(file), ...(await work.finally(end)) };
}
