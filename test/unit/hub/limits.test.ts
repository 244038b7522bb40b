import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { HubClient } from '../../../server/src/hub/hubClient';
import { mostFiles, mostJsonBytes, mostPages } from '../../../server/src/hub/hubLimits';
import { config, HubSetup } from './setup';

const REPO = 'org/model';
const signal = new AbortController().signal;
/** What may be on the way while somebody stops listening. */
const SLACK_BYTES = 20e6;

let setup: HubSetup;
beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
});
afterEach(() => setup.stop());

const failure = async (attempt: Promise<unknown>): Promise<string> => {
  const error: Error = await attempt.then(
    () => {
      throw new Error('It went well.');
    },
    (reason) => reason,
  );
  return error.message.replaceAll(new URL(setup.hub.endpoint).host, 'HOST');
};

const plan = () => failure(setup.download(REPO));

const tooLarge = (megabytes: number | string) =>
  `HOST sent more than ${megabytes} MB where far less is due. Check HF_ENDPOINT and the proxy.`;

describe('what a Hub sends has a limit', () => {
  const piece = 'x'.repeat(1 << 16);

  it.each([
    ['what it says of a repository', '/revision/', tooLarge(10)],
    ['the list of files', '/tree/', tooLarge(10)],
    ['the configuration', '/config.json', tooLarge(config().length / 1e6)],
  ])('%s', async (_, path, message) => {
    setup.hub.faults.add({ path, body: piece, endless: true });
    expect(await plan()).toBe(message);
    expect(setup.hub.sentBytes).toBeLessThan(SLACK_BYTES);
  });

  it('the content of a file', async () => {
    setup.hub.faults.add({ path: '/tokenizer.json', body: piece, endless: true });
    expect(await plan()).toMatch(/^tokenizer\.json of org\/model arrived from HOST with another content/);
    expect(setup.hub.sentBytes).toBeLessThan(SLACK_BYTES);
  });

  it('a configuration by what is announced', async () => {
    const { files } = await setup.remote(REPO);
    const listed = files.map(({ path, oid }) => ({
      type: 'file',
      path,
      oid,
      size: path === 'config.json' ? mostJsonBytes + 1 : 1,
    }));
    setup.hub.faults.add({ path: '/tree/', body: JSON.stringify(listed) });
    expect(await plan()).toBe(tooLarge(10));
    expect(setup.hub.requests.filter(({ path }) => path.includes('/resolve/'))).toEqual([]);
  });

  it('the number of pages', async () => {
    const next = `<${setup.hub.endpoint}/api/models/${REPO}/tree/main?cursor=1>; rel="next"`;
    setup.hub.faults.add({ path: '/tree/', body: '[]', headers: { link: next } });
    expect(await plan()).toBe('HOST lists more files than any model has. Check HF_ENDPOINT and the proxy.');
    expect(setup.hub.requests.filter(({ path }) => path.includes('/tree/'))).toHaveLength(mostPages);
  });

  it('the number of files', async () => {
    const file = { type: 'file', path: 'a', size: 1, oid: '0'.repeat(40) };
    setup.hub.faults.add({
      path: '/tree/',
      body: JSON.stringify(Array.from({ length: mostFiles + 1 }, () => file)),
    });
    expect(await plan()).toMatch(/^HOST lists more files than any model has/);
  });
});

describe('what takes too long', () => {
  const open = (timeouts: { silenceMs?: number; answerMs?: number }) =>
    HubClient.open(setup.environment(), REPO, { silenceMs: 60_000, answerMs: 60_000, ...timeouts });

  test.each([
    ['however steadily it comes', { answerMs: 300 }, { endless: true, millisecondsAPiece: 20 }],
    ['without a byte', { silenceMs: 300 }, { endless: true, millisecondsAPiece: 2_000 }],
  ])('is given up: %s', async (_, timeouts, fault) => {
    const client = await open(timeouts);
    setup.hub.faults.add({ path: REPO, body: ' ', ...fault });
    const { commit, files } = await setup.remote(REPO);
    const file = files.find(({ path }) => path === 'config.json');
    const requests = [
      client.info('main', signal),
      client.files(commit, signal),
      client.readJson(commit, { path: 'config.json', bytes: 1000, oid: file?.oid ?? '' }, signal),
    ];
    for (const message of await Promise.all(requests.map(failure))) {
      expect(message).toMatch(/^HOST cannot be reached \((?:ETIMEDOUT|UND_ERR_BODY_TIMEOUT)\)/);
    }
    await client.close();
  });

  it('is given up by whoever asked, too', async () => {
    const controller = new AbortController();
    const client = await open({});
    setup.hub.faults.add({ path: '/tree/', body: ' ', endless: true, millisecondsAPiece: 20 });
    const { commit } = await setup.remote(REPO);
    setTimeout(() => controller.abort(new Error('That is enough.')), 50);
    expect(await failure(client.files(commit, controller.signal))).toBe('That is enough.');
    await client.close();
  });
});

