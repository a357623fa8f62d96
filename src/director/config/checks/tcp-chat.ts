// `TCP_CHAT { }`: a real server is up when it answers what it is told as a list of steps has it.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import type { ChatStep } from '../config.ts';
import { lacks, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import {
  block,
  type Documentation,
  type Keyword,
  noArguments,
  type ValueType,
  value,
} from '../vocabulary.ts';
import { readHex } from './hex.ts';
import { type RegexOptions, RegexProblem, translateRegex } from './regex.ts';
import { tlsKeywords, tlsOf } from './tls.ts';

/** More than anybody chats; each is kept for every real server. */
const MOST_STEPS = 50;
const LONGEST_STEP = 1024;

/** A step with its place: steps of all keywords count in the order in which they are written. */
interface Placed {
  readonly step: ChatStep;
  readonly statement: Statement;
}

type StepKeyword = Keyword<Placed, 'all'>;

/** Read as the bytes of its UTF-8, in hexadecimal. */
const text: ValueType<string> = {
  name: 'TEXT',
  description: `a text of 1 to ${LONGEST_STEP} bytes; bytes beyond ASCII by the keyword with _hex`,
  parse(word) {
    const bytes = new TextEncoder().encode(word);
    if (bytes.length === 0 || bytes.length > LONGEST_STEP || /[\x80-\x9f\ufffd]/.test(word)) return undefined;
    return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  },
};

const pattern: ValueType<string> = {
  name: 'REGEX',
  description: 'a regular expression',
  parse: word => (word === '' || word.length > LONGEST_STEP ? undefined : word),
};

function textStep(kind: 'send' | 'expect', documentation: Documentation): StepKeyword {
  const keyword = value(text, documentation, 'all');
  return {
    ...keyword,
    read(statement, reading) {
      const data = keyword.read(statement, reading);
      return data === undefined ? undefined : { step: { kind, data }, statement };
    },
  };
}

function hexStep(kind: 'send' | 'expect_hex', digit: RegExp, documentation: Documentation): StepKeyword {
  return {
    ...documentation,
    usage: 'HEX ...',
    repeat: 'all',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      const name = statement.words[0]!;
      reading.endsAfter(statement, statement.words.length);
      if (statement.words.length === 1) {
        reading.error(statement, 1, `${name} needs HEX`, `for example: ${documentation.example}`);
        return undefined;
      }
      const data = readHex(statement, digit, reading);
      if (data === undefined) return undefined;
      if (data.length > 2 * LONGEST_STEP) {
        reading.error(
          statement,
          1,
          `${name} has more than ${LONGEST_STEP} bytes`,
          'make several steps of it',
        );
      }
      return { step: { kind, data }, statement };
    },
  };
}

const REGEX: Documentation = {
  help: 'This regular expression is found in what comes, `^` being where the last step ended; in quotes a backslash is written twice.',
  example: 'expect_regex "^220 .*ready"',
};

const plainRegex = value(pattern, REGEX, 'all');

const regexStep: StepKeyword = {
  ...plainRegex,
  read(statement, reading) {
    const text = plainRegex.read(statement, reading);
    const regex = text === undefined ? null : readRegex(text, statement, reading);
    if (text === undefined || regex === null) return undefined;
    return { step: { kind: 'expect_regex', regex, text }, statement };
  },
};

const NO_OPTIONS: RegexOptions = {
  ...{ caseless: false, multiline: false, dotall: false, extended: false, dollarEndOnly: false },
  ...{ altCircumflex: false, allowEmptyClass: false, noAutoCapture: false, ungreedy: false, utf: false },
};

function readRegex(written: string, statement: Statement, reading: Reading) {
  try {
    const { isSlow, ...regex } = translateRegex(written, NO_OPTIONS);
    if (isSlow) {
      const message = 'a repetition within a repetition may take very long to search';
      reading.warning(statement, 1, message, 'write it with one of them, if that finds the same');
    }
    return regex;
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    const message = `this regular expression cannot be searched for: ${error.message}`;
    reading.error(statement, 1, message, 'write it in other words');
    return null;
  }
}

const keywords = () => ({
  ...connectKeywords(),
  ...tlsKeywords(),
  send: textStep('send', {
    help: 'Say this; in quotes `\\r\\n` and the like are understood.',
    example: 'send "PING\\r\\n"',
  }),
  send_hex: hexStep('send', /[0-9a-f]/, {
    help: 'Say these bytes.',
    example: 'send_hex 10 0c 0004 4d515454 04 02 003c 0000',
  }),
  expect: textStep('expect', {
    help: 'This text is found in what comes, whatever stands before it.',
    example: 'expect "PONG\\r\\n"',
  }),
  expect_hex: hexStep('expect_hex', /[0-9a-fx]/, {
    help: 'These bytes come next; x stands for half a byte of any value.',
    example: 'expect_hex 20 02 xx 00',
  }),
  expect_regex: regexStep,
});

export const tcpChat = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers as the steps in the block have it, one after the other.',
  example: 'TCP_CHAT { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { send = [], send_hex = [], expect = [], expect_hex = [], expect_regex = [] } = values;
    const placed = [...send, ...send_hex, ...expect, ...expect_hex, ...expect_regex];
    const order = new Map(statement.block?.map((line, index) => [line, index]));
    placed.sort((a, b) => order.get(a.statement)! - order.get(b.statement)!);
    if (lacks(statement, 'send', 'send_hex', 'expect', 'expect_hex', 'expect_regex')) {
      const advice = 'add, for example: expect "ready", or write TCP_CHECK { }';
      reading.error(statement, 0, 'TCP_CHAT has no step', advice);
    }
    const tooMany = placed[MOST_STEPS]?.statement;
    if (tooMany !== undefined) {
      reading.error(tooMany, 0, `more than ${MOST_STEPS} steps`, 'make fewer steps of them');
    }
    const steps = placed.map(({ step }) => step);
    const tls = tlsOf(values, statement, reading);
    return {
      complete: context => [
        { kind: 'TCP_CHAT', steps, ...tls, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
