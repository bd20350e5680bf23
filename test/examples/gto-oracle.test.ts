/**
 * The real `gto` reads our tags as we do: names, and who holds which stage after promotions and after histories that
 * people make by hand. Without Python this is skipped on a laptop and is a failure in CI.
 */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGtoTag, printGtoTag } from '../../src/promotion/gto-tags.ts';
import { promote } from '../../src/promotion/promote.ts';
import { currentStage, type RegistryTag } from '../../src/promotion/registry.ts';
import { createGitWorkspace, runGit, type GitWorkspace } from '../helpers/git-repository.ts';
import {
  CONTEXT,
  DIGEST,
  evidenceOf,
  makeEffects,
  openTestStore,
  OTHER_DIGEST,
  REQUEST,
} from '../promotion/cases.ts';
import { gtoTags } from '../promotion/gto-arbitraries.ts';
import { findPython, prepareEnvironment } from './python.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ENVIRONMENT = join(ROOT, 'node_modules', '.cache', 'mlgate', 'venv-gto');
const python = findPython();
const inCi = process.env['CI'] === 'true';
const why = python.kind === 'missing' && !inCi ? ` (skipped: ${python.reason})` : '';

describe.skipIf(python.kind === 'missing' && !inCi)(`gto${why}`, () => {
  let interpreter = '';
  let workspace: GitWorkspace;

  beforeAll(async () => {
    if (python.kind === 'missing') throw new Error(`In CI gto must be asked: it ${python.reason}.`);
    interpreter = await prepareEnvironment(
      python,
      join(import.meta.dirname, 'gto-requirements.txt'),
      ENVIRONMENT,
    );
    workspace = await createGitWorkspace();
  });

  afterAll(async () => {
    await workspace.remove();
  });

  /** What `gto show` says: for each model, its stages and the version that holds each. */
  function show(): Readonly<Record<string, { readonly stage: Readonly<Record<string, string | null>> }>> {
    const gto = join(dirname(interpreter), process.platform === 'win32' ? 'gto.exe' : 'gto');
    return JSON.parse(
      execFileSync(gto, ['show', '--json'], { cwd: workspace.directory, encoding: 'utf8' }),
    ) as never;
  }

  it('takes the same names for tags, and reads the same from them', () => {
    const written = fc.sample(gtoTags, { numRuns: 500, seed: 7 }).map(printGtoTag);
    const pieces = fc.constantFrom(
      '#',
      '@',
      '!',
      '=',
      ':',
      'v1.0.0',
      'v01.0.0',
      'prod',
      'a-',
      '-a',
      '_',
      '.',
      '/',
      '#7',
      '@deprecated',
      '@created',
      '1.0.0-rc.1',
      '+b',
    );
    const texts = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
    const names = [...written, ...fc.sample(texts, { numRuns: 3000, seed: 7 })];
    const input = JSON.stringify(names);
    const script = join(import.meta.dirname, 'gto_names.py');
    const answer = JSON.parse(
      execFileSync(interpreter, [script], { input, encoding: 'utf8' }),
    ) as readonly unknown[];
    const ours = names.map((name) => parseGtoTag(name) ?? null);
    expect(ours.map((tag, index) => ({ name: names[index], tag }))).toEqual(
      answer.map((tag, index) => ({ name: names[index], tag })),
    );
    expect(ours.filter((tag) => tag !== null).length).toBeGreaterThan(500);
  });

  it('shows what was promoted, and a rollback', async () => {
    const commits = [await workspace.commit({ model: '1' }), await workspace.commit({ model: '2' })] as const;
    const store = openTestStore(workspace, undefined);
    const effects = makeEffects(store, [
      evidenceOf(commits[0], DIGEST),
      evidenceOf(commits[1], OTHER_DIGEST),
    ]);
    const second = { ...CONTEXT, subject: OTHER_DIGEST };
    await promote(REQUEST, CONTEXT, effects);
    await nextSecond();
    await promote({ ...REQUEST, version: '1.1.0' }, second, effects);
    await promote({ ...REQUEST, version: '1.1.0', stage: 'staging' }, second, effects);
    expect(show()['churn']?.stage).toEqual({ production: 'v1.1.0', staging: 'v1.1.0' });
    await nextSecond();
    expect((await promote(REQUEST, CONTEXT, effects)).tags).toEqual(['churn#production#4']);
    expect(show()['churn']?.stage).toEqual({ production: 'v1.0.0', staging: 'v1.1.0' });
  });

  it('agrees on who holds a stage, whatever people did', async () => {
    const commits = [
      await workspace.commit({ a: '1' }),
      await workspace.commit({ a: '2' }),
      await workspace.commit({ a: '3' }),
    ];
    const histories = fc.sample(fc.array(events, { minLength: 1, maxLength: 12 }), { numRuns: 25, seed: 7 });
    const expected: Record<string, Record<string, string>> = {};
    for (const [index, history] of histories.entries()) {
      const model = `model${index}`;
      const tags = write(model, commits, history);
      for (const [second, { name, target }] of tags.entries()) await tagAt(name, target, second);
      expected[model] = Object.fromEntries(
        STAGES.flatMap((stage) => {
          const holder = currentStage(tags, model, stage);
          return holder === undefined ? [] : [[stage, `v1.${commits.indexOf(holder.target)}.0`]];
        }),
      );
    }
    const shown = show();
    const found = Object.keys(expected).map((model) => [model, withoutNulls(shown[model]?.stage ?? {})]);
    expect(Object.fromEntries(found)).toEqual(expected);
    expect(Object.values(expected).filter((stages) => Object.keys(stages).length > 0).length).toBeGreaterThan(
      10,
    );
  });

  async function tagAt(name: string, target: string, second: number): Promise<void> {
    const date = `${Date.parse('2026-11-01T00:00:00Z') / 1000 + second} +0000`;
    await runGit(workspace.directory, ['tag', '--annotate', '--message', name, name, target], {
      env: { GIT_COMMITTER_DATE: date },
    });
  }
});

