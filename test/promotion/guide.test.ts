/** The commands that docs/guides/promotion.md gives to an auditor, run as they stand there. */
import { execFile, spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEDGER_FILE, LEDGER_REF } from '../../src/promotion/ledger-store.ts';
import { promote } from '../../src/promotion/promote.ts';
import {
  cloneRepository,
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { CONTEXT, DIGEST, evidenceOf, makeEffects, openTestStore, OTHER_DIGEST, REQUEST } from './cases.ts';

/** jq is on GitHub's runners, and not on every laptop. */
const HAS_TOOLS = ['jq', 'sha256sum'].every((tool) => spawnSync(tool, ['--version']).status === 0);
const GUIDE = join(import.meta.dirname, '../../docs/guides/promotion.md');

/** The blocks of shell commands under the heading, in order. */
async function readCommands(): Promise<readonly string[]> {
  const text = await readFile(GUIDE, 'utf8');
  const section =
    text.split('\n## ').find((part) => part.startsWith('Verify the ledger without mlgate')) ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code = '']) => code);
}

describe('the guide', () => {
  it('names every code of a refusal and of a warning', async () => {
    const guide = await readFile(GUIDE, 'utf8');
    const sources = [
      'gate',
      'judge-request',
      'judge-evidence',
      'judge-version',
      'choose-evidence',
      'find-rewriting',
    ];
    const texts = await Promise.all(
      sources.map((name) => readFile(join(import.meta.dirname, `../../src/promotion/${name}.ts`), 'utf8')),
    );
    const codes = [
      ...new Set(
        [...texts.join('\n').matchAll(/^\s+(?:code: )?'([a-z]+(?:-[a-z]+)+)',$/gm)].map(([, code]) => code),
      ),
    ];
    expect(codes.length).toBeGreaterThan(25);
    expect(codes.filter((code) => !guide.includes(`\`${code ?? ''}\``))).toEqual([]);
  });
});

describe.skipIf(!HAS_TOOLS && process.env['CI'] === undefined)(
  'an auditor with git, jq and sha256sum (needs them)',
  () => {
    let origin = '';
    let clone: GitWorkspace;

    beforeAll(async () => {
      origin = await createBareRepository();
      const workspace = await createGitWorkspace({ origin });
      const commits = [
        await workspace.commit({ model: '1' }),
        await workspace.commit({ model: '2' }),
      ] as const;
      await workspace.push();
      const store = openTestStore(workspace, 'origin');
      const effects = makeEffects(store, [
        evidenceOf(commits[0], DIGEST),
        evidenceOf(commits[1], OTHER_DIGEST),
      ]);
      await promote({ ...REQUEST, reason: 'Überfällig: “naïve” 🚀 \\ "x".' }, CONTEXT, effects);
      await promote({ ...REQUEST, version: '1.1.0' }, { ...CONTEXT, subject: OTHER_DIGEST }, effects);
      await workspace.remove();
      clone = await cloneRepository(origin);
    });

    afterAll(async () => {
      await clone.remove();
      await rm(origin, { recursive: true, force: true });
    });

    async function run(code: string | undefined): Promise<string> {
      const { stdout } = await promisify(execFile)('sh', ['-c', code ?? ''], { cwd: clone.directory });
      return stdout;
    }

    /** Runs the checks (not the fetch before them, nor the list after) over a changed ledger. */
    async function check(change: (lines: string[]) => readonly string[]): Promise<readonly string[]> {
      const [fetch, hashes, chain, tags] = await readCommands();
      await run(fetch);
      const path = join(clone.directory, LEDGER_FILE);
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      await writeFile(path, `${change(lines).join('\n')}\n`);
      return [await run(hashes), await run(chain), await run(tags)];
    }

    it('finds nothing wrong with a ledger as mlgate wrote it', async () => {
      expect(await check((lines) => lines)).toEqual(['', '', '']);
      const list = (await run((await readCommands())[4])).trimEnd().split('\n');
      expect(list).toHaveLength(2);
      expect(list[1]).toContain(
        `churn\tproduction\t1.1.0\t${OTHER_DIGEST.slice(0, 12)}\toctocat\tWeekly release.`,
      );
    });

    it('finds a changed entry, an entry that is gone and a ledger that was shortened', async () => {
      const changed = await check((lines) => lines.with(2, (lines[2] ?? '').replace('Weekly', 'Hourly')));
      expect(changed).toEqual(['entry 3 was changed\n', '', '']);
      const gone = await check((lines) => lines.toSpliced(1, 1));
      expect(gone[1]).toBe(
        'entry 3 does not follow the one before\nentry 4 does not follow the one before\n',
      );
      const shortened = await check((lines) => lines.slice(0, 2));
      expect(shortened).toEqual([
        '',
        '',
        'the tag churn#production#2 does not fit the ledger\nthe tag churn@v1.1.0 does not fit the ledger\n',
      ]);
    });

    it('has the branch that the guide names', async () => {
      expect(await runGit(origin, ['cat-file', '-e', `${LEDGER_REF}:${LEDGER_FILE}`])).toBe('');
    });
  },
);
