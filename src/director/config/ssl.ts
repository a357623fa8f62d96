// `SSL { }`: what SSL_GET shows to servers and asks of them, in keepalived.
import { refused, withoutEffect } from './answers.ts';
import { block, noArguments } from './vocabulary.ts';

const NO_CERTIFICATE =
  'let the server answer the check without one, or use MISC_CHECK: checks have no certificate here';

export const ssl = block({
  usage: '{ ... }',
  help: 'Certificates of SSL_GET in keepalived; checks have none here.',
  example: 'SSL { ca /etc/ssl/ca.pem }',
  keywords: () => ({
    ca: withoutEffect(
      'ca /etc/ssl/ca.pem',
      'keepalived does not verify certificates in checks, and neither is it done here',
    ),
    certificate: refused('certificate /etc/ssl/check.pem', NO_CERTIFICATE),
    key: refused('key /etc/ssl/check.key', NO_CERTIFICATE),
    password: refused('password secret', NO_CERTIFICATE),
  }),
  header: noArguments,
  finish: () => true,
});
