import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  cudaEnvironment,
  cudaFolder,
  cudaVersion,
  isCudaInstalled,
} from '../../../server/src/inference/devices/cudaFolder';
import { installCuda, planCuda } from '../../../server/src/inference/devices/cudaInstall';
import { root } from '../../support/paths';
import { NugetFeed, zip } from './nugetFeed';

const native = 'runtimes/linux-x64/native';
const files = {
  'LICENSE.txt': 'licence',
  [`${native}/libonnxruntime_providers_cuda.so`]: 'cuda '.repeat(10_000),
  [`${native}/libonnxruntime_providers_shared.so`]: 'shared',
  [`${native}/libonnxruntime_providers_tensorrt.so`]: 'not wanted',
  'other/libonnxruntime_providers_shared.so': 'not this one',
};

let archive: Buffer;
let feed: NugetFeed;
let stateDir: string;

beforeAll(async () => {
  archive = await zip(files);
});
beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'subtext-cuda-'));
  feed = await NugetFeed.start(archive);
});
afterEach(async () => {
  await feed.stop();
  rmSync(stateDir, { recursive: true });
});

const options = (signal?: AbortSignal) => ({ stateDir, fetch, index: feed.index, ...(signal && { signal }) });
const ignore = () => {};
/** What lies in the folder of the installation and beside it. */
const found = () => (existsSync(join(stateDir, 'cuda')) ? readdirSync(join(stateDir, 'cuda')) : []);

test('tells what an installation would bring, and downloads nothing', async () => {
  expect(await planCuda(options())).toEqual({
    package: 'Microsoft.ML.OnnxRuntime.Gpu.Linux',
    version: cudaVersion,
    host: new URL(feed.origin).host,
    bytes: archive.length,
    licence: 'MIT',
  });
  expect(feed.requests.some((path) => path.startsWith('/flat'))).toBe(false);
  expect(found()).toEqual([]);
});

test('installs the libraries of the provider and nothing else', async () => {
  const progress: [number, number][] = [];
  await installCuda(options(), (received, total) => progress.push([received, total]));
  expect(found()).toEqual([cudaVersion]);
  const folder = cudaFolder(stateDir);
  expect(readdirSync(folder).sort()).toEqual([
    'libonnxruntime_providers_cuda.so',
    'libonnxruntime_providers_shared.so',
  ]);
  expect(readFileSync(join(folder, 'libonnxruntime_providers_shared.so'), 'utf8')).toBe('shared');
  expect(readFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), 'utf8').length).toBe(50_000);
  expect(progress.at(-1)).toEqual([archive.length, archive.length]);
  const { requests } = feed;
  const before = requests.length;
  await installCuda(options(), ignore);
  expect(requests.length).toBe(before);
});

test('two windows that install at once do not disturb each other', async () => {
  await Promise.all([installCuda(options(), ignore), installCuda(options(), ignore)]);
  expect(found()).toEqual([cudaVersion]);
  expect(isCudaInstalled(stateDir)).toBe(true);
});

describe('what goes wrong is said, and nothing stays', () => {
  const answer = (part: string, reply: (response: ServerResponse) => void) => {
    feed.interfere = (path, response) => {
      if (path.startsWith(part)) reply(response);
      return path.startsWith(part);
    };
  };

  test.each<[string, () => void, string]>([
    [
      'a download that is damaged',
      () => answer('/flat', (response) => response.end(Buffer.from(archive).fill(0, 10, 20))),
      'its checksum is wrong',
    ],
    [
      'a download that is cut short',
      () => answer('/flat', (response) => response.end(archive.subarray(0, 100))),
      'its checksum is wrong',
    ],
    [
      'a connection that breaks',
      () =>
        answer('/flat', (response) => {
          response.setHeader('content-length', archive.length);
          response.write(archive.subarray(0, 100), () => response.destroy());
        }),
      'CUDA support could not be installed in',
    ],
    [
      'more than was announced',
      () => answer('/flat', (response) => response.end(Buffer.concat([archive, archive]))),
      'is larger than announced',
    ],
    [
      'a package that is gone',
      () =>
        answer('/registration', (response) => {
          response.statusCode = 404;
          response.end();
        }),
      'answered 404',
    ],
    ['an answer that is no JSON', () => answer('/v3', (response) => response.end('<html>')), 'does not say'],
    ['an index without packages', () => answer('/v3', (response) => response.end('{}')), 'does not say'],
    [
      'a checksum of another kind',
      () => {
        feed.entry = { packageHashAlgorithm: 'MD5' };
      },
      'does not say',
    ],
  ])('%s', async (_, prepare, message) => {
    prepare();
    await expect(installCuda(options(), ignore)).rejects.toThrow(message);
    expect(found()).toEqual([]);
  });

  test('a package without the libraries', async () => {
    await feed.stop();
    feed = await NugetFeed.start(await zip({ 'LICENSE.txt': 'licence' }));
    await expect(installCuda(options(), ignore)).rejects.toThrow(
      `${cudaVersion} lacks libonnxruntime_providers_cuda.so, libonnxruntime_providers_shared.so.`,
    );
    expect(found()).toEqual([]);
  });

  test('a package that is no archive', async () => {
    await feed.stop();
    feed = await NugetFeed.start(Buffer.from('This is no archive, whatever its checksum says.'));
    await expect(installCuda(options(), ignore)).rejects.toThrow('CUDA support could not be installed in');
    expect(found()).toEqual([]);
  });

  test('a feed that cannot be reached', async () => {
    const { index } = feed;
    const unreachable = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('refused') }));
    await expect(planCuda({ stateDir, fetch: unreachable, index })).rejects.toThrow(
      `${new URL(index).host} cannot be reached: refused`,
    );
  });

  test('a folder that cannot be written', async () => {
    writeFileSync(join(stateDir, 'cuda'), '');
    await expect(installCuda(options(), ignore)).rejects.toThrow('CUDA support could not be installed in');
  });

  test('the user, who cancels', async () => {
    const controller = new AbortController();
    feed.interfere = (path, response) => {
      if (!path.startsWith('/flat')) return false;
      response.write(archive.subarray(0, 100), () => controller.abort(new Error('enough')));
      return true;
    };
    await expect(installCuda(options(controller.signal), ignore)).rejects.toThrow('enough');
    expect(found()).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the environment of a process', () => {
  const program = join(root, 'dist', 'inference.js');

  test('has nothing where nothing is installed', () => {
    expect(cudaEnvironment(stateDir, program)).toEqual({});
  });

  test('leads to the libraries and to the runtime beside them, wherever it lies now', async () => {
    await installCuda(options(), ignore);
    const before = process.env['LD_LIBRARY_PATH'];
    const folder = cudaFolder(stateDir);
    for (let i = 0; i < 2; i++) {
      expect(cudaEnvironment(stateDir, program)).toEqual({
        LD_LIBRARY_PATH: before ? `${folder}:${before}` : folder,
      });
      expect(readlinkSync(join(folder, 'libonnxruntime.so.1'))).toBe(
        join(root, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1'),
      );
    }
  });
});
