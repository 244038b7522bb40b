/*
 * Names of a program and of files in comments are no words: a model takes many of them for people, places and products.
 * What may be a name of either kind (GitHub, TypeScript) counts as one of the program, since in a comment a mark that
 * is missing is better than one that is wrong. Lengths are limited so that no text takes long.
 */

/** Web and mail addresses, which are found in a later step. */
const address = String.raw`\b[a-z][a-z+.-]{1,20}://\S+|\bwww\.\S+|[\w.+-]{1,64}@[\w-]+\.\w\S*`;

const begin = String.raw`(?<![\w$])`;
const end = String.raw`(?!\w)`;
const word = String.raw`[\w$]{1,100}`;
/** A part of a path. */
const step = String.raw`[\w.@-][\w.@*-]{0,100}`;
/** What a call is given, in one piece; not the ending in “file(s)”. */
const call = String.raw`\((?!e?s\))[^()\s]{0,200}\)`;

const patterns = [
  // /usr/bin, ./a, ~/a
  String.raw`(?<![\w$/.~<])(?:~|\.{1,2})?/${step}(?:/${step}){0,50}/?${end}`,
  // a/b/c, a/b.ts, dist/
  `${begin}${step}(?:/${step}){2,50}/?${end}`,
  String.raw`${begin}[\w@-]{1,100}/[\w-]{1,100}\.[a-z]{1,10}${end}`,
  String.raw`${begin}${step}/(?=[\s,;:)]|\.?$)`,
  // a::b, a->b, A#b, a.b.C, with a part that is longer than those of abbreviations
  String.raw`${begin}(?=[\w$.]{0,200}[a-z_]{3})${word}(?:\.${word}){0,20}(?:\.(?=[a-z_$])|::|->|#)${word}(?:(?:\.|::|->)${word}){0,20}(?:${call})?`,
  // a()
  `${begin}${word}${call}`,
  // --option, $variable, @name, %name
  String.raw`(?<![\w-])--[a-z][\w-]{0,100}(?:=\S{0,200}\w)?`,
  String.raw`(?<![\w$@%.])(?:\$\(\w{1,100}\)|\$\{[^{}\s]{0,100}\}|[$@%][A-Za-z_]\w{0,100})`,
  // 0x1F
  String.raw`${begin}0[xX][\dA-Fa-f]{1,100}${end}`,
  // camelCase and PascalCase; snake_case, _private
  String.raw`${begin}[A-Za-z\d$]{0,100}[a-z]\d{0,10}[A-Z][\w$]{0,100}${end}`,
  String.raw`${begin}[A-Za-z\d$]{1,100}_\w{1,100}${end}`,
  String.raw`${begin}_{1,2}[A-Za-z\d][\w$]{0,100}${end}`,
];

/** Matches names; addresses, too, as the group `address`, so that no name is found inside of one. */
export const codeNames = new RegExp(`(?<address>${address})|${patterns.join('|')}`, 'g');
