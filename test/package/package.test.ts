import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { ExitNotification, InitializeRequest, ShutdownRequest } from 'vscode-languageserver-protocol';
import { type PackagedFile, unpackVsix } from './vsix';

const root = resolve(import.meta.dirname, '../..');

/** Marketplaces and users' lines both dislike large extensions; the model and onnxruntime are nearly all of it. */
const MAXIMUM_BYTES = 70e6;

const package_ = (...options: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/package.mjs', ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`scripts/package.mjs ended with ${status}\n${stderr}`);
  return stdout;
};

/** The environment of somebody who has only Node.js: nothing leads back to the repository. */
const { NODE_PATH: _, ...bareEnvironment } = process.env;

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'subtext-package-'));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

describe('the linux-x64 package', () => {
  let extension: string;
  let vsix: string;
  let files: readonly PackagedFile[];
  beforeAll(async () => {
    package_('--target', 'linux-x64', '--out', temporary);
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    vsix = join(temporary, `subtext-linux-x64-${version}.vsix`);
    files = await unpackVsix(vsix, join(temporary, 'unpacked'));
    extension = join(temporary, 'unpacked/extension');
  });

  it('holds the files of the list and no others', async () => {
    const list = `${files.map(({ path }) => path).join('\n')}\n`;
    await expect(list).toMatchFileSnapshot('linux-x64.txt');
  });

  it('holds nothing of the development', () => {
    const paths = files.map(({ path }) => path);
    expect(
      paths.filter((path) => /\.(ts|map|safetensors|py|yml)$|(^|\/)(src|test|scripts)\//.test(path)),
    ).toEqual([]);
  });

  it('is not larger than it has to be', async () => {
    expect((await stat(vsix)).size).toBeLessThan(MAXIMUM_BYTES);
  });

  it('can be read by everyone', () => {
    const installed = files.filter(({ path }) => path.startsWith('extension/'));
    expect(installed.filter(({ mode }) => (mode & 0o444) !== 0o444)).toEqual([]);
    const programs = installed.filter(({ mode }) => (mode & 0o111) !== 0);
    expect(programs.map(({ path }) => path)).toEqual(['extension/dist/cli.js']);
  });

  it('has a manifest for its platform, without what is about development', async () => {
    const manifest = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8'));
    const source = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const key of ['private', 'workspaces', 'scripts', 'devDependencies']) delete source[key];
    expect(manifest).toEqual(source);
    const description = await readFile(join(temporary, 'unpacked/extension.vsixmanifest'), 'utf8');
    expect(description).toContain('TargetPlatform="linux-x64"');
  });

  it('names the licence of all it contains of others', async () => {
    const notices = await readFile(join(extension, 'THIRD_PARTY_NOTICES.txt'), 'utf8');
    const named = [...notices.matchAll(/^={78}\n(\S+) \S+ \(.+\)\n={78}$/gm)].map((match) => match[1]);
    expect(named).toEqual([...named].sort());
    expect(named).toEqual(
      expect.arrayContaining([
        '@lezer/markdown',
        'commander',
        'onnxruntime-common',
        'onnxruntime-node',
        'picocolors',
        'tokenizers',
        'vscode-languageclient',
        'vscode-languageserver',
      ]),
    );
  });

  const onItsPlatform = process.platform === 'linux' && process.arch === 'x64';
  describe.runIf(onItsPlatform)('runs from its own files', () => {
    const subtext = (args: string[], input: string) => {
      const options = { cwd: temporary, env: bareEnvironment, encoding: 'utf8', input } as const;
      return spawnSync(process.execPath, [join(extension, 'dist/cli.js'), ...args], options);
    };

    it('fills a mask', () => {
      const { status, stdout, stderr } = subtext(
        ['fill', 'Paris is the capital of [MASK].', '--top', '3', '--format', 'json'],
        '',
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        model: { id: 'subtext-base' },
        masks: [{ start: 24, end: 30, candidates: [{}, {}, {}] }],
      });
    });

    it('finds entities and sentiment', () => {
      const { status, stdout, stderr } = subtext(
        ['analyze', '--format', 'json'],
        'Charles Babbage was born in London. That was a terrible, awful day.',
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        files: [
          {
            sentences: [
              {
                entities: [
                  { type: 'PER', text: 'Charles Babbage' },
                  { type: 'LOC', text: 'London' },
                ],
              },
              { sentiment: { label: 'negative' } },
            ],
          },
        ],
      });
    });

    it('serves over stdio', async () => {
      const server = spawn(process.execPath, [join(extension, 'dist/server.js'), '--stdio'], {
        cwd: temporary,
        env: bareEnvironment,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(server, 'exit');
      const connection = createMessageConnection(
        new StreamMessageReader(server.stdout),
        new StreamMessageWriter(server.stdin),
      );
      connection.listen();
      const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
      });
      expect(capabilities).toMatchObject({ hoverProvider: true });
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      expect(await ended).toEqual([0, null]);
      connection.dispose();
    });
  });
});

describe('the package of each platform', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    'linux-x64': [
      'onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node',
      'tokenizers/tokenizers.linux-x64-gnu.node',
    ],
    'linux-arm64': [
      'onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1',
      'onnxruntime-node/bin/napi-v6/linux/arm64/onnxruntime_binding.node',
      'tokenizers/tokenizers.linux-arm64-gnu.node',
    ],
    'win32-x64': [
      'onnxruntime-node/bin/napi-v6/win32/x64/DirectML.dll',
      'onnxruntime-node/bin/napi-v6/win32/x64/dxcompiler.dll',
      'onnxruntime-node/bin/napi-v6/win32/x64/dxil.dll',
      'onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll',
      'onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime_binding.node',
      'tokenizers/tokenizers.win32-x64-msvc.node',
    ],
    'win32-arm64': [
      'onnxruntime-node/bin/napi-v6/win32/arm64/DirectML.dll',
      'onnxruntime-node/bin/napi-v6/win32/arm64/dxcompiler.dll',
      'onnxruntime-node/bin/napi-v6/win32/arm64/dxil.dll',
      'onnxruntime-node/bin/napi-v6/win32/arm64/onnxruntime.dll',
      'onnxruntime-node/bin/napi-v6/win32/arm64/onnxruntime_binding.node',
      'tokenizers/tokenizers.win32-arm64-msvc.node',
    ],
    'darwin-arm64': [
      'onnxruntime-node/bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib',
      'onnxruntime-node/bin/napi-v6/darwin/arm64/onnxruntime_binding.node',
      'tokenizers/tokenizers.darwin-arm64.node',
    ],
  };
  let stages: ReadonlyMap<string, string>;
  beforeAll(() => {
    const folders = package_('--all', '--stage-only').trim().split('\n');
    stages = new Map(folders.map((folder) => [folder.slice(dirname(folder).length + 1), folder]));
  });

  it('is made for all of them', () => {
    expect([...stages.keys()]).toEqual(Object.keys(expected));
  });

  it.each(Object.keys(expected))('%s has its own binaries only', async (target) => {
    const folder = join(stages.get(target) ?? '', 'dist/node_modules');
    const files = (await readdir(folder, { recursive: true })).filter((file) =>
      /\.(node|dll|dylib|so)\b/.test(file),
    );
    expect(files.map((file) => file.replaceAll('\\', '/')).sort()).toEqual(expected[target]);
  });

  it('is refused for platforms without binaries', () => {
    expect(() => package_('--target', 'darwin-x64', '--stage-only')).toThrow(/No package for darwin-x64/);
  });
});
