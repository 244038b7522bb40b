import { describe, expect, it } from 'vitest';
import type { SentenceAnalysis } from '../../../server/src/core/tasks/results';
import {
  type Lane,
  SentenceScheduler,
  type WorkSource,
} from '../../../server/src/scheduling/sentenceScheduler';
import { analyzeFake, FakeEngine } from '../../support/fakeEngine';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Wants fixed sentences until they are settled. */
class FakeSource implements WorkSource {
  readonly log: [string[], Lane][] = [];
  readonly #wants: Partial<Record<Lane, string[]>>;

  constructor(wants: Partial<Record<Lane, string[]>>) {
    this.#wants = wants;
  }

  wanted(lane: Lane): string[] {
    return this.#wants[lane] ?? [];
  }

  settled(texts: ReadonlySet<string>, lane: Lane): void {
    this.log.push([[...texts], lane]);
    for (const wants of Object.values(this.#wants))
      wants.splice(0, wants.length, ...wants.filter((text) => !texts.has(text)));
  }
}

function setUp() {
  const engine = new FakeEngine();
  const options = { aggregation: 'average', results: new Map<string, SentenceAnalysis>() } as const;
  const scheduler = new SentenceScheduler(engine, silent, options);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { engine, scheduler, turn };
}

describe('SentenceScheduler', () => {
  it('serves the lanes in order, over all sources', async () => {
    const { engine, scheduler, turn } = setUp();
    scheduler.add(new FakeSource({ background: ['d'], visible: ['b'] }));
    scheduler.add(new FakeSource({ cursor: ['a'], active: ['c'] }));
    scheduler.wake();
    await turn();
    expect(engine.requests).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(scheduler.result('d')).toEqual(analyzeFake('d'));
  });

  it('asks once for a sentence that two documents have', async () => {
    const { engine, scheduler, turn } = setUp();
    const [one, two] = [new FakeSource({ visible: ['Ada', 'Ada'] }), new FakeSource({ background: ['Ada'] })];
    scheduler.add(one);
    scheduler.add(two);
    scheduler.wake();
    await turn();
    expect(engine.requests).toEqual([['Ada']]);
    expect([one.log, two.log]).toEqual([[[['Ada'], 'visible']], [[['Ada'], 'visible']]]);
  });

  const many = Array.from({ length: 1_000 }, (_, i) => `Sentence number ${i} of a rather long document.`);

  it('has two large requests of bulk work under way, and lets small ones in between', async () => {
    const { engine, scheduler, turn } = setUp();
    engine.isHeld = true;
    scheduler.add(new FakeSource({ active: [...many] }));
    scheduler.wake();
    expect(engine.requests).toHaveLength(2);
    const visible = Array.from({ length: 200 }, (_, i) => `Visible sentence number ${i} of a long document.`);
    scheduler.add(new FakeSource({ visible: [...visible] }));
    scheduler.wake();
    expect(engine.requests).toHaveLength(4);
    scheduler.add(new FakeSource({ cursor: ['here'] }));
    scheduler.wake();
    expect(engine.requests[4]).toEqual(['here']);
    const [[bulk], [, , small]] = [engine.requests, engine.requests];
    expect(small?.length).toBeLessThan((bulk?.length ?? 0) / 2);
    engine.isHeld = false;
    engine.release();
    await turn();
    expect(engine.requests.flat().toSorted()).toEqual([...many, ...visible, 'here'].toSorted());
  });

  it('does not send what nobody wants any more', async () => {
    const { engine, scheduler, turn } = setUp();
    engine.isHeld = true;
    const source = new FakeSource({ background: [...many] });
    scheduler.add(source);
    scheduler.wake();
    scheduler.remove(source);
    engine.isHeld = false;
    engine.release();
    await turn();
    expect(engine.requests).toHaveLength(2);
    expect(engine.requests.flat().length).toBeLessThan(many.length);
  });

  it('gives up on what the engine refuses, until told to retry', async () => {
    const { engine, scheduler, turn } = setUp();
    scheduler.add(new FakeSource({ visible: ['poison'] }));
    scheduler.wake();
    await turn();
    expect([scheduler.hasFailed('poison'), await scheduler.request('poison')]).toEqual([true, undefined]);
    scheduler.wake();
    expect(engine.requests).toHaveLength(1);
    scheduler.retry();
    expect(scheduler.hasFailed('poison')).toBe(false);
  });

  it('answers a request for one sentence, also for one that is under way', async () => {
    const { engine, scheduler, turn } = setUp();
    engine.isHeld = true;
    scheduler.add(new FakeSource({ visible: ['Ada'] }));
    scheduler.wake();
    const requests = Promise.all([
      scheduler.request('Ada'),
      scheduler.request('Berlin'),
      scheduler.request('Berlin'),
    ]);
    await turn();
    engine.isHeld = false;
    engine.release();
    expect(await requests).toEqual([analyzeFake('Ada'), analyzeFake('Berlin'), analyzeFake('Berlin')]);
    expect(engine.requests).toEqual([['Ada'], ['Berlin']]);
  });
});
