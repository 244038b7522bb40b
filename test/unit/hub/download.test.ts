import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitForReal } from '../../../server/src/hub/retries';
import { parseModelRef } from '../../../server/src/models/modelRef';
import { config, downloadedPaths, HubSetup, modelFiles, noise } from './setup';

const REPO = 'org/model';
const never = new AbortController().signal;
const totalBytes = downloadedPaths.reduce(
  (bytes, path) => bytes + Buffer.from(modelFiles[path] ?? '').length,
  0,
);

let setup: HubSetup;
beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
});
afterEach(() => setup.stop());

const remote = () => setup.remote(REPO);

/** What lies in the cache after a download, as huggingface_hub would have it. */
const layout = async () => {
  const { commit, files } = await remote();
  const chosen = files.filter(({ path }) => downloadedPaths.includes(path));
  const folder = 'models--org--model';
  const blobs = chosen.map(({ oid, sha256 }) => `${folder}/blobs/${sha256 ?? oid}`);
  const snapshot = chosen.map(({ path }) => `${folder}/snapshots/${commit}/${path}`);
  return { blobs: blobs.sort(), snapshot: snapshot.sort(), ref: `${folder}/refs/main` };
};

const graphBlob = async () => {
  const { files } = await remote();
  const graph = files.find(({ path }) => path === 'onnx/model_quantized.onnx');
  return `models--org--model/blobs/${graph?.sha256}`;
};

const failure = async (attempt: Promise<unknown>) => {
  try {
    await attempt;
  } catch (error) {
    const { message, retry } = error as Error & { readonly retry?: boolean };
    const host = new URL(setup.hub.endpoint).host;
    return { message: message.replaceAll(host, 'HOST').replaceAll(setup.cacheDir, 'CACHE'), retry };
  }
  throw new Error('It went well.');
};

/** Bytes of files that were sent, apart from what some plans read. */
const sentBytes = (plans: number) => setup.hub.sentBytes - plans * config().length;

/** Breaks the connection once so much has arrived, and is written. */
const dropAt =
  (bytes: number) =>
  ({ receivedBytes }: { readonly receivedBytes: number }): void => {
    if (receivedBytes === bytes) setup.hub.dropConnections();
  };

/** For files, apart from the configuration, which plans read as well. */
const contentRequests = () =>
  setup.hub.requests
    .filter(
      ({ server, path }) =>
        server === 'storage' || (path.includes('/resolve/') && !path.endsWith('/config.json')),
    )
    .map(({ server, range, authorization }) => ({ server, range, authorization }));

describe('a plan', () => {
  it('says what a download would bring, and brings nothing', async () => {
    const { commit } = await remote();
    expect(await setup.store().plan(parseModelRef(REPO), never)).toEqual({
      model: {
        ref: REPO,
        title: REPO,
        source: 'hub',
        tasks: ['entities'],
        installed: false,
        languages: [],
        removable: false,
      },
      commit,
      host: new URL(setup.hub.endpoint).host,
      folder: setup.cacheDir,
      files: downloadedPaths.map((path) => ({ path, bytes: Buffer.from(modelFiles[path] ?? '').length })),
      precision: 'int8',
      precisions: [
        { precision: 'fp32', bytes: totalBytes - 50_000 + 100 },
        { precision: 'int8', bytes: totalBytes },
      ],
      bytes: totalBytes,
      missingBytes: totalBytes,
    });
    expect(setup.cached()).toEqual([]);
  });

  it('tells task, licence and languages of a repository that nobody here knows', async () => {
    const card = {
      pipeline_tag: 'token-classification',
      cardData: { license: 'mit', language: ['en', 'de'] },
    };
    await setup.publish(REPO, { '.hub.json': JSON.stringify(card) });
    const { model } = await setup.store().plan(parseModelRef(REPO), never);
    expect(model).toMatchObject({ licence: 'mit', languages: ['en', 'de'] });
  });

  it('reads lists of files that come in pages', async () => {
    await setup.stop();
    setup = await HubSetup.start({ pageSize: 2 });
    await setup.publish(REPO);
    const { files } = await setup.store().plan(parseModelRef(REPO), never);
    expect(files.map(({ path }) => path)).toEqual(downloadedPaths);
  });

  it('takes weights that lie beside the graph', async () => {
    await setup.publish(REPO, { 'onnx/model_quantized.onnx_data': noise(10, 3), 'onnx/other.onnx_data': '' });
    const { files } = await setup.store().plan(parseModelRef(REPO), never);
    expect(files.map(({ path }) => path)).toEqual([
      'onnx/model_quantized.onnx',
      'onnx/model_quantized.onnx_data',
      'tokenizer.json',
      'tokenizer_config.json',
      'config.json',
    ]);
  });
});

