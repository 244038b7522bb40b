import { gap, marks, nothing } from './inlineRules';
import { behind, type LineLanguage, noProse, text } from './lineMarkup';

/*
 * Typst. Lines of code, from a `#let`, `#set`, `#show` and the like to its last bracket, are left out with the content
 * in them; content in the brackets of a call within a paragraph is read. Typst's own parser is WebAssembly of several
 * megabytes.
 */

const codeLine =
  /^\s*#(?:let|set|show|import|include|if|for|while|return|context|pagebreak|bibliography|outline|v|h|table|grid|image|box|block|align|stack|place)\b/;
const callLine = /^\s*#[\w.-]+\((?![^()]*\)[\s[])/;
const heading = /^\s*=+[ \t]+/;
const listMark = /^\s*(?:[-+]|\d{1,4}\.)[ \t]+/;
const termMark = /^\s*\/[ \t]+([^:]{1,200}):[ \t]*/;

/** Left out up to a fence of so many backticks. */
const inRaw = 'raw ';
/** Left out while so many brackets are open. */
const inCode = 'code ';
const inComment = 'comment';

export const typst: LineLanguage = {
  read(line, { state }) {
    if (state?.startsWith(inRaw))
      return noProse(line.includes(state.slice(inRaw.length)) ? undefined : state);
    if (state === inComment) return noProse(line.includes('*/') ? undefined : state);
    if (state !== undefined) return noProse(codeState(line, Number(state.slice(inCode.length))));
    if (line.trim() === '' || /^\s*\/\//.test(line)) return noProse();
    if (/^\s*\/\*/.test(line)) return noProse(line.includes('*/') ? undefined : inComment);
    const fence = /^\s*(`{3,})(?!.*\1)/.exec(line)?.[1];
    if (fence !== undefined) return noProse(inRaw + fence);
    if (codeLine.test(line) || callLine.test(line)) return noProse(codeState(line, 0));
    const title = heading.exec(line);
    if (title) return behind(title[0].length, line, true);
    const item = listMark.exec(line);
    if (item) return behind(item[0].length, line);
    const term = termMark.exec(line);
    if (!term) return /^\s*[\])]+\s*$/.test(line) ? noProse() : text(line);
    const start = line.indexOf(term[1] as string);
    const name = { start, end: start + (term[1] as string).length };
    return term[0].length < line.length
      ? { prose: [name, { start: term[0].length, end: line.length }] }
      : { prose: [name], isAlone: true };
  },
  inline: [
    gap('`{3}[^]{0,2000}?`{3}|`[^`\\r\\n]{1,500}`'),
    gap(String.raw`\$(?:\\\$|[^$]){1,1000}\$`),
    { pattern: String.raw`#[\w.-]{1,60}(?:\([^()\r\n]{0,500}\))?\[(?<text>[^[\]]{1,1000})\]`, as: '' },
    gap(String.raw`#[a-zA-Z_][\w.-]{0,60}(?:\([^()\r\n]{0,500}\))?;?`),
    nothing(String.raw`<[\w:.-]{1,60}>|//.*$|/\*[^]{0,2000}?\*/|\\(?=\s*$)`),
    gap(String.raw`(?<!\w)@[\w:.-]{0,60}\w(?:\[[^\]]{0,200}\])?`),
    { pattern: String.raw`\\(?<text>[^\s\w])`, as: '' },
    { pattern: '~', as: ' ' },
    { pattern: '---', as: '—' },
    { pattern: '--', as: '–' },
    marks('*_'),
  ],
};

/** The state behind a line of code: how many brackets are open, if any. Those in strings count for nothing. */
function codeState(line: string, before: number): string | undefined {
  let depth = before;
  for (const [sign] of line.replace(/"(?:\\.|[^"\\])*"/g, '').matchAll(/[([{}\])]/g)) {
    depth += '([{'.includes(sign) ? 1 : -1;
  }
  return depth > 0 ? inCode + depth : undefined;
}
