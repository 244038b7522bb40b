import { extractParagraph, nextParagraph } from './plainParagraphs';
import { UnitExtractor } from './unitExtractor';

/** Takes all text for prose, in paragraphs that empty lines and hard line breaks end. */
export class PlainTextExtractor extends UnitExtractor {
  constructor() {
    super((text) => ({
      next: (offset) => nextParagraph(text, offset),
      extract: (paragraph) => extractParagraph(text, paragraph),
    }));
  }
}
