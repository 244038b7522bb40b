import { describe, expect, it } from 'vitest';
import { MarkdownExtractor } from '../../../server/src/core/text/markdown';
import { finish, markdown } from './support';

const gap = '\uFFFC';

describe('blocks', () => {
  it('are paragraphs, headings, list items, quotes and table cells', () => {
    const text = [
      '# One *two* #',
      'Three. Four.',
      'Five',
      '====',
      'Six',
      '---',
      '- seven',
      '  1. eight',
      '     still eight',
      '- [x] nine',
      '',
      '> ten',
      '> still ten',
      'lazy ten',
      '> > - eleven',
      '> >   still eleven',
      '',
      '| twelve | b \\| c |',
      '|:--|--:|',
      '| 14\\. 15. | **16** `x` |',
      '|  | 17',
    ].join('\n');
    expect(markdown(text)).toEqual([
      ['One two ← One *two'],
      ['Three.', 'Four.', 'Five'],
      ['Six'],
      ['seven'],
      ['eight still eight ← eight\n     still eight'],
      ['nine'],
      ['ten still ten lazy ten ← ten\n> still ten\nlazy ten'],
      ['eleven still eleven ← eleven\n> >   still eleven'],
      ['twelve'],
      ['b | c ← b \\| c'],
      ['14. 15. ← 14\\. 15.'],
      [`16 ${gap} ← 16** \`x\``],
      ['17'],
    ]);
  });

  it('are none where there is no prose', () => {
    const text = [
      '```js',
      'let code;',
      '```',
      '',
      '    indented code',
      '',
      '<pre>code',
      'more</pre>',
      '',
      '<!-- a comment -->',
      '',
      '[ref]: https://example.org "Title"',
      '',
      '***',
      '',
      '`only code` https://example.org <mail@example.org>',
      '',
      '![](image.png)',
    ].join('\n');
    expect(markdown(text)).toEqual([]);
    expect(markdown('')).toEqual([]);
    expect(markdown(' \r\n\t\n')).toEqual([]);
  });

  it('leave front matter out', () => {
    expect(markdown('---\ntitle: No.\n---\nYes.')).toEqual([['Yes.']]);
    expect(markdown('\uFEFF---\r\ntitle: No.\r\n...\r\nYes.')).toEqual([['Yes.']]);
    expect(markdown('+++\ntitle = "No"\n+++\n\n---\nYes: yes\n')).toEqual([['Yes: yes']]);
    expect(markdown('---\n\nA rule.\n\n---\n')).toEqual([['A rule.']]);
    expect(markdown('---\nnot: closed')).toEqual([['not: closed']]);
  });

  it('are the text of footnotes, too', () => {
    expect(markdown('Text[^1] goes[^note] on.\n\n[^1]: One.\n    Still one.\n[^note]: Two\n')).toEqual([
      ['Text goes on. ← Text[^1] goes[^note] on.'],
      ['One.', 'Still one.'],
      ['Two'],
    ]);
    expect(markdown('[^1]: Word')).toEqual([['Word']]);
  });
});

