import { type CodeOptions, codeLanguages, createCodeExtractor } from './code/codeExtractor';
import { MarkdownExtractor } from './markdown';
import { asciiDoc } from './markup/asciiDoc';
import { type LineLanguage, LineMarkupExtractor } from './markup/lineMarkup';
import { org } from './markup/org';
import { restructuredText } from './markup/restructuredText';
import { typst } from './markup/typst';
import { PlainTextExtractor } from './plainText';
import type { PlacedBlock, ProseExtractor } from './prose';
import { createTagExtractor, tagLanguages } from './tags/tagExtractor';
import { BibliographyExtractor } from './tex/bibliographyExtractor';
import { TexExtractor } from './tex/texExtractor';

/** What the prose of a document is, where that is a matter of taste. */
export interface ExtractionOptions extends CodeOptions {}

export const defaultExtractionOptions: ExtractionOptions = { strings: false };

const markdownLanguages: ReadonlySet<string> = new Set([
  'markdown',
  'mdx',
  'quarto',
  'rmd',
  'prompt',
  'instructions',
]);

const texLanguages: ReadonlySet<string> = new Set([
  'latex',
  'tex',
  'latex-expl3',
  'context',
  'doctex',
  'rsweave',
]);

const lineLanguages: Readonly<Record<string, LineLanguage>> = {
  restructuredtext: restructuredText,
  asciidoc: asciiDoc,
  org,
  typst,
};

/** @param languageId VS Code's identifier; languages that are not known are read as plain text. */
export function createExtractor(
  languageId: string,
  options: ExtractionOptions = defaultExtractionOptions,
): ProseExtractor {
  if (markdownLanguages.has(languageId)) return new MarkdownExtractor();
  if (codeLanguages.has(languageId)) return createCodeExtractor(languageId, options);
  if (tagLanguages.has(languageId)) return createTagExtractor(languageId);
  if (texLanguages.has(languageId)) return new TexExtractor();
  if (languageId === 'bibtex') return new BibliographyExtractor();
  const lineLanguage = lineLanguages[languageId];
  if (lineLanguage) return new LineMarkupExtractor(lineLanguage);
  return new PlainTextExtractor();
}

/** The prose of a whole text at once, for callers that need not pause. */
export function extractAll(
  text: string,
  languageId: string,
  options?: ExtractionOptions,
): readonly PlacedBlock[] {
  const update = createExtractor(languageId, options).update(text);
  for (;;) {
    const step = update.next();
    if (step.done) return step.value;
  }
}
