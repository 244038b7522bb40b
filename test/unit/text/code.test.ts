import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { finish, prose } from './support';

const gap = '\uFFFC';

/** The text of each block's sentences. */
const texts = (languageId: string, text: string, strings = false): string[][] =>
  finish(createExtractor(languageId, { strings }), text).map(({ block }) =>
    block.sentences.map((sentence) => sentence.text),
  );

describe('comments', () => {
  it('are joined where they go on, and end where they end', () => {
    const text = [
      '// One paragraph of',
      '// two lines. And more.',
      '//',
      '// Another.',
      'let x = 1; // Beside code',
      '           // and below it.',
      '// Alone.',
      '/// Documentation.',
      '',
      '// Apart.',
    ].join('\r\n');
    expect(prose('c', text)).toEqual([
      ['One paragraph of two lines. ← One paragraph of\r\n// two lines.', 'And more.'],
      ['Another.'],
      ['Beside code and below it. ← Beside code\r\n           // and below it.'],
      ['Alone.'],
      ['Documentation.'],
      ['Apart.'],
    ]);
  });

  it('lose stars, boxes and indentation', () => {
    const text = `/****************
 * In a box.    *
 ****************/
/*
      Indented text
      goes on.

        - a point
*/
# === Title ===
/* one */ /* two */`;
    expect(texts('c', text)).toEqual([
      ['In a box.'],
      ['Indented text goes on.'],
      ['a point'],
      ['one'],
      ['two'],
    ]);
    expect(texts('python', '# === Title ===\n#####\n# --- Part\n')).toEqual([['Title'], ['Part']]);
  });

  it('are Markdown', () => {
    const text = `/**
 * Some *marked* \`code()\` and https://example.org and
 * [a link](https://example.org):
 *
 * 1. First
 * 2. Second
 *
 * \`\`\`ts
 * const code = 1;
 * \`\`\`
 * | A cell | &amp; another |
 * |--------|-------|
 */`;
    expect(texts('typescript', text)).toEqual([
      [`Some marked ${gap} and ${gap} and a link:`],
      ['First'],
      ['Second'],
      ['A cell'],
      ['& another'],
    ]);
  });

  it('keep tags of documentation out', () => {
    const text = `/**
 * Sums numbers, see {@link Math#max}.
 * @param {number[]} numbers - What to sum.
 * @param [rest=1] The rest.
 * @returns {number} The sum.
 * @example
 * sum([1, 2]);
 * @deprecated Use another.
 */`;
    expect(texts('javascript', text)).toEqual([
      [`Sums numbers, see ${gap}.`],
      ['What to sum.'],
      ['The rest.'],
      ['The sum.'],
      ['Use another.'],
    ]);
    expect(
      texts(
        'csharp',
        '/// <summary>\n/// Gets the <see cref="X"/> of <c>y</c>.\n/// </summary>\n/// <param name="y">Some value.</param>\n/// <code>\n/// var x = Get(1)\n/// </code>',
      ),
    ).toEqual([[`Gets the ${gap} of ${gap}.`], ['Some value.']]);
    expect(
      texts('cpp', '//! \\brief Opens it.\n//! \\param[in] name The name.\nint x; ///< The place.'),
    ).toEqual([['Opens it.'], ['The name.'], ['The place.']]);
    expect(
      texts(
        'python',
        '"""Opens it.\n\nArgs:\n    name (str): The name\n        goes on.\n\nReturns:\n    A file.\n\nBehind.\n\n    code()\n"""',
      ),
    ).toEqual([['Opens it.'], ['The name goes on.'], ['A file.'], ['Behind.']]);
    expect(
      texts('python', '"""Opens it.\n\n:param str name: The name.\n:returns: A :class:`File`.\n"""'),
    ).toEqual([['Opens it.'], ['The name.'], [`A ${gap}.`]]);
  });

  it('are no prose where they speak to tools, or are code', () => {
    const text = `// subtext:ignore-file
// eslint-disable-next-line no-console
// @ts-expect-error
//#region Part
// const old = compute(1);
// if (old) {
//   run(old);
// }
`;
    expect(texts('typescript', text)).toEqual([]);
    expect(texts('typescript', '// The value is; see below.\n\n// Call run (x) twice.')).toEqual([
      ['The value is; see below.'],
      ['Call run (x) twice.'],
    ]);
    expect(texts('python', '# 0x28 -> LEFT PARENTHESIS\n# 0x29 -> RIGHT\n\n# 左括号 0x28')).toEqual([
      [`左括号 ${gap}`],
    ]);
    expect(texts('python', '"""Adds.\n\n>>> add(1, 2)\nNot read\n\nAnd more.\n"""')).toEqual([
      ['Adds.'],
      ['And more.'],
    ]);
    expect(texts('shellscript', '#!/bin/sh\n# Says it.\n# shellcheck disable=SC1\n')).toEqual([['Says it.']]);
  });

  it('hold gaps for the names of the program, and keep abbreviations and addresses', () => {
    const names = [
      ...[
        'fooBar',
        'BaseException',
        'snake_case',
        '__init__',
        '_private',
        'MAX_SIZE',
        '0x1F',
        'run()',
        'run(x,y)',
      ],
      ...['os.path', 'obj.getName()', 'std::vector', 'this->next', 'Math#max', 'java.util.List', 'Node.js'],
      ...['/usr/bin', './a', '~/notes', 'src/core/text', 'core/text.ts', 'dist/', '--minify', '--out=dist'],
      ...['$HOME', `\${name}`, '@returns', '%string'],
    ];
    for (const name of names)
      expect(texts('c', `// Put ${name} here.`), name).toEqual([[`Put ${gap} here.`]]);
    const words = [
      ...[
        'e.g.',
        'U.S.A.',
        'and/or',
        'TCP/IP',
        'HTTP/1.1',
        'file(s)',
        'UTF-8',
        'IPv6',
        'well-known',
        '50%',
        '$5',
      ],
      ...['C++', 'Ada’s', 'naïve', 'Müller', 'x', '调用', '2nd', '#12', 'NASA'],
    ];
    for (const word of words)
      expect(texts('c', `// Put ${word} here.`), word).toEqual([[`Put ${word} here.`]]);
    expect(texts('c', '// See https://a.example/fooBar_baz, and ada_l@a.example too.')).toEqual([
      [`See ${gap}, and ${gap} too.`],
    ]);
    expect(texts('c', '// TODO(ada): Ends here.\n// The @a name and @c size, @f$ x^2 @f$.')).toEqual([
      ['Ends here.', `The ${gap} and ${gap}, ${gap}.`],
    ]);
  });

  it('hold mask tokens', () => {
    expect(texts('c', '// <mask> is the capital. A [MASK].')).toEqual([
      ['<mask> is the capital.', 'A [MASK].'],
    ]);
  });
});

