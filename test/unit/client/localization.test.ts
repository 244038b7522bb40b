import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import bundle from '../../../l10n/bundle.l10n.zh-cn.json';

/** How a process calls for a message: the client through the editor, the server through `@vscode/l10n`. */
const callers = [
  { folder: 'client/src/', uses: /\bl10n\.t\(/, call: /\bl10n\.t\(/g, message: /\bl10n\.t\(\s*'([^'\\]*)'/g },
  {
    folder: 'server/src/',
    uses: /'@vscode\/l10n'/,
    call: /(?<![\w.])t\(/g,
    message: /(?<![\w.])t\(\s*'([^'\\]*)'/g,
  },
];

/** The messages of all calls; each has to be one string literal. */
function messages(): string[] {
  return callers.flatMap(({ folder, uses, call, message }) => {
    const root = new URL(`../../../${folder}`, import.meta.url);
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    return paths.flatMap((path) => {
      const source = readFileSync(new URL(path.replaceAll('\\', '/'), root), 'utf8');
      if (!uses.test(source)) return [];
      const found = [...source.matchAll(message)].map((match) => match[1] ?? '');
      expect(found, `messages of ${folder}${path}`).toHaveLength(source.match(call)?.length ?? 0);
      return found;
    });
  });
}

const placeholders = (message: string) => (message.match(/\{\d+\}/g) ?? []).toSorted();

test('every message of the client and the server is translated, and nothing else is', () => {
  expect(Object.keys(bundle).toSorted()).toEqual([...new Set(messages())].toSorted());
});

test('translations are Chinese and keep the placeholders', () => {
  for (const [message, translation] of Object.entries(bundle)) {
    expect(placeholders(translation), message).toEqual(placeholders(message));
    if (/[a-z]/i.test(message.replace('Subtext', '')))
      expect(translation, message).toMatch(/\p{Script=Han}/u);
  }
});
