import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { commandIds } from '../../client/src/commands/commandIds';
import { entityKinds } from '../../client/src/entities/entityKinds';
import manifest from '../../package.json';
import english from '../../package.nls.json';
import chinese from '../../package.nls.zh-cn.json';
import { generateManifest } from '../../scripts/manifest.mjs';
import { type Setting, settingsSchema } from '../../server/src/settings/schema';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const schema: Readonly<Record<string, Setting>> = settingsSchema;

test('package.json, its strings and docs/settings.md say what the settings schema says', async () => {
  for (const [path, text] of Object.entries(await generateManifest())) {
    expect(read(path), `${path}: run node scripts/manifest.mjs`).toBe(text);
  }
});

test('every setting has its type, default, scope and limits in the manifest', () => {
  const properties: Record<string, unknown> = manifest.contributes.configuration.properties;
  const types = {
    enum: 'string',
    string: 'string',
    'string[]': 'array',
    numbers: 'object',
    strings: 'object',
    boolean: 'boolean',
    number: 'number',
    'number?': ['number', 'null'],
    integer: 'integer',
  };
  expect(Object.keys(properties)).toEqual(Object.keys(schema).map((key) => `subtext.${key}`));
  for (const [key, setting] of Object.entries(schema)) {
    expect(properties[`subtext.${key}`]).toMatchObject({
      type: types[setting.type],
      default: setting.default,
      scope: setting.scope,
      ...(setting.type === 'enum' ? { enum: Object.keys(setting.values) } : {}),
      ...('minimum' in setting && setting.type !== 'numbers'
        ? { minimum: setting.minimum, maximum: setting.maximum }
        : {}),
    });
  }
});

test('every default is a value that the setting allows', () => {
  for (const [key, setting] of Object.entries(schema)) {
    if (setting.type === 'enum') expect(Object.keys(setting.values), key).toContain(setting.default);
    if ('minimum' in setting && setting.type !== 'numbers' && setting.type !== 'number?') {
      expect(setting.default, key).toBeGreaterThanOrEqual(setting.minimum);
      expect(setting.default, key).toBeLessThanOrEqual(setting.maximum);
    }
  }
});

test('the commands of the manifest are those that the extension registers', () => {
  const contributed = manifest.contributes.commands;
  expect(contributed.map(({ command }) => command).toSorted()).toEqual(Object.values(commandIds).toSorted());
  expect(new Set(contributed.map(({ category }) => category))).toEqual(new Set(['Subtext']));
  // The type of `registerCommands` leaves no command out; here: nothing else registers one, but for quick fixes.
  const sources = readdirSync(new URL('client/src/', root), { recursive: true, encoding: 'utf8' });
  const registering = sources.filter(
    (path) => path.endsWith('.ts') && read(`client/src/${path}`).includes('.registerCommand('),
  );
  expect(registering.map((path) => basename(path)).toSorted()).toEqual([
    'chooseRule.ts',
    'registerCommands.ts',
  ]);
  const inMenus = Object.values(manifest.contributes.menus).flat();
  for (const { command } of inMenus) expect(Object.values(commandIds)).toContain(command);
});

test('every entity kind, and prose, has its colours in every kind of theme', () => {
  expect(manifest.contributes.colors.map(({ id }) => id)).toEqual([
    ...entityKinds.flatMap((kind) => [`subtext.entity.${kind}`, `subtext.entity.${kind}Background`]),
    'subtext.prose.firstBackground',
    'subtext.prose.secondBackground',
  ]);
  for (const { id, defaults } of manifest.contributes.colors) {
    expect(Object.keys(defaults), id).toEqual(['dark', 'light', 'highContrast', 'highContrastLight']);
    for (const color of Object.values(defaults)) expect(color, id).toMatch(/^#[0-9A-F]{6}([0-9A-F]{2})?$/);
  }
});

/** Relative luminance, WCAG 2.2. @param color `#RRGGBB` */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

test('the lines below entities stand out from the grounds of the default themes', () => {
  // WCAG asks for 3 to 1 for graphics, and high contrast is for those who need more.
  const grounds = {
    dark: '#1F1F1F',
    light: '#FFFFFF',
    highContrast: '#000000',
    highContrastLight: '#FFFFFF',
  };
  const least = { dark: 4.5, light: 4.5, highContrast: 7, highContrastLight: 7 };
  for (const { id, defaults } of manifest.contributes.colors.filter(({ id }) => !id.endsWith('Background'))) {
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      expect(contrast(defaults[theme], grounds[theme]), `${id} ${theme}`).toBeGreaterThanOrEqual(
        least[theme],
      );
    }
  }
});

test('every string of the manifest exists, is used, and is translated', () => {
  const used = new Set(
    [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''),
  );
  expect(Object.keys(english).toSorted()).toEqual([...used].toSorted());
  expect(Object.keys(chinese)).toEqual(Object.keys(english));
  for (const [key, text] of Object.entries(chinese)) {
    if (key !== 'configuration.title') expect(text, key).toMatch(/\p{Script=Han}/u);
  }
});

test('translations keep code and setting values as they are', () => {
  const code = (text: string) => (text.match(/`[^`]+`/g) ?? []).toSorted();
  const translated: Readonly<Record<string, string>> = chinese;
  for (const [key, text] of Object.entries(english))
    expect(code(translated[key] ?? ''), key).toEqual(code(text));
});

test('every file that the manifest names is there', () => {
  const { languages, grammars, jsonValidation } = manifest.contributes;
  const paths = [
    manifest.icon,
    manifest.l10n,
    ...languages.flatMap((language) => ('configuration' in language ? [language.configuration ?? ''] : [])),
    ...jsonValidation.map(({ url }) => url),
    ...grammars.map(({ path }) => path),
  ];
  for (const path of paths) expect(existsSync(new URL(path, root)), path).toBe(true);
});

test('settings that a workspace may only override when trusted are declared so', () => {
  const machine = Object.entries(schema).filter(
    ([, { scope, restricted }]) => restricted || scope === 'machine-overridable',
  );
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(
    machine.map(([key]) => `subtext.${key}`),
  );
});

test('the version is the same everywhere', () => {
  for (const workspace of manifest.workspaces) {
    expect(JSON.parse(read(`${workspace}/package.json`)).version, workspace).toBe(manifest.version);
  }
});
