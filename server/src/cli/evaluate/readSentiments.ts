import { type AnnotatedText, AnnotationError, splitLines } from './annotations';
import { isJsonLines, readJsonLines } from './jsonLines';

/** A text with its class, as the file has it: a label of the model, or its number. */
export interface SentimentText extends AnnotatedText {
  readonly label: string;
}

/**
 * Reads lines `label<TAB>text`, with the language as a third column if there is one, or JSON lines
 * `{label, text, lang?}`; the label may be one of `sentiment`, as `subtext analyze` writes it.
 *
 * @param language of rows that name none.
 * @throws AnnotationError naming the first line that cannot be read.
 */
export const readSentiments = (
  text: string,
  path: string,
  language: string | undefined,
): readonly SentimentText[] => {
  if (isJsonLines(path, text)) {
    return readJsonLines(text).map((row) => {
      const judged = row.optionalRow('sentiment') ?? row;
      const label = judged.get('label');
      return {
        text: row.string('text'),
        label: typeof label === 'number' ? String(label) : judged.string('label'),
        language: row.optionalString('lang') ?? language,
        line: row.line,
      };
    });
  }
  return splitLines(text)
    .filter((line) => line.text.trim() !== '')
    .map((line) => {
      const [label = '', given = '', lang, ...others] = line.text.split('\t');
      if (label.trim() === '' || given.trim() === '' || others.length > 0) {
        throw new AnnotationError(
          line.number,
          'should have a label, a tab and a text; a language may follow',
        );
      }
      return { text: given, label, language: lang?.trim() || language, line: line.number };
    });
};

/**
 * The index of a text's class among the model's labels: their names in any case, or their numbers.
 *
 * @throws AnnotationError where the model has no such label.
 */
export const toLabelIndex = ({ label, line }: SentimentText, labels: readonly string[]): number => {
  const name = label.trim().toLowerCase();
  const index = labels.findIndex((known, i) => known.toLowerCase() === name || String(i) === name);
  if (index < 0) {
    const known = labels.map((one, i) => `${one} (or ${i})`).join(', ');
    throw new AnnotationError(line, `its label is none of the model's: ${known}`);
  }
  return index;
};