describe('sentences', () => {
  it.each([
    [
      'Emphasis does *not. Split* **a _sentence_.** ~~Gone~~',
      [['Emphasis does not. ← Emphasis does *not.', 'Split a sentence. ← Split* **a _sentence_.', 'Gone']],
    ],
    [
      'A [link *here*](https://x.org "Title. Two."), a [ref][label] and ![alt text](i.png).',
      [
        [
          'A link here, a ref and alt text. ← A [link *here*](https://x.org "Title. Two."), a [ref][label] and ![alt text](i.png).',
        ],
      ],
    ],
    ['[![alt](i.png) both](u "t")', [['alt both ← alt](i.png) both']]],
    [
      'Run `npm  i`, see <https://a.b>, https://c.d/e_f_g. Or a@b.org!',
      [
        [
          `Run ${gap}, see ${gap}, ${gap}. ← Run \`npm  i\`, see <https://a.b>, https://c.d/e_f_g.`,
          `Or ${gap}! ← Or a@b.org!`,
        ],
      ],
    ],
    [
      '\\*not\\* &amp; &copy;&#x1F600; &nosuch; &#0;',
      [['*not* & ©😀 &nosuch; \uFFFD ← \\*not\\* &amp; &copy;&#x1F600; &nosuch; &#0;']],
    ],
    [
      'one  \ntwo\\\nthree\n   four<br>five <b>six</b><!-- no -->',
      [['one two three four five six ← one  \ntwo\\\nthree\n   four<br>five <b>six']],
    ],
    ['他说*你好*。“再见。”', [['他说你好。 ← 他说*你好*。', '“再见。”']]],
    ['مرحبا **بك**. \u200fنعم', [['مرحبا بك. ← مرحبا **بك**.', '\u200fنعم']]],
    ['👩‍👩‍👧 _e\u0301_\u0301 ok', [['👩‍👩‍👧 _e\u0301_\u0301 ok']]],
    ['a\0b \ud800 c\udc00', [['a\0b \ud800 c\udc00']]],
  ])('%j', (text, expected) => {
    expect(markdown(text)).toEqual(expected);
  });

  it('have a gap for maths, and none for amounts of money', () => {
    const maths = 'Let $x_1$ be. So $a * b$ and 设$\\alpha$为角, the $n$th. $$\ny = \\$ 2\n$$ Done.';
    expect(markdown(maths)).toEqual([
      [
        `Let ${gap} be. ← Let $x_1$ be.`,
        `So ${gap} and 设${gap}为角, the ${gap}th. ← So $a * b$ and 设$\\alpha$为角, the $n$th.`,
        `${gap} Done. ← $$\ny = \\$ 2\n$$ Done.`,
      ],
    ]);
    const money = 'It costs $5 or $10. Set $HOME or $PATH. Ke$ha met A$AP. Pay \\$1 or \\$2. A $ sign.';
    expect(markdown(money)).toEqual([
      [
        'It costs $5 or $10.',
        'Set $HOME or $PATH.',
        'Ke$ha met A$AP.',
        'Pay $1 or $2. ← Pay \\$1 or \\$2.',
        'A $ sign.',
      ],
    ]);
  });

  it('are the same with any line end', () => {
    const text = '# A\n\nb *c*\\\nd  \ne\n\n> f\n> g\n\n|h|i|\n|-|-|\n|j|k|\n\n<div>\n\nl\n\n```\nm\n```\n';
    const expected = [['A'], ['b c d e'], ['f g'], ['h'], ['i'], ['j'], ['k'], ['l']];
    const texts = ['\n', '\r\n', '\r'].map((lineEnd) => markdown(text.replaceAll('\n', lineEnd)));
    for (const blocks of texts) {
      expect(blocks.map((block) => block.map((sentence) => sentence.replace(/ ← .*/s, '')))).toEqual(
        expected,
      );
    }
  });

  it('keep mask tokens as they are written', () => {
    expect(
      markdown(
        'A [MASK] and <mask>, *[MASK]*. [MASK](x) [see [MASK]](y)\n\n[MASK]: yes\n\n<mask>\nno\n\n`[MASK]`',
      ),
    ).toEqual([
      [
        'A [MASK] and <mask>, [MASK]. ← A [MASK] and <mask>, *[MASK]*.',
        '[MASK](x) see [MASK] ← [MASK](x) [see [MASK]',
      ],
      ['[MASK]: yes'],
      ['<mask> no ← <mask>\nno'],
    ]);
  });

  it('map to the source: mark-up inside is covered, mark-up around is not', () => {
    const text = '> See **the *big* `code`** &amp;\n>   more.';
    const [block] = finish(new MarkdownExtractor(), text);
    const sentence = block?.block.sentences[0];
    expect(sentence?.text).toBe(`See the big ${gap} & more.`);
    const sourceOf = (start: number, end: number): string | undefined => {
      const span = sentence?.toSource({ start, end });
      return span && text.slice((block?.start ?? 0) + span.start, (block?.start ?? 0) + span.end);
    };
    expect(sourceOf(4, 7)).toBe('the');
    expect(sourceOf(8, 11)).toBe('big');
    expect(sourceOf(4, 11)).toBe('the *big');
    expect(sourceOf(12, 13)).toBe('`code`');
    expect(sourceOf(14, 15)).toBe('&amp;');
    expect(sourceOf(15, 16)).toBe('\n');
    expect(sourceOf(14, 20)).toBe('&amp;\n>   more');
    expect(sentence?.toSource({ start: 8, end: 8 })).toEqual({ start: 11, end: 11 });
    expect(sentence?.toSource({ start: 21, end: 30 })).toEqual({ start: 40, end: 40 });
  });
});
