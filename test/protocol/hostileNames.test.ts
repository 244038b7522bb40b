import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CodeActionRequest,
  CodeActionTriggerKind,
  CompletionRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  type Hover,
  HoverRequest,
  MarkupContent,
} from 'vscode-languageserver-protocol/node';
import { AnalyzeDocumentRequest } from '../../server/src/protocol/protocol';
import { CHOOSE_RULE_COMMAND, type RuleChoice } from '../../server/src/protocol/rules';
import { analyzeFake, fakeModel } from '../support/fakeEngine';
import { expectLabel, expectLines, hostileName, markdownNodes } from '../support/hostile';
import { richCapabilities, TestClient } from './testClient';

/* A model of which every word is hostile, in a folder whose gazetteer is, as an editor gets to see it. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const id = 'hostile';
const text = 'Ada met Babbage in **Ber**lin \u202e [MASK].\n\nIt was terrible.\n';

async function start(name: string, { markdown }: { readonly markdown: boolean }): Promise<TestClient> {
  const client = await TestClient.start({
    rootUri: pathToFileURL(folder).href,
    models: [{ ...fakeModel, id, sentimentLabels: ['negative', name, `${name}2`] }],
    settings: {
      models: { entities: id, sentiment: id, fillMask: id },
      entities: { diagnostics: 'warning' },
    },
    capabilities: markdown ? richCapabilities : { workspace: { configuration: true } },
    initializationOptions: { entities: true, diagnostics: 'push', rules: true },
  });
  const engine = client.engines.get(id);
  if (!engine) throw new Error('The client has no such engine.');
  engine.analyzeSentence = (sentence) => {
    const { mentions, sentiment } = analyzeFake(sentence);
    return { mentions: mentions.map((mention) => ({ ...mention, type: name })), sentiment };
  };
  engine.fillWords = async () => [
    { texts: [`a${name}`], score: 0.5, pieces: 1 },
    { texts: ['city'], score: 0.25, pieces: 1 },
  ];
  return client;
}

const at = (character: number) => ({ line: 0, character });

function expectHover(hover: Hover | null, { markdown }: { readonly markdown: boolean }): void {
  const { contents } = hover ?? {};
  if (!MarkupContent.is(contents)) throw new Error('There is no hover.');
  expectLines(contents.value);
  const paragraphs = contents.value.split('\n\n');
  expect(paragraphs).toHaveLength(4);
  if (markdown) {
    const nodes = markdownNodes(contents.value);
    expect(nodes.filter((node) => node !== 'Paragraph')).toEqual(['StrongEmphasis', 'StrongEmphasis']);
  } else for (const paragraph of paragraphs) expectLabel(paragraph);
}

function expectSymbols(symbols: readonly DocumentSymbol[]): void {
  for (const { name, detail = '', children = [] } of symbols) {
    expect(name).not.toBe('');
    expectLabel(name);
    expectLabel(detail);
    expectSymbols(children);
  }
}

it('hostile names are text in hovers, diagnostics, symbols, completions, quick fixes and summaries', async () => {
  await fc.assert(
    fc.asyncProperty(hostileName, fc.boolean(), async (name, markdown) => {
      const rules = { gazetteer: [{ text: 'Babbage', type: name.trim() === '' ? 'X' : name }] };
      await writeFile(join(folder, '.subtext.json'), JSON.stringify(rules));
      const client = await start(name, { markdown });
      const uri = await client.open(text, { uri: `${pathToFileURL(folder).href}/a.md` });
      const { connection } = client;
      for (const character of [1, text.indexOf('Babbage'), text.indexOf('Ber')]) {
        const hover = await connection.sendRequest(HoverRequest.type, {
          textDocument: { uri },
          position: at(character),
        });
        expectHover(hover, { markdown });
      }
      const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
      if (markdown) expectSymbols((symbols ?? []) as DocumentSymbol[]);
      else
        for (const { name: shown, containerName = '' } of (symbols ?? []) as never[]) {
          expectLabel(shown);
          expectLabel(containerName);
        }
      const { diagnostics = [] } = client.lastDiagnostics(uri) ?? {};
      expect(diagnostics.length).toBeGreaterThan(2);
      for (const { message, code } of diagnostics) {
        expectLabel(String(message));
        expectLabel(String(code));
      }
      const items = await connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position: at(text.indexOf('[MASK]') + '[MASK]'.length),
      });
      if (!Array.isArray(items)) throw new Error('There are no completions.');
      expect(items.at(-1)?.label).toBe('city');
      for (const { label, textEdit } of items) {
        expectLabel(label);
        expectLines(textEdit?.newText ?? '');
        expect(textEdit?.newText).not.toMatch(/\p{Cc}/u);
      }
      const actions = await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: at(1), end: at(1) },
        context: { diagnostics: [], triggerKind: CodeActionTriggerKind.Invoked },
      });
      const titles = (actions ?? []).flatMap((action) => {
        const command = typeof action.command === 'object' ? action.command : undefined;
        const choices: RuleChoice[] = command?.command === CHOOSE_RULE_COMMAND ? command.arguments?.[0] : [];
        return [action.title, ...choices.map(({ title }) => title)];
      });
      expect(titles.length).toBeGreaterThan(4);
      for (const title of titles) expectLabel(title);
      const summary = await connection.sendRequest(AnalyzeDocumentRequest.type, { textDocument: { uri } });
      // The client words it; here it is data, whatever the names of types are.
      expect(Object.values(summary.entities).every(Number.isSafeInteger)).toBe(true);
      expect(Object.keys(summary.entities)).toContain(name);
      await client.stop();
    }),
    { numRuns: 60 },
  );
});
