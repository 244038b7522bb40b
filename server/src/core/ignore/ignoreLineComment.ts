/** Languages with comments in the manner of HTML. */
const tagged: ReadonlySet<string> = new Set([
  ...['markdown', 'quarto', 'rmd', 'html', 'xml', 'xsl', 'svg', 'vue', 'svelte'],
]);

/** How a comment begins that goes on to the end of its line. */
const lineComments: Readonly<Record<string, readonly string[]>> = {
  '%': ['latex', 'tex', 'latex-expl3', 'context', 'doctex', 'rsweave'],
  '//': [
    ...['javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'c', 'cpp', 'csharp', 'java', 'go'],
    ...['rust', 'swift', 'kotlin', 'scala', 'dart', 'php', 'jsonc', 'scss', 'less', 'groovy', 'zig', 'typst'],
  ],
  '#': [
    'python',
    'ruby',
    'shellscript',
    'perl',
    'r',
    'yaml',
    'toml',
    'makefile',
    'dockerfile',
    'julia',
    'elixir',
  ],
  '--': ['sql', 'lua', 'haskell', 'elm', 'ada'],
};

const openings: ReadonlyMap<string, string> = new Map(
  Object.entries(lineComments).flatMap(([opening, languages]) =>
    languages.map((language) => [language, opening] as const),
  ),
);

/** What to put at the end of a line so that it is ignored; undefined in languages of which no comments are known. */
export function ignoreLineComment(languageId: string): string | undefined {
  if (languageId === 'mdx') return ' {/* subtext:ignore-line */}';
  if (tagged.has(languageId)) return ' <!-- subtext:ignore-line -->';
  const opening = openings.get(languageId);
  return opening && ` ${opening} subtext:ignore-line`;
}
