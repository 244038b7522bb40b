import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { cudaVersion } from '../../../server/src/inference/devices/cudaFolder';

const folder = '/microsoft.ml.onnxruntime.gpu.linux';

/** An archive with these files. */
export async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), name);
  archive.end();
  return buffer(archive.outputStream as NodeJS.ReadableStream & AsyncIterable<Buffer>);
}

/** A feed that speaks NuGet's protocol, version 3, and knows one package. */
export class NugetFeed {
  /** Changes what the catalogue says of the package. */
  entry: Readonly<Record<string, unknown>> = {};
  /** Answers in place of the feed where it returns true. */
  interfere: (path: string, response: ServerResponse) => boolean = () => false;
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #archive: Buffer;

  private constructor(archive: Buffer) {
    this.#archive = archive;
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.requests.push(path);
      if (this.interfere(path, response)) return;
      const answer = this.#answers()[path];
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(answer instanceof Buffer ? answer : JSON.stringify(answer ?? {}));
    });
  }

  static async start(archive: Buffer): Promise<NugetFeed> {
    const feed = new NugetFeed(archive);
    feed.#server.listen(0, '127.0.0.1');
    await once(feed.#server, 'listening');
    return feed;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get index(): string {
    return `${this.origin}/v3/index.json`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answers(): Readonly<Record<string, unknown>> {
    return {
      '/v3/index.json': {
        resources: [
          { '@type': 'SearchQueryService', '@id': `${this.origin}/query` },
          { '@type': 'RegistrationsBaseUrl', '@id': `${this.origin}/registration/` },
        ],
      },
      [`/registration${folder}/${cudaVersion}.json`]: {
        packageContent: `${this.origin}/flat/package.nupkg`,
        catalogEntry: `${this.origin}/catalog/entry.json`,
      },
      '/catalog/entry.json': {
        packageHash: createHash('sha512').update(this.#archive).digest('base64'),
        packageHashAlgorithm: 'SHA512',
        packageSize: this.#archive.length,
        licenseExpression: 'MIT',
        ...this.entry,
      },
      '/flat/package.nupkg': this.#archive,
    };
  }
}
