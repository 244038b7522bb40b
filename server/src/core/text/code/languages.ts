import type { TokenRule } from './lexis';
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

/*
 * What comments and strings look like in the languages that VS Code and its common extensions know. Where a string
 * holds expressions, it is read up to its first quote. Not told apart: quotes that the author chooses (Perl's q{} and
 * s###, Ruby's %q()), and comments of a script inside of a value of YAML from those of YAML.
 */

const slashes = line('//');
const hash = line('#');
const dashes = line('--');
const percent = line('%');
const semicolon = line(';');
/** A number sign within a word begins no comment. */
const hashBehindBlank = line(String.raw`(?<![^\s;()|&])#`);
const hashAtLineStart = line(String.raw`(?<=^[ \t]*)#`);
const slashStar = block(String.raw`/\*`, String.raw`\*/`);
const nestedSlashStar = nestedBlock(String.raw`/\*`, String.raw`\*/`);
const parenStar = nestedBlock(String.raw`\(\*(?!\))`, String.raw`\*\)`);

const double = string('"');
const single = string("'");
const longDouble = longString('"', '"', backslash);
const longSingle = longString("'", "'", backslash);
const doubledDouble = longString('"', '"', '""');
const doubledSingle = longString("'", "'", "''");
const tripleDouble = longString('"""', '"""', backslash);
const tripleSingle = longString("'''", "'''", backslash);
const backtick = longString('`');
/** A character, which may be a quote; not what has an apostrophe in front only, such as a lifetime. */
const character = none(String.raw`'(?:\\[^\r\n']{1,12}|\\'|[^\\\r\n'])'`);
/** The same where an apostrophe behind a word or a bracket belongs to it, as a prime or an operator. */
const separateCharacter = none(String.raw`(?<![\w)\]}'.])${character.open}`);
const tripleDoubleDoc: TokenRule = { ...tripleDouble, kind: 'doc' };
/** `<<EOT` up to a line that says `EOT`. */
const hereDocument: TokenRule = {
  kind: 'string',
  open: String.raw`<<[~-]?(?:'[A-Za-z_]\w*'|"[A-Za-z_]\w*"|[A-Za-z_]\w*)(?=[\s;,.)|&])`,
  close: (opening) => String.raw`^[ \t]*${opening.replace(/\W/g, '')}\b`,
};
/** Only where an operator or a bracket before it says that it is no division. */
const regularExpression = none(String.raw`(?<=[(,=~!|&{;][ \t]*)/(?=\S)(?:\\[^\r\n]|[^\\/\r\n]){1,300}/`);

