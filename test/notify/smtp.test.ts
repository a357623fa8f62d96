import test from 'ava';
import { type Mail, messageOf, ReplyReader, SmtpConversation } from '../../src/director/notify/smtp.ts';

const MAIL: Mail = {
  helo: 'lvs1',
  from: 'The Director <director@example.org>',
  to: ['a@example.org', 'b@example.org'],
  subject: 'VRRP Instance web - Entering MASTER state',
  text: 'first\n.\n..second\n',
  at: Date.UTC(2026, 0, 1, 12),
};

/** What the client says to each reply; the last step as it is. */
function talk(mail: Mail, ...replies: string[]): unknown[] {
  const conversation = new SmtpConversation(mail);
  return replies.map(reply => {
    const step = conversation.take(reply);
    return step.kind === 'say' ? step.text : step;
  });
}

test('a message is sent from greeting to farewell', t => {
  t.deepEqual(talk(MAIL, '220 mx', '250 mx', '250 ok', '250 ok', '251 ok', '354 go', '250 queued'), [
    'HELO lvs1\r\n',
    'MAIL FROM:<director@example.org>\r\n',
    'RCPT TO:<a@example.org>\r\n',
    'RCPT TO:<b@example.org>\r\n',
    'DATA\r\n',
    messageOf(MAIL),
    { kind: 'delivered', text: 'QUIT\r\n' },
  ]);
});

test('a recipient who is refused keeps no other from getting it, all refused end it', t => {
  t.is(talk(MAIL, '220', '250', '250', '550 no such user', '250').at(-1), 'DATA\r\n');
  t.deepEqual(talk(MAIL, '220', '250', '250', '550 no such user', '450 later').at(-1), {
    kind: 'failed',
    reason: 'the server refuses every recipient: 550 no such user',
  });
});

test('what the server refuses is told', t => {
  const reason = (...replies: string[]) => (talk(MAIL, ...replies).at(-1) as { reason: string }).reason;
  t.is(reason('554 no'), 'the server refuses the greeting: 554 no');
  t.is(reason('220', '500 what'), 'the server refuses HELO: 500 what');
  t.is(reason('220', '250', '530 log in'), 'the server refuses MAIL: 530 log in');
  t.is(reason('220', '250', '250', '250', '250', '451 no'), 'the server refuses DATA: 451 no');
  t.is(
    reason('220', '250', '250', '250', '250', '354', '552 too big'),
    'the server refuses the message: 552 too big',
  );
  t.regex(reason('nonsense'), /greeting: nonsense/);
});

test('a message has its headers, dots are doubled, and a line end in a name makes no header', t => {
  const subject = 'web\r\nBcc: someone@example.org';
  t.is(
    messageOf({ ...MAIL, subject }),
    [
      'Date: Thu, 01 Jan 2026 12:00:00 +0000',
      'From: The Director <director@example.org>',
      'To: a@example.org, b@example.org',
      'Subject: web Bcc: someone@example.org',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      'X-Mailer: Compact Director',
      '',
      'first',
      '..',
      '...second',
      '.',
      '',
    ].join('\r\n'),
  );
});

test('a reply of several lines ends with the one that says so', t => {
  const reader = new ReplyReader();
  t.deepEqual(
    ['250-mx\r', '250-SIZE\r', '250 HELP\r', '354 go\r'].map(line => reader.push(line)),
    [null, null, '250 HELP', '354 go'],
  );
});
