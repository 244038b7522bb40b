import { skipBlanks } from '../blanks';
import { maxBlockLength, pieceEnd } from '../pieces';
import { GAP } from '../prose';
import { accents, characters, commandRole, environmentRole } from './commands';
import { maxArgument, TexLookahead } from './texLookahead';

/** A stretch of the source, to be copied, or with `as` to be replaced; a line break is written as one. */
export interface TexPart {
  readonly start: number;
  readonly end: number;
  readonly as?: string;
}

/** A stretch of a document that makes one block, or none. */
export interface TexParagraph {
  readonly parts: readonly TexPart[];
  readonly end: number;
  /** How far the text was looked at; infinite where its end was seen. */
  readonly reach: number;
  /** Whether the next one stands in the row of a table. */
  readonly isRow: boolean;
}

/** A paragraph is looked for in so many characters; a longer one is cut. */
const maxScanned = maxBlockLength + 1_000;

/** The end of an environment of which nothing is read is looked for in so many characters. */
const maxHidden = 200_000;

/** The end of an environment that is a formula is looked for in so many. */
const maxFormula = 20_000;

/** Commands of which the argument may be delimited by any sign. */
const isVerbatim = /^(?:verb|lstinline|path)$/;

const special = /[\\{}$%~&]|-{2,3}|``|''|(?:\r\n|\n|\r(?!\n))[ \t]*(?=[\r\n])/g;
const command = /\\(?:([a-zA-Z@]+)\*?|([^a-zA-Z@]))/y;
const environment = /\\(begin|end)[ \t]*\{([^{}\r\n]{1,60})\}/y;
const emptyLine = /(?:\r\n|\n|\r(?!\n))[ \t]*(?=[\r\n])/;
/** What follows a command that puts an accent on it. */
const accentedBySign = /^[ \t]*(?:\{\\?(\p{L})\}|\\([ij])(?![a-zA-Z])|(\p{L}))/u;
const accentedByName = /^(?:[ \t]*\{\\?(\p{L})\}|[ \t]+(\p{L}))/u;
const maxAccented = 12;
const quotesAndDashes: Readonly<Record<string, string>> = {
  '``': '“',
  "''": '”',
  '--': '–',
  '---': '—',
  '~': ' ',
};

/**
 * Reads one paragraph of LaTeX. Nobody but TeX can parse TeX; this knows the commands that people use in prose, and
 * takes the arguments of all others for text. (The parsers there are read whole documents, which is too much for a
 * keystroke, and give up where something is not closed, which it never is while one writes.)
 */
export class TexScanner {
  readonly #text: string;
  readonly #start: number;
  readonly #limit: number;
  readonly #isInRow: boolean;
  readonly #parts: TexPart[] = [];
  /** What the braces stand for that are open. */
  readonly #closings: string[] = [];
  readonly #ahead: TexLookahead;
  #at: number;
  /** How many braces were open when the title began that is this paragraph. */
  #titleDepth: number | undefined;
  /** Whether something was written that is not blank. */
  #hasText = false;
  #isRow = false;

  /** @param isInRow whether it stands in the row of a table: then `\\` ends it. */
  constructor(text: string, start: number, isInRow: boolean, end = text.length) {
    this.#text = text;
    this.#start = start;
    this.#at = start;
    this.#isInRow = isInRow;
    this.#limit = Math.min(end, start + maxScanned);
    this.#ahead = new TexLookahead(text, this.#limit);
  }

