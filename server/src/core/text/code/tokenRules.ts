import { backslash, block, line, longString, nestedBlock, none, string, type TokenRule } from './lexis';

/* What comments and strings look like in more than one language. */

export const slashes = line('//');
export const hash = line('#');
export const dashes = line('--');
export const percent = line('%');
export const semicolon = line(';');
/** A number sign within a word begins no comment. */
export const hashBehindBlank = line(String.raw`(?<![^\s;()|&])#`);
export const hashAtLineStart = line(String.raw`(?<=^[ \t]*)#`);
export const slashStar = block(String.raw`/\*`, String.raw`\*/`);
export const nestedSlashStar = nestedBlock(String.raw`/\*`, String.raw`\*/`);
export const parenStar = nestedBlock(String.raw`\(\*(?!\))`, String.raw`\*\)`);

export const double = string('"');
export const single = string("'");
export const longDouble = longString('"', '"', backslash);
export const longSingle = longString("'", "'", backslash);
export const doubledDouble = longString('"', '"', '""');
export const doubledSingle = longString("'", "'", "''");
export const tripleDouble = longString('"""', '"""', backslash);
export const tripleSingle = longString("'''", "'''", backslash);
export const backtick = longString('`');
/** A character, which may be a quote; not what has an apostrophe in front only, such as a lifetime. */
export const character = none(String.raw`'(?:\\[^\r\n']{1,12}|\\'|[^\\\r\n'])'`);
/** The same where an apostrophe behind a word or a bracket belongs to it, as a prime or an operator. */
export const separateCharacter = none(String.raw`(?<![\w)\]}'.])${character.open}`);
export const tripleDoubleDoc: TokenRule = { ...tripleDouble, kind: 'doc' };
/** `<<EOT` up to a line that says `EOT`. */
export const hereDocument: TokenRule = {
  kind: 'string',
  open: String.raw`<<[~-]?(?:'[A-Za-z_]\w*'|"[A-Za-z_]\w*"|[A-Za-z_]\w*)(?=[\s;,.)|&])`,
  close: (opening) => String.raw`^[ \t]*${opening.replace(/\W/g, '')}\b`,
};
/** Only where an operator or a bracket before it says that it is no division. */
export const regularExpression = none(
  String.raw`(?<=[(,=~!|&{;][ \t]*)/(?=\S)(?:\\[^\r\n]|[^\\/\r\n]){1,300}/`,
);

export const cComments: readonly TokenRule[] = [slashes, slashStar];
