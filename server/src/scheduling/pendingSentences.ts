import type { ProseBlock, Sentence } from '../core/text/prose';

/**
 * The sentences of a document of which the result is not known, by their text. Some may be withheld: the engine is
 * not to be asked for them yet.
 */
export class PendingSentences {
  readonly #byText = new Map<string, Map<Sentence, ProseBlock>>();
  readonly #withheld = new Set<Sentence>();
  #size = 0;

  /** How many there are, with those that are withheld. */
  get size(): number {
    return this.#size;
  }

  /** How many are withheld. */
  get withheld(): number {
    return this.#withheld.size;
  }

  has(sentence: Sentence): boolean {
    return this.#size > 0 && (this.#byText.get(sentence.text)?.has(sentence) ?? false);
  }

  isWanted(sentence: Sentence): boolean {
    return this.has(sentence) && !this.#withheld.has(sentence);
  }

  isTextWanted(text: string): boolean {
    const same = this.#byText.get(text);
    return same !== undefined && this.#isAnyWanted(same);
  }

  add(sentence: Sentence, block: ProseBlock): void {
    const same = this.#byText.get(sentence.text);
    if (same?.has(sentence)) return;
    this.#size++;
    if (same) same.set(sentence, block);
    else this.#byText.set(sentence.text, new Map([[sentence, block]]));
  }

  delete(sentence: Sentence): void {
    const same = this.#byText.get(sentence.text);
    if (!same?.delete(sentence)) return;
    this.#size--;
    this.#withheld.delete(sentence);
    if (same.size === 0) this.#byText.delete(sentence.text);
  }

  /** Of a sentence that is not pending there is nothing to withhold. */
  withhold(sentence: Sentence): void {
    if (this.has(sentence)) this.#withheld.add(sentence);
  }

  withholdAll(): void {
    for (const same of this.#byText.values())
      for (const sentence of same.keys()) this.#withheld.add(sentence);
  }

  /** From now on all of them are wanted. */
  release(): void {
    this.#withheld.clear();
  }

  clear(): void {
    this.#byText.clear();
    this.#withheld.clear();
    this.#size = 0;
  }

  /** Each text once, for those that are not withheld. */
  *wantedTexts(): Generator<string> {
    if (this.#withheld.size === this.#size) return;
    for (const [text, same] of this.#byText) if (this.#isAnyWanted(same)) yield text;
  }

  /** The blocks in which sentences with one of these texts are pending. */
  blocksWith(texts: Iterable<string>): Set<ProseBlock> {
    const blocks = new Set<ProseBlock>();
    for (const text of texts) {
      for (const block of this.#byText.get(text)?.values() ?? []) blocks.add(block);
    }
    return blocks;
  }

  #isAnyWanted(same: ReadonlyMap<Sentence, ProseBlock>): boolean {
    if (this.#withheld.size === 0) return true;
    for (const sentence of same.keys()) if (!this.#withheld.has(sentence)) return true;
    return false;
  }
}
