// `RSTAT_CHECK { }`: a real server is up when its rpc.rstatd answers; its load may say its weight.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { port } from '../types.ts';
import { block, noArguments, valueOr } from '../vocabulary.ts';
import { adviseOnWeight, loadKeywords } from './load.ts';

export const rstatCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when its rpc.rstatd tells its load over UDP, as rup(1) shows it.',
  example: 'RSTAT_CHECK { ... }',
  keywords: () => ({
    ...connectKeywords(),
    connect_port: valueOr(port, '111', {
      help: 'Port of the port mapper, which knows where rpc.rstatd listens.',
      example: 'connect_port 111',
    }),
    ...loadKeywords,
  }),
  header: noArguments,
  finish: (_, values, statement): CheckDraft => ({
    complete(context) {
      const { full_load: fullLoad, connect_port = 111 } = values;
      adviseOnWeight(fullLoad, context.weight, statement, context.reading);
      const load = { weightFrom: context.weight, ...(fullLoad !== undefined && { fullLoad }) };
      const timing = resolveTiming({ ...values, connect_port }, statement, context);
      return [{ kind: 'RSTAT_CHECK', ...load, ...timing }];
    },
  }),
});
