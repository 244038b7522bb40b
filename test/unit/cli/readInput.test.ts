import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { RuleFiles } from '../../../server/src/cli/fileRules';
import { readStandardInput, readTextFile } from '../../../server/src/cli/readInput';
import type { Session } from '../../../server/src/cli/session';
import { defaultSettings } from '../../../server/src/settings/settings';
import { endlessDevice, hasSpecialFiles, makePipe } from '../../support/specialFiles';

const LIMIT = 1024 * 1024;
const tooLarge = { problem: 'is larger than 1 MB; split it' };
const reason = new Error('interrupted');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-input-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (path: string, signal = new AbortController().signal) => readTextFile(path, signal, LIMIT);

/** Goes on writing until nobody reads any more. */
async function writeEndlessly(path: string): Promise<void> {
  function* sentences() {
    for (;;) yield 'Ada was here. '.repeat(1000);
  }
  await pipeline(sentences, createWriteStream(path)).catch(() => {});
}

describe('a text', () => {
  test('of a file has a limit', async () => {
    await writeFile(join(folder, 'full'), 'x'.repeat(LIMIT));
    await writeFile(join(folder, 'large'), 'x'.repeat(LIMIT + 1));
    expect(await read(join(folder, 'full'))).toEqual({ text: 'x'.repeat(LIMIT) });
    expect(await read(join(folder, 'large'))).toEqual(tooLarge);
    await mkdir(join(folder, 'folder'));
    expect(await read(join(folder, 'folder'))).toEqual({
      problem: 'is a directory; name its files, for instance with a pattern',
    });
    expect(await read(join(folder, 'missing'))).toEqual({ problem: 'no such file' });
  });

  test('of standard input has a limit', async () => {
    const standardInput = (pieces: Iterable<Buffer>) =>
      readStandardInput(
        {
          stdin: Readable.from(pieces),
          signal: new AbortController().signal,
          progress: { show: () => {} },
        } as unknown as Session,
        LIMIT,
      );
    let pieces = 0;
    function* endless(piece: Buffer) {
      for (; ; pieces++) yield piece;
    }
    expect(await standardInput([Buffer.of(0xe4, 0xb8), Buffer.of(0xad)])).toEqual({ text: '中' });
    expect(await standardInput(endless(Buffer.from('x'.repeat(1000))))).toEqual(tooLarge);
    expect(pieces).toBeLessThan(2_000);
    pieces = 0;
    expect(await standardInput(endless(Buffer.of(65, 0)))).toEqual({ problem: 'looks binary' });
    expect(pieces).toBeLessThan(100);
  });
});

describe.runIf(hasSpecialFiles)('a pipe as a text', () => {
  let pipe: string;
  beforeEach(() => {
    pipe = join(folder, 'pipe');
    makePipe(pipe);
  });

  it('is read to its end, whenever somebody begins to write', async () => {
    const decoded = read(pipe);
    const [first, second] = ['Ada 中'.slice(0, 5), '😀 there.'];
    const writer = createWriteStream(pipe);
    writer.write(first);
    await once(writer, 'ready');
    writer.end(second);
    expect(await decoded).toEqual({ text: first + second });
  });

  it('has a limit', async () => {
    const writing = writeEndlessly(pipe);
    expect(await read(pipe)).toEqual(tooLarge);
    await writing;
  });

  it('that nobody writes into is waited for until that is interrupted', async () => {
    const controller = new AbortController();
    const decoded = read(pipe, controller.signal);
    setTimeout(() => controller.abort(reason), 50);
    await expect(decoded).rejects.toBe(reason);
  });

  it('is let go of where the interruption comes first, or at once', async () => {
    await expect(read(pipe, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const decoded = read(pipe, controller.signal);
    controller.abort(reason);
    await expect(decoded).rejects.toBe(reason);
  });

  it('whose writer says nothing more is let go of, too', async () => {
    const controller = new AbortController();
    const decoded = read(pipe, controller.signal);
    const writer = createWriteStream(pipe);
    writer.on('error', () => {});
    writer.write('Ada');
    await once(writer, 'ready');
    setTimeout(() => controller.abort(reason), 50);
    await expect(decoded).rejects.toBe(reason);
    writer.destroy();
  });
});

describe.runIf(hasSpecialFiles)('a device as a text', () => {
  it('is read in pieces, up to where it is no text', async () => {
    const before = process.memoryUsage().rss;
    expect(await read(endlessDevice)).toEqual({ problem: 'looks binary' });
    expect(await read('/dev/null')).toEqual({ text: '' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

describe.runIf(hasSpecialFiles)('a rule file', () => {
  const rules = (choice?: string) => new RuleFiles(choice, defaultSettings, folder).of('a.md', 'markdown');

  it('is a regular one', async () => {
    makePipe(join(folder, '.subtext.json'));
    await expect(rules()).rejects.toThrow('.subtext.json: is a pipe, not a regular file');
    await expect(rules(endlessDevice)).rejects.toThrow(`${endlessDevice}: is a device, not a regular file`);
    await rm(join(folder, '.subtext.json'));
    await symlink(endlessDevice, join(folder, '.subtext.json'));
    await expect(rules()).rejects.toThrow('.subtext.json: is a device, not a regular file');
    await mkdir(join(folder, 'folder'));
    await expect(rules('folder')).rejects.toThrow('folder: is a directory');
  });

  it('with deep nesting is wrong at a place', async () => {
    await writeFile(join(folder, '.subtext.json'), `{\n"ignore": ${'['.repeat(10_000)}`);
    const lines = [expect.stringContaining('.subtext.json:2:110: nested deeper than 100 levels')];
    await expect(rules()).rejects.toMatchObject({ lines });
  });
});
