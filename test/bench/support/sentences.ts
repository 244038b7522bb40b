import { createExtractor } from '../../../server/src/core/text/extractors';
import { makeMarkdownDocument } from './markdownDocument';

/** What the server infers of a Markdown document. */
export function sentencesOf(text: string): readonly string[] {
  const work = createExtractor('markdown').update(text);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value.flatMap(({ block }) => block.sentences.map((sentence) => sentence.text));
}

/** Different sentences of the usual document. */
export function documentSentences(count: number): readonly string[] {
  /** Sentences have fewer words than that. */
  const words = 100;
  const { text } = makeMarkdownDocument({ words: words * count });
  return [...new Set(sentencesOf(text))].slice(0, count);
}
