import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../server/src/cli/run';
import { FakeDevices } from '../../support/fakeDevices';
import { config, HubSetup, modelFiles } from '../hub/setup';

const REPO = 'org/model';

let setup: HubSetup;
beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
});
afterEach(() => setup.stop());

/** Runs the program; what differs from run to run is replaced. */
const subtext = async (args: readonly string[], answer?: string) => {
  const stdin = Object.assign(
    Readable.from(answer === undefined ? [] : [answer]),
    answer !== undefined && { isTTY: true },
  );
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const code = await run({
    args,
    streams: { stdin, stdout, stderr },
    environment: {},
    startEngine: () => Promise.reject(new Error('No engine is needed.')),
    openStore: () => setup.store(),
    openDevices: () => new FakeDevices(),
    signal: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [out, err] = (await outputs).map((output) =>
    output
      .replaceAll(setup.cacheDir, 'CACHE')
      .replaceAll(new URL(setup.hub.endpoint).host, 'HOST')
      .replace(/\b[0-9a-f]{12,40}\b/g, 'COMMIT'),
  );
  return { code, out, err };
};

const summary = `org/model (entities)
  source   HOST, commit COMMIT
  licence  not stated
  files    4 in int8, 0.1 MB; 0.1 MB to download
  folder   CACHE
  formats  fp32 0.0 MB, int8 0.1 MB
`;
const installed = 'org/model is installed in CACHE/models--org--model/snapshots/COMMIT\n';

describe('subtext models', () => {
  it('downloads, lists and removes', async () => {
    expect(await subtext(['models', 'download', REPO, '--yes'])).toEqual({
      code: 0,
      out: summary + installed,
      err: '',
    });
    expect(await subtext(['models', 'list'])).toEqual({
      code: 0,
      out: '  model      state      tasks      MB  licence  score\n  org/model  installed  entities  0.1\n',
      err: '',
    });
    const { out = '' } = await subtext(['models', 'list', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ version: 1, models: [{ ref: REPO, installed: true }] });
    expect(await subtext(['models', 'remove', REPO])).toEqual({
      code: 0,
      out: 'org/model is removed; 0.1 MB are free again\n',
      err: '',
    });
  });

  it('lists a broken model beside the others, and says what is wrong', async () => {
    await subtext(['models', 'download', REPO, '--yes']);
    const broken = config({ id2label: null, num_labels: 4e9 });
    await setup.publish(`../cache/models--org--bad/snapshots/${'0'.repeat(40)}`, {
      ...modelFiles,
      'config.json': broken,
    });
    const { code, out, err } = await subtext(['models', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}org\/model +installed +entities .*$/m);
    expect(out).toMatch(/^ {2}org\/bad@COMMIT +broken .*$/m);
    expect(err).toMatch(
      /^subtext: org\/bad@COMMIT: .*config\.json: "num_labels" must be a whole number from 1 to 10,000\.\n$/,
    );
    const { models } = JSON.parse((await subtext(['models', 'list', '--format', 'json'])).out ?? '');
    expect(models).toMatchObject([
      { ref: 'org/bad@COMMIT', problem: expect.stringContaining('num_labels') },
      { ref: REPO },
    ]);
    expect((await subtext(['models', 'remove', `org/bad@${'0'.repeat(40)}`])).code).toBe(0);
  });

  it.each([
    ['y\n', 0, summary + installed],
    ['n\n', 2, summary],
    ['\n', 2, summary],
  ])('asks on a terminal: %j', async (answer, code, out) => {
    expect(await subtext(['models', 'download', REPO], answer)).toEqual({
      code,
      out,
      err: 'Download? [y/N] ',
    });
  });

  it('downloads nothing where nobody can be asked', async () => {
    expect(await subtext(['models', 'download', REPO])).toEqual({
      code: 2,
      out: summary,
      err: 'subtext: nothing was downloaded: agree with --yes\n',
    });
    expect(setup.cached()).toEqual([]);
  });

  it.each([
    [['remove', REPO], 'org/model is not installed.'],
    [['remove', 'subtext-base'], 'subtext-base is part of Subtext and stays.'],
    [
      ['download', 'org/other'],
      'org/other does not exist or is private. Check the spelling; for private ones set HF_TOKEN.',
    ],
    [['download', 'a/b/c'], '"a/b/c" names no model.'],
  ])('%j fails with a message', async (args, message) => {
    const { code, out, err } = await subtext(['models', ...args]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining(`subtext: ${message}`),
    });
  });

  it('tells wrong usage', async () => {
    const { code, err } = await subtext(['models', 'download']);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining("missing required argument 'model'"),
    });
  });
});
