// `UDP_CHECK { }`: a real server is up when nobody says that its port is closed, or when it answers as expected.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { lacks, placeOf } from '../reading.ts';
import { integer } from '../types.ts';
import { block, type Keyword, noArguments, valueOr } from '../vocabulary.ts';
import { readHex } from './hex.ts';

const length = integer(0, 65_535, 'BYTES');

const payload: Keyword<string, 'last'> = {
  usage: 'HEX ...',
  help: 'What is sent; 32 random bytes unless set.',
  example: 'payload 0a 1b2c',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, statement.words.length);
    if (statement.words.length > 1) return readHex(statement, /[0-9a-f]/, reading);
    reading.error(statement, 1, 'payload needs HEX', 'for example: payload 0a 1b2c');
    return undefined;
  },
};

const requireReply: Keyword<string, 'last'> = {
  usage: '[HEX ...]',
  help: 'An answer is needed, one that begins with these bytes; x stands for half a byte of any value.',
  example: 'require_reply 0a 1x2c',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, statement.words.length);
    return readHex(statement, /[0-9a-fx]/, reading);
  },
};

const keywords = () => ({
  ...connectKeywords(),
  payload,
  require_reply: requireReply,
  min_reply_length: valueOr(length, '0', {
    help: 'Bytes that the answer has at least.',
    example: 'min_reply_length 8',
  }),
  max_reply_length: valueOr(length, '255', {
    help: 'Bytes that the answer has at most.',
    example: 'max_reply_length 512',
  }),
});

export const udpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when nothing says that its UDP port is closed, or when it answers as required.',
  example: 'UDP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { min_reply_length: minLength = 0, max_reply_length: maxLength = 255 } = values;
    const { payload: sent = null, require_reply: data } = values;
    const place = placeOf(statement, 'min_reply_length', 'max_reply_length');
    if (minLength > maxLength) {
      const message = `no answer has at least ${minLength} and at most ${maxLength} bytes`;
      reading.error(place, 0, message, 'write max_reply_length no less than min_reply_length');
    }
    if (place !== statement && lacks(statement, 'require_reply')) {
      reading.warning(place, 0, 'a length has no effect without require_reply', 'add require_reply');
    }
    return {
      complete: context => [
        {
          kind: 'UDP_CHECK',
          payload: sent,
          reply: data === undefined ? null : { data, minLength, maxLength },
          ...resolveTiming(values, statement, context),
        },
      ],
    };
  },
});
