import { parser as javascript } from '@lezer/javascript';
import type { LRParser } from '@lezer/lr';
import { parser as python } from '@lezer/python';
import { PassageExtractor } from '../passages';
import type { ProseExtractor } from '../prose';
import { itemKind, TreeItemSource } from '../treeItems';
import { CodeFormat } from './codeFormat';
import type { CodeItemKind } from './codeItems';
import { lexes } from './languages';
import { LexicalItemSource } from './lexer';

/*
 * Two ways to find comments and strings. Lezer's grammars where it takes syntax to tell them: in JavaScript, with its
 * regular expressions, templates and text between tags, and in Python, where a string may be documentation. For all
 * other languages their lexis: it needs no package a language, knows many more of them than there are grammars, and
 * does not depend on whether the rest of the code is complete.
 */

export interface CodeOptions {
  /** Whether strings that read as text are prose, beside comments. */
  readonly strings: boolean;
}

/** @param languageId of a language of code. */
export function createCodeExtractor(languageId: string, { strings }: CodeOptions): ProseExtractor {
  const format = new CodeFormat(strings);
  const lexis = lexes[languageId];
  return lexis
    ? new PassageExtractor(new LexicalItemSource(lexis), format)
    : new PassageExtractor(createGrammarSource(languageId), format);
}

function createGrammarSource(languageId: string): TreeItemSource<CodeItemKind> {
  if (languageId === 'python') {
    return new TreeItemSource(withKinds(python, pythonKinds), (kind, parent) =>
      kind === 'string' && parent.name === 'ExpressionStatement' ? 'doc' : kind,
    );
  }
  const dialect = { javascript: 'jsx', javascriptreact: 'jsx', typescript: 'ts' }[languageId] ?? 'ts jsx';
  return new TreeItemSource(withKinds(javascript.configure({ dialect }), javascriptKinds));
}

const withKinds = (parser: LRParser, kinds: Readonly<Record<string, CodeItemKind>>): LRParser =>
  parser.configure({ props: [itemKind.add(kinds)] });

const javascriptKinds = {
  LineComment: 'line',
  BlockComment: 'block',
  String: 'string',
  TemplateString: 'string',
  JSXText: 'string',
} as const;

const pythonKinds = { Comment: 'line', String: 'string', FormatString: 'string' } as const;
