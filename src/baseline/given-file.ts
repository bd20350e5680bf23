import { checkCandidate } from './check-candidate.ts';
import { findNothing, type Resort } from './resort.ts';

/** Evidence in a file of the repository, as the config names it. `read` throws a UserError where there is none. */
export function openGivenFile(path: string, read: (path: string) => Promise<string>): Resort {
  return {
    rung: 'file',
    whenUnreachable: 'fail',
    look: async () => {
      const candidate = checkCandidate(await read(path), `\`${path}\``, undefined, {});
      if (candidate.kind === 'refused') return findNothing(candidate.reason);
      const { evidence } = candidate;
      const { commit } = evidence.source;
      const details = { path, ...(commit === undefined ? {} : { commit }) };
      return { kind: 'found', evidence, outcomes: new Map(), details };
    },
  };
}
