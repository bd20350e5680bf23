import type { DataFinding } from '../../schemas/evidence.generated.ts';

/** The names of columns that were found, allowed or not: what is allowed to be there need not be shown. */
export function listPersonal(findings: readonly DataFinding[] = []): ReadonlySet<string> {
  return new Set(findings.flatMap(({ column }) => (column === undefined ? [] : [column])));
}
