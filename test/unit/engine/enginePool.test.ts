import { describe, expect, it } from 'vitest';
import type { ModelTask } from '../../../server/src/core/model';
import { EnginePool } from '../../../server/src/inference/enginePool';
import type { InstalledModel } from '../../../server/src/models/installedModels';
import { FakeClock } from '../../support/fakeClock';
import { FakeEngine, fakeLocation, fakeModel } from '../../support/fakeEngine';

const minute = 60_000;
const options = { aggregation: 'simple' } as const;

function create() {
  const clock = new FakeClock();
  const started: string[] = [];
  const gone: string[] = [];
  const engines: FakeEngine[] = [];
  const pool = new EnginePool({
    createEngine: ({ description: { id } }) => {
      const engine = new FakeEngine(id);
      engines.push(engine);
      started.push(id);
      const dispose = engine.dispose.bind(engine);
      engine.dispose = async () => {
        gone.push(id);
        await dispose();
      };
      return engine;
    },
    clock,
  });
  pool.setLimits({ unloadAfter: 10 * minute, memoryBytes: 100 });
  const states: string[] = [];
  pool.onState(({ model, status, tasks }) => states.push(`${model} ${status} ${tasks.join('+')}`));
  return { pool, clock, started, gone, engines, states };
}

const model = (id: string, bytes = 40): InstalledModel => ({
  location: { ...fakeLocation, id },
  description: { ...fakeModel, id },
  bytes,
});
const use = (id: string, ...tasks: ModelTask[]) => ({ model: model(id), tasks });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('EnginePool', () => {
  it('loads a model when it is first asked, and unloads it when nobody asked for a while', async () => {
    const { pool, clock, started, gone, states } = create();
    pool.setUses([use('a', 'entities')]);
    const engine = pool.engineFor(model('a'));
    expect(started).toEqual([]);
    await engine.analyze(['Ada'], options);
    clock.advance(9 * minute);
    await engine.fillMask('[MASK]', { topK: 1 });
    clock.advance(9 * minute);
    expect(gone).toEqual([]);
    clock.advance(minute);
    expect(gone).toEqual(['a']);
    await engine.analyze(['Ada'], options);
    expect(started).toEqual(['a', 'a']);
    expect(states).toEqual(['a idle entities', 'a ready entities', 'a idle entities', 'a ready entities']);
  });

  it('never unloads a model that has work to do', async () => {
    const { pool, clock, gone, engines } = create();
    pool.setUses([use('a', 'entities'), use('b', 'sentiment')]);
    pool.warm(model('a'));
    const [first] = engines as [FakeEngine];
    first.isHeld = true;
    const work = pool.engineFor(model('a')).analyze(['Ada'], options);
    await turn();
    pool.setLimits({ unloadAfter: minute, memoryBytes: 1 });
    clock.advance(60 * minute);
    await pool.engineFor(model('b')).analyze(['Ada'], options);
    clock.advance(minute);
    expect(gone).toEqual(['b']);
    first.release();
    expect(await work).toHaveLength(1);
    clock.advance(minute);
    expect(gone).toEqual(['b', 'a']);
  });

  it('unloads the least recently used models when there is no room for one more', async () => {
    const { pool, gone } = create();
    pool.setUses(['a', 'b', 'c'].map((id) => use(id, 'entities')));
    for (const id of ['a', 'b', 'a', 'c']) await pool.engineFor(model(id)).analyze(['Ada'], options);
    expect(gone).toEqual(['b']);
  });

  it('keeps idle models for ever when told so', async () => {
    const { pool, clock, gone } = create();
    pool.setUses([use('a', 'entities')]);
    await pool.engineFor(model('a')).analyze(['Ada'], options);
    pool.setLimits({ unloadAfter: 0, memoryBytes: 100 });
    clock.advance(1_000 * minute);
    expect(gone).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('lets a model that is used no more answer first', async () => {
    const { pool, gone, engines, states } = create();
    pool.setUses([use('a', 'entities', 'sentiment')]);
    pool.warm(model('a'));
    const [first] = engines as [FakeEngine];
    first.isHeld = true;
    const work = pool.engineFor(model('a')).analyze(['Ada'], options);
    await turn();
    pool.setUses([use('b', 'entities', 'sentiment')]);
    expect(gone).toEqual([]);
    expect(states.slice(-2)).toEqual(['a ready ', 'b idle entities+sentiment']);
    first.release();
    expect(await work).toHaveLength(1);
    expect(gone).toEqual(['a']);
  });

  it('tells a new listener of every model in use', () => {
    const { pool } = create();
    pool.setUses([use('a', 'entities'), use('b', 'sentiment', 'fillMask')]);
    const states: unknown[] = [];
    pool.onState((state) => states.push(state));
    expect(states).toEqual([
      { model: 'a', status: 'idle', tasks: ['entities'] },
      { model: 'b', status: 'idle', tasks: ['sentiment', 'fillMask'] },
    ]);
  });

  it('ends every process', async () => {
    const { pool, gone } = create();
    pool.setUses([use('a', 'entities'), use('b', 'sentiment')]);
    pool.warm(model('a'));
    pool.warm(model('b'));
    pool.setUses([use('b', 'sentiment')]);
    await pool.dispose();
    expect(gone).toEqual(['a', 'b']);
  });
});
