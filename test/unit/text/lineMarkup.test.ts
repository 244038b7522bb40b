import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { changedBlocks, finish, texts } from './support';

const gap = '\uFFFC';

describe('reStructuredText', () => {
  const rst = (text: string): string[][] => texts('restructuredtext', text);

  it('has titles, paragraphs, lists and tables', () => {
    expect(
      rst(`=====
Title
=====

A paragraph of
two lines. Another sentence.

* An item
  goes on.
#. Second

   With a paragraph.

Term
   What it means.

:Author: Somebody
:param int x: A number.

+-----+-------+
| a b | c     |
+=====+=======+
| d   | e     |
+-----+-------+

====  =====
f     g h
====  =====
i     j
====  =====

| A line
| Another`),
    ).toEqual([
      ['Title'],
      ['A paragraph of two lines.', 'Another sentence.'],
      ['An item goes on.'],
      ['Second'],
      ['With a paragraph.'],
      ['Term'],
      ['What it means.'],
      ['Somebody'],
      ['A number.'],
      ...[['a b'], ['c'], ['d'], ['e'], ['f'], ['g h'], ['i'], ['j']],
      ['A line'],
      ['Another'],
    ]);
  });

  it('leaves out what is no prose', () => {
    expect(
      rst(`.. A comment
   of two lines.

.. _target: https://no.org
.. |sub| image:: no.png

.. code-block:: python
   :linenos:

   no = code()

   no.more()

.. note:: A note that
   goes on.

   Its text.

.. figure:: no.png
   :alt: no

   A caption.

An example::

   no code

>>> no()
no

.. [1] A footnote.`),
    ).toEqual([['A note that goes on.'], ['Its text.'], ['A caption.'], ['An example:'], ['A footnote.']]);
  });

  it('reads mark-up within sentences', () => {
    expect(
      rst(
        '*Some* **strong** ``code()`` and :func:`no`, :ref:`a text <label>`, `a link <https://x.y>`_ by link_ [1]_ |sub| \\*.',
      ),
    ).toEqual([[`Some strong ${gap} and ${gap}, a text, a link by link ${gap} *.`]]);
  });
});

describe('reStructuredText as docutils and Sphinx specify it', () => {
  const rst = (text: string): string[][] => texts('restructuredtext', text);

  it('has directives in any case', () => {
    expect(rst('.. Note:: Kim lives.\n.. WARNING::\n   In Rome.')).toEqual([['Kim lives.'], ['In Rome.']]);
  });

  it('has empty comments, which take nothing with them', () => {
    expect(rst('.. \n\n    Quote by Kim.')).toEqual([['Quote by Kim.']]);
    expect(rst('..\n   no\n\n   no\n\nYes.')).toEqual([['Yes.']]);
    expect(rst('..\nYes.')).toEqual([['Yes.']]);
  });

  it('has prose below signatures', () => {
    expect(
      rst(`.. py:function:: no(no)
              no(no)
   :no: no

   Kim calls it.

   :param x: A number.

.. option:: --no

   Of Rome.

.. envvar:: NO

   Of Paris.

.. class:: No

   .. method:: no()

      Of Oslo.`),
    ).toEqual([['Kim calls it.'], ['A number.'], ['Of Rome.'], ['Of Paris.'], ['Of Oslo.']]);
  });

  it('has versions with text behind them', () => {
    expect(rst('.. versionchanged:: 3.5 Kim came.\n.. versionadded:: 3.6\n   Ada came.')).toEqual([
      ['Kim came.'],
      ['Ada came.'],
    ]);
  });

  it('has tables of lists', () => {
    expect(
      rst('.. list-table:: A title\n   :header-rows: 1\n\n   * - A b\n     - C d\n   * - E\n     - F'),
    ).toEqual([...[['A title'], ['A b'], ['C d'], ['E'], ['F']]]);
  });

  it('has tables with cells of several rows and columns', () => {
    expect(
      rst(`+-----+-----------+
| a b | c         |
+=====+=====+=====+
| Cells span rows |
+-----+-----+-----+
| d   | e f | g   |
|     +-----+ h   |
| i   | j   |     |
+-----+-----+-----+`),
    ).toEqual([['a b'], ['c'], ['Cells span rows'], ['d'], ['e f'], ['g'], ['h'], ['i'], ['j']]);
  });

  it('has escaped blanks, which vanish', () => {
    expect(rst('他说\\ *你好*\\ 。 H\\ :sub:`2`\\ O')).toEqual([['他说你好。', 'H2O']]);
  });

  it('has initials at the start of a line, which are no marks of lists', () => {
    expect(rst('A. Einstein was\ninfluential.')).toEqual([['A. Einstein was influential.']]);
  });

  it('has footnotes of which the text begins in the next line', () => {
    expect(rst('.. [1]\n   Of Rome.\n.. [#a] Of Paris.\n.. [Kim2002] Of Oslo.')).toEqual([
      ['Of Rome.'],
      ['Of Paris.'],
      ['Of Oslo.'],
    ]);
  });

  it('has roles, some of which mark prose', () => {
    expect(rst('A :strong:`b`, :abbr:`c` and `d`:emphasis: of :py:class:`no` and `no`:math:.')).toEqual([
      [`A b, c and d of ${gap} and ${gap}.`],
    ]);
  });
});

