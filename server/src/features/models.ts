import { t } from '@vscode/l10n';
import type { Connection } from 'vscode-languageserver';
import { logFailure } from '../core/logFailure';
import { type Clock, EngineError, type Logger } from '../core/ports';
import { HubError } from '../hub/hubError';
import type { ModelLocation } from '../models/modelLocation';
import { parseModelRef } from '../models/modelRef';
import type { ModelStore } from '../models/modelStore';
import {
  type DownloadFailure,
  DownloadModelRequest,
  DownloadProgressNotification,
  type DownloadProgressParams,
  FindModelRequest,
  ModelsRequest,
  PlanDownloadRequest,
  RemoveModelRequest,
} from '../protocol/models';
import { Throttle } from './throttle';
import { answerUser } from './userRequest';

/** Least time between two messages of progress. */
const PROGRESS_INTERVAL_MS = 250;

export interface ModelsContext {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: ModelStore;
  /** Folders with models that settings name, to be listed as well. */
  readonly folders: () => readonly string[];
  /** Whether a task uses what lies there. */
  readonly isInUse: (location: ModelLocation) => boolean;
  /** Told when a model was installed or removed. */
  readonly onChanged: () => void;
}

/** Lists, finds, downloads and removes models, each when the user asks. */
export function registerModels(context: ModelsContext): void {
  const { connection, logger, store, folders, isInUse, onChanged } = context;

  connection.onRequest(ModelsRequest.type, (token) => answerUser(token, logger, () => store.list(folders())));

  connection.onRequest(FindModelRequest.type, ({ ref }, token) =>
    answerUser(token, logger, () => store.info(parseModelRef(ref))),
  );

  connection.onRequest(PlanDownloadRequest.type, ({ ref, precision }, token) =>
    answerUser(token, logger, (signal) => store.plan(parseModelRef(ref), signal, precision), toFailure),
  );

  connection.onRequest(DownloadModelRequest.type, ({ ref, commit, precision }, token) =>
    answerUser(
      token,
      logger,
      async (signal) => {
        const progress = reportProgress(ref, context);
        try {
          const info = await store.download(parseModelRef(ref), commit, {
            signal,
            precision,
            onProgress: progress.report,
          });
          onChanged();
          return info;
        } finally {
          progress.dispose();
        }
      },
      toFailure,
    ),
  );

  connection.onRequest(RemoveModelRequest.type, ({ ref }, token) =>
    answerUser(token, logger, async () => {
      const parsed = parseModelRef(ref);
      const location = store.resolve(parsed);
      if (location && isInUse(location)) {
        throw new EngineError(t('{0} is in use. Choose another model in its place first.', ref));
      }
      const freedBytes = await store.remove(parsed);
      onChanged();
      return { freedBytes };
    }),
  );
}

/** Sends the newest progress a few times a second. */
function reportProgress(ref: string, { connection, clock, logger }: ModelsContext) {
  let latest: DownloadProgressParams | undefined;
  const throttle = new Throttle(clock, PROGRESS_INTERVAL_MS, () => {
    if (!latest) return;
    void logFailure(
      connection.sendNotification(DownloadProgressNotification.type, latest),
      'The progress of a download could not be told.',
      logger,
    );
  });
  return {
    report: (progress: Omit<DownloadProgressParams, 'ref'>): void => {
      latest = { ref, ...progress };
      throttle.run(false);
    },
    dispose: () => throttle.cancel(),
  };
}

const toFailure = (error: EngineError): DownloadFailure => ({
  retry: error instanceof HubError && error.retry,
});
