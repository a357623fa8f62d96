// Which checks say the weight of a real server, beside whether it is up.
import type { CheckConfig } from '../config.ts';

export function saysWeight(check: CheckConfig): boolean {
  switch (check.kind) {
    case 'AGENT_CHECK':
      return true;
    case 'FILE_CHECK':
      return check.weight !== 0;
    case 'XDMCP_CHECK':
    case 'RSTAT_CHECK':
      return check.fullLoad !== undefined;
    case 'MISC_CHECK':
      return check.dynamicFrom !== null;
    default:
      return false;
  }
}
