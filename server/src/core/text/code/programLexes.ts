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
  backtick,
  cComments,
  character,
  dashes,
  double,
  doubledDouble,
  doubledSingle,
  hash,
  hashBehindBlank,
  hereDocument,
  longDouble,
  longSingle,
  nestedSlashStar,
  parenStar,
  percent,
  regularExpression,
  semicolon,
  separateCharacter,
  single,
  slashes,
  slashStar,
  tripleDouble,
  tripleDoubleDoc,
  tripleSingle,
} from './tokenRules';

/* Programming languages. Where a string holds expressions, it is read up to its first quote. Not told apart are quotes
 * that the author chooses: Perl's q{} and s###, Ruby's %q(). */

export const c: Lexis = {
  rules: [
    ...cComments,
    {
      kind: 'string',
      open: String.raw`\bR"[^\s()\\"]{0,16}\(`,
      close: (opening) => String.raw`\)${patternOf(opening.slice(2, -1))}"`,
    },
    // The mark within a number, as in 1'000.
    none(String.raw`(?<=[\dA-Fa-f])'(?=[\dA-Fa-f])`),
    double,
    character,
  ],
};
export const cLike: Lexis = { rules: [...cComments, double, single] };
export const java: Lexis = { rules: [...cComments, tripleDouble, double, character] };
export const csharp: Lexis = {
  rules: [
    ...cComments,
    longString('"""'),
    { ...doubledDouble, open: String.raw`(?:@\$?|\$@)"` },
    double,
    character,
  ],
};
export const go: Lexis = { rules: [...cComments, backtick, double, character] };
export const rust: Lexis = {
  rules: [
    slashes,
    nestedSlashStar,
    { kind: 'string', open: String.raw`\b[bc]?r#*"`, close: (opening) => `"${opening.replace(/[^#]/g, '')}` },
    longDouble,
    character,
  ],
};
export const swift: Lexis = {
  rules: [slashes, nestedSlashStar, tripleDouble, longString('#"', '"#'), double],
};
export const kotlin: Lexis = { rules: [slashes, nestedSlashStar, longString('"""'), double, character] };
export const dart: Lexis = { rules: [slashes, nestedSlashStar, tripleDouble, tripleSingle, double, single] };
export const groovy: Lexis = { rules: [...cComments, tripleDouble, tripleSingle, double, single] };
export const zig: Lexis = { rules: [slashes, double, character] };
export const d: Lexis = {
  rules: [...cComments, nestedBlock(String.raw`/\+`, String.raw`\+/`), backtick, longDouble, character],
};
export const php: Lexis = {
  rules: [
    // What stands around the code.
    { kind: 'none', open: String.raw`(?<![^])(?!<\?)|\?>`, close: String.raw`<\?(?:php\b|=)?` },
    { kind: 'line', open: String.raw`//|#(?!\[)`, close: String.raw`(?=[\r\n]|\?>)` },
    slashStar,
    { ...hereDocument, open: String.raw`<<<[ \t]*["']?[A-Za-z_]\w*["']?(?=[\r\n])` },
    longDouble,
    longSingle,
  ],
};
export const ruby: Lexis = {
  rules: [
    block(String.raw`^=begin\b`, String.raw`^=end\b`),
    line(String.raw`(?<![\w$?])#(?!\{)`),
    hereDocument,
    regularExpression,
    none(String.raw`(?<![\w)\]])\?["'#]`),
    double,
    single,
  ],
};
export const perl: Lexis = {
  rules: [
    block(String.raw`^=(?!cut\b)[a-z]\w*`, String.raw`^=cut\b`),
    line(String.raw`(?<![\w$@%&\\{#])#`),
    hereDocument,
    regularExpression,
    none(String.raw`\$["'#]|\\["']`),
    double,
    single,
  ],
};
export const shell: Lexis = {
  rules: [
    hashBehindBlank,
    hereDocument,
    none(backslash),
    longString(String.raw`\$'`, "'", backslash),
    longDouble,
    longString("'"),
  ],
};
export const powershell: Lexis = {
  rules: [
    block('<#', '#>'),
    line('(?<![\\w`$])#'),
    longString('@"(?=[ \\t]*$)', '^"@'),
    longString("@'(?=[ \\t]*$)", "^'@"),
    none('`[^]'),
    longString('"', '"', '`[^]|""'),
    doubledSingle,
  ],
};
export const awk: Lexis = { rules: [hash, double, regularExpression] };
export const batch: Lexis = { rules: [line(String.raw`(?<=^[ \t]*@?)(?:rem\b|::)`)], ignoresCase: true };
export const lua: Lexis = {
  rules: [
    {
      kind: 'block',
      open: String.raw`--\[=*\[`,
      close: (opening) => String.raw`\]${opening.slice(3, -1)}\]`,
    },
    dashes,
    { kind: 'string', open: String.raw`\[=*\[`, close: (opening) => String.raw`\]${opening.slice(1, -1)}\]` },
    double,
    single,
  ],
};
export const r: Lexis = { rules: [hash, longDouble, longSingle, backtick] };
export const julia: Lexis = {
  rules: [
    nestedBlock('#=', '=#'),
    hash,
    { ...tripleDoubleDoc, open: '^"""' },
    tripleDouble,
    longDouble,
    separateCharacter,
  ],
};
export const matlab: Lexis = {
  rules: [
    block(String.raw`^[ \t]*%\{[ \t]*$`, String.raw`^[ \t]*%\}`),
    percent,
    string('"', '""'),
    { ...string("'", "''"), open: String.raw`(?<![\w)\]}.'])'` },
  ],
};
export const haskell: Lexis = {
  rules: [
    nestedBlock(String.raw`\{-`, String.raw`-\}`),
    // Other signs make it an operator.
    line(String.raw`--+(?![-!#$%&*+./<=>?@\\^|~:])|--+(?= [|^])`),
    double,
    separateCharacter,
  ],
};
export const elixir: Lexis = {
  rules: [
    { ...tripleDoubleDoc, open: String.raw`@(?:module|type|short)?doc\s+(?:~[sS])?"""` },
    line(String.raw`(?<!\?)#(?!\{)`),
    none(String.raw`(?<!\w)\?["'#]`),
    tripleDouble,
    tripleSingle,
    longDouble,
    longSingle,
  ],
};
export const erlang: Lexis = {
  rules: [none(String.raw`\$(?:\\[^]|["'%])`), percent, longDouble, longSingle],
};
export const ocaml: Lexis = { rules: [parenStar, longDouble, separateCharacter] };
export const fsharp: Lexis = {
  rules: [slashes, parenStar, longString('"""'), longDouble, separateCharacter],
};
export const pascal: Lexis = {
  rules: [slashes, block(String.raw`\{`, String.raw`\}`), parenStar, string("'", "''")],
};
export const lisp: Lexis = {
  rules: [nestedBlock(String.raw`#\|`, String.raw`\|#`), none(backslash), semicolon, longDouble],
};
