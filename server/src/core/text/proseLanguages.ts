import { lexes } from './code/languages';

/** The ways in which a document's prose is found. */
export type ProseFormat =
  | 'plaintext'
  /** As GitHub and other hosts read it. */
  | 'markdown'
  | 'mdx'
  /** As pandoc reads it. */
  | 'quarto'
  /** Comments, and strings if they are asked for. */
  | 'code'
  | 'html'
  | 'xml'
  | 'latex'
  | 'bibtex'
  | 'restructuredtext'
  | 'asciidoc'
  | 'org'
  | 'typst'
  | 'subtitles'
  | 'mail'
  | 'commitMessage'
  /** Cells of the chosen columns. */
  | 'table'
  /** Strings of the chosen fields. */
  | 'json'
  | 'jsonLines'
  | 'notebook'
  /** Output of programs and data: nothing is prose. */
  | 'nothing';

/** Language identifiers of VS Code and its common extensions, by format. */
export const proseLanguages: Readonly<Record<ProseFormat, readonly string[]>> = {
  plaintext: ['plaintext', 'text'],
  markdown: ['markdown', 'prompt', 'instructions', 'chatagent', 'skill'],
  mdx: ['mdx'],
  quarto: ['quarto', 'rmd'],
  code: ['javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'python', ...Object.keys(lexes)],
  html: [
    ...['html', 'vue', 'vue-html', 'svelte', 'astro', 'handlebars', 'django-html', 'jinja-html', 'jinja'],
    ...['liquid', 'twig', 'ejs', 'erb'],
  ],
  xml: ['xml', 'xsl', 'docbook', 'dita', 'xliff'],
  latex: ['latex', 'tex', 'latex-expl3', 'context', 'doctex', 'rsweave'],
  bibtex: ['bibtex', 'biblatex'],
  restructuredtext: ['restructuredtext'],
  asciidoc: ['asciidoc'],
  org: ['org'],
  typst: ['typst'],
  subtitles: ['srt', 'subrip', 'subtitles', 'vtt', 'webvtt'],
  mail: ['mail', 'email', 'eml'],
  commitMessage: ['git-commit', 'scminput', 'jj-commit', 'hg-commit'],
  table: ['csv', 'tsv', 'psv', 'csv (semicolon)', 'csv (pipe)', 'csv (whitespace)', 'dynamic csv'],
  json: ['json'],
  jsonLines: ['jsonl', 'json-lines', 'ndjson'],
  notebook: ['ipynb', 'jupyter'],
  nothing: ['binary', 'code-text-binary', 'diff', 'git-rebase', 'log', 'search-result', 'snippets', 'svg'],
};

const formats: ReadonlyMap<string, ProseFormat> = new Map(
  Object.entries(proseLanguages).flatMap(([format, languageIds]) =>
    languageIds.map((id) => [id, format as ProseFormat] as const),
  ),
);

/** @returns undefined for a language that is not known. */
export const proseFormat = (languageId: string): ProseFormat | undefined => formats.get(languageId);
