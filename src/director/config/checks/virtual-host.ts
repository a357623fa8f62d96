// `virtualhost NAME`: what a web server is called by a check; of a url, a check, a real server or a virtual server.
import { type ValueType, value } from '../vocabulary.ts';

/** As a Host header has it (RFC 9110 section 7.2). */
const host: ValueType<string> = {
  name: 'HOST[:PORT]',
  description: 'the name of a web site',
  parse: word => (/^[!-~]{1,255}$/.test(word) ? word : undefined),
};

export const hostName = value(host, {
  help: 'Name of the web site that HTTP_GET asks for; that of the url counts before that of the check, the real and the virtual server.',
  example: 'virtualhost www.example.org',
});
