import { findLinks } from '../links';
import { GAP } from '../prose';
import type { ProseTextBuilder } from '../proseText';
import type { Span } from '../span';

/** A kind of mark-up within a sentence. */
export interface InlineRule {
  /**
   * A regular expression without named groups but `text`: of what matches, that is prose. It must not take more than
   * linear time, so what may repeat is bounded.
   */
  readonly pattern: string;
  /** What stands for it where there is no such group, or it matched nothing. */
  readonly as: string;
  /** What stands in front of the text: a character. */
  readonly before?: string;
}

export const gap = (pattern: string): InlineRule => ({ pattern, as: GAP });

export const nothing = (pattern: string): InlineRule => ({ pattern, as: '' });

/** Marks around words, each left out by itself: whether they belong together is not looked at. */
export const marks = (signs: string): InlineRule =>
  nothing(
    String.raw`(?<![\p{L}\p{N}\\${signs}])[${signs}]{1,2}(?=[^\s${signs}])|(?<=[^\s${signs}])[${signs}]{1,2}(?![\p{L}\p{N}${signs}])`,
  );

/** Texts within texts deeper than this are taken as they are. */
const maxDepth = 8;

/** Writes prose with mark-up as readers see it. The rule that matches first holds, and in one place the first rule. */
export class InlineWriter {
  readonly #rules: readonly InlineRule[];
  readonly #pattern: RegExp;

  constructor(rules: readonly InlineRule[]) {
    this.#rules = rules;
    const patterns = rules.map(
      ({ pattern }, index) => `(?<rule${index}>${pattern.replace('(?<text>', `(?<text${index}>`)})`,
    );
    this.#pattern = new RegExp(patterns.join('|'), 'dgmu');
  }

  write(builder: ProseTextBuilder, source: string, { start, end }: Span): void {
    this.#write(builder, source.slice(start, end), start, 0);
  }

  #write(builder: ProseTextBuilder, text: string, origin: number, depth: number): void {
    const links = findLinks(text);
    let link = 0;
    let at = 0;
    const pattern = new RegExp(this.#pattern);
    for (;;) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      const next = match?.index ?? text.length;
      for (let span = links[link]; span && span.start < at; span = links[++link]);
      const span = links[link];
      if (span && span.start < next) {
        builder.copy(origin + at, origin + span.start);
        builder.replace(origin + span.start, origin + span.end, GAP);
        at = span.end;
        continue;
      }
      builder.copy(origin + at, origin + next);
      if (!match) return;
      at = next + Math.max(match[0].length, 1);
      this.#writeMatch(builder, match, origin, depth);
    }
  }

  #writeMatch(builder: ProseTextBuilder, match: RegExpExecArray, origin: number, depth: number): void {
    const groups = match.indices?.groups ?? {};
    const index = this.#rules.findIndex((_, at) => groups[`rule${at}`] !== undefined);
    const [textStart, textEnd] = groups[`text${index}`] ?? [];
    const rule = this.#rules[index];
    const start = match.index;
    if (textStart !== undefined && textEnd !== undefined && textStart < textEnd) {
      const text = match.input.slice(textStart, textEnd);
      if (rule?.before !== undefined) builder.replace(origin + start, origin + textStart, rule.before);
      if (depth < maxDepth) this.#write(builder, text, origin + textStart, depth + 1);
      else builder.copy(origin + textStart, origin + textEnd);
    } else builder.replace(origin + start, origin + start + match[0].length, rule?.as ?? '');
  }
}
