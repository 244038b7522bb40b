import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  type RequestType,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createConnection } from 'vscode-languageserver/node';
import { registerModels } from '../../../server/src/features/models';
import type { ModelStore } from '../../../server/src/models/modelStore';
import {
  DownloadModelRequest,
  DownloadProgressNotification,
  type DownloadProgressParams,
  FindModelRequest,
  ModelsRequest,
  PlanDownloadRequest,
  RemoveModelRequest,
} from '../../../server/src/protocol/models';
import { FakeClock } from '../../support/fakeClock';
import { HubSetup } from './setup';

const REPO = 'org/model';

let setup: HubSetup;
let client: MessageConnection;
let clock: FakeClock;
let changes: number;
let inUse: string[];
let progress: DownloadProgressParams[];

beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
  connectTo(setup.store());
});
afterEach(async () => {
  client.dispose();
  await setup.stop();
});

function connectTo(store: ModelStore): void {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  clock = new FakeClock();
  changes = 0;
  inUse = [];
  progress = [];
  registerModels({
    connection,
    clock,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    store,
    folders: () => [],
    isInUse: ({ path }) => inUse.includes(path),
    onChanged: () => {
      changes++;
    },
  });
  connection.listen();
  client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  client.onNotification(DownloadProgressNotification.type, (params) => {
    progress.push(params);
  });
  client.listen();
}

const failureOf = async (request: Promise<unknown>) => {
  const { code, message, data } = await request.then(
    () => Promise.reject(new Error('It went well.')),
    (error: { readonly code: number; readonly message: string; readonly data: unknown }) => error,
  );
  return { code, message, data };
};

/** As LSP numbers them. */
const requestFailed = -32803;
const requestCancelled = -32800;

const ask = <P, R, E>({ method }: RequestType<P, R, E>, params: P): Promise<R> =>
  client.sendRequest(method, params);
const download = async (ref: string) => {
  const { commit } = await ask(PlanDownloadRequest.type, { ref });
  return ask(DownloadModelRequest.type, { ref, commit });
};

const untilAsked = async (end: string): Promise<void> => {
  while (!setup.hub.requests.some(({ path }) => path.endsWith(end))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('requests for models', () => {
  it('plan, download, find, list and remove', async () => {
    const info = await download(REPO);
    expect(info).toMatchObject({ ref: REPO, installed: true, tasks: ['entities'] });
    expect(await ask(FindModelRequest.type, { ref: REPO })).toEqual(info);
    expect(await client.sendRequest(ModelsRequest.type)).toEqual([info]);
    expect(changes).toBe(1);
    const { freedBytes } = await ask(RemoveModelRequest.type, { ref: REPO });
    expect(freedBytes).toBeGreaterThan(info.bytes ?? 0);
    expect(changes).toBe(2);
    expect(await ask(FindModelRequest.type, { ref: REPO })).toMatchObject({ ref: REPO, installed: false });
  });

  it('tell progress, but not for every piece', async () => {
    setup.hub.faults.add({ path: '/tokenizer.json', stallAfter: 0, times: 1 });
    const running = download(REPO);
    // All pieces of the graph have arrived when the next file is asked for.
    await untilAsked('/tokenizer.json');
    clock.advance(250);
    setup.hub.dropConnections();
    const { bytes } = await running;
    expect(progress).toEqual([{ ref: REPO, receivedBytes: 50_000, totalBytes: bytes }]);
    expect(clock.pending).toBe(0);
  });

  it.each(['before it begins', 'in the middle'])('can be cancelled %s', async (moment) => {
    const { commit } = await ask(PlanDownloadRequest.type, { ref: REPO });
    setup.hub.faults.add({ path: '/tokenizer.json', stallAfter: 0 });
    const source = new CancellationTokenSource();
    const running = client.sendRequest(DownloadModelRequest.type, { ref: REPO, commit }, source.token);
    running.catch(() => {});
    if (moment === 'in the middle') await untilAsked('/tokenizer.json');
    source.cancel();
    expect(await failureOf(running)).toMatchObject({ code: requestCancelled });
    expect(changes).toBe(0);
  });

  it('say whether to try again', async () => {
    setup.hub.faults.add({ path: '/revision/', status: 503 });
    expect(await failureOf(ask(PlanDownloadRequest.type, { ref: REPO }))).toMatchObject({
      code: requestFailed,
      data: { retry: true },
    });
    expect(await failureOf(ask(PlanDownloadRequest.type, { ref: 'subtext-base' }))).toEqual({
      code: requestFailed,
      message: 'subtext-base lies on this machine; there is nothing to download.',
      data: { retry: false },
    });
    expect(await failureOf(ask(DownloadModelRequest.type, { ref: REPO, commit: '../..' }))).toEqual({
      code: requestFailed,
      message: '"../.." is not a commit.',
      data: { retry: false },
    });
  });

  it('do not remove what is in use', async () => {
    const { path = '' } = await download(REPO);
    inUse.push(path);
    expect(await failureOf(ask(RemoveModelRequest.type, { ref: REPO }))).toMatchObject({
      code: requestFailed,
      message: 'org/model is in use. Choose another model in its place first.',
    });
    expect(await ask(FindModelRequest.type, { ref: REPO })).toMatchObject({ installed: true });
  });

  it('refuse what is no reference', async () => {
    expect(await failureOf(ask(FindModelRequest.type, { ref: '../x' }))).toMatchObject({
      code: requestFailed,
      message: expect.stringMatching(/^"\.\.\/x" names no model\./),
    });
  });
});
