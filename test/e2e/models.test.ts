import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import catalog from '../../models/catalog.json';
import { findBrowser } from '../support/executables';
import { type LocalHub, startLocalHub } from '../support/localHub/localHub';
import { root } from '../support/paths';
import type { EditorPage } from './harness/editorPage';
import { openSession, type Session } from './harness/session';
import { findWorkbench } from './harness/workbench';

/** Models of a Hub on this machine, chosen, downloaded, used and removed as a person does it. */

/** Of the catalogue, and without checksums there: the Hub here serves a small model in its place. */
const stars = catalog.models.find(
  ({ repository }) => repository === 'Xenova/bert-base-multilingual-uncased-sentiment',
);
const ner = 'tests/bert-uncased-ner';

/** How long something may take to be seen on a busy machine. */
const patience = { timeout: 20_000 };

interface Golden {
  readonly entities: readonly {
    readonly text: number;
    readonly mentions: {
      readonly first: readonly (readonly [start: number, end: number, type: string, score: number])[];
    };
  }[];
}

/** The small models are not sure of anything. */
const threshold = 0.5;
/** By so much a score may differ from the reference without consequence for the test. */
const margin = 0.01;

/** A text and a word in it that only the small model takes for a name, as transformers' pipeline has it. */
async function findSample(): Promise<{ readonly text: string; readonly mention: string }> {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(root, 'test/fixtures/reference', `${name}.json`), 'utf8')) as unknown;
  const { texts } = (await read('texts')) as { readonly texts: readonly string[] };
  const { entities } = (await read('bert-uncased-ner')) as Golden;
  for (const { text: index, mentions } of entities) {
    const text = texts[index] ?? '';
    const sure = mentions.first.filter(([, , , score]) => score > threshold + margin);
    const words = sure.map(([start, end]) => text.slice(start, end)).filter((word) => /^[a-z]+$/.test(word));
    const mention = words.find((word) => text.indexOf(word) === text.lastIndexOf(word));
    if (mention !== undefined && /^[ -~]{20,80}$/.test(text)) return { text, mention };
  }
  throw new Error('The reference has no such text.');
}

/** Lays a model out as a repository of the Hub. */
async function publish(hub: string, repository: string, model: string, card: object): Promise<void> {
  const folder = join(hub, repository);
  await mkdir(dirname(folder), { recursive: true });
  await cp(join(root, 'test/fixtures/models', model), folder, { recursive: true });
  await writeFile(join(folder, '.hub.json'), JSON.stringify(card));
}

const workbench = findBrowser() ? await findWorkbench() : undefined;

