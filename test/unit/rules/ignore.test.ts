import { describe, expect, test } from 'vitest';
import { commentSyntax } from '../../../server/src/core/ignore/commentSyntax';
import { findIgnoredText, movedAlong } from '../../../server/src/core/ignore/ignoreComments';
import { contextOf } from '../../../server/src/core/ignore/mentionContext';
import { MentionFilter } from '../../../server/src/core/ignore/mentionFilter';
import { ignoreFile, ignoreLine, ignoreLines } from '../../../server/src/core/ignore/writtenComments';
import { overlapsAny } from '../../../server/src/core/text/span';

const ignored = (text: string): string[] =>
  findIgnoredText(text).spans.map(({ start, end }) => text.slice(start, end));

describe('comments that ignore', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', 'subtext: ignore-line\nsubtext:ignore-lines subtext:ignore', []],
    ['a line', 'a\nb // subtext:ignore-line\nc', ['b // subtext:ignore-line']],
    ['the next line', '# subtext:ignore-next-line\nb\nc', ['subtext:ignore-next-line\nb']],
    ['no next line', '# subtext:ignore-next-line', ['subtext:ignore-next-line']],
    [
      'a region',
      'a <!-- subtext:ignore-start --> b\nc <!-- subtext:ignore-end --> d',
      ['subtext:ignore-start --> b\nc <!-- subtext:ignore-end'],
    ],
    ['to the end', 'a\n% subtext:ignore-start\nb', ['subtext:ignore-start\nb']],
    ['no region', 'a\n% subtext:ignore-end\nb', []],
    [
      'a line in a region',
      '# subtext:ignore-start\nb subtext:ignore-line\n',
      ['subtext:ignore-start\nb subtext:ignore-line\n'],
    ],
    [
      'lines that touch',
      'x subtext:ignore-line\r\ny subtext:ignore-line\r\nz',
      ['x subtext:ignore-line\r', 'y subtext:ignore-line\r'],
    ],
  ])('%s', (_, text, expected) => {
    expect(ignored(text)).toEqual(expected);
    expect(findIgnoredText(text).wholeFile).toBe(false);
  });

  test('the whole file', () => {
    expect(findIgnoredText('a // subtext:ignore-line\n/* subtext:ignore-file */')).toEqual({
      wholeFile: true,
      spans: [],
    });
  });
});

test('tells whether edits only moved what is ignored', () => {
  const before = [{ start: 10, end: 20 }];
  const at = (start: number) => [{ start, end: start, text: 'ab' }];
  expect(movedAlong(before, [{ start: 12, end: 22 }], at(3), 2)).toBe(true);
  expect(movedAlong(before, [{ start: 10, end: 22 }], at(15), 2)).toBe(true);
  expect(movedAlong(before, before, at(30), 2)).toBe(true);
  expect(movedAlong(before, [], at(15), 2)).toBe(false);
  expect(movedAlong(before, [{ start: 10, end: 40 }], at(15), 2)).toBe(false);
  expect(movedAlong([], [], at(15), 2)).toBe(true);
});

