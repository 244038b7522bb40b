import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { changedBlocks, finish, texts } from './support';

const gap = '\uFFFC';

describe('Markdown of its hosts', () => {
  const markdown = (text: string): string[][] => texts('markdown', text);

  it('GitHub and Obsidian: the mark of an alert is no sentence, a title behind it is', () => {
    expect(markdown('> [!NOTE]\n> Kim lives in Rome.')).toEqual([['Kim lives in Rome.']]);
    expect(markdown('> [!tip]- What Ada says\n> Kim lives.')).toEqual([['What Ada says'], ['Kim lives.']]);
  });

  it('VitePress, Docusaurus and MyST: a fence of colons has a title, and holds blocks', () => {
    expect(markdown('Before.\n::: warning\nKim lives in Rome.\n:::\nBehind.')).toEqual([
      ['Before.'],
      ['Kim lives in Rome.'],
      ['Behind.'],
    ]);
    expect(markdown('::: details A *title*\nYes.\n:::')).toEqual([['A title'], ['Yes.']]);
    expect(markdown(':::note[A title]{.a}\n\nYes.\n\n:::')).toEqual([['A title'], ['Yes.']]);
    expect(markdown(':::{note} A title\nYes.\n:::')).toEqual([['A title'], ['Yes.']]);
    expect(markdown('/// note | A title\nYes.\n///')).toEqual([['A title'], ['Yes.']]);
  });

  it('Python-Markdown: what is indented below an admonition or a tab belongs to it and is no code', () => {
    expect(
      markdown(
        '!!! note "Kim"\n    Kim lives in\n    Rome.\n\n        no code\n\n    - Yes.\n\nOut.\n\n    no code',
      ),
    ).toEqual([['Kim'], ['Kim lives in Rome.'], ['Yes.'], ['Out.']]);
    expect(markdown('Before.\n??? tip\n    Yes.\n\n=== "In C"\n    Yes.\nBehind.')).toEqual([
      ['Before.'],
      ['Yes.'],
      ['In C'],
      ['Yes.'],
      ['Behind.'],
    ]);
  });

  it('wikis: a link shows its text, or its target where that is no path; an embedded file is a gap', () => {
    expect(
      markdown('Ask [[people/angela|Angela Merkel]] of [[Rome]], [[notes/a]] ![[Berlin.png]] now.'),
    ).toEqual([[`Ask Angela Merkel of Rome, ${gap} ${gap} now.`]]);
    expect(markdown('| a |\n|---|\n| [[x\\|Kim]] |')).toEqual([['a'], ['Kim']]);
  });

  it('CommonMark: brackets within the text of a link are text', () => {
    expect(markdown('[[RFC] Add Berlin office](docs/rfc/berlin.md)')).toEqual([['[RFC] Add Berlin office']]);
    expect(markdown('Please [see [note]](./Paris/Smith.md).')).toEqual([['Please see [note].']]);
    expect(markdown('[see *the* [a] [b]][label] and [Rome].')).toEqual([['see the [a] [b] and Rome.']]);
  });

  it('Hugo, Jekyll and Liquid: tags are no prose, what they stand around is', () => {
    expect(markdown('{{< note >}}\nKim lives.\n{{< /note >}}')).toEqual([['Kim lives.']]);
    expect(markdown('{% if a %}\nKim lives.\n{% endif %}')).toEqual([['Kim lives.']]);
    expect(markdown('The {{ page.title }} is {% if a %}here{% endif %}.')).toEqual([[`The ${gap} is here.`]]);
    expect(markdown('See [the docs]({{< ref "a b.md" >}}), [more]({% link a.md %}).')).toEqual([
      ['See the docs, more.'],
    ]);
    expect(markdown('{% highlight ruby %}\nno = code\n\nno\n{% endhighlight %}\n\nYes.')).toEqual([['Yes.']]);
    expect(markdown('{{< highlight go >}}\nno\n\nno\n{{< /highlight >}}\n\nYes.')).toEqual([['Yes.']]);
  });

  it('kramdown and markdown-it: attributes in braces are no prose', () => {
    expect(markdown('## A title {#id .a}\n\nA *word*{: .b} here.\n{: .no_toc}\n\nA {set} of.')).toEqual([
      ['A title'],
      ['A word here.'],
      ['A {set} of.'],
    ]);
  });

  it('pandoc: an inline note is a text of its own, and the sentence around it stays whole', () => {
    const text = 'At Google Brain^[Now *part* of DeepMind. In London.] they have tried.';
    expect(markdown(text)).toEqual([
      ['At Google Brain they have tried.', 'Now part of DeepMind.', 'In London.'],
    ]);
    const [placed] = finish(createExtractor('markdown'), text);
    expect(placed?.block.sentences.map(({ source }) => text.slice(source.start, source.end))).toEqual([
      text,
      'Now *part* of DeepMind.',
      'In London.',
    ]);
    expect(markdown('Not closed^[here.')).toEqual([['Not closed^[here.']]);
  });

  it('CommonMark: a block of HTML is read as HTML', () => {
    expect(markdown('<p align="center">Kim lives in Rome.</p>')).toEqual([['Kim lives in Rome.']]);
    expect(markdown('<details>\n<summary>More</summary>\n\nOf *Rome*.\n\n</details>')).toEqual([
      ['More'],
      ['Of Rome.'],
    ]);
    expect(markdown('> <div>\n> Kim lives\n> in Rome.')).toEqual([['Kim lives in Rome.']]);
    expect(markdown('<script>\nno\n\nno\n</script>\n\n<!-- no -->\n\n<img alt="no">')).toEqual([]);
  });
});

