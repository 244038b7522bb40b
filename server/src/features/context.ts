import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import type { Clock, Logger } from '../core/ports';
import type { InitializationOptions } from '../protocol/protocol';
import type { DocumentSessions } from '../scheduling/documentSessions';

/** What a feature may use. */
export interface FeatureContext {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly options: InitializationOptions;
  /** The language of the user, BCP 47. */
  readonly locale: string;
  readonly documents: DocumentSessions;
  readonly clock: Clock;
  readonly logger: Logger;
}
