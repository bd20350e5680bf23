/** Projects that DVC 2 and DVC 3 made (test/fixtures/generate/dvc_project.py): their entries, caches and digests. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findDvcEntry, type DvcEntry } from '../../../src/platform/dvc-files/find-dvc-entry.ts';
import { openDvcObject } from '../../../src/platform/dvc-files/open-dvc-object.ts';

type Project = Readonly<Record<string, string>>;

const VERSIONS = ['2', '3'] as const;
const TRACKED = ['data/customers.csv', 'data/parts/two.csv', 'made.csv'];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function readProject(version: string): Project {
  const file = new URL(`../../fixtures/dvc/project-${version}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Project;
}

function write(project: Project): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlgate-dvc-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(project)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function find(project: Project, path: string): Promise<DvcEntry | undefined> {
  return await findDvcEntry(path, async (pointer) => project[pointer]);
}

describe.each(VERSIONS)('a project of DVC %s', (version) => {
  const project = readProject(version);

  it.each(TRACKED)('has the bytes of %s in its cache', async (path) => {
    const entry = await find(project, path);
    expect(entry?.layout).toBe(`dvc${version}`);
    const object = entry && (await openDvcObject(write(project), entry));
    const unix = (text: string): string => (version === '2' ? text.replaceAll('\r\n', '\n') : text);
    expect(unix(readFileSync(object ?? '', 'utf8'))).toBe(unix(project[path] ?? ''));
  });

  it('tracks no other file', async () => {
    expect(await find(project, 'dvc.yaml')).toBeUndefined();
    expect(await find(project, 'data/customers.csv.backup')).toBeUndefined();
  });

  it('is refused where an object is not what names it', async () => {
    const entry = await find(project, 'data/customers.csv');
    const changed = Object.fromEntries(
      Object.entries(project).map(([path, content]) => [
        path,
        path.includes('cache') ? `${content} ` : content,
      ]),
    );
    await expect(openDvcObject(write(changed), entry as DvcEntry)).rejects.toThrow(
      /does not have the digest/,
    );
  });

  it('lacks what was not fetched', async () => {
    const entry = await find(project, 'made.csv');
    const fetched = Object.fromEntries(Object.entries(project).filter(([path]) => !path.includes('cache')));
    expect(await openDvcObject(write(fetched), entry as DvcEntry)).toBeUndefined();
  });

  it('may keep its cache elsewhere', async () => {
    const moved = Object.fromEntries(
      Object.entries(project).map(([path, content]) => [path.replace('.dvc/cache/', 'elsewhere/'), content]),
    );
    const entry = await find(project, 'made.csv');
    const folder = write({
      ...moved,
      '.dvc/config': '[core]\n    dir = wrong\n[cache]\n    dir = ../elsewhere\n',
    });
    expect(await openDvcObject(folder, entry as DvcEntry)).toContain('elsewhere');
  });
});

describe('what no DVC wrote', () => {
  it.each(['[', '- 1', 'outs: 3\n---\nouts: 4', '&a [*a, *a]'])('%j is told in one message', async (text) => {
    await expect(find({ 'a.csv.dvc': text }, 'a.csv')).rejects.toThrow(/a\.csv\.dvc/);
  });

  it.each(['outs: 3', 'outs: [{md5: zz, path: a.csv}]', 'outs: [{md5: 3}]', 'outs: [null]'])(
    '%j tracks nothing',
    async (text) => {
      expect(await find({ 'a.csv.dvc': text }, 'a.csv')).toBeUndefined();
    },
  );

  it('a digest that leads out of the cache is none', async () => {
    const text = 'outs: [{md5: ../../../../etc/passwd, path: a.csv}]';
    expect(await find({ 'a.csv.dvc': text }, 'a.csv')).toBeUndefined();
  });
});
