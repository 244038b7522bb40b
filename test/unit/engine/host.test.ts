import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../server/src/core/ports';
import type { ChildListener, StartChild } from '../../../server/src/inference/childProcess';
import { InferenceHost } from '../../../server/src/inference/host';
import type { FromInference, ToInference } from '../../../server/src/inference/messages';
import { FakeClock } from '../../support/fakeClock';

/** A process that does what the test says. */
class FakeChild {
  readonly received: ToInference[] = [];
  killed = false;
  readonly #listener: ChildListener;

  constructor(listener: ChildListener) {
    this.#listener = listener;
  }

  send(message: ToInference): void {
    this.received.push(message);
  }

  kill(): void {
    this.killed = true;
    this.#listener.exit('signal SIGKILL');
  }

  say(message: FromInference): void {
    this.#listener.message(message);
  }

  print(line: string): void {
    this.#listener.output(line);
  }

  exit(how = 'exit code 1'): void {
    this.#listener.exit(how);
  }

  ready(): void {
    this.say({ type: 'loaded', device: 'cpu' });
  }

  /** Ids of the requests it was sent, and of those cancelled, negative. */
  get requests(): readonly number[] {
    return this.received.flatMap((message) => {
      if (message.type === 'cancel') return [-message.id];
      return 'id' in message ? [message.id] : [];
    });
  }

  answer(id: number, milliseconds = 10): void {
    this.say({ type: 'working', id });
    this.say({ type: 'analyzed', id, milliseconds, results: [{ mentions: [], sentiment: [id] }] });
  }
}

function create() {
  const children: FakeChild[] = [];
  const log: string[] = [];
  const clock = new FakeClock();
  const startChild: StartChild = (listener) => {
    const child = new FakeChild(listener);
    children.push(child);
    return child;
  };
  const write = (message: string) => {
    log.push(message);
  };
  const host = new InferenceHost({
    location: { id: 'fake', revision: '1', path: '/models/fake' },
    processPath: '/inference.js',
    threads: 3,
    logger: { info: write, warn: write, error: write },
    clock,
    startChild,
  });
  const states: string[] = [];
  host.onState(({ status, message }) => states.push(message ? `${status}: ${message}` : status));
  /** The process started last. */
  const child = () => {
    const last = children.at(-1);
    if (!last) throw new Error('no process was started');
    return last;
  };
  const analyze = (text = 'a', signal?: AbortSignal) =>
    host.analyze([text], { aggregation: 'simple', ...(signal && { signal }) });
  return { host, children, child, clock, states, log, analyze };
}

const resultOf = (id: number) => [{ mentions: [], sentiment: [id] }];
const crashed = 'The inference process ended unexpectedly (exit code 1)';

describe('the usual course', () => {
  test('loads the model, then answers each request with its own result', async () => {
    const { host, child, states, analyze } = create();
    const early = analyze();
    host.start();
    child().ready();
    const late = host.analyze(['b', 'c'], { aggregation: 'max', priority: 'interactive' });
    const fill = host.fillMask('[MASK]', { topK: 2, targets: ['x'] });
    expect(child().received).toEqual([
      { type: 'load', location: { id: 'fake', revision: '1', path: '/models/fake' }, threads: 3 },
      { type: 'analyze', id: 1, sentences: ['a'], aggregation: 'simple', priority: 'bulk' },
      { type: 'analyze', id: 2, sentences: ['b', 'c'], aggregation: 'max', priority: 'interactive' },
      { type: 'fillMask', id: 3, text: '[MASK]', topK: 2, targets: ['x'] },
    ]);
    child().say({ type: 'filled', id: 3, predictions: [] });
    child().answer(2);
    child().answer(1);
    expect(await Promise.all([early, late, fill])).toEqual([resultOf(1), resultOf(2), []]);
    expect(states).toEqual(['starting', 'starting', 'ready']);
    expect(host.state).toMatchObject({ status: 'ready', model: 'fake', device: 'cpu' });
  });

  test('needs no process for nothing', async () => {
    const { host, children } = create();
    expect(await host.analyze([], { aggregation: 'simple' })).toEqual([]);
    expect(children).toEqual([]);
  });

  test('tells the speed at most once a second', async () => {
    const { host, child, clock, analyze } = create();
    host.start();
    child().ready();
    const speeds: (number | undefined)[] = [];
    host.onState(({ millisecondsPerSentence }) => speeds.push(millisecondsPerSentence));
    const work = [analyze(), analyze(), analyze()];
    child().answer(1, 64);
    child().answer(2, 128);
    clock.advance(999);
    expect(speeds).toEqual([undefined]);
    clock.advance(1);
    child().answer(3, 65);
    clock.advance(5_000);
    expect(speeds).toEqual([undefined, 65, 65]);
    await Promise.all(work);
  });

  test('a request that fails rejects alone', async () => {
    const { host, child, analyze } = create();
    host.start();
    const work = [analyze(), analyze()];
    child().say({ type: 'requestFailed', inRuntime: false, id: 1, message: 'No mask.' });
    child().answer(2);
    await expect(work[0]).rejects.toThrow(new EngineError('No mask.'));
    expect(await work[1]).toEqual(resultOf(2));
  });

  test('passes on what the process logs and prints', () => {
    const { host, child, log } = create();
    host.start();
    child().say({ type: 'log', level: 'info', message: 'hello' });
    child().print('native warning');
    expect(log).toEqual(['hello', 'Inference process: native warning']);
  });
});