describe('MDX', () => {
  const mdx = (text: string): string[][] => texts('mdx', text);

  it('modules are code, up to an empty line outside of brackets', () => {
    expect(
      mdx(
        "import A from 'a'\nimport {\n  b,\n\n} from 'c'\n\nexport const d = {\n\n  e: 1\n}\n\nimport duties rose.",
      ),
    ).toEqual([['import duties rose.']]);
  });

  it('expressions and comments are code', () => {
    expect(mdx('{/* no\n\nno */}\n\n{list.map((x) => (\n\n  <p>{x}</p>\n))}\n\nYes.')).toEqual([['Yes.']]);
    expect(mdx('A {/* no */}text with {a({ b: 1 })}.')).toEqual([[`A text with ${gap}.`]]);
  });

  it('tags and attributes are code, what stands between them is Markdown', () => {
    expect(mdx('<Note>\n  Kim lives in **Rome**.\n</Note>')).toEqual([['Kim lives in Rome.']]);
    expect(mdx('<Tab\n  title="no"\n  f={() => a > 1}\n>\n    Not code.\n</Tab>')).toEqual([['Not code.']]);
    expect(mdx('A <Link to="no">link</Link> goes on.')).toEqual([['A link goes on.']]);
    expect(mdx('<Card>One</Card>\n<Card>Two</Card>')).toEqual([['One'], ['Two']]);
    expect(mdx('<style>{`\nno\n\nno\n`}</style>\n\nYes, a < b.')).toEqual([['Yes, a < b.']]);
  });
});

describe.each(['quarto', 'rmd'])('%s', (languageId) => {
  const quarto = (text: string): string[][] => texts(languageId, text);

  it('a fence of colons with attributes holds blocks, and its title is read', () => {
    expect(quarto('::: {.callout-note title="London"}\nKim lives.\n:::')).toEqual([
      ['London'],
      ['Kim lives.'],
    ]);
    expect(quarto('::::: {#special .sidebar} :::::\nYes.\n:::::')).toEqual([['Yes.']]);
  });

  it('citations and references are gaps', () => {
    expect(quarto('So [@Paris2021; see @Smith2020] and -@Kim [p. 3], see @fig-plot, \\@ref(fig:a).')).toEqual(
      [[`So ${gap} and ${gap}, see ${gap}, ${gap}.`]],
    );
  });

  it('shortcodes, identifiers and chunks are no prose', () => {
    expect(
      quarto(
        '# A title {#sec-Dublin}\n\n{{< include _Madrid.qmd >}}\n\n```{r no, echo=TRUE}\n#| no: no\nno\n```\n\n`r no`',
      ),
    ).toEqual([['A title']]);
  });

  it('spans, raised and lowered text are read, TeX is not', () => {
    expect(quarto('A [span]{.mark} of H~2~O, 2^10^ \\newpage here.')).toEqual([
      [`A span of H2O, 210 ${gap} here.`],
    ]);
  });
});

const shared = [
  ...['::: a\n', ':::', '::: {.a title="b"}\n', '!!! note "T"\n', '    ', '> [!NOTE]\n', '=== "T"\n'],
  ...['[[a|b]]', '[[', ']]', '![[', '[', ']', '](', '^[', '{{< a >}}', '{{', '}}', '{% a %}', '{#a}'],
  ...[
    '{% highlight a %}\n',
    '{% endhighlight %}\n',
    '<p>',
    '</p>\n',
    '<div>\n',
    '*a*',
    '- ',
    '> ',
    '`',
    '\n\n',
  ],
];
const snippets: Readonly<Record<string, readonly string[]>> = {
  markdown: shared,
  mdx: [
    ...shared,
    ...["import a from 'b'\n", 'export const a = {\n', '{', '}', '{/*', '*/}', '<A b={', '<A>\n', '</A>'],
    ...['<b>', '<br/>', '<!--', '-->', '<style>', '</style>', '<', '>', '"'],
  ],
  quarto: [...shared, '[@a; @b]', '@a', '\\a{b}', 'H~2~O', '^2^', '```{r}\n', '```\n'],
};

describe.each(Object.entries(snippets))('an extractor of %s', (languageId, own) => {
  itExtractsExactly(languageId, own, { runs: 150, rewritten: /[\r\n\\&]/ });

  it('keeps the blocks that an edit does not touch', () => {
    expect(changedBlocks(languageId, (i) => `Text ${i} is *here*.\n\n`)).toEqual([150]);
  });

  it('takes any input in linear time', () => {
    for (const pattern of [...own, 'word ', '<a b="', '{a', '![']) {
      const text = pattern.repeat(20_000 / pattern.length);
      const blocks = finish(createExtractor(languageId), text);
      expect(blocks.every(({ start, end }) => start <= end && end <= text.length)).toBe(true);
    }
  });
});
