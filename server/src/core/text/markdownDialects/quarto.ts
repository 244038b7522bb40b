import { type InlineContext, type MarkdownConfig, Subscript, Superscript } from '@lezer/markdown';

/* What pandoc's Markdown adds, of which Quarto and R Markdown are dialects: citations, TeX, raised and lowered text. */

/** `[@Paris2021; see @Smith2020]`, `[-@Smith2020, p. 3]`. */
const citations = /\[(?=[^[\]]{0,300}(?<![\p{L}\p{N}])-?@[\p{L}\p{N}_{])[^[\]]{1,600}\](?![([])/uy;
/** `@Smith2020`, `-@Smith2020`, `@fig-plot`, `\@ref(fig:plot)`, also with `[p. 3]` behind. */
const citation =
  /(?:-?@(?:\{[^{}\s]{1,200}\}|[\p{L}\p{N}_](?:[\p{L}\p{N}_:.#$%&+?<>~/-]{0,200}[\p{L}\p{N}_])?)|\\@ref\([^()\s]{1,100}\))(?:[ \t]?\[[^[\]]{1,200}\](?![([]))?/uy;
const command = /\\[a-zA-Z]{2,40}\*?(?:\[[^\]\n]{0,200}\])?(?:\{[^{}\n]{0,300}\}){0,4}/y;

export const quarto: readonly MarkdownConfig[] = [
  {
    parseInline: [
      { name: 'Citation', before: 'Escape', parse: parseCitation },
      {
        name: 'TexCommand',
        before: 'Escape',
        parse: (cx, next, pos) => (next === 92 /* \\ */ ? gapOf(command, cx, pos) : -1),
      },
    ],
  },
  Subscript,
  Superscript,
];

function parseCitation(cx: InlineContext, next: number, pos: number): number {
  if (next === 91 /* [ */) return cx.char(pos - 1) === 33 /* ! */ ? -1 : gapOf(citations, cx, pos);
  if (next !== 64 /* @ */ && next !== 45 /* - */ && next !== 92 /* \\ */) return -1;
  return isWord(cx, pos - 1) ? -1 : gapOf(citation, cx, pos);
}

const isWord = (cx: InlineContext, pos: number): boolean =>
  pos >= cx.offset && /[\p{L}\p{N}_]/u.test(cx.slice(pos, pos + 1));

function gapOf(pattern: RegExp, cx: InlineContext, pos: number): number {
  pattern.lastIndex = pos - cx.offset;
  const [found] = pattern.exec(cx.text) ?? [];
  return found === undefined ? -1 : cx.addElement(cx.elt('Gap', pos, pos + found.length));
}
