import type { ProseBlock, Sentence } from '../text/prose';
import { recognizeLanguage } from './recognizeLanguage';
import type { GuessByWords } from './wordGuess';

/** Enough to be certain of, and more than the statistics look at. */
const BLOCK_CHARACTERS = 600;

/** The languages of sentences, remembered as long as these are. */
export class SentenceLanguages {
  readonly #guess: GuessByWords;
  readonly #ofSentences = new WeakMap<Sentence, string | null>();
  readonly #ofBlocks = new WeakMap<ProseBlock, string | null>();

  constructor(guess: GuessByWords) {
    this.#guess = guess;
  }

  /** A sentence that says too little by itself is in the language of its block. Undefined where that does, too. */
  of(sentence: Sentence, block: ProseBlock): string | undefined {
    let language = this.#ofSentences.get(sentence);
    if (language === undefined) {
      language = recognizeLanguage(sentence.text, this.#guess) ?? this.#ofBlock(block);
      this.#ofSentences.set(sentence, language);
    }
    return language ?? undefined;
  }

  #ofBlock(block: ProseBlock): string | null {
    if (block.sentences.length === 1) return null;
    let language = this.#ofBlocks.get(block);
    if (language === undefined) {
      language = recognizeLanguage(beginningOf(block), this.#guess) ?? null;
      this.#ofBlocks.set(block, language);
    }
    return language;
  }
}

function beginningOf({ sentences }: ProseBlock): string {
  let text = '';
  for (const sentence of sentences) {
    if (text.length >= BLOCK_CHARACTERS) break;
    text += ` ${sentence.text}`;
  }
  return text.slice(0, BLOCK_CHARACTERS);
}
