import { UserError } from '../evidence/errors.ts';
import type { CommandArguments, OptionDefinition } from './command.ts';
import type { CliContext } from './context.ts';

export const ACTOR_OPTION: OptionDefinition = {
  type: 'string',
  placeholder: 'NAME',
  description: 'Who asks. Default: $GITHUB_ACTOR, or else $USER.',
};

/** Who stands behind a command that is put on record. */
export function findActor(
  arguments_: CommandArguments,
  { environment }: Pick<CliContext, 'environment'>,
): string {
  const actor =
    arguments_.text('actor') ?? environment['GITHUB_ACTOR'] ?? environment['USER'] ?? environment['USERNAME'];
  if (actor === undefined || actor === '')
    throw new UserError('Nobody knows who asks for this.', { help: 'Say it with --actor NAME.' });
  return actor;
}
