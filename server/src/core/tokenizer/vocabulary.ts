import type { Tokenizer } from '../ports';
import { byteLevelMark, fromByteLevel } from './byteLevel';
import { unigramMark } from './encoding';

/** What a piece of the vocabulary may be part of. */
interface PieceKind {
  /** Its text in lower case, as it stands behind a space. */
  readonly folded: string;
  /** Of letters, digits and marks only. */
  readonly isWord: boolean;
  /** Of scripts that write words without spaces between them, one character after the other. */
  readonly isUnspaced: boolean;
  /** Marked as the beginning of a word, or as going on with one, by the vocabulary; unmarked pieces are neither. */
  readonly mark: 'begins' | 'continues' | undefined;
  /** Stands for no text. */
  readonly isSpecial: boolean;
}

const special = /^(?:\[.+\]|<.+>)$/u;
const word = /^[\p{L}\p{N}\p{M}]+$/u;
const unspaced = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]+$/u;

/** The word pieces of a tokenizer as parts of words. Each is looked at when it is first asked for. */
export class Vocabulary {
  readonly #tokenizer: Tokenizer;
  readonly #kinds: PieceKind[] = [];
  #wordMark: string | undefined;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /**
   * Whether a word can begin with this piece.
   *
   * @param afterSpace whether a space stands before it.
   */
  begins(id: number, afterSpace: boolean): boolean {
    const { isSpecial, isWord, isUnspaced, mark } = this.#kindOf(id);
    if (isSpecial || mark === 'continues') return false;
    // A vocabulary that marks beginnings has the same letters unmarked for the inside of words.
    return !afterSpace || !isWord || isUnspaced || mark === 'begins' || this.#mark() === '';
  }

  /** The text of a piece in lower case. */
  foldedText = (id: number): string => this.#kindOf(id).folded;

  /** Whether a piece is of letters, digits and marks only. */
  isWord = (id: number): boolean => this.#kindOf(id).isWord;

  /** Whether a word that ends with `previous` can go on with `next`. */
  continues(previous: number, next: number): boolean {
    const [before, after] = [this.#kindOf(previous), this.#kindOf(next)];
    if (!before.isWord || !after.isWord || after.isSpecial || after.mark === 'begins') return false;
    if (before.isUnspaced || after.isUnspaced)
      return before.isUnspaced && after.isUnspaced && after.mark === undefined;
    return after.mark === 'continues' || this.#mark() !== '';
  }

  /** The text of a word of these pieces, as it stands behind a space. */
  textOf(ids: readonly number[]): string {
    const prefix = this.#tokenizer.continuingSubwordPrefix;
    const mark = this.#mark();
    const pieces = ids.map((id) => this.#tokenizer.idToToken(id) ?? '');
    if (mark === byteLevelMark) return fromByteLevel(pieces.join('')).trimStart();
    if (mark === unigramMark) return pieces.join('').replaceAll(unigramMark, ' ').trimStart();
    return pieces
      .map((piece) => (prefix && piece.startsWith(prefix) ? piece.slice(prefix.length) : piece))
      .join('');
  }

  #kindOf(id: number): PieceKind {
    let kind = this.#kinds[id];
    if (!kind) {
      const token = this.#tokenizer.idToToken(id) ?? '';
      const text = this.textOf([id]);
      const prefix = this.#tokenizer.continuingSubwordPrefix;
      const mark = this.#mark();
      kind = {
        folded: text.toLowerCase(),
        isWord: word.test(text),
        isUnspaced: unspaced.test(text),
        mark:
          mark !== '' && token.startsWith(mark)
            ? 'begins'
            : prefix && token.startsWith(prefix)
              ? 'continues'
              : undefined,
        isSpecial: special.test(token) || text === '',
      };
      this.#kinds[id] = kind;
    }
    return kind;
  }

  /** What marks the beginning of a word: byte-level BPE and Unigram have such marks, WordPiece has none. */
  #mark(): string {
    if (this.#wordMark === undefined) {
      // In this order: `Ġ` is a letter, too, while no byte-level piece holds a `▁`.
      const marks = this.#tokenizer.continuingSubwordPrefix ? [] : [unigramMark, byteLevelMark];
      this.#wordMark = marks.find((mark) => this.#tokenizer.tokenToId(mark) !== undefined) ?? '';
    }
    return this.#wordMark;
  }
}