describe('AsciiDoc', () => {
  const adoc = (text: string): string[][] => texts('asciidoc', text);

  it('has titles, paragraphs, lists and tables', () => {
    expect(
      adoc(`= Document title
:toc: no

== Section

A paragraph of
two lines. Another sentence.

.A title
* An item
goes on.
** [x] Nested
. Numbered
Term:: What it means.
NOTE: A note.

[%header,cols=2*]
|===
|A cell 2+|Another

|C
|D
|===

====
Inside of an example.
====`),
    ).toEqual([
      ['Document title'],
      ['Section'],
      ['A paragraph of two lines.', 'Another sentence.'],
      ['A title'],
      ['An item goes on.'],
      ['Nested'],
      ['Numbered'],
      ['Term'],
      ['What it means.'],
      ['A note.'],
      ...[['A cell'], ['Another'], ['C'], ['D']],
      ['Inside of an example.'],
    ]);
  });

  it('leaves out what is no prose', () => {
    expect(
      adoc(`// A comment
image::no.png[]
[source,ruby]
----
no = code

== no
----
[source]
no code

 indented code

////
no
////
[quote]
A quotation.`),
    ).toEqual([['A quotation.']]);
  });

  it('reads mark-up within sentences', () => {
    expect(
      adoc(
        'Some *bold* _text_ with `code`, https://x.y[a link], <<ref,a reference>>, <<ref>>, {attr}, ((term)) and "`quotes`"footnote:[A note.]',
      ),
    ).toEqual([
      [`Some bold text with ${gap}, a link, a reference, ${gap}, ${gap}, term and "quotes"`, 'A note.'],
    ]);
  });

  it('has delimiters of nothing but their character', () => {
    expect(adoc('... Three\n.... Four in Rome\n\nAll of Paris.\n')).toEqual([
      ['Three'],
      ['Four in Rome'],
      ['All of Paris.'],
    ]);
    expect(adoc('....\nno\n....  \nYes.\n```js\nno\n```\nYes.')).toEqual([['Yes.'], ['Yes.']]);
  });

  it('has indented text below a term, which is no code', () => {
    expect(adoc('Apple::\n  red fruit from Spain\nPear:: green\n')).toEqual([
      ['Apple'],
      ['red fruit from Spain'],
      ['Pear'],
      ['green'],
    ]);
    expect(adoc('Apple::\n\n  red\n  fruit\n\n  no code')).toEqual([['Apple'], ['red fruit']]);
  });

  it('has links with attributes, of which the text is read', () => {
    expect(
      adoc(
        'See https://x.y[the docs^], link:a.html[more *of* it,window=_blank] and https://x.y["a, b",role=c].',
      ),
    ).toEqual([['See the docs, more of it and a, b.']]);
  });

  it('has references and attributes that stand for characters', () => {
    expect(adoc('It&#8217;s O{apos}Neill{nbsp}&amp; {name}.')).toEqual([[`It’s O'Neill & ${gap}.`]]);
  });

  it('has raised and lowered text', () => {
    expect(adoc('The 5^th^ of H~2~O.')).toEqual([['The 5th of H2O.']]);
  });

  it('has footnotes, each a text of its own within a sentence that stays whole', () => {
    expect(
      adoc(
        'At Google Brainfootnote:a[Now part of https://x.y[DeepMind]. In London.] they tried.footnote:a[]',
      ),
    ).toEqual([['At Google Brain they tried.', 'Now part of DeepMind.', 'In London.']]);
  });
});

