import * as vscode from 'vscode';
import type { Span } from '../../server/src/core/text/span';
import { analyzedLanguages, isAnalyzedLanguage } from '../../server/src/settings/analyzedLanguages';
import { readSetting } from './settings';

/**
 * Where documents that a person writes live. The same text under other schemes (`git`, `output`, the sides of
 * a diff) is a copy that nobody edits, so analysing it would only cost time.
 */
export const documentSchemes = [
  'file',
  'untitled',
  'vscode-remote',
  'vscode-vfs',
  // The editor has a document for each cell of a notebook.
  'vscode-notebook-cell',
] as const;

const readLanguageSettings = () => ({
  languages: readSetting('languages').filter((language) => typeof language === 'string'),
  'prose.comments': readSetting('prose.comments'),
});

/** Whether the languages of the documents to analyse may be others after a change of settings. */
export const affectsLanguages = (event: vscode.ConfigurationChangeEvent): boolean =>
  event.affectsConfiguration('subtext.languages') || event.affectsConfiguration('subtext.prose.comments');

/** The languages of the documents to analyse, by the settings. */
export const supportedLanguages = (): readonly string[] => analyzedLanguages(readLanguageSettings());

export const documentSelector = (): { language: string; scheme: string }[] =>
  supportedLanguages().flatMap((language) => documentSchemes.map((scheme) => ({ language, scheme })));

export const isSupported = ({ uri, languageId }: vscode.TextDocument): boolean =>
  (documentSchemes as readonly string[]).includes(uri.scheme) &&
  isAnalyzedLanguage(languageId, readLanguageSettings());

export const toRange = (document: vscode.TextDocument, span: Span): vscode.Range =>
  new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));

export const toSpan = (document: vscode.TextDocument, range: vscode.Range): Span => ({
  start: document.offsetAt(range.start),
  end: document.offsetAt(range.end),
});
