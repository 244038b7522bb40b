import type { CodeItemKind } from './codeItems';

/** How one kind of token begins and ends. The texts are of regular expressions without groups that capture. */
export interface TokenRule {
  /** `none` for what only looks like a comment or a string, or what may hold something that does. */
  readonly kind: CodeItemKind | 'none';
  readonly open: string;
  /** Left out where the opening is everything. What is not closed goes on to the end of the text. */
  readonly close?: string | ((opening: string) => string);
  /** What does not close the token although it seems to. */
  readonly hidden?: string;
  /** What has to be closed as often as it is opened. */
  readonly nested?: string;
}

/** What comments and strings of a language look like. The first rule of which the opening matches holds. */
export interface Lexis {
  readonly rules: readonly TokenRule[];
  readonly ignoresCase?: boolean;
}

/** A backslash and what it escapes. */
export const backslash = String.raw`\\[^]`;

const lineEnd = String.raw`(?=[\r\n])`;

/** A comment that goes on to the end of its line. */
export const line = (open: string): TokenRule => ({ kind: 'line', open, close: lineEnd });

export const block = (open: string, close: string): TokenRule => ({ kind: 'block', open, close });

export const nestedBlock = (open: string, close: string): TokenRule => ({
  ...block(open, close),
  nested: open,
});

/** A string that ends with its line at the latest: no more goes wrong while the closing quote is missing. */
export const string = (quote: string, hidden = backslash): TokenRule => ({
  kind: 'string',
  open: quote,
  close: `${quote}|${lineEnd}`,
  hidden,
});

/** A string that may have many lines; by default nothing in it is an escape. */
export const longString = (open: string, close = open, hidden = '(?!)'): TokenRule => ({
  kind: 'string',
  open,
  close,
  hidden,
});

export const none = (open: string): TokenRule => ({ kind: 'none', open });

export const patternOf = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
