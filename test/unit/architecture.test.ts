import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** What each part may import: folders of `server/src` and packages. See ARCHITECTURE.md. */
const rules: Readonly<Record<string, readonly string[]>> = {
  'server/src/core': [
    'server/src/core',
    '@lezer/',
    'entities',
    'decode-named-character-reference',
    'jsonc-parser',
    'modern-ahocorasick',
    're2js',
    'csv-parse',
  ],
  'server/src/protocol': [
    'server/src/protocol',
    'server/src/core',
    'vscode-jsonrpc',
    'vscode-languageserver-protocol',
    'vscode-languageserver-textdocument',
  ],
  'server/src/settings': ['server/src/settings', 'server/src/core', 'vscode-languageserver'],
  'server/src/files': ['node:'],
  'server/src/models': [
    'server/src/models',
    'server/src/hub',
    'server/src/files',
    'server/src/core',
    'server/src/protocol/models',
    'node:',
    '@vscode/l10n',
  ],
  'server/src/hub': [
    'server/src/hub',
    'server/src/files',
    'server/src/core/json',
    'server/src/core/ports',
    'node:',
    '@huggingface/hub',
    'undici',
    '@vscode/l10n',
  ],
  'server/src/graphs': ['server/src/graphs', 'server/src/core', 'node:', '@bufbuild/protobuf'],
  'server/src/inference': [
    'server/src/inference',
    'server/src/graphs',
    'server/src/models',
    'server/src/core',
    'server/src/protocol/protocol',
    'server/src/protocol/models',
    'server/package.json',
    'node:',
    'onnxruntime-node',
    'tokenizers',
    'yauzl',
  ],
  'server/src/rules': [
    'server/src/rules',
    'server/src/files',
    'server/src/core',
    'server/src/settings',
    'server/src/scheduling/timeSlices',
    'server/src/protocol/rules',
    'node:',
    'jsonc-parser',
    'picomatch',
  ],
  'server/src/scheduling': [
    'server/src/scheduling',
    'server/src/core',
    'server/src/settings',
    'server/src/rules',
    'server/src/protocol',
    'server/src/models/installedModels',
    'server/src/models/taskModels',
    'server/src/inference/enginePool',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
  ],
  'server/src/features': [
    'server/src/features',
    'server/src/scheduling',
    'server/src/core',
    'server/src/settings',
    'server/src/rules',
    'server/src/protocol',
    'server/src/inference/enginePool',
    'server/src/models/modelRef',
    'server/src/models/modelStore',
    'server/src/hub/hubError',
    'server/src/models/modelLocation',
    'server/src/inference/devices/deviceService',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
    '@vscode/l10n',
  ],
  'client/src': [
    'client/src',
    'server/src/protocol',
    'server/src/settings',
    'server/src/core/text',
    'server/src/core/surfaces',
    'server/src/core/model',
    'server/src/core/tasks/entityTypes',
    'vscode',
    'vscode-jsonrpc',
    'node:',
  ],
};

/** Matches static imports and re-exports, types included. */
const importPattern = /(?:^|\n)(?:import|export)\s[^;]*?from\s+'([^']+)'|import\s+'([^']+)'/gu;

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts')) yield join(entry.parentPath, entry.name);
  }
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(importPattern)].map(([, from, bare]) => {
    const target = from ?? bare ?? '';
    return target.startsWith('.') ? relative(root, join(file, '..', target)) : target;
  });
}

const isAllowed = (target: string, allowed: readonly string[]): boolean =>
  allowed.some(
    (prefix) =>
      target === prefix ||
      target.startsWith(prefix.endsWith('/') || prefix.endsWith(':') ? prefix : `${prefix}/`) ||
      (prefix === 'vscode' && target.startsWith('vscode-languageclient')),
  );

describe('dependencies point inwards', () => {
  it.each(Object.entries(rules))('%s', (folder, allowed) => {
    const files = [...sources(folder)];
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !isAllowed(target, allowed))
        .map((target) => `${relative(root, file)} imports ${target}`),
    );
    expect(wrong).toEqual([]);
    // A pattern that matches nothing would pass, too.
    expect(files.flatMap(importsOf).length).toBeGreaterThan(0);
  });

  it('and what others wrote meets the editor in few places', () => {
    const sinks = {
      [String.raw`\bwindow(?:\.show(?:Information|Warning|Error)Message|\.withProgress|\[show\])`]: [
        'notifications.ts',
      ],
      [String.raw`\bshowQuickPick\b`]: ['listPicker.ts'],
      // The list of suggestions changes while it is shown; its lines have the same type.
      [String.raw`\bcreateQuickPick\b`]: [join('fillMask', 'candidateList.ts'), 'listPicker.ts'],
      [String.raw`\bcreateLanguageStatusItem\b`]: [join('status', 'languageStatus.ts')],
      [String.raw`\bMarkdownString\b|\bcreateWebviewPanel\b|\.innerHTML\b`]: [],
    };
    for (const [pattern, places] of Object.entries(sinks)) {
      const using = [...sources('client/src')]
        .filter((file) => new RegExp(pattern, 'u').test(readFileSync(file, 'utf8')))
        .map((file) => relative(join('client', 'src'), relative(root, file)));
      expect({ pattern, using: using.sort() }).toEqual({ pattern, using: places });
    }
  });

  it('and only one module brings in the language client, which is loaded behind the activation', () => {
    const loads = /(?:^|\n)import (?!type )[^;]*?from 'vscode-language(?:client|server)/u;
    const loading = [...sources('client/src'), ...sources('server/src/protocol')]
      .filter((file) => loads.test(readFileSync(file, 'utf8')))
      .map((file) => relative(root, file));
    expect(loading).toEqual([join('client', 'src', 'server', 'languageClient.ts')]);
  });
});
