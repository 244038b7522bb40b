import { expect, test } from 'vitest';
import { readJson } from '../../../server/src/rules/jsonWithComments';
import { finish } from '../../support/finish';

const read = (text: string) => finish(readJson(text));

test.each([
  '{}',
  '[]',
  '0',
  'null',
  'true',
  '"a"',
  ' [ -1.5e3 , false , null , "" , [ ] , { } ] ',
  '{"a": {"b": [{"c": "\\u4e2d \\ud83d\\ude00 \\n \\" // /* "}]}, "": 1, "a": 2}',
])('reads what JSON.parse reads: %s', (text) => {
  expect(read(text)).toEqual(JSON.parse(text));
});

test.each([
  ['[1, 2,]', [1, 2]],
  ['{"a": [1,], /* b */ }', { a: [1] }],
  ['// first\n[1 // one\n, /* two */ 2]// last', [1, 2]],
])('and comments and trailing commas: %s', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each([
  ...['', ' ', '// a', '[', '{', ']', '[}', '{"a": 1]', '[1 2]', '[,]', '[1,,2]', '{,}', '1 2', '[] []', ','],
  ...['{"a"}', '{"a":}', '{"a": 1 "b": 2}', '{"a": 1, 2}', '{a: 1}', '{"a", 1}', '{"a": 1,,}', ':', '{:1}'],
  ...['tru', 'NaN', '01', '"a', '"a\nb"', '/* a', "'a'", '{"a": "b}'],
])('nothing else: %s', (text) => {
  expect(read(text)).toBeUndefined();
});

test('comes in steps', () => {
  const items = Array.from({ length: 10_000 }, (_, index) => `{"a": ${index}}`);
  const work = readJson(`[${items.join()}]`);
  let steps = 1;
  while (!work.next().done) steps++;
  expect(steps).toBeGreaterThan(5);
});
