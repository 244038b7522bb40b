import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/paths';
import type { Random } from './random';

/** A word, or what stands between two words. */
export interface Piece {
  readonly text: string;
  readonly isWord: boolean;
}

export type SentencePieces = readonly Piece[];

/** How many words of a sentence are exchanged for others; enough that hardly two sentences are the same. */
const EXCHANGED_WORDS = 3;

/** Words of one script and case can stand for each other without changing what the text looks like. */
const kindOf = (word: string): string => {
  if (/^\p{Lu}/u.test(word)) return 'capitalized';
  return /^\p{L}/u.test(word) ? 'lower' : 'other';
};

/** The prose of one language, from which as many different sentences as wanted can be made. */
class Prose {
  readonly #sentences: readonly SentencePieces[];
  readonly #words = new Map<string, string[]>();

  constructor(text: string, locale: string) {
    const words = new Intl.Segmenter(locale, { granularity: 'word' });
    const sentences = new Intl.Segmenter(locale, { granularity: 'sentence' });
    this.#sentences = toParagraphs(text).flatMap((paragraph) =>
      [...sentences.segment(paragraph)].map(({ segment }) =>
        [...words.segment(segment.trim())].map(({ segment: piece, isWordLike }) => ({
          text: piece,
          isWord: isWordLike ?? false,
        })),
      ),
    );
    for (const { text: word, isWord } of this.#sentences.flat()) {
      if (!isWord) continue;
      const kind = kindOf(word);
      this.#words.set(kind, [...(this.#words.get(kind) ?? []), word]);
    }
  }

  /** One of the sentences, with some of its words exchanged for others of the same language. */
  vary(random: Random): SentencePieces {
    const pieces = [...random.pick(this.#sentences)];
    const places = pieces.flatMap(({ isWord }, index) => (isWord ? [index] : []));
    for (let i = 0; i < EXCHANGED_WORDS; i++) {
      const place = random.pick(places);
      const word = random.pick(this.#words.get(kindOf(pieces[place]?.text ?? '')) ?? []);
      pieces[place] = { text: word, isWord: true };
    }
    return pieces;
  }
}

/** Lines of a paragraph are joined, in scripts with spaces by one. */
const toParagraphs = (text: string): readonly string[] =>
  text
    .split(/\n{2,}/)
    .map((paragraph) =>
      paragraph
        .trim()
        .replace(
          /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{P}])\n(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}「『“])/gu,
          '',
        )
        .replace(/\n/g, ' '),
    )
    .filter((paragraph) => paragraph !== '');

export type ProseByLanguage = readonly Pick<Prose, 'vary'>[];

/** The plain-text samples, one a language. */
export function readSampleProse(): ProseByLanguage {
  const locales: Readonly<Record<string, string>> = {
    arabic: 'ar',
    chinese: 'zh',
    english: 'en',
    french: 'fr',
    german: 'de',
    japanese: 'ja',
    spanish: 'es',
  };
  const folder = join(root, 'samples');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map(
      (name) =>
        new Prose(readFileSync(join(folder, name), 'utf8'), locales[name.replace('.txt', '')] ?? 'en'),
    );
}
