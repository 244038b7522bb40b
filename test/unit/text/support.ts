import type { ExtractionOptions } from '../../../server/src/core/text/extractionOptions';
import { createExtractor } from '../../../server/src/core/text/extractors';
import type { PlacedBlock, ProseExtractor, TextEdit } from '../../../server/src/core/text/prose';
import { segmentSentences } from '../../../server/src/core/text/sentences';

/** Drives an update to its end. */
export function finish(
  extractor: ProseExtractor,
  text: string,
  edits?: readonly TextEdit[],
): readonly PlacedBlock[] {
  const update = extractor.update(text, edits);
  for (;;) {
    const step = update.next();
    if (step.done) return step.value;
  }
}

/**
 * Makes a document of 300 records, types something in front of the text of the 150th, and tells which blocks are
 * others then.
 *
 * @param record has `Text {i} ` in its text.
 */
export function changedBlocks(languageId: string, record: (i: number) => string): number[] {
  const before = Array.from({ length: 300 }, (_, i) => record(i)).join('');
  const extractor = createExtractor(languageId);
  const old = finish(extractor, before);
  const at = before.indexOf('Text 150 ');
  const edit = { start: at, end: at, text: 'X ' };
  const now = finish(extractor, `${before.slice(0, at)}X ${before.slice(at)}`, [edit]);
  return now.flatMap(({ block }, i) => (block === old[i]?.block ? [] : [i]));
}

/** Of each block the sentences: what the model sees, and behind an arrow the source where that differs. */
export function prose(languageId: string, text: string): string[][] {
  return finish(createExtractor(languageId), text).map(({ start, block }) =>
    block.sentences.map((sentence) => {
      const source = text.slice(start + sentence.source.start, start + sentence.source.end);
      return source === sentence.text ? source : `${sentence.text} ← ${source}`;
    }),
  );
}

/** The text of each block's sentences. */
export const texts = (languageId: string, text: string, options?: Partial<ExtractionOptions>): string[][] =>
  finish(createExtractor(languageId, options), text).map(({ block }) =>
    block.sentences.map((sentence) => sentence.text),
  );

export const markdown = (text: string): string[][] => prose('markdown', text);

export const plain = (text: string): string[][] => prose('plaintext', text);

export const sentences = (text: string): string[] =>
  segmentSentences(text).map(({ start, end }) => text.slice(start, end));

/** Everything that can be seen of blocks, the mapping of each character included. */
export const describeBlocks = (blocks: readonly PlacedBlock[]): unknown[] =>
  blocks.map(({ start, end, block }) => [
    start,
    end,
    ...block.sentences.map((sentence) => {
      const map = Array.from({ length: sentence.text.length }, (_, index) => {
        const span = sentence.toSource({ start: index, end: index + 1 });
        return `${span.start}-${span.end}`;
      });
      return [sentence.text, sentence.source, map.join(' ')];
    }),
  ]);
