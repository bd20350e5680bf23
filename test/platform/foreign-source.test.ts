import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openForeignSource } from '../../src/platform/foreign-source.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-foreign-'));
  folders.push(folder);
  return folder;
}

describe('openForeignSource', () => {
  test('gives a file with its first bytes, whole and in pieces', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'a.json');
    await writeFile(path, `\uFEFF${'x'.repeat(100_000)}`);
    const source = await openForeignSource(path, 'out/a.json');
    expect(source).toMatchObject({ name: 'out/a.json', kind: 'file', size: 100_003 });
    expect(source.head).toHaveLength(65_536);
    expect(await source.readText()).toBe('x'.repeat(100_000));
    let size = 0;
    for await (const piece of source.stream()) size += piece.length;
    expect(size).toBe(100_003);
    expect(await source.list()).toEqual([]);
  });

  test('names a file as the user does, whatever is wrong with it', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'a.bin');
    await writeFile(path, new Uint8Array([0xff, 0xfe]));
    await expect((await openForeignSource(path, 'a.bin')).readText()).rejects.toThrow(
      /^a\.bin is not UTF-8 text\.$/u,
    );
    await truncate(path, 60_000_000);
    await expect((await openForeignSource(path, 'a.bin')).readBytes()).rejects.toThrow(
      'a.bin is larger than 50 MB.',
    );
    await expect(openForeignSource(join(folder, 'none'), 'none')).rejects.toThrow(
      'The file none does not exist.',
    );
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(openForeignSource(join(folder, 'pipe'), 'pipe')).rejects.toThrow('pipe is no ordinary file');
  });

  test('lists a folder without its links, and opens nothing outside of it', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'run/b'), { recursive: true });
    await writeFile(join(folder, 'run/b/2.txt'), 'two');
    await writeFile(join(folder, 'run/1.txt'), 'one');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await symlink(join(folder, 'secret.txt'), join(folder, 'run/link.txt'));
    const source = await openForeignSource(join(folder, 'run'), 'run');
    expect(await source.list()).toEqual(['1.txt', 'b/2.txt']);
    expect(await (await source.open('b/2.txt'))?.readText()).toBe('two');
    expect((await source.open('b/2.txt'))?.name).toBe('run/b/2.txt');
    expect(await source.open('b/3.txt')).toBeUndefined();
    for (const path of ['../secret.txt', 'link.txt', join(folder, 'secret.txt')])
      await expect(source.open(path)).rejects.toThrow('leads out of');
    const file = await openForeignSource(join(folder, 'run/1.txt'), 'run/1.txt');
    expect((await file.open('b/2.txt'))?.name).toBe('run/b/2.txt');
    await expect(file.open('../secret.txt')).rejects.toThrow('leads out of');
  });

  test('digests a folder by its files and their names', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'a'), 'one');
    const first = await (await openForeignSource(folder, 'run')).digest();
    expect(first.bytes).toBe(3);
    await rm(join(folder, 'a'));
    await writeFile(join(folder, 'b'), 'one');
    expect((await (await openForeignSource(folder, 'run')).digest()).sha256).not.toBe(first.sha256);
  });
});
