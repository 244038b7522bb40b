import { expect, test } from 'vitest';
import { fitCase } from '../../../server/src/core/text/letterCase';
import { typedPrefix } from '../../../server/src/core/text/maskTokens';

test.each([
  ['city', { before: 'The ', prefix: '' }, 'city'],
  ['city', { before: '', prefix: '' }, 'City'],
  ['city', { before: '“', prefix: '' }, 'City'],
  ['élan', { before: '', prefix: '' }, 'Élan'],
  ['𐐨𐐩', { before: '', prefix: '' }, '𐐀𐐩'],
  ['京', { before: '', prefix: '' }, '京'],
  ['city', { before: 'THE ', prefix: '', replaced: 'TOWN' }, 'CITY'],
  ['city', { before: 'Plan ', prefix: '', replaced: 'B' }, 'city'],
  ['city', { before: 'in ', prefix: '', replaced: 'Berlin' }, 'city'],
  ['city', { before: 'on ', prefix: '', replaced: '12' }, 'city'],
  ['Unbelievable', { before: 'That is ', prefix: 'unb' }, 'unbelievable'],
  ['unbelievable', { before: '', prefix: 'UNB' }, 'UNBelievable'],
])('%s for %j is %s', (word, place, expected) => {
  expect(fitCase(word, place)).toBe(expected);
});

test.each([
  ['That is unb', 'unb'],
  ['That is ', ''],
  ['(pré', 'pré'],
  ['他住在', ''],
  ['東京Ber', 'Ber'],
  ['', ''],
  ['don’t', 't'],
])('of %j %j was typed of the word', (before, prefix) => {
  expect(typedPrefix(before)).toBe(prefix);
});
