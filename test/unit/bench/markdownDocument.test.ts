import { expect, test } from 'vitest';
import { makeMarkdownDocument } from '../../bench/support/markdownDocument';

test('a document has the size that was asked for, and is the same every time', () => {
  const document = makeMarkdownDocument({ words: 1_000 });
  expect(document.words).toBeGreaterThanOrEqual(1_000);
  expect(document.words).toBeLessThan(1_150);
  expect(makeMarkdownDocument({ words: 1_000 })).toEqual(document);
  expect(Buffer.byteLength(makeMarkdownDocument({ bytes: 50_000 }).text)).toBeGreaterThanOrEqual(50_000);
});

test('every typing place stands behind the letter that it names', () => {
  const { text, places } = makeMarkdownDocument({ words: 3_000 });
  const lines = text.split('\n');
  expect(places.length).toBeGreaterThan(100);
  expect(places.map(({ offset }) => text[offset - 1])).toEqual(places.map(({ letter }) => letter));
  expect(places.map(({ line, character }) => lines[line]?.[character - 1])).toEqual(
    places.map(({ letter }) => letter),
  );
});

test('hardly any sentence comes twice', () => {
  const paragraphs = makeMarkdownDocument({ words: 10_000 })
    .text.split('\n\n')
    .filter((paragraph) => paragraph.length > 100);
  expect(new Set(paragraphs).size).toBe(paragraphs.length);
});