describe('languages', () => {
  it.each([
    ['c', '"// no" \'"\' /* yes */ 1\'000 // too\nR"x(/* no */)x"', [['yes'], ['too']]],
    ['javascript', '`// no \x24{1 /* yes */}`; a / b / c; /\\/*[/*]/; // too', [['too']]],
    ['typescriptreact', 'const a = <a href="//no">http://no {/* yes */}</a>;', [['yes']]],
    [
      'python',
      'x = "# no"\n"""Yes."""\ndef f():\n  \'\'\'Too.\'\'\'\n  y = """no"""  # also',
      [['Yes.'], ['Too.'], ['also']],
    ],
    ['java', 'char c = \'"\'; // yes\nString s = """\n // no\n""";/** too */', [['yes'], ['too']]],
    ['csharp', 'var p = @"c:\\"; // yes\nvar q = $"{x} // no"; // too', [['yes'], ['too']]],
    ['go', 'x := `// no\n` // yes', [['yes']]],
    [
      'rust',
      'fn f<\'a>(x: &\'a str) { \'"\'; r#"// "no"#; } /* yes /* nested */ too */',
      [['yes /* nested */ too']],
    ],
    [
      'php',
      '<p>don\'t // no</p><?php # yes\n// two ?> // no <?= "# no" #[No]\n/* three */',
      [['yes'], ['two'], ['three']],
    ],
    ['ruby', 'x = "#{a} # no" # yes\n=begin\ntoo\n=end\ny = <<~EOT\n# no\nEOT\n', [['yes'], ['too']]],
    [
      'perl',
      '$#a; $x =~ /#no/; # yes\n\n=head1 Title\n\nToo C<no>.\n\n=cut\n',
      [['yes'], ['Title'], [`Too ${gap}.`]],
    ],
    [
      'shellscript',
      'echo "# no" a#no \x24{#x} $# \\" # yes\ncat <<EOF\n# no\nEOF\n# too',
      [['yes'], ['too']],
    ],
    ['powershell', '"`" # no" # yes\n<# two #>\n', [['yes'], ['two']]],
    ['lua', 'x = [[-- no]] -- yes\n--[==[ two ]] still ]==]', [['yes'], ['two ]] still']]],
    ['r', "x <- '# no' # yes\n#' A title", [['yes'], ['A title']]],
    [
      'julia',
      '"""\nYes.\n"""\nx\' # two\n#= three #= nested =# =#',
      [['Yes.'], ['two'], ['three #= nested =#']],
    ],
    [
      'haskell',
      "-- | Yes\nx --> y {- two {- nested -} -}\nf' '\"' -- three",
      [['Yes'], ['two {- nested -}'], ['three']],
    ],
    ['elixir', '@doc """\nYes.\n"""\nx = "# no" # two', [['Yes.'], ['two']]],
    ['sql', "SELECT 'it''s -- no' -- yes\n/* two */ $$ -- no $$", [['yes'], ['two']]],
    ['css', 'a { b: url(http://no); } /* yes */', [['yes']]],
    ['scss', 'a { b: url(http://no); } // yes', [['yes']]],
    ['yaml', "a: it's # yes\nb: x#no '# no'\nc: '# no'", [['yes']]],
    ['toml', 'a = "# no" # yes\nb = \'\\\' # two', [['yes'], ['two']]],
    ['ini', '; yes\na = b ; no\n# two', [['yes'], ['two']]],
    ['dockerfile', '# yes\nRUN a # no', [['yes']]],
    ['makefile', 'a: b # yes\n\techo \\# no', [['yes']]],
    ['bat', 'rem yes\necho rem no\n:: two', [['yes'], ['two']]],
    ['kotlin', '"""// no""" /* yes */', [['yes']]],
    ['swift', '#"// no"# // yes', [['yes']]],
    ['dart', "'// no' /// yes", [['yes']]],
    ['clojure', '"; no" \\; ;; yes', [['yes']]],
    ['jsonc', '{ "a": "// no" /* yes */ } // two', [['yes'], ['two']]],
    ['tcl', 'puts "# no" ;# yes\n# two', [['yes'], ['two']]],
    ['viml', '" yes\nlet x = "no"', [['yes']]],
  ])('%s', (languageId, text, expected) => {
    expect(texts(languageId, text)).toEqual(expected);
  });
});

