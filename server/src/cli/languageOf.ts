import { extname } from 'node:path';

/** Language identifiers by the extensions of files; what is not here is read as plain text. */
const languages: Readonly<Record<string, readonly string[]>> = {
  markdown: ['.md', '.markdown', '.mdown', '.mkd', '.mkdn'],
  mdx: ['.mdx'],
  quarto: ['.qmd'],
  rmd: ['.rmd'],
  latex: ['.tex', '.ltx'],
  bibtex: ['.bib'],
  restructuredtext: ['.rst', '.rest'],
  asciidoc: ['.adoc', '.asciidoc'],
  org: ['.org'],
  typst: ['.typ'],
  html: ['.html', '.htm', '.xhtml'],
  xml: ['.xml', '.xsl'],
  srt: ['.srt'],
  vtt: ['.vtt'],
  mail: ['.eml'],
  csv: ['.csv'],
  tsv: ['.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  ipynb: ['.ipynb'],
  javascript: ['.js', '.mjs', '.cjs'],
  javascriptreact: ['.jsx'],
  typescript: ['.ts', '.mts', '.cts'],
  typescriptreact: ['.tsx'],
  python: ['.py'],
  java: ['.java'],
  c: ['.c', '.h'],
  cpp: ['.cc', '.cpp', '.cxx', '.hpp'],
  csharp: ['.cs'],
  go: ['.go'],
  rust: ['.rs'],
  php: ['.php'],
  ruby: ['.rb'],
  shellscript: ['.sh', '.bash', '.zsh'],
  kotlin: ['.kt', '.kts'],
  scala: ['.scala'],
  swift: ['.swift'],
  dart: ['.dart'],
  lua: ['.lua'],
  perl: ['.pl', '.pm'],
  powershell: ['.ps1', '.psm1'],
  r: ['.r'],
  julia: ['.jl'],
  haskell: ['.hs'],
  elixir: ['.ex', '.exs'],
  clojure: ['.clj', '.cljs'],
  sql: ['.sql'],
  css: ['.css'],
  scss: ['.scss'],
  yaml: ['.yaml', '.yml'],
  toml: ['.toml'],
};

const byExtension: ReadonlyMap<string, string> = new Map(
  Object.entries(languages).flatMap(([id, extensions]) => extensions.map((extension) => [extension, id])),
);

/** VS Code's identifier of the language of a file, by its name. */
export const languageOf = (path: string): string =>
  byExtension.get(extname(path).toLowerCase()) ?? 'plaintext';