describe('a download', () => {
  it('writes blobs, links to them, and the revision', async () => {
    const { commit, files } = await remote();
    const { blobs, snapshot, ref } = await layout();
    const info = await setup.download(REPO);
    const path = join(setup.cacheDir, 'models--org--model/snapshots', commit);
    expect(info).toEqual({
      ref: REPO,
      title: REPO,
      source: 'hub',
      tasks: ['entities'],
      installed: true,
      bytes: totalBytes,
      languages: [],
      path,
      removable: true,
    });
    expect(setup.cached()).toEqual([...blobs, ...snapshot, ref].sort());
    expect(readFileSync(join(setup.cacheDir, ref), 'utf8')).toBe(commit);
    expect(readlinkSync(join(path, 'config.json'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
    expect(readlinkSync(join(path, 'onnx/model_quantized.onnx'))).toMatch(
      /^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/,
    );
    for (const file of files.filter((one) => downloadedPaths.includes(one.path))) {
      expect(readFileSync(join(path, file.path)).equals(file.content)).toBe(true);
    }
  });

  it('writes files instead of links where there can be none', async () => {
    const { snapshot, ref } = await layout();
    await setup.download(REPO, { store: setup.store({ HF_HUB_DISABLE_SYMLINKS: '1' }) });
    expect(setup.cached()).toEqual([...snapshot, ref].sort());
    for (const path of snapshot) expect(lstatSync(join(setup.cacheDir, path)).isFile()).toBe(true);
  });

  it('takes the format that is asked for, beside one that is there', async () => {
    const plan = await setup.store().plan(parseModelRef(REPO), never);
    const common = totalBytes - 50_000;
    expect(plan.precision).toBe('int8');
    expect(plan.precisions).toEqual([
      { precision: 'fp32', bytes: common + 100 },
      { precision: 'int8', bytes: totalBytes },
    ]);
    await setup.download(REPO);
    const other = await setup.store().plan(parseModelRef(REPO), never, 'fp32');
    expect([other.precision, other.missingBytes]).toEqual(['fp32', 100]);
    await setup.download(REPO, { precision: 'fp32' });
    const { snapshot } = await layout();
    const folder = snapshot[0]?.split('/').slice(0, 3).join('/') ?? '';
    expect(setup.cached()).toEqual(expect.arrayContaining([...snapshot, `${folder}/onnx/model.onnx`]));
    expect(await failure(setup.download(REPO, { precision: 'fp16' }))).toEqual({
      message: 'org/model has no graph in fp16.',
      retry: false,
    });
  });

  it('tells how much has arrived, up to all of it', async () => {
    const seen: number[] = [];
    await setup.download(REPO, {
      onProgress: (progress) => {
        expect(progress.totalBytes).toBe(totalBytes);
        seen.push(progress.receivedBytes);
      },
    });
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect([seen[0], seen.at(-1)]).toEqual([0, totalBytes]);
  });

  it('of what is there asks for nothing again', async () => {
    await setup.download(REPO);
    const before = contentRequests().length;
    const plan = await setup.store().plan(parseModelRef(REPO), never);
    expect(plan).toMatchObject({ bytes: totalBytes, missingBytes: 0 });
    await setup.download(REPO);
    expect(contentRequests()).toHaveLength(before);
  });

  it('of a new revision brings only what is new, and keeps the old one', async () => {
    const old = await remote();
    await setup.download(REPO);
    const sent = setup.hub.sentBytes;
    await setup.publish(REPO, { 'config.json': config({ hidden_size: 16 }) });
    const current = await remote();
    await setup.download(REPO);
    // Once for the plan, once to stay.
    expect(setup.hub.sentBytes - sent).toBe(2 * config({ hidden_size: 16 }).length);
    const store = setup.store();
    expect(store.resolve(parseModelRef(REPO))?.revision).toBe(current.commit);
    expect(store.resolve(parseModelRef(`${REPO}@${old.commit}`))?.revision).toBe(old.commit);
  });

  it('goes on where an earlier one stopped, and only the rest is sent', async () => {
    const cut = 20_000;
    setup.hub.faults.add({ path: (await graphBlob()).slice(-64), stallAfter: cut, times: 1 });
    await setup.download(REPO, { onProgress: dropAt(cut) });
    const ranges = contentRequests().map(({ range }) => range);
    expect(ranges.slice(0, 4)).toEqual([undefined, undefined, `bytes=${cut}-`, `bytes=${cut}-`]);
    expect(sentBytes(1)).toBe(totalBytes);
  });

  it('begins anew where the source cannot send a part', async () => {
    const blob = (await graphBlob()).slice(-64);
    setup.hub.faults.add({ path: blob, stallAfter: 20_000, times: 1 });
    setup.hub.faults.add({ path: blob, ignoreRange: true, times: 1 });
    await setup.download(REPO, { onProgress: dropAt(20_000) });
    expect(contentRequests().at(2)?.range).toBe('bytes=20000-');
    expect(setup.cached()).toContain(await graphBlob());
    expect(sentBytes(1)).toBe(totalBytes + 20_000);
  });

  it('keeps what has arrived when it is cancelled, and shows nothing', async () => {
    const controller = new AbortController();
    setup.hub.faults.add({ path: (await graphBlob()).slice(-64), stallAfter: 10_000, times: 1 });
    const onProgress = ({ receivedBytes }: { readonly receivedBytes: number }) => {
      if (receivedBytes === 10_000) controller.abort();
    };
    const error = await setup
      .download(REPO, { signal: controller.signal, onProgress })
      .catch((reason) => reason);
    expect(error).toBe(controller.signal.reason);
    const partial = `${await graphBlob()}.subtext.incomplete`;
    expect(setup.cached()).toEqual([partial]);
    expect(lstatSync(join(setup.cacheDir, partial)).size).toBe(10_000);
    expect(setup.store().resolve(parseModelRef(REPO))).toBeUndefined();
    await setup.download(REPO);
    expect(sentBytes(2)).toBe(totalBytes);
  });

  it('waits for another one of the same repository, and then has nothing to do', async () => {
    const stores = [setup.store({}, waitForReal), setup.store({}, waitForReal)];
    await Promise.all(stores.map((store) => setup.download(REPO, { store })));
    expect(sentBytes(2)).toBe(totalBytes);
    const { blobs, snapshot, ref } = await layout();
    expect(setup.cached()).toEqual([...blobs, ...snapshot, ref].sort());
  });

  it('sends the token to the Hub, and not to where large files are', async () => {
    await setup.publish(REPO, { '.hub.json': JSON.stringify({ token: 'secret' }) });
    await setup.download(REPO, { store: setup.store({ HF_TOKEN: 'secret' }) });
    const seen = contentRequests();
    expect(seen.filter(({ server }) => server === 'hub').map(({ authorization }) => authorization)).toEqual(
      ['onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json'].map(() => 'Bearer secret'),
    );
    expect(seen.filter(({ server }) => server === 'storage')).toEqual([
      { server: 'storage', range: undefined, authorization: undefined },
    ]);
  });
});

describe('a download that fails', () => {
  const download = (variables: NodeJS.ProcessEnv = {}, ref = REPO) =>
    failure(setup.download(ref, { store: setup.store(variables) }));

  /** Nothing of it may be seen by whoever reads the cache. */
  const expectNothingInstalled = () => {
    expect(setup.cached().filter((path) => /\/(?:refs|snapshots)\//.test(path))).toEqual([]);
    expect(setup.store().resolve(parseModelRef(REPO))).toBeUndefined();
  };
  afterEach(expectNothingInstalled);

  it('is not tried where the environment forbids it', async () => {
    expect(await download({ HF_HUB_OFFLINE: '1' })).toEqual({
      message:
        'org/model cannot be downloaded: the environment variable HF_HUB_OFFLINE forbids it. Unset it and start again.',
      retry: false,
    });
    expect(setup.hub.requests).toEqual([]);
  });

  it.each([
    [
      'unknown repository',
      {},
      'org/other',
      'org/other does not exist or is private. Check the spelling; for private ones set HF_TOKEN.',
    ],
    [
      'unknown repository and a token',
      { HF_TOKEN: 'x' },
      'org/other',
      'HOST does not accept the access token. Check HF_TOKEN, and the spelling of org/other.',
    ],
    ['unknown revision', {}, `${REPO}@v2`, 'org/model has no such revision. Check what stands behind the @.'],
  ])('%s', async (_name, variables, ref, message) => {
    expect(await download(variables, ref)).toEqual({ message, retry: false });
  });

  it.each([
    [undefined, 'then set HF_TOKEN.'],
    ['wrong', 'then try again.'],
  ])('asks for the terms to be accepted (token: %s)', async (token, end) => {
    await setup.publish(REPO, { '.hub.json': JSON.stringify({ token: 'secret', gated: true }) });
    expect(await download({ HF_TOKEN: token })).toEqual({
      message: `org/model is only for those who accepted its terms. Do so on http://HOST/org/model, ${end}`,
      retry: false,
    });
  });

  it.each([
    [403, {}, 'org/model may only be read with an access token. Set HF_TOKEN; see http://HOST/org/model.', 1],
    [404, {}, 'org/model was not found on HOST. Check the spelling.', 1],
    [418, {}, 'HOST gave an answer that makes no sense (status 418). Check HF_ENDPOINT.', 1],
    [429, {}, 'HOST gets too many requests from here. Try again later.', 4],
    [429, { 'retry-after': '5' }, 'HOST gets too many requests from here. Try again in 5 seconds.', 4],
    [429, { 'retry-after': '600' }, 'HOST gets too many requests from here. Try again in 600 seconds.', 1],
    [500, {}, 'HOST does not work at the moment (status 500). Try again later.', 4],
    [503, {}, 'HOST does not work at the moment (status 503). Try again later.', 4],
  ])('status %i %j', async (status, headers, message, attempts) => {
    setup.hub.faults.add({ path: '/tree/', status, headers });
    expect(await download()).toEqual({ message, retry: status === 429 || status >= 500 });
    expect(setup.hub.requests.filter(({ path }) => path.includes('/tree/'))).toHaveLength(attempts);
  });

  it('goes well when it is tried again in time', async () => {
    setup.hub.faults.add({ path: '/revision/', status: 503, times: 1 });
    setup.hub.faults.add({ path: '/tree/', status: 429, headers: { 'retry-after': '1' }, times: 3 });
    const waits: number[] = [];
    const store = setup.store({}, async (milliseconds) => {
      waits.push(milliseconds);
    });
    const { commit } = await store.plan(parseModelRef(REPO), never);
    expect({ commit, waits }).toEqual({ commit: (await remote()).commit, waits: [1000, 1000, 2000, 4000] });
  });

  it('says so when nobody answers', async () => {
    await setup.hub.close();
    expect(await download()).toEqual({
      message:
        'HOST cannot be reached (ECONNREFUSED). Check the network, and HTTPS_PROXY where there is a proxy; what has arrived is kept.',
      retry: true,
    });
  });

  it('gives up where each attempt is cut before it got anywhere, and keeps what there is', async () => {
    setup.hub.faults.add({ path: (await graphBlob()).slice(-64), cutAfter: 1000, times: 1 });
    setup.hub.faults.add({ path: (await graphBlob()).slice(-64), cutAfter: 0 });
    expect(await download()).toEqual({
      message: expect.stringMatching(/^HOST cannot be reached \([A-Z_]+\)\. Check the network/),
      retry: true,
    });
    expect(setup.cached()).toEqual([`${await graphBlob()}.subtext.incomplete`]);
  });

  it.each([
    ['no JSON', '<html>Log in to the network</html>'],
    ['no commit', '{"sha": "../../.."}'],
    ['nothing', 'null'],
  ])('says so when the answer is not one of a Hub: %s', async (_name, body) => {
    setup.hub.faults.add({ path: '/revision/', body });
    expect(await download()).toEqual({
      message: 'HOST does not answer like a Hugging Face Hub. Check HF_ENDPOINT and the proxy.',
      retry: false,
    });
  });

  it.each(['ftp://somewhere', 'nonsense', 'https://'])('refuses the endpoint %s', async (endpoint) => {
    expect(await download({ HF_ENDPOINT: endpoint })).toMatchObject({ retry: false });
  });

  it('throws away what has another checksum', async () => {
    setup.hub.faults.add({ path: (await graphBlob()).slice(-64), corrupt: true });
    expect(await download()).toEqual({
      message:
        'onnx/model_quantized.onnx of org/model arrived from HOST with another content than announced, and was thrown away. Try again; if that does not help, do not use this source.',
      retry: true,
    });
    expect(setup.cached()).toEqual([]);
  });

  it('throws away a small file that has another checksum', async () => {
    setup.hub.faults.add({ path: '/tokenizer.json', corrupt: true });
    expect((await download()).message).toMatch(
      /^tokenizer\.json of org\/model arrived from HOST with another/,
    );
  });

  it('throws away what is longer than announced', async () => {
    setup.hub.faults.add({ path: '/tokenizer.json', body: 'x'.repeat(100) });
    expect((await download()).message).toMatch(
      /^tokenizer\.json of org\/model arrived from HOST with another/,
    );
  });

  it.each(['../../../evil.onnx', '/etc/evil.onnx', 'onnx\\..\\evil.onnx', 'onnx/../../evil.onnx'])(
    'refuses a repository with a file called %s',
    async (path) => {
      await setup.publish(REPO, { '.hub.json': JSON.stringify({ extraFiles: [{ path, size: 4 }] }) });
      expect(await download()).toEqual({
        message: `org/model has a file with a name that is not allowed: ${JSON.stringify(path)}. It was not downloaded; do not use it.`,
        retry: false,
      });
    },
  );

  it('says what a repository lacks', async () => {
    await setup.publish('org/empty', { 'config.json': '{}', 'model.safetensors': '' });
    await setup.publish('org/old', { 'config.json': '{}', 'onnx/model.onnx': '', 'vocab.txt': '' });
    expect([await download({}, 'org/empty'), await download({}, 'org/old')]).toEqual([
      {
        message:
          'org/empty has no ONNX graph that Subtext could use, such as onnx/model.onnx. Look for a converted model.',
        retry: false,
      },
      { message: 'org/old has no tokenizer.json, so Subtext cannot use it.', retry: false },
    ]);
  });

  it('is not tried with a model that Subtext has no use for', async () => {
    const change = { architectures: ['BertForQuestionAnswering'] };
    await setup.publish(REPO, { 'config.json': config(change) });
    expect((await download()).message).toMatch(
      /^org\/model\/config\.json: "architectures" is BertForQuestionAnswering, a model for question answering;/,
    );
  });

  it('does not begin where there is no space for it', async () => {
    const extraFiles = [{ path: 'onnx/model_quantized.onnx_data', size: 9e11 }];
    await setup.publish(REPO, { '.hub.json': JSON.stringify({ extraFiles }) });
    expect(await download()).toEqual({
      message: expect.stringMatching(
        /^There is not enough space in CACHE: \d+ MB more are needed\. Make room, or set HF_HUB_CACHE, and try again\.$/,
      ),
      retry: true,
    });
    expect(contentRequests()).toEqual([]);
  });

  it('says so where it may not write', async () => {
    await writeFile(setup.cacheDir, '');
    expect(await download()).toEqual({
      message:
        'CACHE cannot be written to (ENOTDIR). Set its permissions, or HF_HUB_CACHE to another folder.',
      retry: true,
    });
    await rm(setup.cacheDir);
  });
});
