import { MarkdownExtractor } from './markdown';
import { PlainTextExtractor } from './plainText';
import type { PlacedBlock, ProseExtractor } from './prose';

const markdownLanguages: ReadonlySet<string> = new Set([
  'markdown',
  'mdx',
  'quarto',
  'rmd',
  'prompt',
  'instructions',
]);

/** @param languageId VS Code's identifier; languages that are not Markdown are read as plain text. */
export const createExtractor = (languageId: string): ProseExtractor =>
  markdownLanguages.has(languageId) ? new MarkdownExtractor() : new PlainTextExtractor();

/** The prose of a whole text at once, for callers that need not pause. */
export function extractAll(text: string, languageId: string): readonly PlacedBlock[] {
  const update = createExtractor(languageId).update(text);
  for (;;) {
    const step = update.next();
    if (step.done) return step.value;
  }
}
