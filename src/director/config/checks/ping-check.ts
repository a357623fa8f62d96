// `PING_CHECK { }`: a real server is up when its host answers ICMP echo requests.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { placeOf } from '../reading.ts';
import { block, noArguments } from '../vocabulary.ts';

export const pingCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when its host answers ICMP echo requests.',
  example: 'PING_CHECK { ... }',
  keywords: connectKeywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { connect_port: to, bind_port: from } = values;
    if (to !== undefined || from !== undefined) {
      const place = placeOf(statement, to === undefined ? 'bind_port' : 'connect_port');
      reading.warning(place, 0, 'ICMP goes without ports', 'delete it');
    }
    return {
      complete: context => [{ kind: 'PING_CHECK', ...resolveTiming(values, statement, context, {}, false) }],
    };
  },
});
