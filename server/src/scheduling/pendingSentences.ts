import type { ProseBlock, Sentence } from '../core/text/prose';

/** The sentences of a document of which the result is not known, by their text. */
export class PendingSentences {
  readonly #byText = new Map<string, Map<Sentence, ProseBlock>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(sentence: Sentence): boolean {
    return this.#size > 0 && (this.#byText.get(sentence.text)?.has(sentence) ?? false);
  }

  hasText(text: string): boolean {
    return this.#byText.has(text);
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
    if (same.size === 0) this.#byText.delete(sentence.text);
  }

  clear(): void {
    this.#byText.clear();
    this.#size = 0;
  }

  /** Each text once. */
  texts(): IterableIterator<string> {
    return this.#byText.keys();
  }

  /** The blocks in which sentences with one of these texts are pending. */
  blocksWith(texts: Iterable<string>): Set<ProseBlock> {
    const blocks = new Set<ProseBlock>();
    for (const text of texts) {
      for (const block of this.#byText.get(text)?.values() ?? []) blocks.add(block);
    }
    return blocks;
  }
}
