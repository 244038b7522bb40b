import { t } from '@vscode/l10n';
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  TextEdit,
} from 'vscode-languageserver';
import { commentSyntax } from '../core/ignore/commentSyntax';
import { ignoreFile, ignoreLine, ignoreLines, type WrittenComment } from '../core/ignore/writtenComments';
import type { DocumentSession } from '../scheduling/documentSession';

/** What comments in the document itself could ignore. */
export interface CommentActions {
  readonly line?: CodeAction;
  /** Where several lines are selected. */
  readonly lines?: CodeAction;
  readonly file?: CodeAction;
}

/** Nothing in languages without comments. */
export function commentActions(
  { document: { uri, languageId, positions } }: DocumentSession,
  { start, end }: Range,
  diagnostics: Diagnostic[],
): CommentActions {
  const syntax = commentSyntax(languageId);
  if (!syntax) return {};
  const lineAt = (line: number) =>
    positions
      .getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } })
      .replace(/[\r\n]+$/u, '');
  const lines = { count: positions.lineCount, lineAt };
  const toAction = (title: string, comments: readonly WrittenComment[]): CodeAction => {
    const edits = comments.map(({ line, at, text }) =>
      TextEdit.insert({ line, character: at === 'start' ? 0 : lineAt(line).length }, text),
    );
    return { title, kind: CodeActionKind.QuickFix, diagnostics, edit: { changes: { [uri]: edits } } };
  };
  // A selection of whole lines ends at the beginning of the next one.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const line = ignoreLine(syntax, start.line, lines);
  return {
    ...(line && { line: toAction(t('Ignore this line (comment in this file)'), [line]) }),
    ...(last > start.line && {
      lines: toAction(
        t('Ignore these lines (comments in this file)'),
        ignoreLines(syntax, start.line, last, lines),
      ),
    }),
    file: toAction(t('Ignore this file (comment in this file)'), [ignoreFile(syntax, lines)]),
  };
}