describe('what makes no sense', () => {
  const oid = '0'.repeat(64);
  const listed = (change: object) =>
    JSON.stringify([{ type: 'file', path: 'onnx/model.onnx', size: 130, oid: '0'.repeat(40), ...change }]);

  test.each([
    [{ lfs: { oid, size: 'x' } }],
    [{ lfs: { oid, size: -1 } }],
    [{ lfs: { oid, size: 1e300 } }],
    [{ lfs: { oid, size: 1.5 } }],
    [{ lfs: { oid, size: {} } }],
    [{ lfs: { oid: [oid], size: 1 } }],
    [{ lfs: { oid: '../../x', size: 1 } }],
    [{ size: '130' }],
    [{ size: null }],
    [{ oid: 7 }],
  ])('in a list of files: %j', async (change) => {
    setup.hub.faults.add({ path: '/tree/', body: listed(change) });
    expect(await plan()).toBe(
      'HOST lists the file "onnx/model.onnx" without a size or a checksum that could be true. ' +
        'Check HF_ENDPOINT and the proxy.',
    );
  });

  test.each([[{ path: 7 }], [{ path: null }], [{ path: 'x'.repeat(5_000) }]])(
    'as a path: %#',
    async (change) => {
      setup.hub.faults.add({ path: '/tree/', body: listed(change) });
      const message = await plan();
      expect(message).toMatch(/^HOST lists the file "(?:7|null|x+)" without/);
      expect(message.length).toBeLessThan(1_200);
    },
  );

  test.each(['null', '7', '"x"', '{}', '[null]', '[[]]', '[7]', '['.repeat(10_000), '<html>'])(
    'as a list of files: %j',
    async (body) => {
      setup.hub.faults.add({ path: '/tree/', body });
      expect(await plan()).toMatch(/^(?:HOST does not answer like|org\/model has no ONNX graph)/);
    },
  );

  test.each([
    'null',
    '[]',
    '{}',
    '{"sha": 7}',
    `{"sha": ["${'0'.repeat(40)}"]}`,
    '{"sha": "main"}',
    '<html>',
  ])('of a repository: %j', async (body) => {
    setup.hub.faults.add({ path: '/revision/', body });
    expect(await plan()).toMatch(/^HOST does not answer like a Hugging Face Hub\./);
  });

  it('of licences and languages is left out', async () => {
    const cardData = {
      license: 'x'.repeat(201),
      language: ['en', 7, 'x'.repeat(201), ...Array.from({ length: 5_000 }, () => 'de')],
    };
    await setup.publish(REPO, { '.hub.json': JSON.stringify({ cardData }) });
    const client = await HubClient.open(setup.environment(), REPO);
    const { licence, languages } = await client.info('main', signal);
    expect(licence).toBeUndefined();
    expect(languages.slice(0, 2)).toEqual(['en', 'de']);
    expect(languages).toHaveLength(1_000);
    await client.close();
  });
});

describe('a broken model is not downloaded', () => {
  test.each([
    [config({ id2label: null, num_labels: 4e9 }), '"num_labels" must be a whole number from 1 to 10,000.'],
    [config({ hidden_size: 1e12 }), '"hidden_size" must be a whole number from 1 to 100,000.'],
    [`{"a": ${'['.repeat(10_000)}`, 'is nested deeper than 100 levels (line 1, column 106).'],
    ['<html>', 'is not valid JSON (line 1, column 1).'],
  ])('%#', async (content, problem) => {
    await setup.publish(REPO, { 'config.json': content });
    const message = await plan();
    expect(message).toContain('org/model/config.json');
    expect(message).toContain(problem);
    expect(setup.cached()).toEqual([]);
  });
});