  scan(): TexParagraph {
    const window = this.#text.slice(this.#start, this.#limit);
    for (;;) {
      special.lastIndex = this.#at - this.#start;
      const match = special.exec(window);
      const next = match ? this.#start + match.index : this.#limit;
      this.#ahead.look(match ? next + match[0].length + 1 : next);
      if (next - this.#start > maxBlockLength) return this.#cut(next);
      this.#write(this.#at, next);
      this.#at = next;
      if (!match || this.#take(match[0]) || this.#at >= this.#limit) return this.#finish();
    }
  }

  #finish(): TexParagraph {
    const end = Math.max(this.#at, this.#start + 1);
    const reach = Math.max(this.#ahead.reach, end);
    return {
      parts: this.#parts,
      end,
      reach: reach >= this.#text.length ? Number.POSITIVE_INFINITY : reach,
      isRow: this.#isRow,
    };
  }

  #cut(next: number): TexParagraph {
    const end = next > this.#at ? pieceEnd(this.#text, this.#at, next) : next;
    this.#write(this.#at, end);
    this.#at = end;
    return this.#finish();
  }

  #write(start: number, end: number, as?: string): void {
    if (start >= end) return;
    this.#parts.push(as === undefined ? { start, end } : { start, end, as });
    this.#hasText ||= as === undefined ? skipBlanks(this.#text, start, end) < end : as.trim() !== '';
  }

  /** Replaces what stands at the place reached, up to an offset, and goes there. */
  #replace(end: number, as: string): false {
    this.#write(this.#at, end, as);
    this.#at = end;
    return false;
  }

