import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';

const PLANTED = 'planted-violation.ts';

/** Lints one file that exists only for the moment, in the given room. */
function lintPlanted(
  room: string,
  source: string,
): { readonly status: number | null; readonly output: string } {
  writeFileSync(`src/${room}/${PLANTED}`, source);
  const { status, stdout, stderr } = spawnSync('oxlint', [`src/${room}/${PLANTED}`], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function listRooms(): readonly string[] {
  return readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

afterEach(() => {
  for (const room of listRooms()) rmSync(`src/${room}/${PLANTED}`, { force: true });
});

describe('arrows between rooms', () => {
  it.each([
    ['statistics', "import { sha256 } from '../evidence/digest.ts';\nexport const x = sha256;\n"],
    ['report', "import type { Engine } from '../engine/engine.ts';\nexport type X = Engine;\n"],
    ['data', "import { createGit } from '../platform/git.ts';\nexport const x = createGit;\n"],
    ['evidence', "import { runChain } from '../chain/chain.ts';\nexport const x = runChain;\n"],
    [
      'comparison',
      "import { parseConfig } from '../config/parse-config.ts';\nexport const x = parseConfig;\n",
    ],
  ])('a forbidden import in %s is an error', (room, source) => {
    const { status, output } = lintPlanted(room, source);
    expect(status).not.toBe(0);
    expect(output).toContain(`src/${room} may not import this room`);
  });

  it.each([
    [
      'model',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
      'has no effects of its own',
    ],
    [
      'baseline',
      "import { getInput } from '@actions/core';\nexport const x = getInput;\n",
      'Only src/platform knows the Actions toolkit',
    ],
    [
      'outcomes',
      "import { DuckDBInstance } from '@duckdb/node-api';\nexport const x = DuckDBInstance;\n",
      'Only src/engine knows DuckDB',
    ],
  ])('an effect or a platform in %s is an error', (room, source, message) => {
    const { status, output } = lintPlanted(room, source);
    expect(status).not.toBe(0);
    expect(output).toContain(message);
  });

  it('an allowed import passes', () => {
    const { status } = lintPlanted(
      'data',
      "import { sha256 } from '../evidence/digest.ts';\nexport const x = sha256;\n",
    );
    expect(status).toBe(0);
  });

  it('every room of src is in the table', async () => {
    const { ROOMS } = await import('../../oxlint.config.ts');
    expect(Object.keys(ROOMS).toSorted()).toEqual(listRooms().toSorted());
  });
});
