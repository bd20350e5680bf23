import { EXIT_CODES, UserError } from '../../evidence/errors.ts';
import { JSON_OPTION, type Command } from '../command.ts';
import { PROFILE_OUTPUT_OPTION, showProfile } from '../profile/show-profile.ts';

export const profileMergeCommand: Command = {
  name: 'profile merge',
  summary: 'Merge profiles of parts of a table into the profile of the whole.',
  details: [
    'Counts, extremes, quantiles, bins and frequent values are those that the whole table would have. Of columns that look personal only the number of different values is lost.',
  ],
  positionals: [
    {
      name: 'PROFILE',
      description: 'Files that `mlgate profile` wrote: two or more.',
      required: true,
      variadic: true,
    },
  ],
  options: { output: PROFILE_OUTPUT_OPTION, json: JSON_OPTION },
  examples: ['mlgate profile merge monday.json tuesday.json --output week.json'],
  run: async (arguments_, context) => {
    const [first, ...others] = arguments_.positionals;
    if (first === undefined || others.length === 0) {
      throw new UserError('`mlgate profile merge` needs two profiles or more.');
    }
    const { readProfileFile } = await import('../../chain/data/profile-file.ts');
    const { mergeTables, MergeError } = await import('../../data/profile/merge-summaries.ts');
    const { buildProfile } = await import('../../data/profile/build-profile.ts');
    const start = await readProfileFile(context.cwd, first);
    let { summary } = start;
    for (const path of others) {
      const next = await readProfileFile(context.cwd, path);
      try {
        summary = mergeTables(summary, next.summary);
      } catch (error) {
        if (!(error instanceof MergeError)) throw error;
        throw new UserError(`${path} cannot be merged with ${first}: ${error.message}.`, {
          help: 'Profiles are merged that one version of mlgate made of parts of one table, with one data schema.',
          cause: error,
        });
      }
    }
    const name = start.profile.dataset;
    const told = `${name}, merged with ${others.length} more,`;
    const merged = { name, summary, profile: buildProfile(told, summary) };
    await showProfile(merged, arguments_, context);
    return EXIT_CODES.pass;
  },
};
