import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../server/src/core/text/edits';
import { appendToList, invertEdits } from '../../../server/src/rules/ruleEdits';
import { parseRuleFile } from '../../../server/src/rules/ruleFile';
import { finish } from '../../support/finish';

const parse = (text: string) => finish(parseRuleFile(text));

const problems = (text: string) =>
  parse(text)
    .problems.map(({ start, end, message }) => `${text.slice(start, end)}: ${message}`)
    .toSorted();

describe('reading', () => {
  test('everything a file may say', () => {
    const text = `{
      // comments are allowed
      "ignore": {
        "words": ["Berlin", { "text": "May", "type": "PER", "caseSensitive": true }],
        "mentions": [{ "file": "a.md", "text": "May", "type": "PER", "before": "in ", "after": "" }],
        "sentences": [{ "file": "docs/b.md", "text": "It was terrible." }],
        "types": ["MISC"], "files": ["vendor/**"], "languages": ["latex"],
      },
      "thresholds": { "LOC": 0.9 },
      "gazetteer": [
        { "text": "Subtext", "type": "PRODUCT" },
        { "pattern": "RFC \\\\d+", "type": "STANDARD", "caseSensitive": true, "mode": "fill" },
      ],
    }`;
    expect(parse(text)).toEqual({
      rules: {
        words: [{ text: 'Berlin' }, { text: 'May', type: 'PER', caseSensitive: true }],
        mentions: [{ file: 'a.md', text: 'May', type: 'PER', before: 'in ', after: '' }],
        sentences: [{ file: 'docs/b.md', text: 'It was terrible.' }],
        types: ['MISC'],
        files: ['vendor/**'],
        languages: ['latex'],
        thresholds: { LOC: 0.9 },
        gazetteer: [
          { text: 'Subtext', type: 'PRODUCT', caseSensitive: false, mode: 'override' },
          { pattern: 'RFC \\d+', type: 'STANDARD', caseSensitive: true, mode: 'fill' },
        ],
      },
      problems: [],
    });
  });

  const deep = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);
  test.each([
    ['brackets', '['.repeat(10_000), 100],
    ['braces', '{"a":'.repeat(10_000), 500],
    ['brackets of two kinds', '[},'.repeat(10_000), 300],
    ['20 KB of valid lists', deep(10_000), 100],
    ['where nothing is checked', `{"$schema": ${deep(10_000)}}`, 111],
    ['among names', `{"gazetteer": [${deep(10_000, '{"text": ', '}')}]}`, 897],
    ['behind an error', `{"ignore": 1 2, "x": ${deep(5_000)}}`, 120],
    ['in megabytes', deep(1_000_000), 100],
  ])('deep nesting is one problem, with its place: %s', (_, text, start) => {
    const { rules, problems: found } = parse(text);
    expect(found).toEqual([{ start, end: start + 1, message: 'nested deeper than 100 levels' }]);
    expect(rules.gazetteer).toEqual([]);
    expect(appendToList(text, ['ignore', 'words'], ['Ada'])).toBeUndefined();
  });

  test('nothing is wrong with nothing', () => {
    expect(problems('')).toEqual([]);
    expect(problems('{}')).toEqual([]);
  });

  test('what is wrong is said where it stands, and the rest counts', () => {
    const text =
      '{"ignore": {"words": ["a", 3, {"type": "PER"}], "types": "LOC"}, "gazetter": [], "thresholds": {"X": 2},' +
      ' "gazetteer": [{"text": "a"}, {"pattern": "(?=a)", "type": "X"}, {"text": "b", "type": "X", "mode": "no"}]}';
    expect(problems(text)).toEqual([
      '"(?=a)": not a pattern: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
      '"LOC": expected a list',
      '"gazetter": unknown; expected one of $schema, ignore, thresholds, gazetteer',
      '"no": expected one of override, fill',
      '2: expected a number from 0 to 1',
      '3: expected an object',
      '{"text": "a"}: “type” is missing',
      '{"type": "PER"}: “text” is missing',
    ]);
    const { rules } = parse(text);
    expect(rules.words).toEqual([{ text: 'a' }]);
    expect(rules.gazetteer).toEqual([{ text: 'b', type: 'X', caseSensitive: false, mode: 'override' }]);
  });

  test('mentions and sentences need a file', () => {
    const text =
      '{"ignore": {"mentions": [{"text": "May"}, {"file": "a.md", "text": "May", "before": 3}, 1],' +
      ' "sentences": ["No."], "lines": []}}';
    expect(problems(text)).toEqual([
      '"No.": expected an object',
      '"lines": unknown; expected one of words, mentions, sentences, types, files, languages',
      '1: expected an object',
      '3: expected a text',
      '{"text": "May"}: “file” is missing',
    ]);
    expect(parse(text).rules.mentions).toEqual([{ file: 'a.md', text: 'May' }]);
  });

  test('comments and trailing commas wherever they are allowed, and never in texts', () => {
    const text = `// "first"
      { "thresholds": { "a // b": 0.1, /* , */ "c,]": 0.2 /* } */, // last
      } , } // end`;
    expect(parse(text)).toMatchObject({ rules: { thresholds: { 'a // b': 0.1, 'c,]': 0.2 } }, problems: [] });
    expect(problems('{ "thresholds": { "A": 2, }, /* why */ }')).toEqual([
      '2: expected a number from 0 to 1',
    ]);
  });

  test('broken JSON', () => {
    expect(problems('{"ignore": {"words": ["a" "b"]}')).toEqual([
      '"b": not JSON: CommaExpected',
      ': not JSON: CloseBraceExpected',
    ]);
    expect(parse('{"ignore": {"words": ["a" "b"]}').rules.words).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(problems('[]')).toEqual(['[]: expected an object']);
  });
});

