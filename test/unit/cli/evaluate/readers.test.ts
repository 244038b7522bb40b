import { describe, expect, it } from 'vitest';
import { AnnotationError } from '../../../../server/src/cli/evaluate/annotations';
import { readEntities } from '../../../../server/src/cli/evaluate/readEntities';
import { readSentiments, toLabelIndex } from '../../../../server/src/cli/evaluate/readSentiments';
import { readTexts } from '../../../../server/src/cli/evaluate/readTexts';

const ada = { start: 0, end: 12, type: 'PER' };

/** What a reader says of a file that it does not take. */
const problemOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof AnnotationError) return error.message;
    throw error;
  }
  return 'none';
};

describe('readEntities', () => {
  const read = (text: string, path = 'a.conll', language?: string) => readEntities(text, path, language);

  it('reads CoNLL columns', () => {
    const text = `\n-DOCSTART- -X- O O\n\n# id = 1\nAda NNP B-NP B-PER\nLovelace NNP I-NP I-PER\n. . O O\n\n\n# id = 2\n巴黎 NR O B-LOC\n是 VC O O\n`;
    const expected = [
      { text: 'Ada Lovelace .', entities: [ada], language: undefined, line: 5, source: 'a.conll' },
      {
        text: '巴黎是',
        entities: [{ start: 0, end: 2, type: 'LOC' }],
        language: undefined,
        line: 11,
        source: 'a.conll',
      },
    ];
    expect(read(text)).toEqual(expected);
    expect(read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(read(text.replaceAll(' ', '\t').replaceAll('#\t', '# '))).toEqual(expected);
  });

  it.each([
    ['a hashtag', '#Ada\tB-PER\nrocks\tO\n', '#Ada rocks'],
    ['a number sign', 'room O\n# O\n1 O\n', 'room # 1'],
    ['a comment of as many words', '# Ada\nrocks O\n', 'rocks'],
    ['a comment within a sentence', 'Ada O\n# a note\nrocks O\n', 'Ada rocks'],
    ['emoji and joiners', '👩‍👩‍👧\tO\nAda\tO\n', '👩‍👩‍👧 Ada'],
    ['no break at the end', 'Ada O', 'Ada'],
    ['a token with a space', 'New York\tB-LOC', 'New York'],
  ])('reads %s', (_, text, expected) => {
    expect(read(text).map((sentence) => sentence.text)).toEqual([expected]);
  });

  it('counts in UTF-16 code units', () => {
    expect(read('😀 O\nAda B-PER\n')).toMatchObject([{ entities: [{ start: 3, end: 6 }] }]);
  });

  it.each(['', '\n\r\n \n', '-DOCSTART- O\n\n'])('has no sentence in %j', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('reads JSON lines', () => {
    const rows = [
      { lang: 'en', source: 'mine', tokens: ['Ada', 'Lovelace'], tags: ['B-PER', 'I-PER'] },
      { tokens: ['김', '은', '▁', '북'], tags: ['I-PER', 'O', 'O', 'O'] },
      { tokens: [], tags: [] },
    ];
    const text = `${rows.map((row) => JSON.stringify(row)).join('\r\n\r\n')}\r\n`;
    const expected = [
      { text: 'Ada Lovelace', entities: [ada], language: 'en', line: 1, source: 'mine' },
      {
        text: '김은 북',
        entities: [{ start: 0, end: 1, type: 'PER' }],
        language: 'ko',
        line: 3,
        source: 'x',
      },
      { text: '', entities: [], language: 'ko', line: 5, source: 'x' },
    ];
    expect(read(text, 'x', 'ko')).toEqual(expected);
  });

  it('reads JSON lines with spans, counted from where the row begins', () => {
    const rows = [
      { text: 'Ada Lovelace', entities: [{ start: 0, end: 12, type: 'PER', score: 0.9 }], lang: 'en' },
      { path: 'a.md', start: 100, text: '😀 Ada', entities: [{ start: 103, end: 106, type: 'PER' }] },
      { text: 'no one', entities: [] },
    ];
    expect(read(rows.map((row) => JSON.stringify(row)).join('\n'), 'x')).toEqual([
      { text: 'Ada Lovelace', entities: [ada], language: 'en', line: 1, source: 'x' },
      {
        text: '😀 Ada',
        entities: [{ start: 3, end: 6, type: 'PER' }],
        language: undefined,
        line: 2,
        source: 'x',
      },
      { text: 'no one', entities: [], language: undefined, line: 3, source: 'x' },
    ]);
  });

  it.each([
    ['secret\n', 'line 1: has not two columns, a token and a tag'],
    ['a O\n\nb O\nsecret NNP\n', /^line 4: has a tag that is neither/],
    ['a O\r\nsecret B-\r\n', /^line 2: has a tag that is neither/],
    ['\tB-PER\n', 'line 1: has not two columns, a token and a tag'],
    ['{"tokens":["secret"],"tags":[]}', 'line 1: has 1 tokens and 0 tags'],
    ['{"tokens":[""],"tags":["O"]}', 'line 1: has an empty token'],
    ['{"tokens":["secret"],"tags":["PER"]}', /^line 1: has a tag that is neither/],
    ['{"tokens":"secret","tags":["O"]}', 'line 1: "tokens" should be a list of texts'],
    ['{"tokens":["a"],"tags":[1]}', 'line 1: "tags" should be a list of texts'],
    ['{"tokens":["a"],"tags":["O"],"lang":1}', 'line 1: "lang" should be a text'],
    [
      '{"text":"secret","entities":[{"start":0,"end":9,"type":"PER"}]}',
      /^line 1: has an entity that does not/,
    ],
    ['{"text":"secret","entities":[{"end":3,"type":"PER"}]}', /^line 1: has an entity that does not/],
    ['{"text":"secret","entities":[{"start":0.5,"end":3}]}', 'line 1: "start" should be a whole number'],
    ['{"text":"secret","entities":[{"start":0,"end":3}]}', 'line 1: "type" should be a text, not empty'],
    ['{"text":"secret","entities":["PER"]}', 'line 1: "entities" should be a list of objects'],
    ['{"tokens":["a"],"tags":["O"]}\n\n["secret"]', 'line 3: is no JSON object'],
    [
      `{"tokens":["a"],"tags":["O"]}\n{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      'line 2: is nested deeper than 100 levels at column 105',
    ],
  ])('refuses %j', (text, message) => {
    const problem = problemOf(() => read(text));
    expect(problem).toMatch(message);
    expect(problem).not.toContain('secret');
  });

  it('takes a file for JSON lines by its name, too', () => {
    expect(problemOf(() => read('{"tokens": ', 'a.JSONL'))).toBe('line 1: is not valid JSON at column 11');
    expect(read('{ O\n} O\n')).toMatchObject([{ text: '{ }' }]);
  });
});

describe('readSentiments', () => {
  const labels = ['negative', 'neutral', 'positive'];
  const read = (text: string, path = 'a.tsv') =>
    readSentiments(text, path, 'en').map((row) => [toLabelIndex(row, labels), row.text, row.language]);

  it('reads columns', () => {
    expect(read('Positive\tIt was 😀.\r\n\r\n0\t很差\tzh\r\nneutral\t"A" \r\n')).toEqual([
      [2, 'It was 😀.', 'en'],
      [0, '很差', 'zh'],
      [1, '"A"', 'en'],
    ]);
  });

  it('reads JSON lines', () => {
    expect(read('{"label":2,"text":"Tab\\tinside"}\n{"label":"negative","text":"no","lang":"fr"}')).toEqual([
      [2, 'Tab\tinside', 'en'],
      [0, 'no', 'fr'],
    ]);
  });

  it.each([
    ['secret', /^line 1: should have a label, a tab and a text/],
    ['neutral\ta\n\tsecret', /^line 2: should have a label/],
    ['neutral\t  \tsecret', /^line 1: should have a label/],
    ['neutral\tsecret\ten\tmore', /^line 1: should have a label/],
    [
      'secret\ta',
      "line 1: its label is none of the model's: negative (or 0), neutral (or 1), positive (or 2)",
    ],
    ['3\tsecret', /^line 1: its label is none/],
    ['{"label":0.5,"text":"secret"}', /^line 1: its label is none/],
    ['{"label":0,"text":" "}', 'line 1: "text" should be a text, not empty'],
    ['{"sentiment":"negative","text":"secret"}', 'line 1: "sentiment" should be an object'],
    ['{"label":null,"text":"secret"}', 'line 1: "label" should be a text, not empty'],
  ])('refuses %j', (text, message) => {
    const problem = problemOf(() => read(text));
    if (typeof message === 'string') expect(problem).toBe(message);
    else expect(problem).toMatch(message);
    expect(problem).not.toContain('secret');
  });
});

describe('readTexts', () => {
  it('reads a text a line, or JSON lines', () => {
    expect(readTexts('One.\r\n\r\n  二。\r\n', 'a.txt', undefined)).toEqual([
      { text: 'One.', language: undefined, line: 1 },
      { text: '  二。', language: undefined, line: 3 },
    ]);
    expect(readTexts('{"text":"Un.","lang":"fr"}', '-', 'en')).toEqual([
      { text: 'Un.', language: 'fr', line: 1 },
    ]);
    expect(problemOf(() => readTexts('{"text":"a"}\n{"text":7}', '-', 'en'))).toBe(
      'line 2: "text" should be a text, not empty',
    );
  });
});
