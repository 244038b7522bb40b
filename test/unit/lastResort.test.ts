import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { lastResort, surviveRejections } from '../../server/src/lastResort';

/*
 * That no test gets here: Vitest fails a run with a rejection that nothing handled, and where the server is a process of
 * its own test/model/stdioSession.mjs looks for what is logged.
 */

it('a rejection that nothing handles is logged without its message, which may quote a document', () => {
  const events = new EventEmitter();
  const logged: string[] = [];
  surviveRejections(events as unknown as NodeJS.Process, { error: (line) => logged.push(line) });
  events.emit('unhandledRejection', new TypeError('Rosalind'));
  events.emit('unhandledRejection', 'Rosalind');
  expect(logged[0]).toMatch(new RegExp(`^${lastResort} TypeError\\n\\s+at `, 'u'));
  expect(logged[1]).toBe(`${lastResort} string`);
  expect(logged.join('\n')).not.toContain('Rosalind');
});
