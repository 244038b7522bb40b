import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../../server/src/hub/fileLock';
import type { Wait } from '../../../server/src/hub/retries';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-lock-'));
  file = join(folder, 'a/b/lock');
});
afterEach(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();

describe('a lock', () => {
  it('is there during the action, and gone after it, whatever happens', async () => {
    const failed = withFileLock(file, { wait: async () => {}, signal }, async () => {
      expect(existsSync(file)).toBe(true);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('lets one after the other in', async () => {
    const log: string[] = [];
    let leave = (): void => {};
    const first = withFileLock(file, { wait: async () => {}, signal }, async () => {
      log.push('first in');
      await new Promise<void>((resolve) => {
        leave = resolve;
      });
      log.push('first out');
    });
    let looks = 0;
    const wait: Wait = async () => {
      if (++looks === 3) {
        leave();
        await first;
      }
    };
    while (log.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await withFileLock(file, { wait, signal }, async () => {
      log.push('second in');
    });
    expect(log).toEqual(['first in', 'first out', 'second in']);
  });

  it('is taken over once it is left alone for ten seconds', async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    let waited = 0;
    let touches = 0;
    const wait: Wait = async (milliseconds) => {
      waited += milliseconds;
      // Its holder lives a while.
      if (waited <= 5000) await utimes(file, new Date(), new Date(++touches * 1000));
    };
    await withFileLock(file, { wait, signal }, async () => {});
    expect(waited).toBe(15_000);
  });

  it('is waited for until that is cancelled', async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    const controller = new AbortController();
    const wait: Wait = async () => controller.abort();
    const waiting = withFileLock(file, { wait, signal: controller.signal }, async () => 'in');
    expect(await waiting.catch((reason: unknown) => reason)).toBe(controller.signal.reason);
    expect(existsSync(file)).toBe(true);
  });
});