describe('strings', () => {
  it('are prose where they are asked for, and read as text', () => {
    const text = `import x from './no-prose'; const key = 'some_key';
      say("It\\'s \\u00e9t\\u00e9, \${name}.\\nNew \\"line\\" here."); f('单词'); // A comment.
      \`A template of \${x} words.\``;
    expect(texts('typescript', text, true)).toEqual([
      [`It's été, ${gap}.`],
      ['New "line" here.'],
      ['单词'],
      ['A comment.'],
      [`A template of ${gap} words.`],
    ]);
    expect(texts('typescript', text)).toEqual([['A comment.']]);
  });

  it('lose prefixes and quotes of all languages', () => {
    expect(texts('python', 'f"Some {x} text" + r"\\d raw text"', true)).toEqual([
      [`Some ${gap} text`],
      ['\\d raw text'],
    ]);
    expect(texts('csharp', 'a = $"Some {x} text"; b = @"More text""s"', true)).toEqual([
      [`Some ${gap} text`],
      ['More text""s'],
    ]);
    expect(texts('rust', 'r#"Some "raw" text"#', true)).toEqual([['Some "raw" text']]);
    expect(texts('shellscript', "cat <<'EOF'\nSome text.\nEOF\n", true)).toEqual([['Some text.']]);
    expect(texts('typescriptreact', '<b>Some text</b>', true)).toEqual([['Some text']]);
  });
});

