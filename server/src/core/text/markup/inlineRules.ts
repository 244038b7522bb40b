import { decodeHTMLStrict } from 'entities/decode';
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
  readonly as: string | ((found: string) => string);
  /** A `note` is a text of its own, around which the sentence goes on; a `lineEnd` is a line break on purpose. */
  readonly is?: 'note' | 'lineEnd';
}

export const gap = (pattern: string): InlineRule => ({ pattern, as: GAP });

export const nothing = (pattern: string): InlineRule => ({ pattern, as: '' });

export const note = (pattern: string): InlineRule => ({ pattern, as: '', is: 'note' });

export const lineEnd = (pattern: string): InlineRule => ({ pattern, as: '', is: 'lineEnd' });

/** A character that is written as a reference, as in HTML: `&#8217;`. A line break or a tab is only a blank there. */
export const reference: InlineRule = {
  pattern: String.raw`&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][\da-zA-Z]{1,30});`,
  as: (found) => decodeHTMLStrict(found).replace(/[\t\n\r]/g, ' '),
};

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
    if (!rule) return;
    const start = match.index;
    const end = start + match[0].length;
    if (rule.is === 'lineEnd') {
      builder.endLine(origin + start, origin + end);
      return;
    }
    if (textStart !== undefined && textEnd !== undefined && textStart < textEnd) {
      const text = match.input.slice(textStart, textEnd);
      const target = rule.is === 'note' ? builder.note() : builder;
      if (depth < maxDepth) this.#write(target, text, origin + textStart, depth + 1);
      else target.copy(origin + textStart, origin + textEnd);
    } else {
      const stand = typeof rule.as === 'string' ? rule.as : rule.as(match[0]);
      builder.replace(origin + start, origin + end, stand);
    }
  }
}
