import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentSentences } from '../../../server/src/core/text/sentences';
import { sentences } from './support';

describe('segmentSentences', () => {
  // A bar stands where a sentence ends.
  it.each([
    // English
    'Mr. and Mrs. Hall of No. 4 are home.|They sleep.',
    'Dr. Brooks met J. R. R. Tolkien and Ursula K. Le Guin.|They talked.',
    'She served in the U.S. Navy.|He lives in the U.S.|It is big.',
    'See e.g. Smith et al. (2019).|It works, i.e. Bob says so.',
    'He works at Acme Inc.|The office is new.|Acme Inc. Berlin is older.',
    'She has a Ph.D.|He does not.',
    'It was plan B.|The end.|Sept. 5 came.',
    'What is going on.|Tom laughed at me.|We sat.|Sun came out.',
    'Pi is 3.14, not 1,000.5.|It costs $3.50.|Fine!',
    'He was born in 1990.|20 years later he left.|See Fig. 5.',
    '“Stop!” he said.|“No!”|She left.',
    'He said: "Hello." and left.|"Why?" she asked.',
    '(He left.)|She stayed (why?) and slept.|[Really.]|Yes.',
    'Wait… what?|Wait…|What?|Wait... what?|Wait...|What?',
    'Stop!!!|What?!?!|OK.',
    'The end.[1]|Next one.[2][3]|Last.',
    '1. First.|2. Second.',
    'Hello...world, www.x.y and Foo.Bar too',
    // German
    'Wir haben z. B. Hunde, d. h. Tiere, bzw. Katzen usw.|Die bellen.',
    'Am 3. Oktober kam der 2. Vorsitzende in Zimmer 3.|Dann ging er.',
    'Am 3. 10. 2024 schien die Sonne.|Im XX. Jahrhundert regnete es.',
    'Prof. Dr. med. Huber wohnt in Nr. 12.|Er liest S. 5.',
    '»Komm«, rief sie.|»Nein.«|Er ging.|„Gut.“|Sie blieb.',
    // French
    'M. Dupont et Mme. Curie sont là.|C’est bien, p. ex. Paris.',
    '« Bonjour. »|Puis il partit.|« Vraiment ? » demanda-t-elle.',
    // Spanish, Portuguese, Italian
    'El Sr. García y la Sra. Pérez viven en EE. UU. desde 2010, p. ej. Ana.|Él trabaja.',
    '¿Quién es?|¡Ven!|«Sí», dijo.',
    'O Sr. Silva e a Dra. Souza chegaram.|Eles falaram.',
    'Il sig. Rossi e la dott.ssa Bianchi, ecc.|Lui parla.',
    // Dutch, Polish, Russian
    'Dhr. Jansen woont bijv. Amsterdam, d.w.z. Noord.|Hij slaapt.',
    'Prof. Kowalski, np. Warszawa, tzn. Stolica itd.|On poszedł.',
    'Это т. е. Москва, напр. Тверь.|Проф. Иванов и А. С. Пушкин.|Он ушёл.',
    // Other scripts
    '她说：“今天很好。”|然后他问：“是吗？”|我说是。|他走了。|“再见。”',
    '今天。。。|明天！？|好',
    '「行くよ。」と彼は言った。|「本当？」|うん！',
    'ما اسمك؟|أنا د. أحمد.|هذا كتاب.',
    'یہ ایک کتاب ہے۔|وہ گیا۔',
    'यह किताब है।|वह गया।',
    '👍🏽 Great!|👩‍👩‍👧 Family.|E\u0301t\u0301.',
    '\u200fشكرا.\u200f|\u202bنعم.',
  ])('%s', (marked) => {
    const expected = marked.split('|');
    const separator = /[\u3002\uff01\uff1f]/.test(marked) ? '' : ' ';
    expect(sentences(expected.join(separator))).toEqual(expected);
  });

  it('leaves blanks around sentences out', () => {
    expect(segmentSentences(' \u00a0One.  Two.\r\n\r\nThree \t')).toEqual([
      { start: 2, end: 6 },
      { start: 8, end: 12 },
      { start: 16, end: 21 },
    ]);
    expect(segmentSentences(' \n\t\u3000 ')).toEqual([]);
    expect(segmentSentences('')).toEqual([]);
  });

  it('ends a sentence with its line', () => {
    expect(sentences('a\nMr.\nSmith\u2028x')).toEqual(['a', 'Mr.', 'Smith', 'x']);
  });

  it('knows the question mark of a language', () => {
    const text = 'Τι είναι; Ναι.';
    expect(segmentSentences(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Τι είναι;',
      'Ναι.',
    ]);
  });

  it('leaves out nothing but blanks, and cuts no character', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'Dr',
        '.',
        '. ',
        '…',
        ' ',
        '"',
        '“',
        '”',
        '»',
        '«',
        '(',
        ')',
        '[1]',
        '。',
        '！',
        '」',
        '3',
        'A',
        '\n',
      ],
      ...[
        '👍🏽',
        '👩‍👩‍👧',
        'e\u0301',
        '\u200f',
        '\ud800',
        '\udc00',
        '\0',
        'と',
        '؟',
        '\u00a0',
        '?',
        '!',
        'The ',
      ],
    );
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 30 }), (text) => {
        const spans = segmentSentences(text);
        let at = 0;
        for (const { start, end } of spans) {
          expect(text.slice(at, start).trim()).toBe('');
          expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
          expect(end).toBeGreaterThan(start);
          expect(
            /^[\udc00-\udfff]/.test(text.slice(start)) && /[\ud800-\udbff]$/.test(text.slice(0, start)),
          ).toBe(false);
          at = end;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 400 },
    );
  });

  it('takes any number of sentences of any length', () => {
    const long = `${'Word '.repeat(700)}end. `;
    const text = `${'A sentence. '.repeat(500)}${long}${'今天。'.repeat(2_000)}`;
    expect(segmentSentences(text).map(({ start, end }) => end - start)).toEqual([
      ...Array(500).fill(11),
      long.length - 1,
      ...Array(2_000).fill(3),
    ]);
    expect(segmentSentences('word '.repeat(50_000))).toEqual([{ start: 0, end: 249_999 }]);
  });
});