describe('Org', () => {
  const org = (text: string): string[][] => texts('org', text);

  it('has headings, paragraphs, lists and tables', () => {
    expect(
      org(`#+TITLE: A title
#+STARTUP: no

* TODO [#A] A heading :tag:other:
SCHEDULED: <2024-01-01 Mon>
:PROPERTIES:
:ID: no
:END:
A paragraph of
two lines. Another sentence.
- [ ] An item
  goes on.
  1. Nested
- Term :: What it means.
| A | B |
|---+---|
| C | D |
[fn:1] A footnote.`),
    ).toEqual([
      ['A title'],
      ['A heading'],
      ['A paragraph of two lines.', 'Another sentence.'],
      ['An item goes on.'],
      ['Nested'],
      ['Term'],
      ['What it means.'],
      ...[['A'], ['B'], ['C'], ['D']],
      ['A footnote.'],
    ]);
  });

  it('leaves out what is no prose', () => {
    expect(
      org(
        '# no\n#+begin_src elisp\n(no)\n* no\n#+end_src\n: no\n#+BEGIN_QUOTE\nYes.\n#+END_QUOTE\n\\begin{align}\nno\n\\end{align}',
      ),
    ).toEqual([['Yes.']]);
  });

  it('reads mark-up within sentences', () => {
    expect(
      org(
        'Some *bold* /text/ with =code= and ~code~, [[https://x.y][a /link/]], [[no]] at <2024-01-01 Mon>, $x$[fn:1] a/b.',
      ),
    ).toEqual([[`Some bold text with ${gap} and ${gap}, a link, ${gap} at ${gap}, ${gap} a/b.`]]);
  });
});

describe("Org, by Org's manual", () => {
  const org = (text: string): string[][] => texts('org', text);

  it('has words for tasks that are its own or the file names, and no others', () => {
    expect(org('* IBM opens office in Berlin\n* TODO Buy\n* DONE [#A] Bought')).toEqual([
      ['IBM opens office in Berlin'],
      ['Buy'],
      ['Bought'],
    ]);
    expect(org('#+TODO: NEXT(n) | KIM\n\nText.\n\n* NEXT Buy\n** KIM in Rome\n* IBM in Rome')).toEqual([
      ['Text.'],
      ['Buy'],
      ['in Rome'],
      ['IBM in Rome'],
    ]);
  });

  it('has trees that are comments up to the next heading of their level', () => {
    expect(org('* Yes\n** TODO COMMENT No\nno\n*** No\nno\n** COMMENTS here\nYes.')).toEqual([
      ['Yes'],
      ['COMMENTS here'],
      ['Yes.'],
    ]);
  });

  it('has targets, counts, calls and entities, which are no prose', () => {
    expect(
      org('* Rooms [1/3]\n- [ ] All [33%]\n\n<<here>>Kim ran call_f[a](x=1) \\alpha to <<<Rome>>>\\nbsp{}5.'),
    ).toEqual([['Rooms'], ['All'], [`Kim ran ${gap} ${gap} to Rome 5.`]]);
    expect(org('Of H_{2}O, 5^{th}.')).toEqual([['Of H2O, 5th.']]);
  });

  it('has footnotes, each a text of its own within a sentence that stays whole', () => {
    expect(
      org('At Google Brain[fn:: Now part of [[https://x.y][DeepMind]]. In London.] they tried.'),
    ).toEqual([['At Google Brain they tried.', 'Now part of DeepMind.', 'In London.']]);
  });

  it('has verse, of which each line ends where it ends', () => {
    expect(org('#+begin_verse\nKim Lee\nAda King\n#+end_verse\nOne\ntwo')).toEqual([
      ['Kim Lee'],
      ['Ada King'],
      ['One two'],
    ]);
  });
});

describe('Typst', () => {
  const typst = (text: string): string[][] => texts('typst', text);

  it('has headings, paragraphs and lists', () => {
    expect(
      typst(
        '= A heading <label>\nA paragraph of\ntwo lines. Another.\n\n- An item\n  goes on.\n+ Second\n/ Term: What it means.',
      ),
    ).toEqual([
      ['A heading'],
      ['A paragraph of two lines.', 'Another.'],
      ['An item goes on.'],
      ['Second'],
      ['Term'],
      ['What it means.'],
    ]);
  });

  it('leaves out what is no prose', () => {
    expect(
      typst(
        '#set page(\n  paper: "a4",\n)\n#let f(x) = {\n  no\n}\n// no\n/* no\nno */\n```py\nno\n```\nYes.\n#figure(\n  no,\n)\nToo.',
      ),
    ).toEqual([['Yes.'], ['Too.']]);
  });

  it('reads mark-up within sentences', () => {
    expect(
      typst(
        'Some *bold* _text_ with `code`, $x + y$, #emph[a #strong word] by @knuth -- and #f(1) https://x.y // no\ntoo.',
      ),
    ).toEqual([[`Some bold text with ${gap}, ${gap}, a ${gap} word by ${gap} – and ${gap} ${gap} too.`]]);
  });
});

