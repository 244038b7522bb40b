import { describe, expect, it } from 'vitest';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import { finish } from './support';

const fill = (pattern: string, length = 15_000): string => pattern.repeat(length / pattern.length);

/** What Markdown parsers are known to be slow on, or to run out of stack with. */
const inputs: Readonly<Record<string, string>> = {
  'opening brackets': fill('[', 50_000),
  'nested brackets': fill('[', 50_000) + fill(']', 50_000),
  stars: fill('*', 50_000),
  'nested emphasis': `${fill('*_')}a${fill('_*')}`,
  'unclosed emphasis': fill('*a ', 50_000),
  'closing brackets among emphasis': fill('*a ] '),
  quotes: fill('> ', 50_000),
  'list marks': `${fill('+ ')}x`,
  'ordered list marks': `${fill('1. ')}x`,
  'nested list': Array.from({ length: 400 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'),
  'processing instructions': fill('<?'),
  comments: fill('a <!-- '),
  'open tags': fill('<a b=c '),
  'one long tag': `<x${fill(' b', 50_000)}>`,
  'link targets': fill('[a](b'),
  'link titles': fill('[a](b "'),
  'definition over many lines': `[a]: b "${fill('x\n')}`,
  'label over many lines': `[${fill('x\n')}`,
  blanks: `a${fill(' ')}b`,
  'code of all lengths': Array.from({ length: 300 }, (_, ticks) => '`'.repeat(ticks + 1)).join(' '),
  parentheses: `https://a.b/${fill(')')}`,
  'half an address': fill('a.b+c-'),
  dollars: fill('$a'),
  'combining marks': `a${fill('\u0301')}`,
  'line ends': fill('\r'),
  'long word': fill('x', 50_000),
};

describe.each(Object.entries(inputs))('%s', (_name, text) => {
  it.each(['markdown', 'plaintext'])('as %s', (languageId) => {
    const blocks = extractAll(text, languageId);
    const covered = blocks.flatMap(({ start, block }) =>
      block.sentences.map(({ source }) => text.slice(start + source.start, start + source.end)),
    );
    if (languageId === 'plaintext') {
      expect(covered.join('').replace(/\s/g, '').length).toBeGreaterThanOrEqual(
        text.replace(/https:\S+/g, '').replace(/\s/g, '').length,
      );
    }
    const middle = text.length >> 1;
    const extractor = createExtractor(languageId);
    finish(extractor, text);
    const edited = `${text.slice(0, middle)}y${text.slice(middle)}`;
    const again = finish(extractor, edited, [{ start: middle, end: middle, text: 'y' }]);
    expect(again.map(({ start, end }) => [start, end])).toEqual(
      extractAll(edited, languageId).map(({ start, end }) => [start, end]),
    );
  });
});

it('keeps an embedded image out of the prose', () => {
  const data = `data:image/png;base64,${'iVBORw0KGgo'.repeat(10_000)}`;
  expect(extractAll(`[image1]: <${data}>`, 'markdown')).toEqual([]);
  const texts = extractAll(`See ![it](${data}) here.`, 'markdown').flatMap(({ block }) =>
    block.sentences.map(({ text }) => text),
  );
  expect(texts.join(' ').length).toBeLessThan(40);
});

it('cuts a table off that is too long for one', () => {
  const row = '| one | two |\n';
  const texts = extractAll(`| a | b |\n|---|---|\n${row.repeat(10_000)}`, 'markdown').flatMap(({ block }) =>
    block.sentences.map(({ text }) => text),
  );
  expect(texts.join(' ').match(/one/g)).toHaveLength(10_000);
});
