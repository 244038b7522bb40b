import { describe, expect, test } from 'vitest';
import { Gazetteer, mergeMentions, patternProblem } from '../../../server/src/core/gazetteer/gazetteer';
import type { GazetteerEntry } from '../../../server/src/core/gazetteer/gazetteerEntry';
import { importCsv, importJson } from '../../../server/src/core/gazetteer/importEntries';
import { isBoundary } from '../../../server/src/core/gazetteer/wordBoundaries';
import { finish } from '../../support/finish';

const options = { caseSensitive: false, mode: 'override' } as const;
const name = (text: string, type = 'X', more = {}): GazetteerEntry => ({ text, type, ...options, ...more });
const pattern = (source: string, type = 'X', more = {}): GazetteerEntry => ({
  pattern: source,
  type,
  ...options,
  ...more,
});

const build = (...entries: readonly GazetteerEntry[]): Gazetteer => finish(Gazetteer.build(entries));

const found = (gazetteer: Gazetteer, text: string): string[] =>
  gazetteer.find(text).map(({ start, end, type }) => `${type}:${text.slice(start, end)}@${start}`);

describe('names in a text', () => {
  test.each<[string, readonly GazetteerEntry[], string, readonly string[]]>([
    ['case is ignored', [name('subtext')], 'Subtext and SUBTEXT', ['X:Subtext@0', 'X:SUBTEXT@12']],
    ['unless it counts', [name('May', 'X', { caseSensitive: true })], 'may May MAY', ['X:May@4']],
    [
      'one spelling may be two things',
      [name('Apple', 'ORG', { caseSensitive: true }), name('apple', 'FRUIT', { caseSensitive: true })],
      'Apple, apple',
      ['ORG:Apple@0', 'FRUIT:apple@7'],
    ],
    ['whole words', [name('art')], 'cart art arts art’s _art', ['X:art@5', 'X:art@14']],
    [
      'the longest wins',
      [name('New York'), name('New York City', 'CITY')],
      'New York City',
      ['CITY:New York City@0'],
    ],
    ['what begins first wins', [name('a b'), name('b c d')], 'a b c d', ['X:a b@0']],
    ['blanks in names are one space', [name(' New \n York ')], 'in New York.', ['X:New York@3']],
    [
      'Chinese has no spaces',
      [name('北京'), name('北京大学', 'ORG')],
      '我在北京大学和北京。',
      ['ORG:北京大学@2', 'X:北京@7'],
    ],
    ['Japanese', [name('東京')], '東京タワーは東京にある', ['X:東京@0', 'X:東京@6']],
    ['Korean particles', [name('서울')], '서울에서', ['X:서울@0']],
    ['Arabic', [name('باريس')], 'زرت باريس أمس', ['X:باريس@4']],
    ['Hebrew', [name('תל אביב')], 'גר בתל אביב, תל אביב', ['X:תל אביב@13']],
    ['emoji around', [name('Ada')], '😀Ada👩‍💻 Ada', ['X:Ada@2', 'X:Ada@11']],
    ['an emoji is one character', [name('👩')], '👩‍💻 👩', ['X:👩@6']],
    ['accents belong to their letter', [name('cafe')], 'cafe\u0301 cafe', ['X:cafe@6']],
    [
      'Turkish and Greek keep their offsets',
      [name('ΟΔΟΣ'), name('Ankara')],
      'İİ οδός? οδος Ankara',
      ['X:οδος@9', 'X:Ankara@14'],
    ],
  ])('%s', (_, entries, text, expected) => {
    expect(found(build(...entries), text)).toEqual(expected);
  });
});

test('patterns find what RE2 finds, and nothing empty', () => {
  const gazetteer = build(
    pattern(String.raw`RFC \d+`, 'STANDARD', { caseSensitive: true }),
    pattern('x*', 'XS'),
    name('RFC', 'ORG'),
  );
  expect(found(gazetteer, 'RFC 9110, rfc 1, xX')).toEqual(['STANDARD:RFC 9110@0', 'ORG:rfc@10', 'XS:xX@17']);
});

test('a pattern that would take a backtracking engine for ever takes no time', () => {
  expect(found(build(pattern('^(a+)+$')), `${'a'.repeat(5_000)}!`)).toEqual([]);
});

