// `AGENT_CHECK { }`: a real server is as a program on it says, in the words of haproxy's agent-check.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { lacks } from '../reading.ts';
import { block, flag, noArguments, type ValueType, value } from '../vocabulary.ts';
import { tlsKeywords, tlsOf } from './tls.ts';

const question: ValueType<string> = {
  name: 'TEXT',
  description: 'a text of 1 to 255 characters',
  parse: word => (/^[^\x80-\x9f\ufffd]{1,255}$/.test(word) ? word : undefined),
};

const keywords = () => ({
  ...connectKeywords(),
  ...tlsKeywords(),
  send: value(question, {
    help: 'What the agent is told once the connection stands; nothing unless set.',
    example: 'send "web1\\n"',
  }),
  optional: flag({
    help: 'An agent that cannot be reached or understood changes nothing; else that is a failure.',
    example: 'optional',
  }),
});

export const agentCheck = block({
  usage: '{ ... }',
  help: 'A program on the real server says in one line how it is: up, down, failed, stopped, drain, maint, ready, and 75% for its share of the weight.',
  example: 'AGENT_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    if (lacks(statement, 'connect_port')) {
      const message = 'AGENT_CHECK does not know the port of the agent';
      reading.error(statement, 0, message, 'add, for example: connect_port 8081');
    }
    const { send = '' } = values;
    const tls = tlsOf(values, statement, reading);
    return {
      complete: context => [
        {
          kind: 'AGENT_CHECK',
          send,
          weightFrom: context.weight,
          ...(values.optional && { optional: true }),
          ...tls,
          ...resolveTiming(values, statement, context),
        },
      ],
    };
  },
});
