import { describe, expect, test } from 'vitest';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import { finish } from './support';

const DEPTH = 10_000;
const prose = 'Ada was here.';

const nested: Readonly<Record<string, readonly string[]>> = {
  json: [
    '['.repeat(DEPTH),
    '{"text": '.repeat(DEPTH),
    '['.repeat(DEPTH) + ']'.repeat(DEPTH),
    '[},'.repeat(DEPTH),
  ],
  jsonl: ['['.repeat(DEPTH), '{"text":'.repeat(DEPTH)],
  ipynb: [`{"cell_type": "markdown", "metadata": ${'['.repeat(DEPTH)}`, '{"cells": '.repeat(DEPTH)],
  yaml: ['- '.repeat(DEPTH), '['.repeat(DEPTH), '{a: '.repeat(DEPTH), `# a\n${'- [ '.repeat(DEPTH)}`],
  markdown: [`---\n${'- '.repeat(DEPTH)}\n---\n\n${prose}`, `---\na: ${'['.repeat(DEPTH)}\n---\n\n${prose}`],
};

describe.each(Object.entries(nested))('deep nesting in %s', (languageId, texts) => {
  test.each(texts.map((text, index) => [index, text] as const))('is read, and edited: %d', (_, text) => {
    const extractor = createExtractor(languageId);
    finish(extractor, text);
    const edited = `${text}"`;
    const again = finish(extractor, edited, [{ start: text.length, end: text.length, text: '"' }]);
    expect(again.map(({ start, end }) => [start, end])).toEqual(
      extractAll(edited, languageId).map(({ start, end }) => [start, end]),
    );
  });
});
