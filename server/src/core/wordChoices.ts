import type { EngineParts } from './engineParts';
import { EngineError } from './ports';

/** Which words may be found, and how many of each length are looked at. */
export interface WordChoices {
  /** They come from a list, and so does the way they are cut into pieces. */
  readonly areListed: boolean;
  /** Numbers of pieces that words may have. */
  readonly lengths: readonly number[];
  /** How many hypotheses of a length are kept after each piece. */
  widthOf(length: number): number;
  /** @returns whether a piece may follow those that a word of this length has. */
  mayFollow(pieces: readonly number[], length: number): (tokenId: number) => boolean;
  textOf(pieces: readonly number[]): string;
}

/** More pieces than that are rarely one word, and a small model guesses them badly. */
const mostPieces = 4;
/** Kept of the words of several pieces: the more pieces, the fewer are any good. */
const beamWidths: Readonly<Record<number, number>> = { 2: 6, 3: 4, 4: 3 };
/** A listed word that needs more pieces is not looked at. */
const mostListedPieces = 8;
/** Kept of the beginnings of listed words: all of them where the list is no longer, and the score of each is known. */
const listedWidth = 64;
/** Kept of those of longer lists, by the number of pieces. */
const longListWidths: Readonly<Record<number, number>> = { 1: listedWidth, 2: 12, 3: 8 };
const longListWidth = 4;

/**
 * Any word.
 *
 * @param topK how many words of one piece are wanted.
 * @param prefix what words begin with, in whatever case.
 */
export function anyWord(
  { vocabulary }: EngineParts,
  {
    topK,
    afterSpace,
    prefix,
  }: { readonly topK: number; readonly afterSpace: boolean; readonly prefix: string },
): WordChoices {
  const wanted = prefix.toLowerCase();
  const textOf = (pieces: readonly number[]): string => vocabulary.textOf(pieces);
  return {
    areListed: false,
    lengths: Array.from({ length: mostPieces }, (_, i) => i + 1),
    widthOf: (length) => beamWidths[length] ?? topK,
    mayFollow: (pieces, length) => {
      const last = pieces.at(-1);
      const isPart = (id: number): boolean =>
        last === undefined
          ? vocabulary.begins(id, afterSpace) && (length === 1 || vocabulary.isWord(id))
          : vocabulary.continues(last, id);
      const rest = wanted.slice(textOf(pieces).length);
      if (rest === '') return isPart;
      const isLast = pieces.length === length - 1;
      return (id) => {
        const text = vocabulary.foldedText(id);
        return (text.startsWith(rest) || (!isLast && rest.startsWith(text))) && isPart(id);
      };
    },
    textOf,
  };
}

/** The words of a list. @throws EngineError where the model can express none of them. */
export async function listedWords(
  { tokenizer }: EngineParts,
  words: readonly string[],
  { afterSpace, prefix }: { readonly afterSpace: boolean; readonly prefix: string },
): Promise<WordChoices> {
  const wanted = words.filter((word) => word.toLowerCase().startsWith(prefix.toLowerCase()));
  const encodings = await tokenizer.encode(wanted.map((word) => (afterSpace ? ` ${word}` : word)));
  const texts = new Map<string, string>();
  const beginnings = new Map<string, Set<number>>();
  const lengths = new Set<number>();
  for (const [i, { ids, specialTokensMask }] of encodings.entries()) {
    const pieces = ids.filter((_, at) => specialTokensMask[at] === 0);
    const isKnown = pieces.length > 0 && !pieces.includes(tokenizer.unknownTokenId ?? -1);
    if (!isKnown || pieces.length > mostListedPieces || texts.has(pieces.join())) continue;
    texts.set(pieces.join(), wanted[i] ?? '');
    lengths.add(pieces.length);
    for (const [at, piece] of pieces.entries()) {
      const key = toKey(pieces.slice(0, at), pieces.length);
      const next = beginnings.get(key);
      if (next) next.add(piece);
      else beginnings.set(key, new Set([piece]));
    }
  }
  if (lengths.size === 0 && wanted.length > 0)
    throw new EngineError('The model can express none of the words to choose from.');
  const widthOf = (length: number): number =>
    texts.size <= listedWidth ? listedWidth : (longListWidths[length] ?? longListWidth);
  return {
    areListed: true,
    lengths: [...lengths].sort((a, b) => a - b),
    widthOf,
    mayFollow: (pieces, length) => {
      const next = beginnings.get(toKey(pieces, length));
      return (id) => next?.has(id) ?? false;
    },
    textOf: (pieces) => texts.get(pieces.join()) ?? '',
  };
}

/** Words of a length that begin with these pieces. */
const toKey = (pieces: readonly number[], length: number): string => `${length}:${pieces.join()}`;
