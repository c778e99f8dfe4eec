import type { Hello } from '../wire/client-hello.ts';
import type { Flight } from '../wire/flight.ts';
import type { Deadline } from './deadline.ts';
import type { Address } from './dial.ts';
import type { Lanes } from './gate.ts';
import { type HelloAnswer, type Question, sayHello } from './say-hello.ts';

/** Asks one server many questions, each on a connection of its own, and keeps the count. */
export interface Asker {
  /** What the server said; nothing when it rejected the connection or the answer was unclear. */
  ask(hello: Hello, until: Question['until']): Promise<Flight | undefined>;
  connections(): number;
  /** The code of the first question that got no answer. */
  incomplete(): string | undefined;
  /** Whether the server ever announced a session ticket in TLS 1.2. */
  sawTicket(): boolean;
}

export interface AskerRequest {
  readonly address: Address;
  readonly host: string;
  readonly lanes: Lanes;
}

export function createAsker({ address, host, lanes }: AskerRequest, deadline: Deadline): Asker {
  let connections = 0;
  let incomplete: string | undefined;
  let ticket = false;

  function note(answer: HelloAnswer): Flight | undefined {
    const { flight, code } = answer;
    ticket ||= flight.hello?.sessionTicket === true;
    if (code === undefined) return flight;
    // An alert is an answer, and so is an end without a word, which is how some servers refuse.
    if (flight.alert === undefined && code !== 'CLOSED') incomplete ??= code;
    return undefined;
  }

  return {
    async ask(hello, until) {
      // Once the server has gone there is nothing to be learnt by knocking on.
      if (incomplete !== undefined) return undefined;
      connections += 1;
      const question = { address, hello: { host, ...hello }, until };
      return note(await lanes(() => sayHello(question, deadline)));
    },
    connections: () => connections,
    incomplete: () => incomplete,
    sawTicket: () => ticket,
  };
}
