import { createCodeExtractor } from './code/codeExtractor';
import { defaultExtractionOptions, type ExtractionOptions } from './extractionOptions';
import { MarkdownExtractor } from './markdown';
import { asciiDoc } from './markup/asciiDoc';
import { LineMarkupExtractor } from './markup/lineMarkup';
import { org } from './markup/org';
import { restructuredText } from './markup/restructuredText';
import { typst } from './markup/typst';
import { PlainTextExtractor } from './plainText';
import type { PlacedBlock, ProseExtractor } from './prose';
import { proseFormat } from './proseLanguages';
import { commitMessage } from './records/commitMessage';
import { DelimitedExtractor } from './records/delimited';
import { JsonExtractor } from './records/json';
import { mail } from './records/mail';
import { NotebookExtractor } from './records/notebook';
import { SubtitleExtractor } from './records/subtitles';
import { createTagExtractor } from './tags/tagExtractor';
import { BibliographyExtractor } from './tex/bibliographyExtractor';
import { TexExtractor } from './tex/texExtractor';
import { UnitExtractor } from './unitExtractor';

/** @param languageId VS Code's identifier. */
export function createExtractor(
  languageId: string,
  options: Partial<ExtractionOptions> = {},
): ProseExtractor {
  const { strings, columns, fields, unknown } = { ...defaultExtractionOptions, ...options };
  const format = proseFormat(languageId) ?? unknown;
  switch (format) {
    case 'plaintext':
      return new PlainTextExtractor();
    case 'markdown':
    case 'mdx':
    case 'quarto':
      return new MarkdownExtractor(format);
    case 'code':
      return createCodeExtractor(languageId, { strings });
    case 'html':
      return createTagExtractor(languageId, false);
    case 'xml':
      return createTagExtractor(languageId, true);
    case 'latex':
      return new TexExtractor();
    case 'bibtex':
      return new BibliographyExtractor();
    case 'restructuredtext':
      return new LineMarkupExtractor(restructuredText);
    case 'asciidoc':
      return new LineMarkupExtractor(asciiDoc);
    case 'org':
      return new LineMarkupExtractor(org);
    case 'typst':
      return new LineMarkupExtractor(typst);
    case 'subtitles':
      return new SubtitleExtractor();
    case 'mail':
      return new LineMarkupExtractor(mail);
    case 'commitMessage':
      return new LineMarkupExtractor(commitMessage);
    case 'table':
      return new DelimitedExtractor({ columns });
    case 'json':
      return new JsonExtractor({ fields }, false);
    case 'jsonLines':
      return new JsonExtractor({ fields }, true);
    case 'notebook':
      return new NotebookExtractor();
    case 'nothing':
      return new UnitExtractor(() => ({ next: () => undefined, extract: () => [] }));
  }
}

/** The prose of a whole text at once, for callers that need not pause. */
export function extractAll(
  text: string,
  languageId: string,
  options?: Partial<ExtractionOptions>,
): readonly PlacedBlock[] {
  const update = createExtractor(languageId, options).update(text);
  for (;;) {
    const step = update.next();
    if (step.done) return step.value;
  }
}
