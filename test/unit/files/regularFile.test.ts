import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { makeFolder } from '../../../server/src/files/makeFolder';
import {
  type FileContent,
  readRegularFile,
  readRegularFileSync,
  regularFileProblem,
} from '../../../server/src/files/regularFile';
import { endlessDevice, hasSpecialFiles, makePipe } from '../../support/specialFiles';

const LIMIT = 1_000_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-files-'));
  await writeFile(join(folder, 'text'), '中😀');
  await writeFile(join(folder, 'empty'), '');
  await writeFile(join(folder, 'full'), 'x'.repeat(LIMIT));
  await writeFile(join(folder, 'large'), 'x'.repeat(LIMIT + 1));
  await mkdir(join(folder, 'folder'));
  if (!hasSpecialFiles) return;
  await symlink('text', join(folder, 'link'));
  await symlink('loop', join(folder, 'loop'));
  await symlink(endlessDevice, join(folder, 'device'));
  makePipe(join(folder, 'pipe'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const toText = (content: FileContent): string =>
  'problem' in content ? content.problem : content.bytes.toString('utf8');

/** What both ways of reading say, which is the same. */
const read = async (name: string, limit = LIMIT) => {
  const path = join(folder, name);
  const content = toText(await readRegularFile(path, limit));
  expect(toText(readRegularFileSync(path, limit))).toBe(content);
  return content;
};

describe('regular files', () => {
  it('are read up to a limit', async () => {
    expect(await read('text')).toBe('中😀');
    expect(await read('empty')).toBe('');
    expect(await read('full')).toHaveLength(LIMIT);
    expect(await read('large')).toBe('is larger than 1 MB');
  });

  it('are the only ones that are read', async () => {
    expect(await read('folder')).toBe('is a directory, not a file');
    expect(await read('missing')).toBe('cannot be read (ENOENT)');
    expect(regularFileProblem(join(folder, 'full'), LIMIT)).toBeUndefined();
    expect(regularFileProblem(join(folder, 'large'), LIMIT)).toBe('is larger than 1 MB');
    expect(regularFileProblem(join(folder, 'missing'), LIMIT)).toBe('cannot be read (ENOENT)');
  });

  it.runIf(hasSpecialFiles)('are neither pipes nor devices, and links are what they lead to', async () => {
    expect(await read('link')).toBe('中😀');
    expect(await read('loop')).toBe('cannot be read (ELOOP)');
    expect(await read('pipe')).toBe('is a pipe, not a regular file');
    expect(await read('device')).toBe('is a device, not a regular file');
  });

  it.runIf(process.platform === 'linux')('may say that they are empty and are not', async () => {
    const status = '/proc/self/status';
    expect(readRegularFileSync(status, LIMIT)).toMatchObject({ bytes: expect.any(Buffer) });
    expect(readRegularFileSync(status, 10)).toEqual({ problem: 'is larger than 0.00001 MB' });
    expect(await readRegularFile(status, 10)).toEqual({ problem: 'is larger than 0.00001 MB' });
  });
});

describe('folders', () => {
  test('are made with those above them, once', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    await writeFile(join(path, 'file'), '');
  });

  test('cannot be made in files', async () => {
    await expect(makeFolder(join(folder, 'text', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  // Node.js itself goes round in circles here, in a thread that nothing can end.
  test.runIf(process.platform === 'linux')('cannot be made where the system has its own', async () => {
    await expect(makeFolder('/proc/subtext/a')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