describe('cancelling', () => {
  test('takes the request back and rejects with the reason', async () => {
    const { host, child, analyze } = create();
    host.start();
    const controller = new AbortController();
    const work = analyze('a', controller.signal);
    controller.abort(new Error('stale'));
    await expect(work).rejects.toThrow('stale');
    child().answer(1);
    expect(child().requests).toEqual([1, -1]);
  });

  test('does not begin what is cancelled already', async () => {
    const { host, child, analyze } = create();
    host.start();
    await expect(analyze('a', AbortSignal.abort(new Error('stale')))).rejects.toThrow('stale');
    expect(child().requests).toEqual([]);
  });

  test('a late signal changes nothing', async () => {
    const { host, child, analyze } = create();
    host.start();
    const controller = new AbortController();
    const work = analyze('a', controller.signal);
    child().answer(1);
    controller.abort();
    expect(await work).toEqual(resultOf(1));
    expect(child().requests).toEqual([1]);
  });
});

describe('crashes', () => {
  test('starts again and asks again for what is unanswered', async () => {
    const { host, children, child, clock, states, analyze } = create();
    host.start();
    child().ready();
    const work = [analyze(), analyze(), analyze()];
    child().answer(1);
    child().exit();
    const meanwhile = analyze();
    expect(states.at(-1)).toBe(`restarting: ${crashed} and is started again.`);
    clock.advance(100);
    child().ready();
    expect(child().requests).toEqual([2, 3, 4]);
    for (const id of [2, 3, 4]) child().answer(id);
    expect(await Promise.all([...work, meanwhile])).toEqual([1, 2, 3, 4].map(resultOf));
    expect(states.at(-1)).toBe('ready');
    expect(children.length).toBe(2);
  });

  test('gives up the request that is being worked on when it dies, the others are answered', async () => {
    const { host, child, clock, analyze } = create();
    host.start();
    const poison = analyze();
    const innocent = analyze();
    for (let death = 0; death < 3; death++) {
      child().ready();
      child().say({ type: 'working', id: 1 });
      child().exit();
      clock.advance(10_000);
    }
    await expect(poison).rejects.toThrow(
      new EngineError(
        'The inference process ended each time it analyzed this part of the text; it is left out.',
      ),
    );
    child().ready();
    expect(child().requests).toEqual([2]);
    child().answer(2);
    expect(await innocent).toEqual(resultOf(2));
  });

  test('waits longer each time, then fails for good', async () => {
    const { host, children, child, clock, states, analyze } = create();
    host.start();
    const work = analyze();
    const waits = [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000];
    for (const [i, wait] of waits.entries()) {
      child().exit();
      clock.advance(wait - 1);
      expect(children.length).toBe(i + 1);
      clock.advance(1);
      expect(children.length).toBe(i + 2);
    }
    child().exit();
    clock.advance(1_000_000);
    const message = `${crashed}, again and again. Try "Restart Server".`;
    expect(states.at(-1)).toBe(`failed: ${message}`);
    await expect(work).rejects.toThrow(new EngineError(message));
    await expect(analyze()).rejects.toThrow(new EngineError(message));
    expect(children.length).toBe(waits.length + 1);
    expect(clock.pending).toBe(0);
  });

  test('forgives crashes once work is done again', async () => {
    const { host, children, child, clock, analyze } = create();
    host.start();
    for (let id = 1; id <= 20; id++) {
      const work = analyze();
      child().exit();
      clock.advance(100);
      child().answer(id);
      expect(await work).toEqual(resultOf(id));
    }
    expect(children.length).toBe(21);
  });

  test('a model that cannot be loaded is not tried again until the user says so', async () => {
    const { host, children, child, clock, states, analyze } = create();
    host.start();
    const work = analyze();
    child().say({ type: 'loadFailed', message: 'The model file x is damaged.' });
    child().exit();
    clock.advance(1_000_000);
    expect(states.at(-1)).toBe('failed: The model file x is damaged.');
    await expect(work).rejects.toThrow(new EngineError('The model file x is damaged.'));
    expect(children.length).toBe(1);

    const restarted = host.restart();
    const again = analyze();
    child().ready();
    await restarted;
    child().answer(2);
    expect(await again).toEqual(resultOf(2));
  });
});