describe.skipIf(!workbench)('models in the workbench', () => {
  let folder: string;
  let hub: LocalHub;
  let session: Session;
  let editor: EditorPage;
  /** Where the Hub keeps the weights of the model that is typed in. */
  let weights: string;
  let sample: Awaited<ReturnType<typeof findSample>>;

  beforeAll(async () => {
    if (!workbench) return;
    sample = await findSample();
    folder = await mkdtemp(join(tmpdir(), 'subtext-hub-'));
    const served = join(folder, 'served');
    await publish(served, stars?.repository ?? '', 'bert-uncased-stars', { commit: stars?.revision });
    await publish(served, ner, 'bert-uncased-ner', { pipeline_tag: 'token-classification' });
    const graph = await readFile(join(served, ner, 'onnx/model.onnx'));
    weights = `/${createHash('sha256').update(graph).digest('hex')}`;
    hub = await startLocalHub(served);
    session = await openSession(workbench, {
      files: { 'sample.txt': `${sample.text}\n` },
      environment: { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: join(folder, 'cache') },
    });
    ({ editor } = session);
    await session.configure({ 'subtext.entities.threshold': threshold });
    await editor.openFile('sample.txt');
  });

  afterEach(async ({ task }) => {
    hub?.faults.clear();
    if (task.result?.state === 'fail') await session.keepEvidence(task.name);
  });

  afterAll(async () => {
    await session?.close();
    await hub?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Opens the list of models for a task. */
  async function choose(task: string): Promise<void> {
    await editor.runCommand('Subtext: Choose Model');
    await editor.pick(task);
    await editor.rows.filter({ hasText: 'Subtext base' }).waitFor();
  }

  /** Types the name of a model for the entities. */
  async function enter(ref: string): Promise<void> {
    await choose('Entities');
    await editor.pick('Enter a Hugging Face id');
    await editor.quickInput.getByPlaceholder('owner/name').fill(ref);
    await editor.press('Enter');
  }

  const answer = (button: string) => editor.dialog.getByRole('button', { name: button }).click();

  test('a model of the catalogue is downloaded after consent, and used', async () => {
    await choose('Sentiment');
    const row = editor.rows.filter({ hasText: stars?.repository ?? '' });
    expect(await row.textContent()).toMatch(/MIT.*Catalogue/);
    await row.click();
    await editor.dialog.waitFor();
    const consent = await editor.dialog.textContent();
    expect(consent).toContain(stars?.title);
    expect(consent).toContain('Licence: MIT');
    expect(consent).toContain(`revision ${stars?.revision.slice(0, 7)}`);
    expect(consent).toContain(join(folder, 'cache'));
    await answer('Download');
    await expect
      .poll(() => editor.languageStatus(), patience)
      .toMatch(/^bert-base-multilingual-uncased-sentiment\W+Sentiment · cpu/m);
  });

  test('nothing is downloaded without consent', async () => {
    await enter(ner);
    await editor.dialog.waitFor();
    expect(await editor.dialog.textContent()).toContain('Licence: not stated');
    await editor.press('Escape');
    await editor.dialog.waitFor({ state: 'detached' });
    expect(hub.requests.filter(({ path }) => path === weights)).toEqual([]);
  });

  test('what names no model is refused where it is typed', async () => {
    for (const ref of ['no model', 'tests/absent', '/nowhere']) {
      await enter(ref);
      const message = editor.quickInput.locator('.quick-input-message');
      await expect.poll(() => message.textContent(), patience).toContain(ref);
      await editor.press('Escape');
    }
  });

  test('a download shows its progress, and can be cancelled', async () => {
    hub.faults.add({ path: weights, stallAfter: 20_000 });
    await enter(ner);
    await answer('Download');
    await editor.showNotifications();
    const progress = editor.notifications.filter({ hasText: `Downloading “${ner}”` });
    await progress.filter({ hasText: /\d kB of \d+ kB/ }).waitFor();
    expect(await editor.languageStatus()).toContain(`Downloading “${ner}”`);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'detached' });
    expect(await editor.languageStatus()).not.toContain('Downloading');
  });

  test('a download that failed is tried again, takes up what is there, and the model is used', async () => {
    expect(await editor.markOf(sample.mention)).toBeUndefined();
    // Longer than the server would wait without asking.
    hub.faults.add({ path: weights, times: 1, status: 429, headers: { 'retry-after': '3600' } });
    await enter(ner);
    await answer('Download');
    await editor.showNotifications();
    await editor.notifications.getByRole('button', { name: 'Retry' }).click();
    await editor.marked(sample.mention);
    const ranges = hub.requests.filter(({ path }) => path === weights).map(({ range }) => range);
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-/);
    expect(await editor.languageStatus()).toMatch(/^bert-uncased-ner\W+Entities · cpu/m);
    await choose('Entities');
    await expect
      .poll(() => editor.rows.filter({ hasText: ner }).textContent(), patience)
      .toContain('Entities');
    await editor.press('Escape');
  });

  test('a model in use stays; another is removed after a question', async () => {
    const installed = async () =>
      (await readdir(join(folder, 'cache'))).filter((name) => name.includes('bert-uncased-ner'));
    const remove = async () => {
      await editor.runCommand('Subtext: Manage Models');
      await editor.pick(ner);
      await editor.pick('Remove');
    };
    await remove();
    await editor.showNotifications();
    await editor.notifications.filter({ hasText: `“${ner}” is in use for Entities` }).waitFor();

    await choose('Entities');
    await editor.pick('Subtext base');
    await expect.poll(() => editor.markOf(sample.mention), patience).toBeUndefined();
    expect(await installed()).not.toEqual([]);
    await remove();
    await editor.dialog.filter({ hasText: `Remove “${ner}”?` }).waitFor();
    await answer('Remove');
    await editor.rows.filter({ hasText: 'Subtext base' }).waitFor();
    expect(await editor.rows.filter({ hasText: ner }).count()).toBe(0);
    await editor.press('Escape');
    await editor.showNotifications();
    await editor.notifications.filter({ hasText: `“${ner}” is removed` }).waitFor();
    expect(await installed()).toEqual([]);
  });

  test('a model that settings name but that is not here is told of, and not fetched', async () => {
    const before = hub.requests.length;
    await session.configure({ 'subtext.models.entities': ner });
    await editor.showNotifications();
    const message = editor.notifications.filter({ hasText: `“${ner}” is not installed` });
    await message.getByRole('button', { name: 'Choose Model' }).waitFor();
    expect(hub.requests).toHaveLength(before);
    await message.getByRole('button', { name: 'Download' }).click();
    await editor.dialog.filter({ hasText: `Download “${ner}”?` }).waitFor();
    await answer('Cancel');
  });

  test('the devices of this machine are measured and shown as a table', async () => {
    await editor.runCommand('Subtext: Benchmark Devices');
    const preview = editor.page.frameLocator('iframe.webview').frameLocator('#active-frame');
    const row = preview.locator('tbody tr', { hasText: 'cpu' }).first();
    await row.waitFor({ timeout: 60_000 });
    expect(await row.textContent()).toMatch(/cpu.*subtext-base.*works/s);
  });
});
