import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toConll } from '../../../server/src/cli/conll';

describe('toConll', () => {
  it('tags the words of mentions', () => {
    const mentions = [
      { start: 0, end: 13, type: 'PER' },
      { start: 26, end: 33, type: 'LOC' },
    ];
    expect(toConll('Angela Merkel was born in Hamburg.', mentions)).toBe(
      'Angela B-PER\nMerkel I-PER\nwas O\nborn O\nin O\nHamburg B-LOC\n. O\n\n',
    );
  });

  it('tags Chinese by character', () => {
    const mentions = [
      { start: 0, end: 2, type: 'LOC' },
      { start: 3, end: 5, type: 'LOC' },
    ];
    expect(toConll('巴黎是法国首都', mentions)).toBe(
      '巴 B-LOC\n黎 I-LOC\n是 O\n法 B-LOC\n国 I-LOC\n首 O\n都 O\n\n',
    );
  });

  it('tells neighbours of one type apart', () => {
    const mentions = [
      { start: 0, end: 5, type: 'LOC' },
      { start: 6, end: 12, type: 'LOC' },
      { start: 12, end: 15, type: 'LOC' },
    ];
    expect(toConll('Paris BerlinUlm', mentions)).toBe('Paris B-LOC\nBerlin B-LOC\nUlm B-LOC\n\n');
  });

  it('writes nothing for a sentence without words', () => {
    expect(toConll(' \0 ', [])).toBe('');
  });

  /** A sentence and mentions in it: words of letters, ideographs, emoji and marks, some of them mentions. */
  const sentence = fc
    .array(
      fc.record({
        before: fc.constantFrom('', ' ', '\t', ', ', '的'),
        text: fc
          .array(fc.constantFrom('a', 'é', 'e\u0301', '巴', '黎', 'タ', '서', '😀', 'ب', '-', ' ', '.'), {
            minLength: 1,
            maxLength: 6,
          })
          .map((parts) => parts.join('').trim() || 'x'),
        type: fc.constantFrom('PER', 'LOC', undefined),
      }),
      { maxLength: 8 },
    )
    .map((parts) => {
      let text = '';
      const mentions: { start: number; end: number; type: string }[] = [];
      for (const part of parts) {
        text += part.before;
        if (part.type)
          mentions.push({ start: text.length, end: text.length + part.text.length, type: part.type });
        text += part.text;
      }
      return { text, mentions };
    });

  /** What a reader of the file gets: type and words of each mention. */
  const parse = (conll: string): readonly { type: string; words: string }[] => {
    const mentions: { type: string; words: string }[] = [];
    for (const line of conll.split('\n').filter((text) => text !== '')) {
      const fields = line.split(' ');
      expect(fields).toHaveLength(2);
      const [word = '', tag = ''] = fields;
      const last = mentions.at(-1);
      if (tag.startsWith('B-')) mentions.push({ type: tag.slice(2), words: word });
      else if (tag.startsWith('I-') && last) {
        expect(tag.slice(2)).toBe(last.type);
        last.words += word;
      } else expect(tag).toBe('O');
    }
    return mentions;
  };

  it('keeps every mention, whole', () => {
    fc.assert(
      fc.property(sentence, ({ text, mentions }) => {
        expect(parse(toConll(text, mentions))).toEqual(
          mentions.map(({ start, end, type }) => ({
            type,
            words: text.slice(start, end).replace(/\s/g, ''),
          })),
        );
      }),
    );
  });
});