describe('the watchdog', () => {
  test('kills a process that is silent over its work, and asks another', async () => {
    const { host, children, child, clock, states, analyze } = create();
    host.start();
    child().ready();
    const work = analyze();
    child().say({ type: 'working', id: 1 });
    clock.advance(59_999);
    expect(children[0]?.killed).toBe(false);
    clock.advance(1);
    expect(children[0]?.killed).toBe(true);
    expect(states.at(-1)).toBe(
      'restarting: The inference process did not answer any more and is started again.',
    );
    clock.advance(100);
    child().ready();
    child().answer(1);
    expect(await work).toEqual(resultOf(1));
  });

  test('kills a process that never gets ready', () => {
    const { host, children, clock } = create();
    host.start();
    clock.advance(60_100);
    expect(children.map(({ killed }) => killed)).toEqual([true, false]);
  });

  test('lets a process work that shows signs of life, however long', () => {
    const { host, children, child, clock, analyze } = create();
    host.start();
    child().ready();
    analyze().catch(() => {});
    for (let i = 0; i < 50; i++) {
      clock.advance(40_000);
      child().say({ type: 'working', id: 1 });
    }
    expect(children.map(({ killed }) => killed)).toEqual([false]);
  });

  test('does not look at a process without work', () => {
    const { host, children, child, clock } = create();
    host.start();
    child().ready();
    clock.advance(1_000_000);
    expect(children.map(({ killed }) => killed)).toEqual([false]);
    expect(clock.pending).toBe(0);
  });
});

describe('restart and end', () => {
  test('restart replaces a process in the middle of its work', async () => {
    const { host, children, child, states, analyze } = create();
    host.start();
    child().ready();
    const work = analyze();
    const restarted = host.restart();
    expect(children[0]?.killed).toBe(true);
    expect(states.at(-1)).toBe('starting');
    children[0]?.answer(1);
    child().ready();
    await restarted;
    expect(child().requests).toEqual([1]);
    child().answer(1);
    expect(await work).toEqual(resultOf(1));
  });

  test('restart resolves, too, when the model cannot be loaded', async () => {
    const { host, child, states } = create();
    host.start();
    const restarted = host.restart();
    child().say({ type: 'loadFailed', message: 'Damaged.' });
    await restarted;
    expect(states.at(-1)).toBe('failed: Damaged.');
  });

  test('restart resolves, too, when the host is disposed of meanwhile', async () => {
    const { host, child } = create();
    host.start();
    const restarted = host.restart();
    const disposed = host.dispose();
    child().exit();
    await Promise.all([restarted, disposed]);
    expect(child().received.at(-1)).toEqual({ type: 'shutdown' });
  });

  test('another number of threads needs another process, the same one does not', () => {
    const { host, children, child } = create();
    host.setThreads(3);
    expect(children).toEqual([]);
    host.start();
    host.setThreads(3);
    expect(children.length).toBe(1);
    host.setThreads(2);
    expect(children.map(({ killed }) => killed)).toEqual([true, false]);
    expect(child().received).toMatchObject([{ type: 'load', threads: 2 }]);
  });

  test('dispose asks the process to end, and fails what is unanswered', async () => {
    const { host, children, child, clock, analyze } = create();
    host.start();
    child().ready();
    const work = analyze();
    let gone = false;
    const disposed = host.dispose().then(() => {
      gone = true;
    });
    await expect(work).rejects.toThrow(new EngineError('The inference process was stopped.'));
    expect(child().received.at(-1)).toEqual({ type: 'shutdown' });
    expect(gone).toBe(false);
    child().exit('exit code 0');
    await disposed;
    clock.advance(1_000_000);
    expect(children.length).toBe(1);
    expect(clock.pending).toBe(0);
    await expect(analyze()).rejects.toThrow(new EngineError('The inference process was stopped.'));
  });

  test('dispose kills a process that does not end', async () => {
    const { host, child, clock } = create();
    host.start();
    const disposed = host.dispose();
    clock.advance(500);
    await disposed;
    expect(child().killed).toBe(true);
  });

  test('dispose without a process, or while it waits to start one, is done at once', async () => {
    const { host, child, children, clock } = create();
    host.start();
    child().exit();
    await host.dispose();
    clock.advance(1_000_000);
    expect(children.length).toBe(1);
    await create().host.dispose();
  });

  test('killNow kills at once, and nothing comes after it', () => {
    const { host, children, clock } = create();
    host.start();
    host.killNow();
    clock.advance(1_000_000);
    expect(children.map(({ killed }) => killed)).toEqual([true]);
  });
});
