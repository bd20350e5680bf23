/** A profile told and written: for people, as JSON, and as a file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { explainWriteFailure } from '../../chain/explain-write-failure.ts';
import { printProfile } from '../../data/profile/profile-file.ts';
import type { ProfiledTable } from '../../data/profile/profile-table.ts';
import { renderDetails } from '../../report/terminal/render-terminal.ts';
import { listProfiles } from '../../report/view/details/profiles.ts';
import type { CommandArguments, OptionDefinition } from '../command.ts';
import type { CliContext } from '../context.ts';

export const PROFILE_OUTPUT_OPTION: OptionDefinition = {
  type: 'string',
  short: 'o',
  placeholder: 'PROFILE',
  description: 'The profile to write: a JSON file.',
};

export interface NamedProfile extends ProfiledTable {
  readonly name: string;
}

export async function showProfile(
  { name, summary, profile }: NamedProfile,
  arguments_: CommandArguments,
  { cwd, print, color, width }: CliContext,
): Promise<void> {
  const text = printProfile(name, summary);
  const output = arguments_.text('output');
  if (output !== undefined) await write(resolve(cwd, output), output, text);
  if (arguments_.flag('json')) print(text);
  else {
    print(renderDetails(listProfiles({ profiles: [profile] }), { color, width }));
    if (output !== undefined) print(`Wrote ${output}.\n`);
  }
}

async function write(target: string, named: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  } catch (error) {
    throw explainWriteFailure(error, named);
  }
}
