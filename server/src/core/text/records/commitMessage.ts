import { gap } from '../markup/inlineRules';
import { behind, type LineLanguage, noProse, text } from '../markup/lineMarkup';

/*
 * Messages for Git and its relatives: without comments, what is cut off below the scissors, trailers, lines that only
 * point to issues, and code, indented or between fences.
 */

const scissors = /^# -+ >8 -+/;
const trailer = /^(?:[A-Z][\w-]*-by|Change-Id|Reviewed-on|Co-authored|Cc|BREAKING-CHANGE-ID|git-svn-id):\s/i;
const reference = String.raw`(?:[\w./-]{0,100}#\d+|[A-Z]{2,12}-\d+|https?:\/\/\S+)`;
/** `Closes: #247`, `Fixes #1, #2`. */
const issues = new RegExp(
  String.raw`^[A-Z][\w-]{0,40}(?:[ \t]\w{1,20})?:?[ \t]+${reference}(?:(?:,|[ \t]+and)?[ \t]+${reference})*[.;]?\s*$`,
  'i',
);
const comment = /^(?:#|JJ:|HG:)/;
const fence = /^\s{0,3}(`{3,}|~{3,})/;
/** The type of a change: `fix(parser)!: `. */
const changeType = /^[a-z]{2,12}(?:\([^)]{1,60}\))?!?:[ \t]+/;
const listMark = /^\s{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+/;

const inBody = 'body';
const cutOff = 'cut';
/** Up to a line that begins with this fence. */
const inFence = 'fence ';

export const commitMessage: LineLanguage = {
  read(line, { state, paragraph }) {
    if (state === cutOff || scissors.test(line)) return noProse(cutOff);
    if (state?.startsWith(inFence))
      return noProse(line.trimStart().startsWith(state.slice(inFence.length)) ? inBody : state);
    if (comment.test(line) || line.trim() === '') return noProse(state);
    if (state === undefined) {
      return { ...behind(changeType.exec(line)?.[0].length ?? 0, line, true), state: inBody };
    }
    const code = fence.exec(line)?.[1];
    if (code !== undefined) return noProse(inFence + code);
    if (trailer.test(line) || issues.test(line) || (!paragraph && /^(?: {4}|\t)/.test(line)))
      return noProse(state);
    const mark = listMark.exec(line);
    return mark ? { ...behind(mark[0].length, line), state } : text(line, state);
  },
  inline: [gap('`[^`\\r\\n]{1,200}`'), gap(String.raw`<[^<>\s]{1,200}@[^<>\s]{1,200}>`)],
};