  /** @returns whether the paragraph ends here. */
  #take(found: string): boolean {
    const end = this.#at + found.length;
    switch (found[0]) {
      case '\\':
        return this.#takeCommand();
      case '{':
        this.#closings.push('');
        return this.#replace(end, '');
      case '}':
        this.#replace(end, this.#closings.pop() ?? '');
        return this.#titleDepth !== undefined && this.#closings.length <= this.#titleDepth;
      case '$':
        return this.#takeFormula(this.#text[end] === '$' ? '$$' : '$');
      case '%':
        return this.#replace(this.#ahead.lineEnd(end), '');
      case '&':
        this.#at = end;
        this.#isRow = true;
        return true;
      case '\r':
      case '\n':
        this.#at = end;
        return true;
      default:
        return this.#replace(end, quotesAndDashes[found] ?? found);
    }
  }

  #takeCommand(): boolean {
    environment.lastIndex = this.#at;
    const match = environment.exec(this.#text);
    if (match) return this.#takeEnvironment(match[0].length, match[1] === 'begin', match[2] as string);
    command.lastIndex = this.#at;
    const [found = '\\', name, sign] = command.exec(this.#text) ?? [];
    const end = this.#at + found.length;
    this.#ahead.look(end + 1);
    if (name !== undefined) return this.#takeNamed(name, end);
    switch (sign) {
      case '\\':
        return this.#takeRowEnd(end);
      case '(':
        return this.#takeFormula('\\)', end);
      case '[':
        return this.#takeFormula('\\]', end);
      default:
        return this.#takeCharacter(sign ?? '', end) ?? this.#replace(end, '');
    }
  }

  #takeRowEnd(end: number): boolean {
    const behind = this.#ahead.optionEnd(end);
    if (!this.#isInRow) return this.#replace(behind, '\n');
    this.#at = behind;
    this.#isRow = true;
    return true;
  }

  #takeNamed(name: string, end: number): boolean {
    if (name === 'documentclass') return true;
    switch (commandRole(name)) {
      case 'title':
        if (this.#hasText) return true;
        this.#replace(this.#ahead.optionEnd(end), '');
        this.#titleDepth = this.#closings.length;
        return this.#text[this.#at] !== '{' && this.#skipBlanksTo('{');
      case 'begins':
        return this.#hasText || this.#replace(end, '');
      case 'gap':
        return this.#replace(
          (isVerbatim.test(name) ? this.#ahead.delimitedEnd(end) : undefined) ??
            this.#ahead.argumentsEnd(end),
          GAP,
        );
      case 'nothing':
        return this.#replace(this.#ahead.argumentsEnd(end), '');
      case 'dropsFirst':
        return this.#replace(this.#ahead.argumentEnd(this.#ahead.optionEnd(end)), '');
      case 'dropsTwo':
        return this.#replace(
          this.#ahead.argumentEnd(this.#ahead.argumentEnd(this.#ahead.optionEnd(end))),
          '',
        );
      case 'note': {
        const open = this.#ahead.optionEnd(end);
        if (this.#text[open] !== '{') return this.#replace(open, '');
        this.#closings.push(')');
        this.#replace(open, ' ');
        return this.#replace(open + 1, '(');
      }
      case undefined:
        return this.#takeCharacter(name, end) ?? this.#replace(this.#ahead.optionEnd(end), '');
    }
  }

  /** A command that stands for a character, or puts an accent on one. */
  #takeCharacter(name: string, end: number): false | undefined {
    const character = characters.get(name);
    if (character !== undefined) {
      // Blanks behind a name end it and are not written.
      const isName = /^[a-zA-Z]/.test(name);
      const behind =
        isName && this.#text.startsWith('{}', end) ? end + 2 : isName ? this.#ahead.blanksEnd(end) : end;
      return this.#replace(behind, character);
    }
    const accent = accents.get(name);
    if (accent === undefined) return undefined;
    const accented = /^[a-z]/i.test(name) ? accentedByName : accentedBySign;
    const match = accented.exec(this.#text.slice(end, end + maxAccented));
    if (!match) return undefined;
    const letter = match[1] ?? match[2] ?? match[3] ?? '';
    this.#ahead.look(end + maxAccented);
    const accentedLetter = (letter + accent).normalize('NFC');
    // One character, so that there is no place in its middle; the few that Unicode has not lose their accent.
    const isOne = accentedLetter.length === letter.length;
    return this.#replace(end + match[0].length, isOne ? accentedLetter : letter);
  }

  #takeFormula(closing: string, from = this.#at + closing.length): boolean {
    const window = this.#text.slice(from, Math.min(this.#limit, from + maxArgument));
    const empty = emptyLine.exec(window);
    const emptyAt = empty?.index ?? window.length;
    const emptyEnd = emptyAt + (empty?.[0].length ?? 0);
    let end = window.indexOf(closing);
    while (end > 0 && closing.startsWith('$') && window[end - 1] === '\\')
      end = window.indexOf(closing, end + 1);
    const isClosed = end >= 0 && end < emptyAt;
    this.#ahead.look(from + (isClosed ? end + closing.length : emptyEnd + 1));
    return isClosed ? this.#replace(from + end + closing.length, GAP) : this.#replace(from, '');
  }

  #takeEnvironment(length: number, isBegin: boolean, name: string): boolean {
    const behind = this.#at + length;
    const role = environmentRole(name);
    this.#ahead.look(behind);
    if (!isBegin || role === 'block') {
      if (this.#hasText) return true;
      // The end of an environment ends the paragraph behind it, the beginning may have arguments.
      this.#at = isBegin ? this.#environmentArguments(name, behind) : behind;
      return true;
    }
    if (role === 'hidden' && this.#hasText) return true;
    const closing = `\\end{${name}}`;
    const limit = role === 'hidden' ? maxHidden : maxFormula;
    const end = this.#text.slice(behind, behind + limit).indexOf(closing);
    this.#ahead.look(end < 0 ? behind + limit : behind + end + closing.length);
    if (role === 'hidden') {
      this.#at = end < 0 ? behind : behind + end + closing.length;
      return true;
    }
    return this.#replace(end < 0 ? behind : behind + end + closing.length, end < 0 ? '' : GAP);
  }

  /** Of those that do not hold text: the columns of a table, the width of a box. */
  #environmentArguments(name: string, from: number): number {
    const end = this.#ahead.optionEnd(from);
    return /^(?:tabular|array|longtable|minipage|multicols|wrap|column|thebibliography|supertabular|adjust)/.test(
      name,
    )
      ? this.#ahead.argumentsEnd(end)
      : end;
  }

  /** @returns whether what was expected is not there. */
  #skipBlanksTo(sign: string): boolean {
    const at = this.#ahead.blanksEnd(this.#at);
    if (this.#text[at] !== sign) return true;
    this.#at = at;
    return false;
  }
}
