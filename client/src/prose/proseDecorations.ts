import * as vscode from 'vscode';
import type { ProseStyle } from './proseSpans';

/** No look depends on colour alone; the colours are contributed by `package.json`. */
const styles: Readonly<Record<ProseStyle, vscode.DecorationRenderOptions>> = {
  first: { backgroundColor: new vscode.ThemeColor('subtext.prose.firstBackground') },
  second: { backgroundColor: new vscode.ThemeColor('subtext.prose.secondBackground') },
  pending: { textDecoration: 'underline dotted' },
  ignored: { textDecoration: 'line-through' },
  rest: { opacity: '0.4' },
};

export const createProseDecoration = (style: ProseStyle): vscode.TextEditorDecorationType =>
  vscode.window.createTextEditorDecorationType({
    ...styles[style],
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
