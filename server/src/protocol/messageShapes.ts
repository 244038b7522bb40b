/*
 * What the parameters of messages must look like, as far as the server relies on it. Properties beyond these are not
 * looked at. A message is known by the method that registers its handler, or by its own where it is one beyond LSP.
 */

/** Whether a value is what a message needs there. */
export type Shape = (value: unknown) => boolean;

const anything: Shape = () => true;
const text: Shape = (value) => typeof value === 'string';
const flag: Shape = (value) => typeof value === 'boolean';
const integer: Shape = Number.isSafeInteger;
/** LSP's `uinteger`, also for offsets. */
const count: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, fits]) => fits((value as Record<string, unknown>)[name]));

const list =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(item);

const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);

const nullable = (shape: Shape): Shape => optional((value) => value === null || shape(value));

const position = record({ line: count, character: count });
const range = record({ start: position, end: position });
const span = record({ start: count, end: count });
const document = record({ uri: text });
const versionedDocument = record({ uri: text, version: integer });
const ofDocument = { textDocument: document };
const atPosition = { ...ofDocument, position };
const folders = list(record({ uri: text }));

/** By what registers the handler, from the connection on. */
export const notificationShapes: ReadonlyMap<string, Shape> = new Map([
  ['onInitialized', anything],
  ['onExit', anything],
  ['onDidChangeConfiguration', record({})],
  [
    'onDidOpenTextDocument',
    record({ textDocument: record({ uri: text, languageId: text, version: integer, text }) }),
  ],
  [
    'onDidChangeTextDocument',
    record({
      textDocument: versionedDocument,
      contentChanges: list(record({ text, range: optional(range) })),
    }),
  ],
  ['onDidCloseTextDocument', record(ofDocument)],
  ['onDidSaveTextDocument', record(ofDocument)],
  ['onWillSaveTextDocument', record(ofDocument)],
  ['onDidChangeWatchedFiles', record({ changes: list(record({ uri: text })) })],
  ['workspace.onDidChangeWorkspaceFolders', record({ added: folders, removed: folders })],
  [
    'subtext/view',
    record({ uri: text, version: integer, active: flag, visible: list(span), cursor: optional(count) }),
  ],
]);

/** As {@link notificationShapes}, of messages that are answered. */
export const requestShapes: ReadonlyMap<string, Shape> = new Map([
  [
    'onInitialize',
    record({
      capabilities: record({}),
      locale: nullable(text),
      rootUri: nullable(text),
      workspaceFolders: nullable(folders),
      initializationOptions: nullable(record({})),
    }),
  ],
  ['onShutdown', anything],
  ['onWillSaveTextDocumentWaitUntil', record(ofDocument)],
  ['onHover', record(atPosition)],
  ['onCompletion', record(atPosition)],
  ['onDocumentHighlight', record(atPosition)],
  ['onReferences', record({ ...atPosition, context: record({}) })],
  ['onDocumentSymbol', record(ofDocument)],
  [
    'onCodeAction',
    record({ ...ofDocument, range, context: record({ diagnostics: list(record({ range })) }) }),
  ],
  ['onExecuteCommand', record({ command: text, arguments: optional(list(anything)) })],
  ['languages.diagnostics.on', record(ofDocument)],
  ['languages.semanticTokens.on', record(ofDocument)],
  ['languages.semanticTokens.onRange', record({ ...ofDocument, range })],
  ['subtext/prose', record({ textDocument: versionedDocument, span })],
  [
    'subtext/fillMask',
    record({
      textDocument: versionedDocument,
      range,
      together: optional(flag),
      onlyGazetteer: optional(flag),
    }),
  ],
  ['subtext/fillMaskTarget', record({ textDocument: versionedDocument, range })],
  ['subtext/inspectTokens', record(atPosition)],
  ['subtext/analyzeDocument', record(ofDocument)],
  ['subtext/restartEngine', anything],
  ['subtext/models', anything],
  ['subtext/findModel', record({ ref: text })],
  ['subtext/planDownload', record({ ref: text, precision: optional(text) })],
  ['subtext/downloadModel', record({ ref: text, commit: text, precision: optional(text) })],
  ['subtext/removeModel', record({ ref: text })],
  ['subtext/benchmarkDevices', anything],
  ['subtext/planCuda', anything],
  ['subtext/installCuda', anything],
]);
