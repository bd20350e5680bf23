/** Faults that tests order: answers that are not the real one, dropped connections, and things that happen first. */
import type { Fault, FakeGitHubState } from './state.ts';

/** The next fault for an operation, counted down; undefined if none is ordered. */
export function takeFault(state: FakeGitHubState, operation: string): Fault | undefined {
  const fault = state.faults.find(
    (candidate) => candidate.operation === operation || candidate.operation === '*',
  );
  if (fault === undefined) return undefined;
  fault.times -= 1;
  if (fault.times <= 0) state.faults.splice(state.faults.indexOf(fault), 1);
  return fault;
}
