import { gap, nothing } from '../markup/inlineRules';
import { behind, type LineLanguage, noProse, text } from '../markup/lineMarkup';

/*
 * E-mail as text (RFC 5322): the subject and the paragraphs. Encoded words (RFC 2047) are gaps. Parts of several
 * (RFC 2046) are read one after the other; what is in Base64 is left out.
 */

const header = /^(?:From [^:]|[\w-]+:(?:\s|$))/;
const subject = /^Subject:[ \t]*/i;
const quote = /^(?:[ \t]?>)+[ \t]?/;
const listMark = /^\s*(?:[-*•]|\d{1,3}[.)])[ \t]+/;

/** The state in the text, before what it is quoted with. */
const inBody = 'body ';
const inSignature = 'signature';

const encodedWord = String.raw`=\?[\w.:*+-]{1,60}\?[bBqQ]\?[!->@-~]{0,200}\?=`;
const base64Line = /^[A-Za-z\d+/]{40,}={0,2}\s*$/;
const partBoundary = /^--[\w'()+,./:=?-]{8,70}\s*$/;
const partHeader = /^Content-[\w-]+:\s/i;

export const mail: LineLanguage = {
  read(line, { state, paragraph }) {
    if (state === inSignature) return noProse(state);
    if (state === undefined) {
      if (line.trim() === '') return noProse(inBody);
      // A header goes on in lines that begin with a blank.
      if (/^[ \t]/.test(line)) return paragraph ? text(line) : noProse();
      const mark = subject.exec(line);
      if (mark) return behind(mark[0].length, line);
      if (header.test(line)) return noProse();
    }
    if (base64Line.test(line) || partBoundary.test(line) || partHeader.test(line)) return noProse(inBody);
    if (/^--[ \t]?$/.test(line)) return noProse(inSignature);
    const quoted = quote.exec(line)?.[0] ?? '';
    const next = inBody + quoted.replace(/[^>]/g, '');
    const content = line.slice(quoted.length);
    if (content.trim() === '') return noProse(inBody);
    const mark = listMark.exec(content)?.[0].length;
    if (mark !== undefined) return { ...behind(quoted.length + mark, line), state: next };
    // What goes on is quoted as often as what it goes on with.
    const isText = !paragraph || state === next;
    return { prose: [{ start: quoted.length, end: line.length }], isText, state: next };
  },
  inline: [
    gap(String.raw`${encodedWord}(?:\s{1,10}${encodedWord}){0,50}`),
    nothing(String.raw`^(?:[ \t]?>)+[ \t]?`),
    gap(String.raw`<[^<>\s]{1,200}@[^<>\s]{1,200}>|\[cid:[^\]]{1,200}\]`),
  ],
};
