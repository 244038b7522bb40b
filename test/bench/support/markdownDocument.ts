import type { Position } from 'vscode-languageserver-protocol';
import { type ProseByLanguage, readSampleProse, type SentencePieces } from './prose';
import { createRandom, type Random } from './random';

/** The middle of a word in running text, where a character can be typed. */
export interface TypingPlace extends Position {
  /** In UTF-16 code units from the start of the document. */
  readonly offset: number;
  /** The letter before it; typed again it leaves the word a word. */
  readonly letter: string;
}

export interface MarkdownDocument {
  readonly text: string;
  readonly words: number;
  /** One in nearly every sentence of a paragraph or list item, in order. */
  readonly places: readonly TypingPlace[];
}

export interface DocumentSize {
  readonly words?: number;
  readonly bytes?: number;
}

/** Lines are wrapped behind the first word that reaches this column. */
const WRAP_COLUMN = 88;
const SEED = 20_261_123;

/**
 * Makes a Markdown document of at least a size, the same one every time: sections in changing languages with
 * headings, wrapped paragraphs with some mark-up, lists, quotes, tables and code blocks.
 */
export function makeMarkdownDocument(size: DocumentSize): MarkdownDocument {
  const writer = new Writer(readSampleProse(), createRandom(SEED));
  writer.heading(1);
  for (let section = 1; !writer.reaches(size); section++) {
    writer.changeLanguage();
    writer.heading(2);
    const blocks = [
      () => writer.paragraph(),
      () => writer.paragraph(),
      ...(section % 2 === 0 ? [() => writer.list()] : []),
      ...(section % 3 === 0 ? [() => writer.codeBlock(section)] : []),
      ...(section % 4 === 0 ? [() => writer.table()] : []),
      ...(section % 5 === 0 ? [() => writer.quote()] : []),
      () => writer.paragraph(),
    ];
    for (const block of blocks) if (!writer.reaches(size)) block();
  }
  return writer.finish();
}

class Writer {
  readonly #languages: ProseByLanguage;
  readonly #random: Random;
  #language: ProseByLanguage[number];
  readonly #parts: string[] = [];
  readonly #places: TypingPlace[] = [];
  #offset = 0;
  #line = 0;
  #character = 0;
  #bytes = 0;
  #words = 0;

  constructor(languages: ProseByLanguage, random: Random) {
    this.#languages = languages;
    this.#random = random;
    this.#language = random.pick(languages);
  }

  reaches({ words = 0, bytes = 0 }: DocumentSize): boolean {
    return this.#words >= words && this.#bytes >= bytes;
  }

  finish(): MarkdownDocument {
    return { text: this.#parts.join(''), words: this.#words, places: this.#places };
  }

  changeLanguage(): void {
    this.#language = this.#random.pick(this.#languages);
  }

  heading(level: number): void {
    this.#write(`${'#'.repeat(level)} `);
    this.#fragment(4);
    this.#write('\n\n');
  }

  paragraph(): void {
    this.#sentences(3 + this.#random.below(4), '');
    this.#write('\n\n');
  }

  quote(): void {
    this.#write('> ');
    this.#sentences(2, '> ');
    this.#write('\n\n');
  }

  list(): void {
    for (let item = 3 + this.#random.below(3); item > 0; item--) {
      this.#write('- ');
      this.#sentences(1, '  ');
      this.#write('\n');
    }
    this.#write('\n');
  }

  table(): void {
    this.#write('| Name | Place | Note |\n| --- | --- | --- |\n');
    this.#words += 3;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 3; column++) {
        this.#write('| ');
        this.#fragment(2 + column);
        this.#write(' ');
      }
      this.#write('|\n');
    }
    this.#write('\n');
  }

  codeBlock(number: number): void {
    this.#write(
      `\`\`\`python\nresult_${number} = compute(${number}, "Paris")\nprint(result_${number})\n\`\`\`\n\n`,
    );
  }

  /** Some words of a sentence, without its punctuation. */
  #fragment(words: number): void {
    const some = this.#language
      .vary(this.#random)
      .filter(({ isWord }) => isWord)
      .slice(0, words);
    const isSpaced = !some.some(({ text }) =>
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text),
    );
    this.#write(some.map(({ text }) => text).join(isSpaced ? ' ' : ''));
    this.#words += some.length;
  }

  #sentences(count: number, indent: string): void {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.#write(' ');
      this.#sentence(this.#language.vary(this.#random), indent);
    }
  }

  #sentence(pieces: SentencePieces, indent: string): void {
    const marked = this.#random.below(pieces.length * 2);
    const places: TypingPlace[] = [];
    for (const [index, { text, isWord }] of pieces.entries()) {
      if (!isWord) {
        this.#write(text === ' ' && this.#character >= WRAP_COLUMN ? `\n${indent}` : text);
        continue;
      }
      this.#words++;
      if (index === marked) {
        this.#write(
          this.#random.pick([`**${text}**`, `*${text}*`, `[${text}](https://example.org/${index})`]),
        );
        continue;
      }
      const middle = text.length >> 1;
      const letter = text.slice(middle - 1, middle);
      if (/^\p{L}$/u.test(letter)) {
        const [line, character] = [this.#line, this.#character + middle];
        places.push({ line, character, offset: this.#offset + middle, letter });
      }
      this.#write(text);
    }
    if (places.length > 0) this.#places.push(this.#random.pick(places));
  }

  #write(text: string): void {
    this.#parts.push(text);
    this.#offset += text.length;
    this.#bytes += Buffer.byteLength(text);
    const lines = text.split('\n');
    this.#line += lines.length - 1;
    const last = lines.at(-1) ?? '';
    this.#character = lines.length > 1 ? last.length : this.#character + last.length;
  }
}
