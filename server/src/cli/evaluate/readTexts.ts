import { type AnnotatedText, splitLines } from './annotations';
import { isJsonLines, readJsonLines } from './jsonLines';

/**
 * Reads a text a line, or JSON lines `{text, lang?}`.
 *
 * @param language of rows that name none.
 * @throws AnnotationError naming the first line that cannot be read.
 */
export const readTexts = (
  text: string,
  path: string,
  language: string | undefined,
): readonly AnnotatedText[] => {
  if (isJsonLines(path, text)) {
    return readJsonLines(text).map((row) => ({
      text: row.string('text'),
      language: row.optionalString('lang') ?? language,
      line: row.line,
    }));
  }
  return splitLines(text)
    .filter((line) => line.text.trim() !== '')
    .map((line) => ({ text: line.text, language, line: line.number }));
};
