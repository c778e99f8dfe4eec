import { expect, test } from 'vitest';
import { observeSurfaces } from '../../../src/collect/probes/surface.ts';
import { payloadBehaviours } from '../support/hostile-behaviours.ts';
import { deadlineOf, startServer } from '../support/servers.ts';

const timeoutMs = 1500;

test('there are at least sixty behaviours', () => {
  expect(payloadBehaviours.length).toBeGreaterThanOrEqual(60);
});

test.concurrent.each(payloadBehaviours)(
  'a server that sends $what $how costs its time-out and no more',
  async ({ payload, answer }) => {
    await using server = await startServer((socket) => {
      socket.on('error', () => socket.destroy());
      void answer(socket, payload);
    });
    using deadline = deadlineOf(timeoutMs);
    const start = performance.now();

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    // Many run at once, and each may be asked in plain text after its time-out for TLS.
    expect(performance.now() - start).toBeLessThan(4 * timeoutMs);
    expect(observation.flight).toBeUndefined();
    expect(JSON.stringify(observation).length).toBeLessThan(10_000);
    expect(observation.sample ?? '').not.toMatch(/\p{Cc}/u);
  },
);
