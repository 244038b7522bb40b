import { gap } from '../markup/inlineRules';
import { behind, type LineLanguage, noProse, text } from '../markup/lineMarkup';

/* Messages for Git: without its comments, what is cut off below the scissors, trailers and indented code. */

const scissors = /^# -+ >8 -+/;
const trailer = /^(?:[A-Z][\w-]*-by|Change-Id|Reviewed-on|Co-authored|Cc|BREAKING-CHANGE-ID|git-svn-id):\s/i;
/** The type of a change: `fix(parser)!: `. */
const changeType = /^[a-z]{2,12}(?:\([^)]{1,60}\))?!?:[ \t]+/;
const listMark = /^\s{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+/;

const inBody = 'body';
const cutOff = 'cut';

export const commitMessage: LineLanguage = {
  read(line, { state, paragraph }) {
    if (state === cutOff || scissors.test(line)) return noProse(cutOff);
    if (line.startsWith('#') || line.trim() === '') return noProse(state);
    if (state === undefined) {
      return { ...behind(changeType.exec(line)?.[0].length ?? 0, line, true), state: inBody };
    }
    if (trailer.test(line) || (!paragraph && /^(?: {4}|\t)/.test(line))) return noProse(state);
    const mark = listMark.exec(line);
    return mark ? { ...behind(mark[0].length, line), state } : text(line, state);
  },
  inline: [gap('`[^`\\r\\n]{1,200}`'), gap(String.raw`<[^<>\s]{1,200}@[^<>\s]{1,200}>`)],
};
