// Writes what follows from server/src/settings/schema.ts: the settings in package.json, their strings in
// package.nls.json, and docs/settings.md. `--check` writes nothing and fails where they differ.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const section = 'subtext';
const stringPrefix = 'configuration.';

/** @returns {Promise<Readonly<Record<string, import('../server/src/settings/schema').Setting>>>} */
async function loadSchema() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('server/src/settings/schema.ts', root))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  const [bundle] = outputFiles;
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(bundle.contents).toString('base64')}`
  );
  return module.settingsSchema;
}

/** What VS Code reads of a setting; texts are keys of package.nls.json. */
function toProperty(key, setting, order) {
  const common = { scope: setting.scope, default: setting.default, order };
  const description = { markdownDescription: `%${stringPrefix}${key}%` };
  switch (setting.type) {
    case 'enum': {
      const values = Object.keys(setting.values);
      return {
        type: 'string',
        enum: values,
        markdownEnumDescriptions: values.map((value) => `%${stringPrefix}${key}.${value}%`),
        ...common,
        ...description,
      };
    }
    case 'string[]':
      return { type: 'array', items: { type: 'string' }, uniqueItems: true, ...common, ...description };
    case 'numbers': {
      const { minimum, maximum } = setting;
      const additionalProperties = { type: 'number', minimum, maximum };
      return { type: 'object', additionalProperties, ...common, ...description };
    }
    case 'strings':
      return { type: 'object', additionalProperties: { type: 'string' }, ...common, ...description };
    case 'number?': {
      const { minimum, maximum } = setting;
      return { type: ['number', 'null'], minimum, maximum, ...common, ...description };
    }
    case 'boolean':
    case 'string':
      return { type: setting.type, ...common, ...description };
    default:
      return {
        type: setting.type,
        minimum: setting.minimum,
        maximum: setting.maximum,
        ...common,
        ...description,
      };
  }
}

function toStrings(schema) {
  const strings = { [`${stringPrefix}title`]: 'Subtext' };
  for (const [key, setting] of Object.entries(schema)) {
    strings[`${stringPrefix}${key}`] = setting.description;
    if (setting.type !== 'enum') continue;
    for (const [value, text] of Object.entries(setting.values))
      strings[`${stringPrefix}${key}.${value}`] = text;
  }
  return strings;
}

const scopes = {
  resource: 'user, workspace, folder',
  'language-overridable': 'user, workspace, folder, language',
  window: 'user, workspace',
  machine: 'user, of this machine',
  'machine-overridable': 'user, of this machine; a trusted workspace may override it',
};

function toDocumentation(schema) {
  const rows = Object.entries(schema).map(([key, setting]) => {
    const code = (value) => `\`${JSON.stringify(value)}\``;
    const values =
      setting.type === 'enum'
        ? Object.entries(setting.values)
            .map(([value, text]) => `${code(value)}: ${text}`)
            .join('<br>')
        : setting.type === 'boolean'
          ? `${code(true)}, ${code(false)}`
          : setting.type === 'string[]'
            ? 'list of strings'
            : setting.type === 'string' || setting.type === 'strings'
              ? setting.form
              : setting.type === 'numbers'
                ? `object with numbers, ${setting.minimum} to ${setting.maximum}`
                : setting.type === 'number?'
                  ? `number, ${setting.minimum} to ${setting.maximum}, or \`null\``
                  : `${setting.type === 'integer' ? 'whole number' : 'number'}, ${setting.minimum} to ${setting.maximum}`;
    const cells = [
      `\`${section}.${key}\``,
      setting.description,
      values,
      code(setting.default),
      scopes[setting.scope],
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `# Settings

<!-- Written by \`node scripts/manifest.mjs\` from server/src/settings/schema.ts. Change it there. -->

In VS Code they are on the settings page under *Extensions › Subtext*. Other editors answer the server's
\`workspace/configuration\` request for the section \`${section}\`, or send \`workspace/didChangeConfiguration\`. A
change takes effect at once.

| Setting | What it does | Values | Default | Where it can be set |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

/** The files as they ought to be, by their path from the root of the project. */
export async function generateManifest() {
  const schema = await loadSchema();
  const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const properties = Object.entries(schema).map(([key, setting], order) => [
    `${section}.${key}`,
    toProperty(key, setting, order),
  ]);
  manifest.contributes = {
    ...manifest.contributes,
    configuration: { title: `%${stringPrefix}title%`, properties: Object.fromEntries(properties) },
  };
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = Object.entries(schema)
    .filter(([, { scope, restricted }]) => restricted || scope === 'machine-overridable')
    .map(([key]) => `${section}.${key}`);
  const strings = JSON.parse(await readFile(new URL('package.nls.json', root), 'utf8'));
  const others = Object.entries(strings).filter(([key]) => !key.startsWith(stringPrefix));
  return {
    'package.json': json(manifest),
    'package.nls.json': json({ ...Object.fromEntries(others), ...toStrings(schema) }),
    'docs/settings.md': toDocumentation(schema),
  };
}

async function main() {
  const outdated = [];
  for (const [path, text] of Object.entries(await generateManifest())) {
    const file = new URL(path, root);
    const current = await readFile(file, 'utf8').catch(() => undefined);
    if (current === text) continue;
    outdated.push(path);
    if (process.argv.includes('--check')) continue;
    await mkdir(dirname(fileURLToPath(file)), { recursive: true });
    await writeFile(file, text);
  }
  if (outdated.length === 0) return;
  const list = outdated.join(', ');
  if (!process.argv.includes('--check')) console.log(`Written: ${list}`);
  else {
    console.error(`Not what the settings schema says: ${list}. Run node scripts/manifest.mjs.`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