const cComments: readonly TokenRule[] = [slashes, slashStar];
const c: Lexis = {
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
const cLike: Lexis = { rules: [...cComments, double, single] };
const java: Lexis = { rules: [...cComments, tripleDouble, double, character] };
const csharp: Lexis = {
  rules: [
    ...cComments,
    longString('"""'),
    { ...doubledDouble, open: String.raw`(?:@\$?|\$@)"` },
    double,
    character,
  ],
};
const go: Lexis = { rules: [...cComments, backtick, double, character] };
const rust: Lexis = {
  rules: [
    slashes,
    nestedSlashStar,
    { kind: 'string', open: String.raw`\b[bc]?r#*"`, close: (opening) => `"${opening.replace(/[^#]/g, '')}` },
    longDouble,
    character,
  ],
};
const swift: Lexis = { rules: [slashes, nestedSlashStar, tripleDouble, longString('#"', '"#'), double] };
const kotlin: Lexis = { rules: [slashes, nestedSlashStar, longString('"""'), double, character] };
const dart: Lexis = { rules: [slashes, nestedSlashStar, tripleDouble, tripleSingle, double, single] };
const groovy: Lexis = { rules: [...cComments, tripleDouble, tripleSingle, double, single] };
const zig: Lexis = { rules: [slashes, double, character] };
const d: Lexis = {
  rules: [...cComments, nestedBlock(String.raw`/\+`, String.raw`\+/`), backtick, longDouble, character],
};
const php: Lexis = {
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
const ruby: Lexis = {
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
const perl: Lexis = {
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
const shell: Lexis = {
  rules: [
    hashBehindBlank,
    hereDocument,
    none(backslash),
    longString(String.raw`\$'`, "'", backslash),
    longDouble,
    longString("'"),
  ],
};
const powershell: Lexis = {
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
const awk: Lexis = { rules: [hash, double, regularExpression] };
const batch: Lexis = { rules: [line(String.raw`(?<=^[ \t]*@?)(?:rem\b|::)`)], ignoresCase: true };
const lua: Lexis = {
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
const r: Lexis = { rules: [hash, longDouble, longSingle, backtick] };
const julia: Lexis = {
  rules: [
    nestedBlock('#=', '=#'),
    hash,
    { ...tripleDoubleDoc, open: '^"""' },
    tripleDouble,
    longDouble,
    separateCharacter,
  ],
};
const matlab: Lexis = {
  rules: [
    block(String.raw`^[ \t]*%\{[ \t]*$`, String.raw`^[ \t]*%\}`),
    percent,
    string('"', '""'),
    { ...string("'", "''"), open: String.raw`(?<![\w)\]}.'])'` },
  ],
};
const haskell: Lexis = {
  rules: [
    nestedBlock(String.raw`\{-`, String.raw`-\}`),
    // Other signs make it an operator.
    line(String.raw`--+(?![-!#$%&*+./<=>?@\\^|~:])|--+(?= [|^])`),
    double,
    separateCharacter,
  ],
};
const elixir: Lexis = {
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
const erlang: Lexis = { rules: [none(String.raw`\$(?:\\[^]|["'%])`), percent, longDouble, longSingle] };
const ocaml: Lexis = { rules: [parenStar, longDouble, separateCharacter] };
const fsharp: Lexis = { rules: [slashes, parenStar, longString('"""'), longDouble, separateCharacter] };
const pascal: Lexis = {
  rules: [slashes, block(String.raw`\{`, String.raw`\}`), parenStar, string("'", "''")],
};
const lisp: Lexis = {
  rules: [nestedBlock(String.raw`#\|`, String.raw`\|#`), none(backslash), semicolon, longDouble],
};
const sql: Lexis = {
  rules: [
    dashes,
    slashStar,
    { kind: 'string', open: String.raw`\$[A-Za-z_]*\$`, close: patternOf },
    doubledSingle,
    { ...doubledDouble, kind: 'none' },
  ],
};
const css: Lexis = {
  rules: [slashStar, none(String.raw`\burl\([^"')]{0,10000}\)`), double, single],
  ignoresCase: true,
};
const scss: Lexis = { ...css, rules: [...css.rules, slashes] };
/** There are apostrophes in values, so a quote begins a string only where a value begins. */
const yaml: Lexis = {
  rules: [
    line(String.raw`(?<!\S)#`),
    { ...longDouble, open: String.raw`(?<=^|[\s,[{])"` },
    { ...doubledSingle, open: String.raw`(?<=^[ \t]*(?:- )?|[:,[{][ \t]*)'` },
  ],
};
const toml: Lexis = { rules: [hash, tripleDouble, longString("'''"), double, string("'", '(?!)')] };
const ini: Lexis = { rules: [line(String.raw`(?<=^[ \t]*)[#;!]`)] };
const hashOnly: Lexis = { rules: [hashAtLineStart] };
const makefile: Lexis = { rules: [line(String.raw`(?<![\\$\w])#`)] };
const cmake: Lexis = {
  rules: [
    { kind: 'block', open: String.raw`#\[=*\[`, close: (opening) => String.raw`\]${opening.slice(2, -1)}\]` },
    hash,
    longDouble,
  ],
};
const terraform: Lexis = { rules: [hash, ...cComments, hereDocument, double] };
const graphql: Lexis = { rules: [hash, tripleDoubleDoc, double] };
const nix: Lexis = {
  rules: [hash, slashStar, longString("''", "''", String.raw`''(?:[$']|\\)`), longDouble],
};
const nim: Lexis = {
  rules: [nestedBlock(String.raw`##?\[`, String.raw`\]##?`), hash, tripleDouble, double, character],
};
const coffeescript: Lexis = {
  rules: [block('###(?!#)', '###'), hash, tripleDouble, tripleSingle, longDouble, longSingle],
};
const pythonLike: Lexis = { rules: [hash, tripleDouble, tripleSingle, double, single] };
const visualBasic: Lexis = {
  rules: [string('"', '""'), line(String.raw`'|(?<=^[ \t]*)rem\b`)],
  ignoresCase: true,
};
const fortran: Lexis = { rules: [line('!'), string('"', '""'), string("'", "''")] };
const vhdl: Lexis = { rules: [dashes, slashStar, string('"', '""')] };
const vim: Lexis = { rules: [line(String.raw`(?<=^[ \t:]*)"`), string("'", "''")] };
const jsonc: Lexis = { rules: [...cComments, double] };

/** By language identifier. JavaScript, TypeScript and Python have grammars of their own. */
export const lexes: Readonly<Record<string, Lexis>> = {
  ...of(
    c,
    'c',
    'cpp',
    'cuda-cpp',
    'objective-c',
    'objective-cpp',
    'arduino',
    'glsl',
    'hlsl',
    'wgsl',
    'shaderlab',
  ),
  ...of(cLike, 'apex', 'proto', 'proto3', 'prisma', 'solidity', 'verilog', 'systemverilog', 'bicep'),
  ...of(java, 'java'),
  ...of(csharp, 'csharp'),
  ...of(go, 'go'),
  ...of(rust, 'rust'),
  ...of(swift, 'swift'),
  ...of(kotlin, 'kotlin', 'scala'),
  ...of(dart, 'dart'),
  ...of(groovy, 'groovy', 'gradle'),
  ...of(zig, 'zig'),
  ...of(d, 'd'),
  ...of(php, 'php'),
  ...of(ruby, 'ruby', 'crystal'),
  ...of(perl, 'perl'),
  ...of(shell, 'shellscript', 'fish'),
  ...of(powershell, 'powershell'),
  ...of(awk, 'awk'),
  ...of(batch, 'bat'),
  ...of(lua, 'lua', 'luau'),
  ...of(r, 'r'),
  ...of(julia, 'julia'),
  ...of(matlab, 'matlab', 'octave'),
  ...of(haskell, 'haskell', 'elm', 'purescript'),
  ...of(elixir, 'elixir'),
  ...of(erlang, 'erlang'),
  ...of(ocaml, 'ocaml'),
  ...of(fsharp, 'fsharp'),
  ...of(pascal, 'pascal', 'objectpascal'),
  ...of(lisp, 'clojure', 'lisp', 'commonlisp', 'elisp', 'scheme', 'racket'),
  ...of(sql, 'sql'),
  ...of(css, 'css'),
  ...of(scss, 'scss', 'sass', 'less', 'stylus'),
  ...of(yaml, 'yaml', 'dockercompose', 'github-actions-workflow'),
  ...of(toml, 'toml'),
  ...of(ini, 'ini', 'properties', 'editorconfig'),
  ...of(hashOnly, 'dockerfile', 'dotenv', 'ignore'),
  ...of(makefile, 'makefile'),
  ...of(cmake, 'cmake'),
  ...of(terraform, 'terraform', 'hcl'),
  ...of(graphql, 'graphql'),
  ...of(nix, 'nix'),
  ...of(nim, 'nim'),
  ...of(coffeescript, 'coffeescript'),
  ...of(pythonLike, 'gdscript', 'starlark', 'bazel'),
  ...of(visualBasic, 'vb'),
  ...of(fortran, 'FortranFreeForm', 'fortran-modern', 'fortran'),
  ...of(vhdl, 'vhdl', 'ada'),
  ...of(vim, 'viml'),
  ...of(jsonc, 'jsonc', 'json5'),
};

function of(lexis: Lexis, ...languageIds: readonly string[]): Record<string, Lexis> {
  return Object.fromEntries(languageIds.map((id) => [id, lexis]));
}