const STAGES = ['dev', 'prod'] as const;

const events = fc.record({
  kind: fc.constantFrom('assign' as const, 'assign' as const, 'unassign' as const, 'deregister' as const),
  stage: fc.constantFrom(...STAGES),
  commit: fc.nat(2),
});

type Event = typeof events extends fc.Arbitrary<infer T> ? T : never;

/** The tags of a history: three versions, then the events that make sense to GTO (it crashes on an unassignment of nothing). */
function write(model: string, commits: readonly string[], history: readonly Event[]): readonly RegistryTag[] {
  const tags: RegistryTag[] = [];
  const add = (name: string, target: string) => {
    const event = parseGtoTag(name);
    if (event === undefined) throw new Error(name);
    tags.push({ name, event, target, mark: undefined });
  };
  for (const [index, commit] of commits.entries()) add(`${model}@v1.${index}.0`, commit);
  const assigned = new Set<string>();
  const withdrawn = new Set<number>();
  for (const [index, { kind, stage, commit }] of history.entries()) {
    const target = commits[commit] ?? '';
    const counter = index + 1;
    if (kind === 'assign') {
      assigned.add(`${stage} ${commit}`);
      add(printGtoTag({ kind, artifact: model, stage, counter }), target);
    } else if (kind === 'unassign' && assigned.has(`${stage} ${commit}`)) {
      add(printGtoTag({ kind, artifact: model, stage, counter }), target);
    } else if (kind === 'deregister' && !withdrawn.has(commit)) {
      withdrawn.add(commit);
      add(printGtoTag({ kind, artifact: model, version: `1.${commit}.0`, counter }), target);
    }
  }
  return tags;
}

function withoutNulls(stages: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(stages).filter(([, version]) => version !== null));
}

/** GTO orders tags by their times, which have whole seconds. */
function nextSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1100));
}
