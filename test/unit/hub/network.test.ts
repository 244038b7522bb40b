import { mkdir, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRepository } from '../../support/localHub/repository';
import { HubSetup } from './setup';

const REPO = 'org/model';

let setup: HubSetup;
let proxy: Server;
let tunnels: string[];

/** A proxy that asks for a name unless `closed`. */
const startProxy = async (status = 200): Promise<string> => {
  tunnels = [];
  proxy = createServer((_request, response) => response.writeHead(501).end());
  proxy.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};

beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
});
afterEach(async () => {
  await setup.stop();
  proxy?.closeAllConnections();
  proxy?.close();
});

describe('a proxy', () => {
  it('is used where the environment names one', async () => {
    const store = setup.store({ HTTP_PROXY: await startProxy() });
    expect(await setup.download(REPO, { store })).toMatchObject({ installed: true });
    expect(new Set(tunnels)).toContain(new URL(setup.hub.endpoint).host);
    // The storage is another host.
    expect(new Set(tunnels).size).toBe(2);
  });

  it('is not used for exceptions', async () => {
    const store = setup.store({ HTTP_PROXY: await startProxy(), NO_PROXY: '127.0.0.1,localhost' });
    expect(await setup.download(REPO, { store })).toMatchObject({ installed: true });
    expect(tunnels).toEqual([]);
  });

  it('that refuses is named as a possible cause', async () => {
    const store = setup.store({ HTTP_PROXY: await startProxy(407) });
    await expect(setup.download(REPO, { store })).rejects.toThrow(
      /cannot be reached \(.+\)\. Check the network, and HTTPS_PROXY where there is a proxy; what has arrived is kept\.$/,
    );
  });
});

describe.runIf(process.platform === 'linux')('a full disk', () => {
  it('is told as such, with what is missing', async () => {
    const { files } = (await readRepository(join(setup.folder, 'remote', REPO))) ?? { files: [] };
    const graph = files.find(({ path }) => path === 'onnx/model_quantized.onnx');
    const partial = join(setup.cacheDir, `models--org--model/blobs/${graph?.sha256}.subtext.incomplete`);
    await mkdir(dirname(partial), { recursive: true });
    // A device that takes nothing, as a file system without space.
    await symlink('/dev/full', partial);
    await expect(setup.download(REPO)).rejects.toThrow(
      `There is not enough space in ${setup.cacheDir}: 1 MB more are needed. Make room, or set HF_HUB_CACHE, and try again.`,
    );
  });
});
