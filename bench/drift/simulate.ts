/** How often each rule raises an alarm over pairs of tables from a known world. */
import { judgeColumns } from '../../src/data/drift/judge-columns.ts';
import { judgeDrift } from '../../src/data/drift/judge-drift.ts';
import type { DriftGate } from '../../src/data/drift/list-drift-gates.ts';
import { measureDrift } from '../../src/data/drift/measure-drift.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';
import { buildProfile } from '../../test/helpers/build-profile.ts';
import { PEER_RULES } from './rules.ts';
import { drawTable, type Table } from './worlds.ts';

export interface World {
  readonly rows: number;
  readonly referenceRows: number;
  readonly columns: number;
  /** By how many standard deviations the first column is moved. */
  readonly shift: number;
}

export interface Simulated {
  readonly runs: number;
  /** Tables in which any column raised an alarm; of a shifted one, in which that column did. By rule. */
  readonly alarms: Readonly<Record<string, number>>;
  /** Tables of which mlgate said that too few rows decide. */
  readonly undecided: number;
}

const GATE: DriftGate = {
  dataset: 'table',
  comparator: 'drift',
  against: { kind: 'baseline', name: 'main' },
  columns: new Map(),
  excluded: new Set(),
  roles: new Map(),
  maxShare: 0.3,
  falseDiscoveryRate: 0.01,
  multivariate: false,
  severity: 'fail',
  source: { file: 'mlgate.yml', key: 'data.table.drift' },
};

export const OWN = 'mlgate';

/** Names of the columns that mlgate calls drifted with its defaults, and whether it calls the table undecided. */
function decideByMlgate(reference: Table, current: Table) {
  const before = buildProfile(reference);
  const now = buildProfile(current, before);
  const drift = measureDrift({ gate: GATE, against: GATE.against, current: now, reference: before });
  const judged = judgeColumns(drift.columns, GATE, drift);
  const drifted = judged.filter(({ verdict }) => verdict === 'fail').map(({ found }) => found.column);
  const [whole] = judgeDrift({ drifts: [drift], gates: [GATE], baseline: undefined });
  return { drifted: new Set(drifted), isUndecided: whole?.verdict === 'inconclusive' };
}

/** Runs of one world; the same seed and world give the same tables, whatever else is simulated. */
export function simulateWorld(world: World, runs: number, seed: number): Simulated {
  const { rows, referenceRows, columns, shift } = world;
  const random = streamOf(seed, `drift ${rows} ${referenceRows} ${columns} ${shift}`);
  const alarms: Record<string, number> = {};
  let undecided = 0;
  for (let run = 0; run < runs; run++) {
    const reference = drawTable(random, referenceRows, columns);
    const current = drawTable(random, rows, columns, shift);
    const watched = shift === 0 ? Object.keys(current) : Object.keys(current).slice(0, 1);
    const own = decideByMlgate(reference, current);
    if (own.isUndecided) undecided += 1;
    const called = [
      [OWN, watched.some((name) => own.drifted.has(name))] as const,
      ...PEER_RULES.map(
        ({ id, isDrifted }) =>
          [id, watched.some((name) => isDrifted(reference[name] ?? [], current[name] ?? []))] as const,
      ),
    ];
    for (const [id, isAlarm] of called) alarms[id] = (alarms[id] ?? 0) + (isAlarm ? 1 : 0);
  }
  return { runs, alarms, undecided };
}