describe('Typst, in which square brackets hold content', () => {
  const typst = (text: string): string[][] => texts('typst', text);

  it('has content among the arguments of calls', () => {
    expect(typst('#figure(image("a.png"), caption: [The city of Rome.])')).toEqual([['The city of Rome.']]);
    expect(typst('#table([Rome], [Paris])\nText.')).toEqual([['Rome'], ['Paris'], ['Text.']]);
    expect(typst('#table(\n  columns: 2,\n  [Rome], [*Paris*\n  in France],\n  "no",\n)\nText.')).toEqual([
      ['Rome'],
      ['Paris in France'],
      ['Text.'],
    ]);
    expect(
      typst(
        '#show: template.with(\n  title: [Of Rome],\n  abstract: [\n    Kim lives.\n\n    - Yes.\n  ],\n)',
      ),
    ).toEqual([['Of Rome'], ['Kim lives.'], ['Yes.']]);
  });

  it('has bodies of calls, of one or several paragraphs', () => {
    expect(typst('#align(center)[\n  = Title\n  Kim lives.\n]\nText.')).toEqual([
      ['Title'],
      ['Kim lives.'],
      ['Text.'],
    ]);
    expect(typst('#note[Kim lives.\n\nIn Rome.] Text.')).toEqual([['Kim lives.'], ['In Rome.'], ['Text.']]);
    expect(typst('#text(fill: rgb("#fff"))[In Rome] and #emph[a #strong[b] c].')).toEqual([
      ['In Rome and a b c.'],
    ]);
    expect(typst('#if x [One.] else [\n  Two.\n]')).toEqual([['One.'], ['Two.']]);
  });

  it('has footnotes, each a text of its own within a sentence that stays whole', () => {
    expect(
      typst('At Google Brain#footnote[Now part of #link("x")[DeepMind]. In London.] they tried.'),
    ).toEqual([['At Google Brain they tried.', 'Now part of DeepMind.', 'In London.']]);
  });

  it('has formulas of several lines, whose brackets are none', () => {
    expect(typst('So $\n x in [0, 1)\n$ holds.\n\nText ] here.')).toEqual([
      [`So ${gap} holds.`],
      ['Text ] here.'],
    ]);
  });

  it('has characters by number', () => {
    expect(typst('It\\u{2019}s.')).toEqual([['It’s.']]);
  });
});

const snippets: Readonly<Record<string, readonly string[]>> = {
  restructuredtext: [
    '====',
    '====  ===',
    '.. note:: ',
    '.. function:: a\n',
    '..\n',
    '   ',
    '.. ',
    '.. x::',
    '::',
    '* ',
    '#. ',
    ':a: ',
    '| ',
    '|',
    '``',
    '`',
    ':f:`',
    '[1]_',
    '>>> ',
    '+--+',
    '\\',
    '*',
    '**',
  ],
  asciidoc: [
    '= ',
    '== ',
    '----\n',
    '....\n',
    '|===\n',
    '|',
    '[source]\n',
    '[a]',
    '* ',
    '. ',
    '.T',
    'a:: ',
    '`',
    '+',
    '((',
    '))',
    '<<',
    '>>',
    'x[',
    ']',
    '"`',
    '`"',
    '*',
    '_',
  ],
  org: [
    '* ',
    '#+TITLE: ',
    '#+TODO: A | B\n',
    'A ',
    'COMMENT ',
    '** ',
    '#+begin_verse\n',
    '#+end_verse\n',
    '[fn:: ',
    ']',
    '<<',
    '>>',
    '#+begin_src\n',
    '#+end_src\n',
    ':D:\n',
    ':END:\n',
    '- ',
    '1. ',
    'a :: ',
    '|',
    '[[a][',
    '[[',
    ']]',
    '=',
    '~',
    '$',
    '[fn:1]',
    '\\begin{a}\n',
    '*',
    '/',
  ],
  typst: [
    '= ',
    '#let x = {',
    '#note[',
    '#figure(a, [',
    '#if x [',
    'else',
    '#set ',
    '}',
    '(',
    ')',
    '[',
    ']',
    '```',
    '`',
    '$',
    '//',
    '/*',
    '*/',
    '- ',
    '/ a: ',
    '@a',
    '<a>',
    '#f(',
    '#f[',
    '\\',
    '*',
    '_',
    '"',
  ],
};

describe.each(Object.entries(snippets))('an extractor of %s', (languageId, own) => {
  itExtractsExactly(languageId, own, { runs: 100, rewritten: /[\r\n~\\]/ });

  it('keeps the blocks that an edit does not touch', () => {
    expect(changedBlocks(languageId, (i) => `Text ${i} is *here*.\n\n`)).toEqual([150]);
  });

  it('takes any input in linear time', () => {
    for (const pattern of [...own, 'word ', 'x', '[', '<', '{', '(']) {
      const text = pattern.repeat(20_000 / pattern.length);
      const blocks = finish(createExtractor(languageId), text);
      expect(blocks.every(({ start, end }) => start <= end && end <= text.length)).toBe(true);
    }
  });
});