test('patterns beyond RE2 are refused', () => {
  expect(patternProblem('(?=a)b')).toEqual(expect.any(String));
  expect(patternProblem('(')).toEqual(expect.any(String));
  expect(patternProblem(String.raw`\bRFC\b`)).toBeUndefined();
});

test('finds any of 100,000 names', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `Name ${index.toString(36)}q`);
  const gazetteer = build(...names.map((text) => name(text)));
  const text = `It knows ${names[7]}, ${names[30_000]}, ${names[99_999]} and not Name zzzzzz.`;
  expect(gazetteer.find(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    names[7],
    names[30_000],
    names[99_999],
  ]);
});

test('entries win over the model, or fill its gaps', () => {
  const mention = (start: number, end: number, type: string) => ({ start, end, type, score: 0.9 });
  const match = (start: number, end: number, mode: 'override' | 'fill') =>
    ({ start, end, type: 'X', score: 1, isListed: true, mode }) as const;
  const merged = mergeMentions(
    [mention(0, 4, 'PER'), mention(10, 14, 'LOC')],
    [match(2, 6, 'override'), match(11, 12, 'fill'), match(20, 22, 'fill')],
  );
  expect(merged.map(({ start, type }) => [start, type])).toEqual([
    [2, 'X'],
    [10, 'LOC'],
    [20, 'X'],
  ]);
});

test('words of spaced scripts and characters are not cut', () => {
  const boundaries = (text: string) =>
    Array.from({ length: text.length + 1 }, (_, offset) => offset).filter((offset) =>
      isBoundary(text, offset),
    );
  expect(boundaries('ab c')).toEqual([0, 2, 3, 4]);
  expect(boundaries('a北b')).toEqual([0, 1, 2, 3]);
});

describe('imports', () => {
  test('say where the JSON is wrong', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const read = (content: string) => () => importJson(content, 'MISC');
    expect(read(`\ufeff\n${deep}`)).toThrow('nested deeper than 100 levels (line 2, column 101)');
    expect(read(`{"text": "secret"}\r\n\r\n{"pattern": ${deep}}`)).toThrow(
      'nested deeper than 100 levels (line 3, column 112)',
    );
    expect(read('{"text": "secret"}\nsecret')).toThrow('not valid JSON (line 2, column 1)');
  });

  test('CSV with and without a header', () => {
    expect(importCsv('\ufefftype;name\r\nORG;"Acme; Inc."\r\n;Bolt\r\nORG;\r\n', 'MISC')).toEqual({
      entries: [
        { text: 'Acme; Inc.', type: 'ORG' },
        { text: 'Bolt', type: 'MISC' },
      ],
      skipped: 1,
    });
    expect(importCsv('Acme\tORG\nBolt\n', 'MISC').entries).toEqual([
      { text: 'Acme', type: 'ORG' },
      { text: 'Bolt', type: 'MISC' },
    ]);
  });

  test('patterns of the EntityRuler', () => {
    const lines = [
      { label: 'ORG', pattern: 'Apple', id: 'apple' },
      { label: 'GPE', pattern: [{ LOWER: 'san' }, { LOWER: 'francisco' }] },
      { label: 'PER', pattern: [{ TEXT: 'Ada' }, { ORTH: 'King' }] },
      { label: 'LAW', pattern: [{ LOWER: 'act' }, { TEXT: 'No.' }] },
      { label: 'X', pattern: [{ LOWER: 'a', OP: '+' }] },
      { label: 'X', pattern: [{ POS: 'NOUN' }] },
    ];
    const expected = {
      entries: [
        { text: 'Apple', type: 'ORG', caseSensitive: true },
        { text: 'san francisco', type: 'GPE' },
        { text: 'Ada King', type: 'PER', caseSensitive: true },
        { pattern: String.raw`\b(?i:act) No\.\b`, type: 'LAW', caseSensitive: true },
      ],
      skipped: 2,
    };
    expect(importJson(lines.map((line) => JSON.stringify(line)).join('\n'), 'MISC')).toEqual(expected);
    expect(importJson(JSON.stringify(lines), 'MISC')).toEqual(expected);
  });
});
