import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/*
 * An inference process that hangs at its first request. Started again, it is the real one, named by
 * SUBTEXT_TEST_PROCESS; the file SUBTEXT_TEST_MARKER tells that it has hung already.
 */

const marker = process.env['SUBTEXT_TEST_MARKER'] ?? '';
if (existsSync(marker)) {
  createRequire(__filename)(process.env['SUBTEXT_TEST_PROCESS'] ?? '');
} else {
  process.on('message', (message: { type: string; id?: number }) => {
    if (message.type === 'load') process.send?.({ type: 'loaded', device: 'cpu' });
    if (message.type !== 'analyze') return;
    writeFileSync(marker, '');
    process.send?.({ type: 'working', id: message.id }, () => {
      for (;;) {
        // Deaf to everything but SIGKILL, like a native call that does not return.
      }
    });
  });
}
