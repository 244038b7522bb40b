import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { changedBlocks, finish, prose } from './support';

const gap = '\uFFFC';

describe('HTML', () => {
  it('makes blocks of block elements, and sentences across the others', () => {
    const text = `<!doctype html>
<html><head><title>A title</title><style>p { color: red }</style><script>let no = "<p>";</script></head>
<body class="no">
<h1>One <em>big</em> head</h1>
<p>Some <b>bold</b> text, and
   <a href="https://example.org">a link</a>. <!-- no --> More<br>here.</p>
<ul><li>First<li>Second</ul>
<pre>no</pre>
Text <code>no()</code> of the body<div>and of a division</div>tail
<table><tr><td>Cell</td><td>Another</td></tr></table>
</body></html>`;
    expect(prose('html', text)).toEqual([
      ['A title'],
      ['One big head ← One <em>big</em> head'],
      [
        'Some bold text, and a link. ← Some <b>bold</b> text, and\n   <a href="https://example.org">a link</a>.',
        'More here. ← More<br>here.',
      ],
      ['First'],
      ['Second'],
      [`Text ${gap} of the body ← Text <code>no()</code> of the body`],
      ['and of a division'],
      ['tail'],
      ['Cell'],
      ['Another'],
    ]);
  });

  it('decodes references', () => {
    expect(prose('html', '<p>Caf&eacute; &amp; th&#233; &#x1F600;&nope; A &lt; B < C &amp D</p>')).toEqual([
      [
        'Café & thé 😀&nope; A < B < C &amp D ← Caf&eacute; &amp; th&#233; &#x1F600;&nope; A &lt; B < C &amp D',
      ],
    ]);
  });

  it('puts gaps for links and for what templates fill in', () => {
    expect(
      prose(
        'vue',
        '<template><p v-if="a > b">Hello {{ a < b }}, see https://example.org/?a&amp;b.</p></template><script>no</script>',
      ),
    ).toEqual([[`Hello ${gap}, see ${gap}. ← Hello {{ a < b }}, see https://example.org/?a&amp;b.`]]);
    expect(prose('handlebars', '<p>{{#if a}}Hello {{name}}{{/if}}!</p>')).toEqual([
      [`Hello ${gap}! ← Hello {{name}}{{/if}}!`],
    ]);
    expect(prose('django-html', '<p>{% if a %}Hello {# no #}{{ name|title }}{% endif %}.</p>')).toEqual([
      [`Hello ${gap}. ← Hello {# no #}{{ name|title }}{% endif %}.`],
    ]);
    expect(prose('svelte', '<p>{#if a}Hello {name}{/if}.</p>')).toEqual([
      [`Hello ${gap}. ← Hello {name}{/if}.`],
    ]);
  });

  it('takes elements it does not know for parts of a sentence behind text', () => {
    expect(prose('html', '<my-card>One</my-card><my-card>Two, <my-term>three</my-term>.</my-card>')).toEqual([
      ['One'],
      ['Two, three. ← Two, <my-term>three</my-term>.'],
    ]);
  });

  it('is read while it is being written', () => {
    expect(prose('html', '<p>One <code>two<p>Three <b>four</p><p>Five <')).toEqual([
      ['One'],
      ['Three four ← Three <b>four'],
      ['Five <'],
    ]);
    expect(prose('html', '')).toEqual([]);
  });
});

describe('XML', () => {
  it('reads text, and not what identifies', () => {
    const text = `<?xml version="1.0"?>
<!-- no -->
<book id="no" xmlns="https://example.org/ns">
  <title>A title &amp; more</title>
  <version>1.0.2</version><name>org.example.core</name><kind>camelCase</kind>
  <author>Ursula</author>
  <para>Some <emphasis>marked</emphasis> and <unknown>other</unknown> text, <filename>no.txt</filename>.</para>
  <note><![CDATA[A note.]]></note>
</book>`;
    expect(prose('xml', text)).toEqual([
      ['A title & more ← A title &amp; more'],
      ['Ursula'],
      [
        `Some marked and other text, ${gap}. ← Some <emphasis>marked</emphasis> and <unknown>other</unknown> text, <filename>no.txt</filename>.`,
      ],
      ['A note.'],
    ]);
  });
});

const snippets = [
  ...[
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<code>',
    '</code>',
    '<pre>',
    '</pre>',
    '<br/>',
    '<my-x>',
    '</my-x>',
    '<',
  ],
  ...[
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '&amp;',
    '&#65;',
    '&',
    '{{ a }}',
    '{% b %}',
    '<![CDATA[',
    ']]>',
  ],
  ...['<a href="', '">'],
];

describe.each(['html', 'svelte', 'xml'])('an extractor of %s', (languageId) => {
  itExtractsExactly(languageId, snippets, { runs: 60 });
});

it('keeps the blocks that an edit does not touch', () => {
  expect(changedBlocks('html', (i) => `<p>Text ${i} is <b>here</b>.</p>\n`)).toEqual([150]);
});

it.each([
  ['tags', '<b>'.repeat(8_000)],
  ['unclosed tags', '<b '.repeat(1_000)],
  ['a paragraph', `<p>${'word '.repeat(20_000)}`],
  ['references', '&amp;'.repeat(8_000)],
  ['braces', '{{'.repeat(8_000)],
  ['open elements', '<p>x<my-x>'.repeat(5_000)],
])('takes many %s in linear time', (_name, text) => {
  for (const languageId of ['html', 'svelte', 'xml']) {
    const blocks = finish(createExtractor(languageId), text);
    expect(blocks.every(({ start, end }) => start <= end && end <= text.length)).toBe(true);
  }
});
