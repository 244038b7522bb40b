import { expect, test } from 'vitest';
import { combineEngines } from '../../../server/src/core/combinedEngine';
import { analyzeFake, FakeEngine } from '../../support/fakeEngine';

const options = { aggregation: 'simple' } as const;
const { mentions, sentiment } = analyzeFake('A lovely day in Berlin.');

test.each([
  ['both', ['entities', 'sentiment'], { mentions, sentiment }],
  ['entities alone', ['entities'], { mentions, sentiment: [] }],
  ['sentiment alone', ['sentiment'], { mentions: [], sentiment }],
  ['neither', [], { mentions: [], sentiment: [] }],
] as const)('engines of their own: %s', async (_, tasks, expected) => {
  const engines = Object.fromEntries(tasks.map((task) => [task, new FakeEngine()]));
  const combined = combineEngines(engines);
  expect(await combined.analyze(['A lovely day in Berlin.'], options)).toEqual([expected]);
  for (const engine of Object.values(engines)) expect(engine.requests).toHaveLength(1);
});

test('one engine for both is asked once', async () => {
  const engine = new FakeEngine();
  const combined = combineEngines({ entities: engine, sentiment: engine });
  expect(await combined.analyze(['Ada'], options)).toEqual([analyzeFake('Ada')]);
  expect(engine.requests).toEqual([['Ada']]);
});

test('a failure of one fails the request', async () => {
  const combined = combineEngines({ entities: new FakeEngine(), sentiment: new FakeEngine() });
  await expect(combined.analyze(['poison'], options)).rejects.toThrow('Poisoned.');
});
