import type { InlineContext, MarkdownConfig } from '@lezer/markdown';

const dollar = 36;

/**
 * TeX between dollars, told from amounts of money and names of variables much as pandoc does: no blank behind the first
 * dollar or before the last, no letter or digit before the first, no digit behind the last, and no letter either, if
 * there are blanks in between. Each dollar is looked at up to the next one only, so that many cost linear time.
 */
const inlineMaths = /\$(?=[^\s$])(?:(?:\\\S|[^\\$\s])*\$(?!\d)|(?:\\[\s\S]|[^\\$])*(?<!\s)\$(?![a-z\d]))/iy;
const displayedMaths = /\$\$(?:\\[\s\S]|[^\\$])+\$\$/y;

const isLetterOrDigit = (code: number): boolean => /[a-z\d]/i.test(String.fromCharCode(code));

/** Maths within a paragraph, `$…$` and `$$…$$`, as nodes of the type Maths. */
export const mathExtension: MarkdownConfig = {
  defineNodes: ['Maths'],
  parseInline: [{ name: 'Maths', before: 'Escape', parse: parseMaths }],
};

function parseMaths(cx: InlineContext, next: number, pos: number): number {
  if (next !== dollar || isLetterOrDigit(cx.char(pos - 1))) return -1;
  const start = pos - cx.offset;
  for (const pattern of [displayedMaths, inlineMaths]) {
    pattern.lastIndex = start;
    const [found] = pattern.exec(cx.text) ?? [];
    if (found) return cx.addElement(cx.elt('Maths', pos, pos + found.length));
  }
  return -1;
}
