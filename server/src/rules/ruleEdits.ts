import { findNodeAtLocation, modify, type ParseError, parseTree } from 'jsonc-parser';
import { tooDeepAt } from '../core/json/nesting';
import type { TextEdit } from '../core/text/prose';

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };

/**
 * Adds values to a list of `.subtext.json`, each on a line of its own. Comments and whatever else is there stay.
 *
 * @param path to the list, which is made where it is missing.
 * @returns undefined where the text has errors, so that nobody knows where to write; no edits where all is there already.
 */
export function appendToList(
  text: string,
  path: readonly string[],
  values: readonly unknown[],
): readonly TextEdit[] | undefined {
  if (tooDeepAt(text) !== undefined) return undefined;
  const errors: ParseError[] = [];
  const isEmpty = text.trim() === '';
  const root = isEmpty ? undefined : parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || (root && root.type !== 'object')) return undefined;
  const list = root && findNodeAtLocation(root, [...path]);
  if (list && list.type !== 'array') return undefined;
  const items = list?.children ?? [];
  const present = new Set(items.map(({ offset, length }) => canonical(text.slice(offset, offset + length))));
  const missing = values.map(toLine).filter((line) => !present.has(canonical(line)));
  if (missing.length === 0) return [];
  const indent = '  '.repeat(path.length + 1);
  const last = items.at(-1);
  if (last) {
    const end = last.offset + last.length;
    return [{ start: end, end, text: missing.map((line) => `,\n${indent}${line}`).join('') }];
  }
  const written = `[\n${missing.map((line) => indent + line).join(',\n')}\n${indent.slice(2)}]`;
  if (list) return [{ start: list.offset, end: list.offset + list.length, text: written }];
  return createList(isEmpty ? '{}\n' : text, path, written, isEmpty);
}

/** As edits of the text, which does not have the list yet. */
function createList(
  text: string,
  path: readonly string[],
  written: string,
  isNew: boolean,
): readonly TextEdit[] {
  // The library indents what it is given its own way, so it gets a stand-in of one line.
  const standIn = '\u0000list';
  const edits = modify(text, [...path], standIn, { formattingOptions });
  const toEdit = ({ offset, length, content }: (typeof edits)[number]): TextEdit => ({
    start: offset,
    end: offset + length,
    text: content.replace(JSON.stringify(standIn), () => written),
  });
  if (!isNew) return edits.map(toEdit);
  const whole = edits.reduceRight(
    (result, edit) =>
      result.slice(0, edit.offset) + toEdit(edit).text + result.slice(edit.offset + edit.length),
    text,
  );
  return [{ start: 0, end: 0, text: whole }];
}

/** One line with blanks where a person would put them. */
function toLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${JSON.stringify(key)}: ${JSON.stringify(field)}`);
  return `{ ${fields.join(', ')} }`;
}

/** The same for values that differ in blanks only. */
function canonical(written: string): string {
  try {
    return JSON.stringify(JSON.parse(written));
  } catch {
    return written;
  }
}

/**
 * What takes edits back.
 *
 * @param edits in order, not overlapping, as offsets of `text`.
 * @returns in the offsets of the text with the edits.
 */
export function invertEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let delta = 0;
  return edits.map((edit) => {
    const start = edit.start + delta;
    delta += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, text: text.slice(edit.start, edit.end) };
  });
}