const common = ['code();', 'x = 1', "don't"];
const cSnippets = [
  '// ',
  '//',
  '/// ',
  '/*',
  '*/',
  '/**',
  ' * ',
  '"',
  "'",
  '\\',
  '`',
  '${',
  '}',
  '/',
  '@param a ',
  '<p>',
  'R"(',
  ')"',
];
const hashSnippets = [
  '# ',
  '#',
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '{-',
  '-}',
  '-- ',
  '=begin\n',
  '=end\n',
  '<<EOT\n',
  'EOT\n',
  '<?php ',
  '?>',
  '[[',
  ']]',
];

describe.each(['typescriptreact', 'cpp', 'rust', 'php', 'scss'])('an extractor of %s', (languageId) => {
  itExtractsExactly(languageId, [...common, ...cSnippets], { options: { strings: true }, runs: 20 });
});

describe.each(['python', 'ruby', 'shellscript', 'haskell', 'lua', 'yaml'])(
  'an extractor of %s',
  (languageId) => {
    itExtractsExactly(languageId, [...common, ...hashSnippets], { options: { strings: true }, runs: 20 });
  },
);

it.each([
  ['c', '/*\n', ' */'],
  ['python', '"""\n', '"""'],
])('cuts a long comment of %s at empty lines', (languageId, open, close) => {
  const paragraphs = Array.from({ length: 400 }, (_, i) => `Paragraph ${i} of a very long comment.\n\n`);
  const before = `${open}${paragraphs.join('')}${close}`;
  const extractor = createExtractor(languageId);
  const old = finish(extractor, before);
  expect(old.map(({ block }) => block.sentences.map(({ text }) => text))).toEqual(
    paragraphs.map((paragraph) => [paragraph.trim()]),
  );
  const at = before.indexOf('0 of');
  const now = finish(extractor, `${before.slice(0, at)}1${before.slice(at)}`, [
    { start: at, end: at, text: '1' },
  ]);
  const kept = now.filter(({ block }, i) => block === old[i]?.block).length;
  expect(kept).toBeGreaterThan(100);
  expect(kept).toBeLessThan(400);
});

it.each(['c', 'typescript', 'python'])(
  'keeps the comments of %s that an edit does not touch',
  (languageId) => {
    const marker = languageId === 'python' ? '#' : '//';
    const before = Array.from({ length: 400 }, (_, i) => `${marker} Comment ${i} says it.\nf(${i});\n`).join(
      '',
    );
    const extractor = createExtractor(languageId);
    const old = finish(extractor, before);
    const at = before.indexOf('Comment 200 ');
    const text = `${before.slice(0, at)}X ${before.slice(at)}`;
    const now = finish(extractor, text, [{ start: at, end: at, text: 'X ' }]);
    expect(now.flatMap(({ block }, i) => (block === old[i]?.block ? [] : [i]))).toEqual([200]);
  },
);

it.each([
  ['an open comment', `/* ${'a word '.repeat(2_500)}`],
  ['an open string', `"${'a word '.repeat(2_500)}`],
  ['a long line', 'x="a"+1;'.repeat(2_500)],
  ['quotes', '"\''.repeat(2_500)],
  ['comment marks', '/*'.repeat(2_500)],
  ['slashes', '/'.repeat(2_500)],
  ['brackets', '({['.repeat(2_500)],
  ['tags', '/// <a '.repeat(2_500)],
  ['open links', `/** ${'{@link '.repeat(2_500)}`],
])('takes %s in linear time', (_name, text) => {
  for (const languageId of ['c', 'typescriptreact', 'python', 'ruby', 'rust', 'shellscript']) {
    const blocks = finish(createExtractor(languageId, { strings: true }), text);
    expect(blocks.every(({ start, end }) => start <= end && end <= text.length)).toBe(true);
  }
});
