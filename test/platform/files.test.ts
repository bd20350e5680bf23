import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/evidence/digest.ts';
import { UserError } from '../../src/evidence/errors.ts';
import { digestFile, resolveInside } from '../../src/platform/file-digest.ts';
import { explainFileFailure, readBytes, readTextFile } from '../../src/platform/read-text-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-files-'));
});

afterEach(() => rm(folder, { recursive: true }));

const OPTIONS = { what: 'the config', maxBytes: 100 };

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('readTextFile', () => {
  it('reads UTF-8, with or without a byte order mark', async () => {
    expect(await readTextFile(await write('a', 'héllo\n'), OPTIONS)).toBe('héllo\n');
    expect(await readTextFile(await write('b', '\ufeffversion: 1'), OPTIONS)).toBe('version: 1');
    expect(await readTextFile(await write('c', ''), OPTIONS)).toBe('');
  });

  it('says what is wrong with the file', async () => {
    await expect(readTextFile(join(folder, 'no.yml'), OPTIONS)).rejects.toThrow(
      /^The config .*no\.yml does not exist\.$/u,
    );
    await expect(readTextFile(folder, OPTIONS)).rejects.toThrow(/is a folder, not a file/u);
    await expect(readTextFile(await write('x', 'x'.repeat(101)), OPTIONS)).rejects.toThrow(
      /is larger than 0\.0001 MB/u,
    );
    const latin = await write('latin', Uint8Array.from([0x68, 0xe9, 0x6c]));
    await expect(readTextFile(latin, OPTIONS)).rejects.toThrow(/is not UTF-8 text/u);
    for (const path of [join(folder, 'no.yml'), folder, latin]) {
      await expect(readTextFile(path, OPTIONS)).rejects.toThrow(UserError);
    }
  });

  it('stops at the limit where the size is not known beforehand', async () => {
    await expect(readBytes('/dev/zero', OPTIONS)).rejects.toThrow(/is larger than/u);
  });

  it('says that a file may not be read', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
    expect(explainFileFailure(denied, 'a.yml', 'the config')).toMatchObject({
      name: 'WorldError',
      message: 'The config a.yml may not be read.',
    });
    const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
    expect(explainFileFailure(broken, 'a.yml', 'the config')).toMatchObject({
      name: 'WorldError',
      message: 'The config a.yml could not be read: EIO: i/o error, read.',
    });
    const other = new Error('other');
    expect(explainFileFailure(other, 'a.yml', 'the config')).toBe(other);
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe instead of waiting for a writer', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readTextFile(pipe, OPTIONS)).rejects.toThrow(/^The config .* is no ordinary file/u);
    await expect(digestFile(pipe)).rejects.toThrow(/is no ordinary file/u);
    await expect(digestFile('/dev/zero')).rejects.toThrow(/is no ordinary file/u);
  });

  it.skipIf(process.getuid?.() === 0)('is stopped by a missing permission', async () => {
    const path = await write('secret', 'x');
    await chmod(path, 0);
    await expect(readTextFile(path, OPTIONS)).rejects.toThrow(/may not be read/u);
  });
});

describe('digestFile', () => {
  it('hashes and measures what it reads', async () => {
    const bytes = Buffer.alloc(300_000, 'mlgate');
    expect(await digestFile(await write('model.onnx', bytes))).toEqual({
      sha256: sha256(bytes),
      bytes: 300_000,
    });
  });

  it('says what is wrong with the file', async () => {
    await expect(digestFile(join(folder, 'none'), 'the artifact')).rejects.toThrow(
      /^The artifact .* does not exist/u,
    );
    await expect(digestFile(folder)).rejects.toThrow(/is a folder/u);
  });
});

describe('resolveInside', () => {
  it('takes files of the folder, also through links that stay inside', async () => {
    await mkdir(join(folder, 'data'));
    await write('data/a.csv', 'x');
    await symlink('data/a.csv', join(folder, 'link.csv'));
    const real = await resolveInside(folder, 'data/a.csv', 'the dataset');
    expect(real.endsWith(join('data', 'a.csv'))).toBe(true);
    expect(await resolveInside(folder, 'data/../data/a.csv', 'the dataset')).toBe(real);
    expect(await resolveInside(folder, 'link.csv', 'the dataset')).toBe(real);
    await write('..odd', 'x');
    expect((await resolveInside(folder, '..odd', 'the dataset')).endsWith('..odd')).toBe(true);
  });

  it('refuses whatever leads outside', async () => {
    await symlink('/etc', join(folder, 'etc'));
    const outside = ['../x', '/etc/passwd', 'a/../../x', 'etc/passwd', 'a\0b', '..'];
    for (const path of outside) {
      await expect(resolveInside(folder, path, 'the dataset')).rejects.toThrow(
        /of the dataset leads out of/u,
      );
    }
  });

  it('says that a file is missing', async () => {
    await expect(resolveInside(folder, 'none.csv', 'the dataset')).rejects.toThrow(
      /^The dataset none\.csv does not exist/u,
    );
  });
});
