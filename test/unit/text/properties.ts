import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits } from '../../../server/src/core/text/edits';
import type { ExtractionOptions } from '../../../server/src/core/text/extractionOptions';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import type { TextEdit } from '../../../server/src/core/text/prose';
import { describeBlocks, finish } from './support';

const changeOf = (piece: fc.Arbitrary<string>) =>
  fc.record({
    at: fc.nat(),
    length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(80)),
    text: fc.oneof(fc.constant(''), piece),
  });

/** Makes random numbers edits of a text, and gives the text they lead to. */
export function toEdits(
  text: string,
  changes: readonly { at: number; length: number; text: string }[],
): { edits: TextEdit[]; text: string } {
  let current = text;
  const edits = changes.map(({ at, length, text: inserted }) => {
    const start = at % (current.length + 1);
    const edit = { start, end: Math.min(start + length, current.length), text: inserted };
    current = applyEdits(current, [edit]);
    return edit;
  });
  return { edits, text: current };
}

/** What any text may hold. */
const commonSnippets = [
  ...['\n', '\n\n', '\r\n', '\r\n\r\n', '\r', ' ', '   '],
  ...['text', 'One. Two', 'https://x.y', '👍🏽', '中文。', 'مرحبا', 'e\u0301', '\ud800'],
];

interface PropertySettings {
  readonly options?: Partial<ExtractionOptions>;
  readonly runs?: number;
  /** Source that is written as another text of the same length. */
  readonly rewritten?: RegExp;
}

/** What holds for every extractor, of documents put together from snippets of its format and of any. */
export function itExtractsExactly(
  languageId: string,
  snippets: readonly string[],
  { options, runs = 150, rewritten = /[\r\n]/ }: PropertySettings = {},
): void {
  const piece = fc
    .tuple(fc.constantFrom(...commonSnippets, ...snippets), fc.constantFrom('', '', '\n'))
    .map((parts) => parts.join(''));
  const document = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const change = changeOf(piece);

  it('gives after any edits what a fresh one gives', () => {
    const updates = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(document, updates, (before, all) => {
        const extractor = createExtractor(languageId, options);
        finish(extractor, before);
        let text = before;
        for (const changes of all) {
          const next = toEdits(text, changes);
          text = next.text;
          const blocks = finish(extractor, text, next.edits);
          expect(describeBlocks(blocks)).toEqual(describeBlocks(extractAll(text, languageId, options)));
        }
      }),
      { numRuns: runs },
    );
  });

  it('gives ordered blocks and sentences, and maps each character into its own', () => {
    fc.assert(
      fc.property(document, (text) => {
        let blockEnd = 0;
        for (const { start, end, block } of extractAll(text, languageId, options)) {
          expect(start).toBeGreaterThanOrEqual(blockEnd);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(block.sentences.length).toBeGreaterThan(0);
          blockEnd = end;
          let before = { start: 0, end: 0 };
          for (const sentence of block.sentences) {
            expect(sentence.source.start).toBeGreaterThanOrEqual(before.start);
            expect(sentence.source.end).toBeLessThanOrEqual(end - start);
            // A note stands inside of the sentence that it is a note to.
            const isNote = sentence.source.end <= before.end;
            if (!isNote) expect(sentence.source.start).toBeGreaterThanOrEqual(before.end);
            if (!isNote) before = sentence.source;
            expect(sentence.toSource({ start: 0, end: sentence.text.length })).toEqual(sentence.source);
            expect(sentence.text).toBe(sentence.text.trim());
            let at = sentence.source.start;
            for (let index = 0; index < sentence.text.length; index++) {
              const span = sentence.toSource({ start: index, end: index + 1 });
              const isSecondHalf = /[\udc00-\udfff]/.test(sentence.text[index] ?? '');
              if (!isSecondHalf) expect(span.start).toBeGreaterThanOrEqual(at);
              expect(span.end).toBeGreaterThan(span.start);
              at = span.end;
            }
            const source = text.slice(start + sentence.source.start, start + sentence.source.end);
            if (source.length === sentence.text.length && !rewritten.test(source))
              expect(source).toBe(sentence.text);
          }
        }
      }),
      { numRuns: runs },
    );
  });
}
