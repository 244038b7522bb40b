import { describe, expect, it } from 'vitest';
import { PlainTextExtractor } from '../../../server/src/core/text/plainText';
import { finish, plain } from './support';

describe('PlainTextExtractor', () => {
  it('ends paragraphs at empty lines', () => {
    expect(plain('\n  One. Two.\n \t\nThree\r\n\r\nFour\r\rFive')).toEqual([
      ['One.', 'Two.'],
      ['Three'],
      ['Four'],
      ['Five'],
    ]);
    expect(plain('')).toEqual([]);
    expect(plain(' \r\n \n')).toEqual([]);
  });

  it('joins lines where the next word would not have fitted', () => {
    const text =
      'A paragraph that was wrapped by an\neditor, as mails are. It has lines\r\n   with breaks.\nAnd this is new.';
    expect(plain(text)).toEqual([
      [
        'A paragraph that was wrapped by an editor, as mails are. ← A paragraph that was wrapped by an\neditor, as mails are.',
        'It has lines with breaks. ← It has lines\r\n   with breaks.',
      ],
      ['And this is new.'],
    ]);
    expect(plain('Shopping:\nmilk\nbread and butter')).toEqual([
      ['Shopping:'],
      ['milk'],
      ['bread and butter'],
    ]);
  });

  it('joins lines of scripts without blanks', () => {
    expect(plain('今天天气很好我们去公园\n玩了一个下午然后回家。')).toEqual([
      ['今天天气很好我们去公园 玩了一个下午然后回家。 ← 今天天气很好我们去公园\n玩了一个下午然后回家。'],
    ]);
  });

  it('puts gaps for links and keeps everything else', () => {
    expect(plain('See https://example.org. **No** `markup` [MASK] <mask>')).toEqual([
      ['See \uFFFC. ← See https://example.org.', '**No** `markup` [MASK] <mask>'],
    ]);
    expect(plain('https://example.org')).toEqual([]);
  });

  it('takes any characters', () => {
    expect(plain('a\0b \ud800. \udc00\n\n\u200fشكرا. نعم\n\n👩‍👩‍👧 e\u0301.')).toEqual([
      ['a\0b \ud800.', '\udc00'],
      ['\u200fشكرا.', 'نعم'],
      ['👩‍👩‍👧 e\u0301.'],
    ]);
  });

  it('cuts very long paragraphs at sentence ends, else at blanks, else between characters', () => {
    const sentence = 'A sentence of forty-one characters, or so. ';
    const bySentence = finish(new PlainTextExtractor(), sentence.repeat(1_000));
    expect(bySentence.length).toBeGreaterThan(3);
    expect(new Set(bySentence.flatMap(({ block }) => block.sentences.map(({ text }) => text)))).toEqual(
      new Set([sentence.trim()]),
    );

    const byWord = finish(new PlainTextExtractor(), 'word '.repeat(10_000));
    expect(new Set(byWord.flatMap(({ block }) => block.sentences[0]?.text.split(' ')))).toEqual(
      new Set(['word']),
    );

    const family = '👩‍👩‍👧‍👦';
    const byCharacter = finish(new PlainTextExtractor(), family.repeat(3_000));
    const texts = byCharacter.map(({ block }) => block.sentences.map(({ text }) => text).join(''));
    expect(texts.join('')).toBe(family.repeat(3_000));
    expect(texts.map((text) => text.length % family.length)).toEqual(texts.map(() => 0));
  });

  it('works through a very long line in many steps', () => {
    const update = new PlainTextExtractor().update('x'.repeat(1_000_000));
    let steps = 0;
    while (!update.next().done) steps++;
    expect(steps).toBeGreaterThan(90);
  });
});
