import { proseFormat } from '../text/proseLanguages';

/** What a comment of a language looks like. */
export interface CommentSyntax {
  readonly open: string;
  /** Undefined where it goes on to the end of its line. */
  readonly close?: string;
  /**
   * Where it may stand: `behind` other text in a line; in a line of its own `above` another one; or in a line of its
   * own `between` paragraphs, with empty lines around.
   */
  readonly place: 'behind' | 'above' | 'between';
}

const tags: CommentSyntax = { open: '<!--', close: '-->', place: 'behind' };

/** By format of the language, as far as all languages of the format have the same. */
const byFormat: Partial<Record<string, CommentSyntax>> = {
  markdown: tags,
  quarto: tags,
  html: tags,
  xml: tags,
  latex: { open: '%', place: 'behind' },
  typst: { open: '//', place: 'behind' },
  asciidoc: { open: '//', place: 'above' },
  org: { open: '#', place: 'between' },
  restructuredtext: { open: '..', place: 'between' },
};

/** Languages that a format has only few of, or none. */
const groups: readonly (readonly [CommentSyntax, readonly string[]])[] = [
  [{ open: '{/*', close: '*/}', place: 'behind' }, ['mdx']],
  [tags, ['svg']],
  [{ open: '/*', close: '*/', place: 'behind' }, ['css']],
  [
    { open: '//', place: 'behind' },
    [
      ...[
        'javascript',
        'javascriptreact',
        'typescript',
        'typescriptreact',
        'c',
        'cpp',
        'csharp',
        'java',
        'go',
      ],
      ...['objective-c', 'objective-cpp', 'rust', 'swift', 'kotlin', 'scala', 'dart', 'php', 'd', 'fsharp'],
      ...['jsonc', 'scss', 'less', 'groovy', 'zig', 'solidity', 'proto3', 'verilog', 'systemverilog'],
    ],
  ],
  [
    { open: '#', place: 'behind' },
    [
      ...['python', 'ruby', 'crystal', 'shellscript', 'fish', 'powershell', 'awk', 'perl', 'r', 'julia'],
      ...['elixir', 'nim', 'nix', 'yaml', 'dockercompose', 'toml', 'terraform', 'graphql', 'coffeescript'],
    ],
  ],
  // Behind other text it would belong to that.
  [{ open: '#', place: 'above' }, ['dockerfile', 'makefile', 'ini', 'properties', 'dotenv']],
  [{ open: '--', place: 'behind' }, ['sql', 'lua', 'luau', 'haskell', 'elm', 'purescript', 'ada', 'vhdl']],
  [{ open: ';', place: 'behind' }, ['clojure', 'lisp', 'commonlisp', 'elisp', 'scheme', 'racket']],
  [{ open: '%', place: 'behind' }, ['erlang', 'matlab', 'octave', 'prolog']],
];

const byLanguage: ReadonlyMap<string, CommentSyntax> = new Map(
  groups.flatMap(([syntax, languages]) => languages.map((language) => [language, syntax] as const)),
);

/** @returns undefined for a language of which no comments are known, such as plain text or CSV. */
export const commentSyntax = (languageId: string): CommentSyntax | undefined =>
  byLanguage.get(languageId) ?? byFormat[proseFormat(languageId) ?? ''];
