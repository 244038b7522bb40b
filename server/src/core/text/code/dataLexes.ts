import {
  backslash,
  block,
  type Lexis,
  line,
  longString,
  nestedBlock,
  none,
  patternOf,
  string,
} from './lexis';
import {
  cComments,
  character,
  dashes,
  double,
  doubledDouble,
  doubledSingle,
  hash,
  hashAtLineStart,
  hereDocument,
  longDouble,
  longSingle,
  percent,
  semicolon,
  separateCharacter,
  single,
  slashes,
  slashStar,
  tripleDouble,
  tripleDoubleDoc,
  tripleSingle,
} from './tokenRules';

/* Languages of data, styles, hardware and configuration. */

export const sql: Lexis = {
  rules: [
    dashes,
    slashStar,
    { kind: 'string', open: String.raw`\$[A-Za-z_]*\$`, close: patternOf },
    doubledSingle,
    { ...doubledDouble, kind: 'none' },
  ],
};
export const css: Lexis = {
  rules: [slashStar, none(String.raw`\burl\([^"')]{0,10000}\)`), double, single],
  ignoresCase: true,
};
export const scss: Lexis = { ...css, rules: [...css.rules, slashes] };
/** There are apostrophes in values, so a quote begins a string only where a value begins. */
export const yaml: Lexis = {
  rules: [
    line(String.raw`(?<!\S)#`),
    { ...longDouble, open: String.raw`(?<=^|[\s,[{])"` },
    { ...doubledSingle, open: String.raw`(?<=^[ \t]*(?:- )?|[:,[{][ \t]*)'` },
  ],
};
export const toml: Lexis = { rules: [hash, tripleDouble, longString("'''"), double, string("'", '(?!)')] };
export const ini: Lexis = { rules: [line(String.raw`(?<=^[ \t]*)[#;!]`)] };
export const hashOnly: Lexis = { rules: [hashAtLineStart] };
export const makefile: Lexis = { rules: [line(String.raw`(?<![\\$\w])#`)] };
export const cmake: Lexis = {
  rules: [
    { kind: 'block', open: String.raw`#\[=*\[`, close: (opening) => String.raw`\]${opening.slice(2, -1)}\]` },
    hash,
    longDouble,
  ],
};
export const terraform: Lexis = { rules: [hash, ...cComments, hereDocument, double] };
export const graphql: Lexis = { rules: [hash, tripleDoubleDoc, double] };
export const nix: Lexis = {
  rules: [hash, slashStar, longString("''", "''", String.raw`''(?:[$']|\\)`), longDouble],
};
export const nim: Lexis = {
  rules: [nestedBlock(String.raw`##?\[`, String.raw`\]##?`), hash, tripleDouble, double, character],
};
export const coffeescript: Lexis = {
  rules: [block('###(?!#)', '###'), hash, tripleDouble, tripleSingle, longDouble, longSingle],
};
export const pythonLike: Lexis = { rules: [hash, tripleDouble, tripleSingle, double, single] };
export const visualBasic: Lexis = {
  rules: [string('"', '""'), line(String.raw`'|(?<=^[ \t]*)rem\b`)],
  ignoresCase: true,
};
export const fortran: Lexis = { rules: [line('!'), string('"', '""'), string("'", "''")] };
export const vhdl: Lexis = { rules: [dashes, slashStar, string('"', '""')] };
export const vim: Lexis = { rules: [line(String.raw`(?<=^[ \t:]*)"`), string("'", "''")] };
export const tcl: Lexis = { rules: [line(String.raw`(?<=^[ \t]*|;[ \t]*)#`), none(backslash), longDouble] };
export const prolog: Lexis = { rules: [percent, slashStar, double, single] };
export const assembly: Lexis = { rules: [semicolon, double, single] };
export const lean: Lexis = {
  rules: [nestedBlock('/-', '-/'), dashes, longDouble, separateCharacter],
};
export const jsonnet: Lexis = { rules: [hash, ...cComments, double, single] };
export const jsonc: Lexis = { rules: [...cComments, double] };
