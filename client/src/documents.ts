import * as vscode from 'vscode';
import type { Span } from '../../server/src/core/text/span';
import { readSetting } from './settings';

/**
 * Where documents that a person writes live. The same text under other schemes (`git`, `output`, the sides of
 * a diff) is a copy that nobody edits, so analysing it would only cost time.
 */
export const documentSchemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'] as const;

/** The documents to analyse, by the setting `subtext.languages`. */
export function documentSelector(): { language: string; scheme: string }[] {
  const languages = new Set(readSetting('languages').filter((language) => typeof language === 'string'));
  return [...languages].flatMap((language) => documentSchemes.map((scheme) => ({ language, scheme })));
}

export const isSupported = (document: vscode.TextDocument): boolean =>
  vscode.languages.match(documentSelector(), document) > 0;

export const toRange = (document: vscode.TextDocument, span: Span): vscode.Range =>
  new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));

export const toSpan = (document: vscode.TextDocument, range: vscode.Range): Span => ({
  start: document.offsetAt(range.start),
  end: document.offsetAt(range.end),
});
