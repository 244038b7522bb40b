import { expect, it } from 'vitest';
import { strategyFor } from '../../../server/src/core/tasks/aggregation';

it.each([
  ['Angela Merkel was in 東京.', 'first'],
  ['他在北京。', 'first'],
  ['', 'first'],
  ['彼は東京で生まれた。', 'simple'],
  ['ｱﾒﾘｶ', 'simple'],
  ['서울에서 태어났다.', 'simple'],
])('auto in %j is %s', (sentence, strategy) => {
  expect(strategyFor('auto', sentence)).toBe(strategy);
});

it('takes every other strategy as it is', () => {
  expect(strategyFor('average', '彼は東京で生まれた。')).toBe('average');
});
