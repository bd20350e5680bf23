/**
 * What the gates get wrong, when the truth is known: false alarms (`fail` though the candidate is not worse by more than
 * the margin), misses (`pass` though it is worse by the margin) and inconclusives, of mlgate and of the rules that others
 * use. Accuracy is enumerated exactly over both kinds of flips; other metrics are simulated, evalsig and noisecheck too.
 *
 *     node bench/gates.ts [--runs 500] [--only accuracy,auc,peers] [--write]
 *
 * The exit code is 1 if an error rate of mlgate is above its nominal one (by more than the simulation's own
 * uncertainty). --write keeps the numbers in bench/results/gates.json, from which bench/draw-error-rates.ts draws.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawBinomial } from '../src/statistics/multinomial.ts';
import { streamOf } from '../src/metrics/stream-of.ts';
import type { PairedCounts } from '../src/statistics/paired-proportions.ts';
import { askPeers, PEERS } from './gates/ask-peers.ts';
import { enumerateRates, tableOf, type Rates, type ShareTruth } from './gates/enumerate.ts';
import { decideByMlgate, type Decision } from './gates/gate.ts';
import { outcomesOfCounts } from './gates/outcomes.ts';
import { spellResults, type ErrorRates, type Triple } from './gates/results.ts';
import { SHARE_RULES } from './gates/rules.ts';
import { SCENARIOS } from './gates/scenarios.ts';
import { exceeds, simulate } from './gates/simulate.ts';
import { preparePython } from './python.ts';

const ALPHA = 0.05;
const RESAMPLES = 2000;
const SEED = 20_261_121;
const ACCURACY = 0.85;

/** Largest n at which slow rules are enumerated. */
const LARGEST_BOOTSTRAPPED = 1000;

