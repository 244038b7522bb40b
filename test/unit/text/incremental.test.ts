import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../server/src/core/text/edits';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import { maxBlockLength } from '../../../server/src/core/text/pieces';
import { itExtractsExactly, toEdits } from './properties';
import { describeBlocks, finish } from './support';

const snippets = [
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '  ',
    '\t',
    '    code',
    '# H',
    '> q',
    '> ',
    '- item',
    '  - sub',
    '1. n',
    '   cont',
  ],
  ...[
    '```',
    '~~~',
    '| a | b |',
    '|---|---|',
    'a | b',
    '--|--',
    '---',
    '===',
    '+++',
    '...',
    '***',
    '*em*',
    '**',
    '* ',
  ],
  ...[
    '[l](u)',
    '[MASK]',
    '<mask>',
    '[^1]: foot',
    '[^1]',
    '[r]: http://x',
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '<b>',
  ],
  ...[
    '`c`',
    'https://x.y',
    '- [ ] t',
    '&amp;',
    '\\',
    '\\\n',
    '  \n',
    'One. Two',
    'text text',
    'x: y',
    'end.',
    '$',
    '$x',
    'y$',
  ],
  ...['\u2028', '\0', '\u200f'],
  // Long enough for Lezer to reuse what is around an edit.
  `${'A paragraph of some length. '.repeat(6)}\n\n`,
];

describe.each(['markdown', 'plaintext'])('an extractor of %s', (languageId) => {
  itExtractsExactly(languageId, snippets);

  it('keeps the blocks that edits do not touch', () => {
    const paragraphs = Array.from(
      { length: 60 },
      (_, index) => `Paragraph ${index} has a text. And another.\n\n`,
    );
    const before = paragraphs.join('');
    const extractor = createExtractor(languageId);
    const old = finish(extractor, before).map(({ block }) => block);
    const first = before.indexOf('Paragraph 7 ');
    const second = before.indexOf('Paragraph 40 ') + 5;
    const { edits, text } = toEdits(before, [
      { at: second, length: 1, text: 'xyz' },
      { at: first, length: 0, text: 'New ' },
    ]);
    const now = finish(extractor, text, edits).map(({ block }) => block);
    expect(now.map((block, index) => (block === old[index] ? 'same' : block.sentences[0]?.text))).toEqual(
      old.map((_, index) =>
        index === 7 ? 'New Paragraph 7 has a text.' : index === 40 ? 'Paragxyzaph 40 has a text.' : 'same',
      ),
    );
  });

  it('starts from scratch after an abandoned update, and when edits do not fit', () => {
    const text = 'One.\n\nTwo.\n\nThree.';
    const extractor = createExtractor(languageId);
    finish(extractor, text);
    extractor.update(`${text}!`, [{ start: text.length, end: text.length, text: '!' }]).next();
    expect(describeBlocks(finish(extractor, 'Four', [{ start: 0, end: 3, text: '' }]))).toEqual(
      describeBlocks(extractAll('Four', languageId)),
    );
    const abandoned = extractor.update(text.repeat(3_000));
    abandoned.next();
    expect(finish(extractor, text, [])).toHaveLength(3);
  });

  it('follows edits of a paragraph that is too long for one block', () => {
    const before = 'Some sentence of a long paragraph. '.repeat((4 * maxBlockLength) / 35);
    const extractor = createExtractor(languageId);
    finish(extractor, before);
    const { edits, text } = toEdits(before, [
      { at: 3, length: 0, text: 'x. Y' },
      { at: 2.5 * maxBlockLength, length: 300, text: '' },
    ]);
    expect(describeBlocks(finish(extractor, text, edits))).toEqual(
      describeBlocks(extractAll(text, languageId)),
    );
  });
});

it('leaves earlier layouts as they were, and shares with them what stands in front of an edit', () => {
  const paragraphs = ['# Head', 'One 😀.', '- Two.', '> 三。', '<b>Four</b>.', 'Five.'];
  const text = paragraphs.join('\n\n');
  const extractor = createExtractor('markdown');
  const first = finish(extractor, text);
  const before = first.map((placed) => ({ ...placed }));
  const edit = { start: text.indexOf('三'), end: text.indexOf('三'), text: '二' };
  const second = finish(extractor, applyEdits(text, [edit]), [edit]);

  expect(first).toEqual(before);
  expect(second.slice(0, 3).every((placed, index) => placed === first[index])).toBe(true);
  expect(second.slice(4).map(({ start, end, block }) => ({ start: start - 1, end: end - 1, block }))).toEqual(
    before.slice(4),
  );
});

it('keeps the cells of a table that edits do not touch', () => {
  const before = `| a | b |\n|---|---|\n${'| One cell. | Another. |\n'.repeat(50)}`;
  const extractor = createExtractor('markdown');
  const old = finish(extractor, before).map(({ block }) => block);
  const { edits, text } = toEdits(before, [{ at: before.length - 3, length: 1, text: '!' }]);
  const now = finish(extractor, text, edits).map(({ block }) => block);
  expect(now.map((block, index) => block === old[index])).toEqual(now.map((_, index) => index !== 101));
});

it('sees that a table two lines behind a paragraph is none any more', () => {
  const filler = `${'A paragraph of some length. '.repeat(6)}\n\n`;
  const before = `${filler}A line\n| a | b |\n|---|---|\n| c | d |\n\n${filler}`;
  const extractor = createExtractor('markdown');
  finish(extractor, before);
  const { edits, text } = toEdits(before, [{ at: before.indexOf('|---'), length: 0, text: 'x' }]);
  expect(describeBlocks(finish(extractor, text, edits))).toEqual(
    describeBlocks(extractAll(text, 'markdown')),
  );
});