describe('writing', () => {
  const append = (text: string, path: readonly string[], ...values: readonly unknown[]) => {
    const edits = appendToList(text, path, values) ?? [];
    const after = applyEdits(text, edits);
    // What is written can be taken back.
    expect(applyEdits(after, invertEdits(text, edits))).toBe(text);
    return after;
  };

  test('a new file', () => {
    expect(append('', ['ignore', 'words'], 'Ada')).toBe(
      '{\n  "ignore": {\n    "words": [\n      "Ada"\n    ]\n  }\n}\n',
    );
  });

  test('a new list beside others', () => {
    expect(append('{\n  // mine\n  "thresholds": {}\n}\n', ['gazetteer'], { text: 'A', type: 'X' })).toBe(
      '{\n  // mine\n  "thresholds": {},\n  "gazetteer": [\n    { "text": "A", "type": "X" }\n  ]\n}\n',
    );
  });

  test('more in a list, each once, comments kept', () => {
    const text = '{\n  "ignore": {\n    "words": [\n      "Ada" // why\n    ]\n  }\n}\n';
    expect(append(text, ['ignore', 'words'], 'Ada', 'Bob', { text: 'May', type: 'PER' })).toBe(
      '{\n  "ignore": {\n    "words": [\n      "Ada",\n      "Bob",\n      { "text": "May", "type": "PER" } // why\n    ]\n  }\n}\n',
    );
    expect(appendToList(text, ['ignore', 'words'], ['Ada'])).toEqual([]);
    expect(append('{ "gazetteer": [] }', ['gazetteer'], { text: '"$&"', type: 'X' })).toBe(
      '{ "gazetteer": [\n    { "text": "\\"$&\\"", "type": "X" }\n  ] }',
    );
  });

  test('not into what is broken or of another kind', () => {
    expect(appendToList('{"ignore": ', ['gazetteer'], [1])).toBeUndefined();
    expect(appendToList('[]', ['gazetteer'], [1])).toBeUndefined();
    expect(appendToList('{"gazetteer": 3}', ['gazetteer'], [1])).toBeUndefined();
  });
});
