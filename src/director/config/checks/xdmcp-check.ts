// `XDMCP_CHECK { }`: a real server is up when its display manager is willing; its load may say its weight.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { block, noArguments } from '../vocabulary.ts';
import { adviseOnWeight, loadKeywords } from './load.ts';

export const xdmcpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when its display manager answers an XDMCP query (UDP, port 177) that it is willing.',
  example: 'XDMCP_CHECK { ... }',
  keywords: () => ({ ...connectKeywords(), ...loadKeywords }),
  header: noArguments,
  finish: (_, values, statement): CheckDraft => ({
    complete(context) {
      const { full_load: fullLoad } = values;
      adviseOnWeight(fullLoad, context.weight, statement, context.reading);
      const load = { weightFrom: context.weight, ...(fullLoad !== undefined && { fullLoad }) };
      return [{ kind: 'XDMCP_CHECK', ...load, ...resolveTiming(values, statement, context) }];
    },
  }),
});
