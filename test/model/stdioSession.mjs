// A short session with the server over stdio, as plain Node.js, so that a tracer sees nothing but the server's
// work: opens the documents that are named, waits until they are analysed, asks for a hover and a fill-mask.
// Prints how many sentences were analysed and how many candidates came.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const server = fileURLToPath(new URL('../../dist/server.js', import.meta.url));
const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createMessageConnection(
  new StreamMessageReader(child.stdout),
  new StreamMessageWriter(child.stdin),
);

const documents = process.argv.slice(2).map((path) => ({
  uri: pathToFileURL(resolve(path)).href,
  languageId: path.endsWith('.md') ? 'markdown' : 'plaintext',
  version: 1,
  text: readFileSync(path, 'utf8'),
}));
const masked = {
  uri: 'untitled:masked',
  languageId: 'plaintext',
  version: 1,
  text: 'London is the capital of [MASK].',
};

const waiting = new Set(documents.map(({ uri }) => uri));
let sentences = 0;
const analyzed = new Promise((done) => {
  connection.onNotification('subtext/documentState', ({ uri, status, total }) => {
    if (status !== 'complete' || !waiting.delete(uri)) return;
    sentences += total;
    if (waiting.size === 0) done();
  });
});
const failures = [];
connection.onNotification('window/logMessage', ({ message }) => {
  // As server/src/lastResort.ts begins it: a rejection that nothing handled.
  if (message.startsWith('A failure that nothing handled:')) failures.push(message);
});
connection.listen();

await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: null,
  capabilities: {},
  initializationOptions: { entities: true, diagnostics: 'push' },
});
await connection.sendNotification('initialized', {});
for (const textDocument of [...documents, masked]) {
  await connection.sendNotification('textDocument/didOpen', { textDocument });
}
await analyzed;
const position = { line: 0, character: 2 };
await connection.sendRequest('textDocument/hover', { textDocument: { uri: masked.uri }, position });
const mask = { line: 0, character: masked.text.indexOf('[MASK]') };
const { candidates } = await connection.sendRequest('subtext/fillMask', {
  textDocument: { uri: masked.uri, version: 1 },
  range: { start: mask, end: mask },
});
await connection.sendRequest('shutdown');
const ended = new Promise((done) => child.once('exit', done));
await connection.sendNotification('exit');
await ended;
if (failures.length > 0) throw new Error(failures.join('\n'));
console.log(JSON.stringify({ sentences, candidates: candidates.length }));
