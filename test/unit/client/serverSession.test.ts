import { expect, test } from 'vitest';
import { RestartPolicy } from '../../../client/src/server/restartPolicy';
import { type ServerClient, ServerSession } from '../../../client/src/server/serverSession';
import { ViewNotification, type ViewParams } from '../../../server/src/protocol/protocol';
import { FakeClock } from '../../support/fakeClock';

/** A server whose start a test decides, and that a test may kill. */
class FakeServer implements ServerClient {
  readonly crash: () => void;
  readonly sent: unknown[] = [];
  disposed = false;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(closed: () => void) {
    this.crash = closed;
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  started(): void {
    this.#settle?.resolve();
  }

  failed(): void {
    this.#settle?.reject(new Error('exit code 1'));
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }

  async sendRequest<R>(): Promise<R> {
    return 'answer' as R;
  }

  async sendNotification(_type: unknown, params: unknown): Promise<void> {
    this.sent.push(params);
  }
}

function setUp() {
  const clock = new FakeClock();
  const servers: FakeServer[] = [];
  const states: string[] = [];
  const log: string[] = [];
  const session = new ServerSession({
    clock,
    restartPolicy: new RestartPolicy(),
    failureMessage: 'It does not run.',
    log: (message) => log.push(message),
    onState: ({ status, message }) => states.push(message ? `${status}: ${message}` : status),
    createClient: async (closed) => {
      const server = new FakeServer(closed);
      servers.push(server);
      return server;
    },
  });
  const server = (index: number): FakeServer => {
    const found = servers[index];
    if (!found) throw new Error(`There are only ${servers.length} servers.`);
    return found;
  };
  return { clock, server, servers, states, log, session };
}

/** Lets all promises that can settle do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const view: ViewParams = { uri: 'untitled:a', version: 1, active: true, visible: [] };
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };

test('starts once, tells its states and stops', async () => {
  const { server, servers, states, session } = setUp();
  const starts = [session.start(), session.start()];
  await settle();
  server(0).started();
  await Promise.all(starts);
  await session.stop();
  expect(servers).toHaveLength(1);
  expect(server(0).disposed).toBe(true);
  expect(states).toEqual(['starting', 'running', 'stopped']);
});

test('a restart while the server starts waits for that start, but not for ever', async () => {
  const { clock, server, servers, states, session } = setUp();
  void session.start();
  await settle();
  void session.restart();
  await settle();
  // A client that is starting cannot be disposed of.
  expect(server(0).disposed).toBe(false);
  server(0).started();
  await settle();
  expect(server(0).disposed).toBe(true);

  void session.restart();
  await settle();
  clock.advance(2_000);
  await settle();
  expect(server(1).disposed).toBe(true);
  server(2).started();
  await settle();
  expect(servers).toHaveLength(3);
  expect(states.at(-1)).toBe('running');
});

test('speaks only with a server that runs', async () => {
  const { server, session } = setUp();
  session.notify(ViewNotification.type, view);
  const start = session.start();
  await settle();
  session.notify(ViewNotification.type, view);
  server(0).started();
  await start;
  session.notify(ViewNotification.type, { ...view, version: 2 });
  expect(server(0).sent).toEqual([{ ...view, version: 2 }]);
  const type = { method: 'x' } as Parameters<typeof session.request>[0];
  await expect(session.request(type, {}, never)).resolves.toBe('answer');
  await session.stop();
  await expect(session.request(type, {}, never)).rejects.toThrow('It does not run.');
});

test('a server that dies is started again with growing delays, and given up in the end', async () => {
  const { clock, server, servers, states, session } = setUp();
  void session.start();
  await settle();
  const delays: number[] = [];
  for (let index = 0; index < 4; index++) {
    server(index).started();
    await settle();
    server(index).crash();
    await settle();
    const died = clock.now();
    clock.advance(0);
    await settle();
    while (servers.length === index + 1) {
      clock.advance(500);
      await settle();
    }
    delays.push(clock.now() - died);
  }
  server(4).failed();
  await settle();
  clock.advance(1_000_000);
  await settle();
  expect(delays).toEqual([0, 500, 2_000, 8_000]);
  expect(servers.map(({ disposed }) => disposed)).toEqual([true, true, true, true, true]);
  expect(states.filter((state) => state !== 'restarting')).toEqual([
    'starting',
    'running',
    'running',
    'running',
    'running',
    'failed: It does not run.',
  ]);
});

test('a start that fails counts as one death, though it is told twice', async () => {
  const { clock, server, servers, log, session } = setUp();
  void session.start();
  await settle();
  server(0).crash();
  server(0).failed();
  await settle();
  clock.advance(0);
  await settle();
  clock.advance(60_000);
  await settle();
  expect(servers).toHaveLength(2);
  expect(log).toEqual(['The server did not start: exit code 1']);
});

test('the user may replace a server that hangs, runs, waits or failed', async () => {
  const { clock, server, servers, states, session } = setUp();
  void session.start();
  await settle();
  // It never answers.
  const restart = session.restart();
  await settle();
  clock.advance(2_000);
  await settle();
  server(1).started();
  await restart;
  // It dies, and is replaced before the session would have done so.
  server(1).crash();
  await settle();
  void session.restart();
  await settle();
  server(2).started();
  clock.advance(60_000);
  await settle();
  // The death of one that was replaced means nothing.
  server(0).crash();
  await settle();
  expect(servers).toHaveLength(3);
  expect(states).toEqual(['starting', 'starting', 'running', 'restarting', 'starting', 'running']);
});

test('deaths that lie far apart do not add up', () => {
  const policy = new RestartPolicy();
  expect([0, 1, 2, 3, 4].map((now) => policy.nextDelay(now))).toEqual([0, 500, 2_000, 8_000, undefined]);
  expect(policy.nextDelay(180_001)).toBe(2_000);
  policy.reset();
  expect(policy.nextDelay(180_002)).toBe(0);
});