const SHARE_SIZES = [50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;
const SHARE_MARGINS = [0.01, 0.02, 0.05] as const;
const ONLY_CANDIDATE = [0, 0.01, 0.05] as const;
const SIMULATED_SIZES = [50, 200, 1000, 10_000] as const;
const PEER_SIZES = [50, 100, 200, 500, 1000] as const;
const PEER_MARGIN = 0.02;
const PEER_ONLY_CANDIDATE = 0.01;

/** What exact rates may be above nominal: the tables that the enumeration leaves out. */
const ENUMERATION_ERROR = 1e-6;

const RESULTS = join(import.meta.dirname, 'results');

function toTriple(rates: Rates, runs = 1): Triple {
  const round = (count: number): number => Number((count / runs).toFixed(5));
  return [round(rates.pass), round(rates.fail), round(rates.inconclusive)];
}

const asPercent = (share: number): string => (share * 100).toFixed(1);
const spell = ([pass, fail, inconclusive]: Triple): string =>
  `${asPercent(pass)} / ${asPercent(fail)} / ${asPercent(inconclusive)}`;

/** The nominal rates of a world: at the margin both claims are as false as can be, elsewhere one of them is false. */
function isBroken(loss: number, margin: number, isAbove: (decision: 'pass' | 'fail') => boolean): boolean {
  return (loss >= margin && isAbove('pass')) || (loss <= margin && isAbove('fail'));
}

function enumerateShares(broken: string[]): ErrorRates['shares'] {
  const worlds = SHARE_MARGINS.flatMap((margin) =>
    ONLY_CANDIDATE.flatMap((onlyCandidate) =>
      [0, margin].flatMap((loss) => SHARE_SIZES.map((n) => ({ margin, onlyCandidate, loss, n }))),
    ),
  );
  return worlds.map(({ margin, onlyCandidate, loss, n }) => {
    const truth: ShareTruth = { n, onlyCandidate, onlyBaseline: onlyCandidate + loss, accuracy: ACCURACY };
    const own = enumerateRates(truth, (table) =>
      decideByMlgate(outcomesOfCounts(table), {
        metric: 'accuracy',
        margin,
        alpha: ALPHA,
        resamples: RESAMPLES,
        seed: SEED,
      }),
    );
    if (isBroken(loss, margin, (decision) => own[decision] > ALPHA + ENUMERATION_ERROR)) {
      broken.push(
        `accuracy, margin ${margin}, n ${n}, worse by ${loss}, flips ${onlyCandidate}: ${spell(toTriple(own))}`,
      );
    }
    const others = SHARE_RULES.filter(({ id }) => id !== 'paired-bootstrap' || n <= LARGEST_BOOTSTRAPPED).map(
      ({ id, decide }) => [id, toTriple(enumerateRates(truth, (table) => decide(table, margin)))] as const,
    );
    console.log(
      `accuracy margin ${margin} flips ${onlyCandidate} worse by ${loss} n ${n}: ${spell(toTriple(own))}`,
    );
    return {
      margin,
      onlyCandidate,
      loss,
      n,
      rates: { mlgate: toTriple(own), ...Object.fromEntries(others) },
    };
  });
}

function simulateOthers(
  runs: number,
  isWanted: (id: string) => boolean,
  broken: string[],
): ErrorRates['simulated'] {
  const worlds = SCENARIOS.filter(({ id }) => isWanted(id)).flatMap((scenario) =>
    [0, scenario.margin].flatMap((loss) => SIMULATED_SIZES.map((n) => ({ scenario, loss, n }))),
  );
  return worlds.map(({ scenario, loss, n }) => {
    const { id, metric, margin, about, openBecause } = scenario;
    const drawn = loss === 0 ? Math.ceil(runs / 4) : runs;
    const counts = simulate({
      scenario,
      n,
      loss,
      runs: drawn,
      alpha: ALPHA,
      resamples: RESAMPLES,
      seed: SEED,
    });
    const own = counts['mlgate'] ?? { pass: 0, fail: 0, inconclusive: 0 };
    if (
      openBecause === undefined &&
      isBroken(loss, margin, (decision) => exceeds(own[decision], drawn, ALPHA))
    ) {
      broken.push(`${id}, margin ${margin}, n ${n}, worse by ${loss}: ${spell(toTriple(own, drawn))}`);
    }
    console.log(`${id} margin ${margin} worse by ${loss} n ${n}: ${spell(toTriple(own, drawn))}`);
    const rates = Object.fromEntries(
      Object.entries(counts).map(([rule, cell]) => [rule, toTriple(cell, drawn)]),
    );
    return {
      id,
      metric,
      margin,
      about,
      ...(openBecause === undefined ? {} : { openBecause }),
      loss,
      n,
      runs: drawn,
      rates,
    };
  });
}

function drawTables(truth: ShareTruth, runs: number): readonly PairedCounts[] {
  const random = streamOf(SEED, `tables ${truth.n} ${truth.onlyBaseline}`);
  return Array.from({ length: runs }, () => {
    const better = drawBinomial(random, truth.n, truth.onlyCandidate);
    const worse = drawBinomial(random, truth.n - better, truth.onlyBaseline / (1 - truth.onlyCandidate));
    return tableOf(truth, better, worse);
  });
}

/** The real packages on drawn tables; each different table is asked about once. */
async function simulatePeers(python: string, runs: number): Promise<ErrorRates['peers']> {
  const results: ErrorRates['peers'][number][] = [];
  for (const loss of [0, PEER_MARGIN]) {
    for (const n of PEER_SIZES) {
      const truth = {
        n,
        onlyCandidate: PEER_ONLY_CANDIDATE,
        onlyBaseline: PEER_ONLY_CANDIDATE + loss,
        accuracy: ACCURACY,
      };
      const counted = new Map<string, { readonly table: PairedCounts; times: number }>();
      for (const table of drawTables(truth, runs)) {
        const key = `${table.onlyFirst} ${table.onlySecond}`;
        const known = counted.get(key);
        if (known === undefined) counted.set(key, { table, times: 1 });
        else known.times += 1;
      }
      const different = [...counted.values()];
      const answers = await askPeers(
        python,
        different.map(({ table }) => ({ table, margin: PEER_MARGIN })),
      );
      const rates = PEERS.map((peer) => {
        const counts: Record<Decision, number> = { pass: 0, fail: 0, inconclusive: 0 };
        different.forEach(({ times }, position) => {
          const answer = answers[position]?.[peer];
          if (answer !== undefined) counts[answer] += times;
        });
        console.log(
          `${peer} margin ${PEER_MARGIN} worse by ${loss} n ${n}: ${spell(toTriple(counts, runs))}`,
        );
        return [peer, toTriple(counts, runs)] as const;
      });
      results.push({
        margin: PEER_MARGIN,
        onlyCandidate: PEER_ONLY_CANDIDATE,
        loss,
        n,
        runs,
        rates: Object.fromEntries(rates),
      });
    }
  }
  return results;
}

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const runs = Number(options.runs);
const wanted = options.only?.split(',');
const isWanted = (id: string): boolean => wanted?.includes(id) ?? true;
const broken: string[] = [];
console.log('share of test sets with pass / fail / inconclusive, in percent');
const results: ErrorRates = {
  alpha: ALPHA,
  resamples: RESAMPLES,
  seed: SEED,
  accuracy: ACCURACY,
  rules: Object.fromEntries(SHARE_RULES.map(({ id, about }) => [id, about])),
  shares: isWanted('accuracy') ? enumerateShares(broken) : [],
  simulated: simulateOthers(runs, isWanted, broken),
  peers: isWanted('peers') ? await simulatePeers(preparePython(), runs) : [],
};

if (options.write) {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'gates.json'), spellResults(results));
}
console.log(
  broken.length === 0
    ? `every error rate is at most ${ALPHA}, within the simulation's own interval`
    : `ABOVE NOMINAL (${ALPHA}):\n${broken.join('\n')}`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
