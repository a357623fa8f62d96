import test from 'ava';
import { HttpVerdict } from '../../src/director/check/http-verdict.ts';
import type { CheckResult } from '../../src/director/check/state.ts';
import type { RegexConfig, UrlConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { bytes } from './attempt.ts';

const STATUS = [{ from: 200, to: 299 }];
const HELLO = {
  md5: '5d41402abc4b2a76b9719d911017c592',
  sha1: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
};

const regex = (source: string, negated = false): RegexConfig => ({
  source,
  flags: '',
  negated,
  minOffset: 0,
  maxOffset: null,
  seesEnd: false,
});

/** The verdict when `text` arrives in pieces of `size` and then the server closes. */
function judge(more: Partial<UrlConfig>, text: string, size = 1000): CheckResult {
  const verdict = new HttpVerdict({ path: '/', statusCodes: STATUS, ...more });
  const data = bytes(text);
  for (let at = 0; at < data.length; at += size) {
    const result = verdict.push(data.subarray(at, at + size));
    if (result !== null) return result;
  }
  return verdict.end();
}

const OK = 'HTTP/1.1 200 OK\r\n';

test('a digest is that of the body alone, by whatever way it comes', t => {
  for (const digest of Object.values(HELLO)) {
    const good = { ok: true, reason: 'status 200 and digest as expected for /' };
    for (const size of [1, 7, 1000]) {
      t.deepEqual(judge({ digest }, `${OK}\r\nhello`, size), good);
      t.deepEqual(judge({ digest }, `${OK}Content-Length: 5\r\n\r\nhello world`, size), good);
      const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`;
      t.deepEqual(judge({ digest }, chunked, size), good);
    }
  }
  t.deepEqual(judge({ digest: HELLO.md5.replace('5', '6') }, `${OK}\r\nhello`), {
    ok: false,
    reason: `digest ${HELLO.md5} for /`,
  });
  t.false(judge({ digest: HELLO.md5 }, `${OK}Content-Length: 50\r\n\r\nhell`).ok);
});

test('the status comes first', t => {
  t.deepEqual(judge({ digest: HELLO.md5 }, 'HTTP/1.1 500 No\r\n\r\nhello'), {
    ok: false,
    reason: 'status 500 for /',
  });
  t.is(new HttpVerdict({ path: '/', statusCodes: STATUS }).push(bytes(`${OK}\r\n`))?.ok, true);
});

test('a regular expression is found, or must not be', t => {
  const body = `${OK}\r\nall systems go`;
  t.deepEqual(judge({ regex: regex('systems') }, body), {
    ok: true,
    reason: 'status 200 and content as expected for /',
  });
  t.deepEqual(judge({ regex: regex('down') }, body), { ok: false, reason: 'the regex does not match for /' });
  t.true(judge({ regex: regex('down', true) }, body).ok);
  t.deepEqual(judge({ regex: regex('systems', true) }, body), {
    ok: false,
    reason: 'the regex matches for /',
  });
  const nothing = `${OK}Content-Length: 0\r\n\r\n`;
  t.false(judge({ regex: regex('x') }, nothing).ok);
  t.true(
    new HttpVerdict({ path: '/', statusCodes: STATUS, regex: regex('x', true) }).push(bytes(nothing))?.ok,
  );
});

test('both count when both are asked for', t => {
  const body = `${OK}\r\nhello`;
  t.true(judge({ regex: regex('ell'), digest: HELLO.md5 }, body).ok);
  t.false(judge({ regex: regex('elf'), digest: HELLO.md5 }, body).ok);
  t.false(judge({ regex: regex('ell'), digest: HELLO.md5 }, `${body}!`).ok);
});

test('a head that lies, chunks that make no sense and bodies without an end are told', t => {
  const told = (text: string) => judge({ digest: HELLO.md5 }, text).reason;
  t.is(
    told(`${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`),
    'the length of the answer makes no sense',
  );
  t.is(told(`${OK}Content-Length: -5\r\n\r\n`), 'the length of the answer makes no sense');
  t.is(told(`${OK}Transfer-Encoding: chunked\r\n\r\nhello\r\n`), 'the chunks of the answer make no sense');
  const verdict = new HttpVerdict({ path: '/', statusCodes: STATUS, regex: regex('x') });
  verdict.push(bytes(`${OK}\r\n`));
  const piece = new Uint8Array(1_000_000);
  let result: CheckResult | null = null;
  for (let count = 0; count < 10 && result === null; count++) result = verdict.push(piece);
  t.deepEqual(result, { ok: false, reason: 'the answer is longer than 4194304 bytes' });
});

test('random changes of a good answer never throw, and mean the same in whatever pieces it comes', t => {
  const seed = 20260406;
  const random = randomNumbers(seed);
  const good = bytes(`${OK}Transfer-Encoding: chunked\r\nX: y\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`);
  for (let round = 0; round < rounds(2000); round++) {
    const data = good.slice(0, random(4) === 0 ? random(good.length) : good.length);
    for (let change = random(4); change > 0 && data.length > 0; change--)
      data[random(data.length)]! ^= 1 << random(8);
    const text = String.fromCharCode(...data);
    const whole = judge({ digest: HELLO.md5 }, text);
    t.deepEqual(judge({ digest: HELLO.md5 }, text, 1 + random(9)), whole, `seed ${seed}, round ${round}`);
  }
});
