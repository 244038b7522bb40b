import { joinTokens } from '../../core/evaluation/joinTokens';
import { isTag, readTags, type TypedSpan } from '../../core/evaluation/tags';
import { type AnnotatedText, AnnotationError, type Line, splitLines } from './annotations';
import { isJsonLines, type JsonRow, readJsonLines } from './jsonLines';

/** A sentence with its entities, as UTF-16 offsets in its text. */
export interface EntityText extends AnnotatedText {
  readonly entities: readonly TypedSpan[];
  /** Where the annotation is from: a source annotates the same types throughout. */
  readonly source: string;
}

/**
 * Reads CoNLL columns (token first, tag last) or JSON lines: `{tokens, tags, lang?, source?}`, or
 * `{text, entities, start?, lang?, source?}` as `subtext analyze` writes them.
 *
 * @param path of the file: its source, where a row names none.
 * @param language of rows that name none.
 * @throws AnnotationError naming the first line that cannot be read.
 */
export const readEntities = (
  text: string,
  path: string,
  language: string | undefined,
): readonly EntityText[] =>
  isJsonLines(path, text) ? readEntityRows(text, path, language) : readConll(text, path, language);

const wrongTag = 'has a tag that is neither O nor a type with the prefix B-, I-, E- or S-';

const readEntityRows = (text: string, path: string, language: string | undefined): readonly EntityText[] =>
  readJsonLines(text).map((row) => {
    const rest = {
      language: row.optionalString('lang') ?? language,
      line: row.line,
      source: row.optionalString('source') ?? path,
    };
    if (row.get('entities') !== undefined) return { ...readSpans(row), ...rest };
    const tokens = row.strings('tokens');
    const tags = row.strings('tags');
    if (tokens.length !== tags.length) {
      throw new AnnotationError(row.line, `has ${tokens.length} tokens and ${tags.length} tags`);
    }
    if (tokens.includes('')) throw new AnnotationError(row.line, 'has an empty token');
    if (!tags.every(isTag)) throw new AnnotationError(row.line, wrongTag);
    return toEntityText(tokens, tags, rest);
  });

/** Offsets count from the row's `start`: where its text begins in the document that it is from. */
const readSpans = (row: JsonRow): Pick<EntityText, 'text' | 'entities'> => {
  const text = row.string('text');
  const origin = row.optionalCount('start') ?? 0;
  const entities = row.rows('entities').map((entity) => ({
    start: (entity.optionalCount('start') ?? Number.NaN) - origin,
    end: (entity.optionalCount('end') ?? Number.NaN) - origin,
    type: entity.string('type'),
  }));
  if (!entities.every(({ start, end }) => 0 <= start && start < end && end <= text.length)) {
    throw new AnnotationError(row.line, 'has an entity that does not lie in its text');
  }
  return { text, entities };
};

const readConll = (text: string, path: string, language: string | undefined): readonly EntityText[] => {
  const lines = splitLines(text);
  const isComment = toCommentTest(lines);
  const sentences: EntityText[] = [];
  let tokens: string[] = [];
  let tags: string[] = [];
  let first = 1;
  const finish = (): void => {
    if (tokens.length > 0) {
      sentences.push(toEntityText(tokens, tags, { language, line: first, source: path }));
    }
    tokens = [];
    tags = [];
  };
  for (const line of lines) {
    if (line.text.trim() === '' || line.text.startsWith('-DOCSTART-')) finish();
    else if (!isComment(line)) {
      const columns = toColumns(line);
      const [token, tag] = [columns[0], columns.at(-1)];
      if (!token || !tag || columns.length < 2) {
        throw new AnnotationError(line.number, 'has not two columns, a token and a tag');
      }
      if (!isTag(tag)) throw new AnnotationError(line.number, wrongTag);
      if (tokens.length === 0) first = line.number;
      tokens.push(token);
      tags.push(tag);
    }
  }
  finish();
  return sentences;
};

const toColumns = ({ text }: Line): readonly string[] =>
  text.includes('\t') ? text.split('\t') : text.trim().split(/ +/u);

/**
 * A line that begins with # may be a comment or a token such as a hashtag. It is a token where it has a tag and as
 * many columns as the first line that does not begin so.
 */
const toCommentTest = (lines: readonly Line[]): ((line: Line) => boolean) => {
  const plain = lines.find(({ text }) => text.trim() !== '' && !/^(#|-DOCSTART-)/u.test(text));
  const count = plain ? toColumns(plain).length : 2;
  return (line) => {
    if (!line.text.startsWith('#')) return false;
    const columns = toColumns(line);
    return columns.length !== count || !isTag(columns.at(-1) ?? '');
  };
};

const toEntityText = (
  tokens: readonly string[],
  tags: readonly string[],
  row: Omit<EntityText, 'text' | 'entities'>,
): EntityText => {
  const joined = joinTokens(tokens, row.language);
  const entities = readTags(tags).map(({ start, end, type }) => ({
    start: joined.tokens[start]?.start ?? 0,
    end: joined.tokens[end - 1]?.end ?? 0,
    type,
  }));
  return { ...row, text: joined.text, entities };
};
