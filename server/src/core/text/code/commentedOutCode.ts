import { codeNames } from './codeNames';

/**
 * Which lines of a comment are code that was commented out, or entries of a table: those of paragraphs of which most
 * lines look like code, and do not look like sentences, or that are in capitals throughout. Only what is obvious
 * counts; a line of prose that is left out is worse than one of code that is analysed.
 */
export function isCommentedOutCode(lines: readonly string[]): boolean[] {
  const result: boolean[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && lines[end]?.trim() !== '') end++;
    const paragraph = lines.slice(start, end);
    const codeLines = paragraph.filter((line) => codeLine.test(line)).length;
    const isCode = codeLines * 2 > paragraph.length || !paragraph.some(hasLowerCase);
    for (; start < end || lines[start]?.trim() === ''; start++) result.push(isCode && start < end);
  }
  return result;
}

/** Or letters of a script that does not tell upper from lower case. */
const hasLowerCase = (line: string): boolean => /\p{Ll}|\p{Lo}/u.test(line.replace(codeNames, ''));

/** Statements, calls, assignments, tags, brackets alone, and what ends as no sentence does. */
const codeLine = new RegExp(
  [
    String.raw`[;{]\s*$`,
    String.raw`^\s*[\])}]+[;,]?\s*$`,
    String.raw`^\s*(?:@\w+\s*)?[\w$.]+\([^)]*\)\s*[;:]?\s*$`,
    String.raw`^\s*(?:(?:const|let|var|int|auto|final|val|my|local)\s+)?[\w$.[\]]+\s*(?:[-+*/|&:]?=)(?!=)\s*\S`,
    String.raw`^\s*(?:if|for|while|elif|switch|with|def|class|fn|func)\b.*[:{]\s*$`,
    String.raw`^\s*(?:from\s+\S+\s+import\s|import\s+["'\w.]+\s*$|#include\s|return\s+[\w$.]+\s*$)`,
    String.raw`^\s*</?\w[^<>]*>\s*$`,
  ].join('|'),
);
