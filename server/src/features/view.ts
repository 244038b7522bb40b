import { ViewNotification } from '../protocol/protocol';
import type { FeatureContext } from './context';

/** Learns what the user looks at, so that it is analysed first. */
export function registerView({ connection, documents }: FeatureContext): void {
  connection.onNotification(ViewNotification.type, async ({ uri, version, active, visible, cursor }) => {
    const session = await documents.find(uri);
    session?.setView({ active, visible, ...(cursor !== undefined && { cursor }) }, version);
  });
}
