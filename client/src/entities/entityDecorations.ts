import * as vscode from 'vscode';
import type { EntityKind } from './entityKinds';

/**
 * A line below the words tells the kinds apart without colour: its style differs. `other` has a frame, since
 * there are no more line styles that are clear at this size.
 */
const lines: Readonly<
  Record<EntityKind, Pick<vscode.DecorationRenderOptions, 'borderStyle' | 'borderWidth'>>
> = {
  person: { borderStyle: 'solid', borderWidth: '0 0 2px 0' },
  organization: { borderStyle: 'dashed', borderWidth: '0 0 2px 0' },
  location: { borderStyle: 'dotted', borderWidth: '0 0 2px 0' },
  miscellaneous: { borderStyle: 'double', borderWidth: '0 0 3px 0' },
  other: { borderStyle: 'solid', borderWidth: '1px' },
};

/** The colours are contributed by `package.json`, so that themes and users can change them. */
export function createEntityDecoration(kind: EntityKind): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    ...lines[kind],
    borderColor: new vscode.ThemeColor(`subtext.entity.${kind}`),
    backgroundColor: new vscode.ThemeColor(`subtext.entity.${kind}Background`),
    overviewRulerColor: new vscode.ThemeColor(`subtext.entity.${kind}`),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    // What is typed beside a name is not part of it until the server says so.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
