import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { finish } from './support';

/** The sentences of a text, with a bar where a line was ended on purpose. */
const lines = (languageId: string, text: string): string[] =>
  finish(createExtractor(languageId), text).flatMap(({ block }) =>
    block.sentences.map(({ text: sentence, lineEnds }) =>
      [0, ...lineEnds].map((from, index) => sentence.slice(from, lineEnds[index])).join('|'),
    ),
  );

describe('a hard break is known, and the sentence goes on behind it', () => {
  it.each([
    ['markdown', 'Barack Obama<br>Angela Merkel'],
    ['markdown', 'Barack Obama  \nAngela Merkel'],
    ['markdown', 'Barack Obama\\\nAngela Merkel'],
    ['markdown', 'Barack Obama\\\r\nAngela Merkel'],
    ['markdown', '<p>Barack Obama<br>Angela Merkel</p>'],
    ['mdx', 'Barack Obama<br />Angela Merkel'],
    ['quarto', 'Barack Obama\\\nAngela Merkel'],
    ['html', '<p>Barack Obama<br/>\nAngela Merkel</p>'],
    ['latex', 'Barack Obama\\\\ Angela Merkel'],
    ['latex', 'Barack Obama\\newline Angela Merkel'],
    ['asciidoc', 'Barack Obama +\nAngela Merkel'],
    ['org', 'Barack Obama\\\\\nAngela Merkel'],
    ['typst', 'Barack Obama \\ Angela Merkel'],
    ['typst', 'Barack Obama #linebreak() Angela Merkel'],
  ])('%s: %j', (languageId, text) => {
    expect(lines(languageId, text).map((line) => line.replace(/ ?\| ?/, '|'))).toEqual([
      'Barack Obama|Angela Merkel',
    ]);
  });

  it.each(['markdown', 'html', 'latex', 'asciidoc', 'org', 'typst'])(
    '%s: not at a line of the source',
    (languageId) => {
      expect(lines(languageId, 'Barack\nObama')).toEqual(['Barack Obama']);
    },
  );
});