test('finds overlaps among ordered spans', () => {
  const spans = [
    { start: 2, end: 4 },
    { start: 8, end: 9 },
  ];
  const touching = (start: number, end: number) => overlapsAny(spans, { start, end });
  expect([touching(0, 2), touching(3, 5), touching(4, 8), touching(0, 20), touching(9, 12)]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('words, types and thresholds decide what is reported', () => {
  const filter = new MentionFilter({
    threshold: 0.5,
    thresholds: { misc: 0.9 },
    types: ['Date'],
    words: [
      { text: 'berlin' },
      { text: 'May', type: 'PER' },
      { text: 'US', caseSensitive: true },
      { text: '北京' },
    ],
    mentions: [],
    sentences: [],
  });
  const isReported = (type: string, text: string, score = 0.8) =>
    filter.isReported({ start: 0, end: text.length, type, score }, text, 1);
  expect(isReported('LOC', 'Paris')).toBe(true);
  expect(isReported('LOC', 'Paris', 0.4)).toBe(false);
  expect(isReported('MISC', 'Paris')).toBe(false);
  expect(isReported('MISC', 'Paris', 0.95)).toBe(true);
  expect(isReported('DATE', 'Paris')).toBe(false);
  expect(isReported('LOC', 'BERLIN')).toBe(false);
  expect(isReported('PER', 'may')).toBe(false);
  expect(isReported('LOC', 'May')).toBe(true);
  expect(isReported('LOC', 'US')).toBe(false);
  expect(isReported('LOC', 'us')).toBe(true);
  expect(isReported('LOC', '北京')).toBe(false);
});

describe('single mentions', () => {
  const at = (sentence: string, text: string, from = 0) => {
    const start = sentence.indexOf(text, from);
    return { start, end: start + text.length };
  };
  const filterOf = (sentence: string, text: string, type?: string) =>
    new MentionFilter({
      threshold: 0,
      thresholds: {},
      types: [],
      words: [],
      mentions: [{ text, type, ...contextOf(sentence, at(sentence, text)) }],
      sentences: ['It  was\nbad.'],
    });

  test.each<[string, string, string, string]>([
    ['We met her in the spring, in May 2025, in Kent.', 'May', ' the spring, in ', ' 2025, in Kent.'],
    ['May.', 'May', '', '.'],
    [
      '他在二〇二五年五月初的时候又一次回到了北京，看望了他年迈的父母和兄弟。',
      '北京',
      '〇二五年五月初的时候又一次回到了',
      '，看望了他年迈的父母和兄弟。',
    ],
    ['Überraschungsweise 👩‍💻👩‍💻👩‍💻👩‍💻 May', 'May', '👩‍💻👩‍💻👩‍💻 ', ''],
    [
      'Incomprehensibilities May antidisestablishmentarianism.',
      'May',
      'Incomprehensibilities ',
      ' antidisestablishmentarianism',
    ],
  ])('%s', (sentence, text, before, after) => {
    expect(contextOf(sentence, at(sentence, text))).toEqual({ before, after });
  });

  test('are ignored wherever text, type and context agree', () => {
    const sentence = 'She came in May 2025, not in May.';
    const filter = filterOf(sentence, 'May', 'per');
    const reported = (text: string, from = 0, type = 'PER') =>
      filter.isReported({ type, score: 1, ...at(text, 'May', from) }, text, 1);
    expect(reported(sentence)).toBe(false);
    expect(reported(sentence, 20)).toBe(true);
    expect(reported(sentence, 0, 'DATE')).toBe(true);
    expect(reported(`Yes! ${sentence} And so on.`)).toBe(false);
    expect(reported('She came in May 2026, not in May.')).toBe(true);
  });

  test('an empty context is the edge of the sentence, none is any', () => {
    const rules = { threshold: 0, thresholds: {}, types: [], words: [], sentences: [] };
    const sentence = 'May met May';
    const reported = (mention: { before?: string; after?: string }) => {
      const filter = new MentionFilter({ ...rules, mentions: [{ text: 'May', ...mention }] });
      return [0, 3].map((from) =>
        filter.isReported({ type: 'PER', score: 1, ...at(sentence, 'May', from) }, sentence, 1),
      );
    };
    expect(reported({ before: '' })).toEqual([false, true]);
    expect(reported({ after: '' })).toEqual([true, false]);
    expect(reported({ before: 'met ', after: '' })).toEqual([true, false]);
    expect(reported({})).toEqual([false, false]);
  });

  test('sentences are compared without line breaks', () => {
    const filter = filterOf('May', 'May');
    expect([filter.ignoresSentence('It was bad.'), filter.ignoresSentence('It was good.')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('comments that are written', () => {
  const write = (languageId: string, text: string, first: number, last = first): string[] => {
    const syntax = commentSyntax(languageId);
    if (!syntax) return [];
    const rows = text.split('\n');
    const lines = { count: rows.length, lineAt: (line: number) => rows[line] ?? '' };
    const one = ignoreLine(syntax, first, lines);
    return [one ? [one] : [], ignoreLines(syntax, first, last, lines), [ignoreFile(syntax, lines)]].map(
      (comments) => {
        const written = [...rows];
        for (const { line, at, text: comment } of comments)
          written[line] = at === 'start' ? comment + written[line] : written[line] + comment;
        return written.join('\n');
      },
    );
  };

  test.each<[string, string, string, string]>([
    [
      'markdown',
      'a <!-- subtext:ignore-line -->',
      '<!-- subtext:ignore-start -->\na\nb\n<!-- subtext:ignore-end -->',
      'a\nb\n<!-- subtext:ignore-file -->\n',
    ],
    [
      'mdx',
      'a {/* subtext:ignore-line */}',
      '{/* subtext:ignore-start */}\na\nb\n{/* subtext:ignore-end */}',
      'a\nb\n{/* subtext:ignore-file */}\n',
    ],
    [
      'latex',
      'a % subtext:ignore-line',
      '% subtext:ignore-start\na\nb\n% subtext:ignore-end',
      'a\nb\n% subtext:ignore-file\n',
    ],
    [
      'typst',
      'a // subtext:ignore-line',
      '// subtext:ignore-start\na\nb\n// subtext:ignore-end',
      'a\nb\n// subtext:ignore-file\n',
    ],
    [
      'python',
      'a # subtext:ignore-line',
      '# subtext:ignore-start\na\nb\n# subtext:ignore-end',
      'a\nb\n# subtext:ignore-file\n',
    ],
    [
      'css',
      'a /* subtext:ignore-line */',
      '/* subtext:ignore-start */\na\nb\n/* subtext:ignore-end */',
      'a\nb\n/* subtext:ignore-file */\n',
    ],
    [
      'asciidoc',
      '// subtext:ignore-next-line\na',
      '// subtext:ignore-start\na\nb\n// subtext:ignore-end',
      'a\nb\n// subtext:ignore-file\n',
    ],
    ['org', 'a', '# subtext:ignore-start\n\na\nb\n\n# subtext:ignore-end', 'a\nb\n\n# subtext:ignore-file\n'],
    [
      'restructuredtext',
      'a',
      '.. subtext:ignore-start\n\na\nb\n\n.. subtext:ignore-end',
      'a\nb\n\n.. subtext:ignore-file\n',
    ],
  ])('%s', (languageId, line, region, file) => {
    expect(write(languageId, 'a\nb', 0, 1)).toEqual([`${line}\nb`, region, file]);
  });

  test('within paragraphs, indented, and at the end of a file', () => {
    expect(write('restructuredtext', 'a\n  b\nc\n', 1)[1]).toBe(
      'a\n\n  .. subtext:ignore-start\n\n  b\n\n  .. subtext:ignore-end\n\nc\n',
    );
    expect(write('python', 'a\n  b\nc\n', 1).slice(1)).toEqual([
      'a\n  # subtext:ignore-start\n  b\n  # subtext:ignore-end\nc\n',
      'a\n  b\nc\n# subtext:ignore-file\n',
    ]);
  });

  test('none in languages without comments', () => {
    expect(['plaintext', 'csv', 'srt', 'json', 'mail'].map(commentSyntax)).toEqual(Array(5).fill(undefined));
  });
});
