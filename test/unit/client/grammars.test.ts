import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';
import manifest from '../../../package.json';

const root = new URL('../../../', import.meta.url);
const contributed = manifest.contributes.grammars;

/** Stands for VS Code's Markdown grammar: the few scopes that the injection has to mind. */
const markdown = {
  scopeName: 'text.html.markdown',
  patterns: [
    { name: 'markup.fenced_code.block.markdown', begin: '^```', end: '^```$' },
    { name: 'markup.inline.raw.string.markdown', match: '`[^`]*`' },
    { name: 'comment.block.html', begin: '<!--', end: '-->' },
    { name: 'meta.link.reference.literal.markdown', match: '\\[[^\\]]*\\]' },
    { name: 'meta.tag.html', match: '<\\w+>' },
    { name: 'markup.bold.markdown', begin: '\\*\\*', end: '\\*\\*' },
  ],
};

let registry: textmate.Registry;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scopeName): Promise<IRawGrammar | null> => {
      if (scopeName === markdown.scopeName)
        return textmate.parseRawGrammar(JSON.stringify(markdown), 'm.json');
      const grammar = contributed.find((candidate) => candidate.scopeName === scopeName);
      if (!grammar) return null;
      return textmate.parseRawGrammar(readFileSync(new URL(grammar.path, root), 'utf8'), grammar.path);
    },
    getInjections: (scopeName) =>
      contributed
        .filter((grammar) => grammar.injectTo?.includes(scopeName))
        .map((grammar) => grammar.scopeName),
  });
});

/** Every token but those that only have the grammar's own scope, as `text` and the innermost scope. */
async function tokenize(scopeName: string, text: string): Promise<[string, string][]> {
  const grammar: IGrammar | null = await registry.loadGrammar(scopeName);
  if (!grammar) throw new Error(`No grammar ${scopeName}`);
  let stack = textmate.INITIAL;
  const found: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const scope = scopes.at(-1) ?? '';
      if (scope !== scopeName) found.push([line.slice(startIndex, endIndex), scope]);
    }
  }
  return found;
}

const mask = 'constant.language.mask.subtext';

test('mask tokens are marked in plain text, in their exact spelling', async () => {
  expect(
    await tokenize('text.plain', '😀 [MASK] 北京[MASK]。<mask> [mask] <MASK> [ MASK ] MASK\r\n'),
  ).toEqual([
    ['[MASK]', mask],
    ['[MASK]', mask],
    ['<mask>', mask],
  ]);
  expect(await tokenize('text.plain', '')).toEqual([]);
});

test('in Markdown mask tokens win over links and tags, and code stays code', async () => {
  const text = [
    '[MASK] and [link] <mask> <b>',
    '**bold [MASK]**',
    '`[MASK]`',
    '<!-- [MASK] -->',
    '```',
    '[MASK]',
    '```',
  ];
  expect(await tokenize('text.html.markdown', text.join('\n'))).toEqual([
    ['[MASK]', mask],
    ['[link]', 'meta.link.reference.literal.markdown'],
    ['<mask>', mask],
    ['<b>', 'meta.tag.html'],
    ['**', 'markup.bold.markdown'],
    ['bold ', 'markup.bold.markdown'],
    ['[MASK]', mask],
    ['**', 'markup.bold.markdown'],
    ['`[MASK]`', 'markup.inline.raw.string.markdown'],
    ['<!--', 'comment.block.html'],
    [' [MASK] ', 'comment.block.html'],
    ['-->', 'comment.block.html'],
    ['```', 'markup.fenced_code.block.markdown'],
    ['[MASK]', 'markup.fenced_code.block.markdown'],
    ['```', 'markup.fenced_code.block.markdown'],
  ]);
});

const token = 'string.unquoted.token.conll';
const column = 'variable.other.column.conll';
const outside = 'constant.language.outside.conll';
const prefix = 'keyword.other.prefix.conll';
const separator = 'punctuation.separator.tag.conll';
const type = 'entity.name.type.conll';

test('CoNLL-2003: columns separated by blanks, documents, empty lines', async () => {
  const text = '-DOCSTART- -X- -X- O\r\n\r\nU.N. NNP I-NP I-ORG\r\nofficial NN I-NP O\r\n. . O O\r\n';
  expect(await tokenize('text.conll', text)).toEqual([
    ['-DOCSTART- -X- -X- O', 'keyword.control.document-start.conll'],
    ['U.N.', token],
    [' NNP I-NP', column],
    ['I', prefix],
    ['-', separator],
    ['ORG', type],
    ['official', token],
    [' NN I-NP', column],
    ['O', outside],
    ['.', token],
    [' . O', column],
    ['O', outside],
  ]);
});

test('IOB2 in two columns: CJK, right-to-left, emoji, and tokens that look like tags', async () => {
  const text = '李白 B-PER\n😀 O\nالقاهرة B-LOC\nO O\n# O\nB-PER O';
  expect(await tokenize('text.conll', text)).toEqual([
    ['李白', token],
    ['B', prefix],
    ['-', separator],
    ['PER', type],
    ['😀', token],
    ['O', outside],
    ['القاهرة', token],
    ['B', prefix],
    ['-', separator],
    ['LOC', type],
    ['O', token],
    ['O', outside],
    ['#', token],
    ['O', outside],
    ['B-PER', token],
    ['O', outside],
  ]);
});

test('columns separated by tabs may be empty and tokens may hold blanks', async () => {
  expect(await tokenize('text.conll', 'New York\t\tNNP\tS-LOC\n3 000\tE-QUANTITY')).toEqual([
    ['New York', token],
    ['\t\tNNP', column],
    ['S', prefix],
    ['-', separator],
    ['LOC', type],
    ['3 000', token],
    ['E', prefix],
    ['-', separator],
    ['QUANTITY', type],
  ]);
});

test('comments are comments, and lines without a tag are left alone', async () => {
  expect(await tokenize('text.conll', '# sent_id = 7\nalone\nword X-PER\nB-')).toEqual([
    ['#', 'punctuation.definition.comment.conll'],
    [' sent_id = 7', 'comment.line.number-sign.conll'],
  ]);
});

test('a line of many columns is read in no time worth the name', async () => {
  const line = `word${' x'.repeat(2_000)} nothing`;
  expect(await tokenize('text.conll', `${line}\n${line.replaceAll(' ', '\t')}`)).toEqual([]);
});
