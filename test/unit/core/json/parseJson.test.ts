import { parseTree } from 'jsonc-parser';
import { describe, expect, it, test } from 'vitest';
import { mostNesting, tooDeepAt } from '../../../../server/src/core/json/nesting';
import { JsonError, parseJson } from '../../../../server/src/core/json/parseJson';

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

describe('nesting', () => {
  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '[{"[":', '}]'],
  ])('has a limit: %s', (_, open, close) => {
    const levels = open.startsWith('[{') ? 2 : 1;
    expect(tooDeepAt(nested(mostNesting / levels, open, close))).toBeUndefined();
    expect(tooDeepAt(nested(mostNesting / levels + 1, open, close))).toBe(
      (mostNesting / levels) * open.length,
    );
  });

  it('is neither in strings nor in comments nor beside each other', () => {
    const brackets = '['.repeat(1000);
    expect(tooDeepAt(`["${brackets}\\"${brackets}", // ${brackets}\n/* ${brackets} */ 1]`)).toBeUndefined();
    expect(tooDeepAt('[],{},'.repeat(1000))).toBeUndefined();
    expect(tooDeepAt('')).toBeUndefined();
  });

  // Parsers that go on behind errors are deeper in than brackets in pairs tell.
  test.each([
    ...[
      '[',
      '{',
      '[},',
      '{"a":]',
      '{"a":[},',
      '["\n',
      '{]"a":',
      '[[}',
      '[}{',
      '{"a":[1}],',
      '[/*]*/',
      '[//]\n',
    ],
    ...['[x,', '{"a" [,"b":', '[1 2,', ']]][[[', '["a]"', '{x:{'],
  ])('is told wherever jsonc-parser would run out of stack: %j', (piece) => {
    const text = piece.repeat(50_000);
    const offset = tooDeepAt(text);
    const safe = offset === undefined ? text : text.slice(0, offset);
    expect(() => parseTree(safe, [], { allowTrailingComma: true })).not.toThrow();
  });
});

describe('JSON of others', () => {
  it('is what JSON.parse reads', () => {
    const text = ' {"a": [1, "\\u4e2d", null, true], "b": {"c": -1.5e3}} ';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['[1, 2', 1, 'not valid JSON (line 1, column 6)'],
    ['{"secret": 1,\r\n\r\n  secret}', 1, 'not valid JSON (line 3, column 3)'],
    ['', 1, 'not valid JSON (line 1, column 1)'],
    ['// no\n1', 1, 'not valid JSON (line 1, column 1)'],
    ['NaN', 7, 'not valid JSON (line 7, column 1)'],
    ['['.repeat(10_000), 1, 'nested deeper than 100 levels (line 1, column 101)'],
    [`{"a":\n${nested(10_000)}}`, 3, 'nested deeper than 100 levels (line 4, column 100)'],
  ])('says what is wrong and where, and nothing of the text: %#', (text, firstLine, message) => {
    const read = () => parseJson(text, firstLine);
    expect(read).toThrow(JsonError);
    expect(read).toThrow(new JsonError(message.replace(/ \(.*/u, ''), ...placeIn(message)));
  });
});

const placeIn = (message: string): [number, number] => {
  const [line = 0, column = 0] = (message.match(/\d+(?=[,)])/gu) ?? []).map(Number);
  return [line, column];
};
