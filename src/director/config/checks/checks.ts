// The blocks in a real server that say how it is checked.
import { httpGet } from '../http-get.ts';
import { tcpCheck } from '../tcp-check.ts';

/** Each leads to a CheckDraft. */
export const checkBlocks = {
  TCP_CHECK: tcpCheck,
  HTTP_GET: httpGet,
};
