// Board files: all seven are right, and every mistake is told with its place, what was found and what there is.
import { join } from 'node:path';
import test from 'ava';
import { boardNames, InputError, parseBoard, readBoard } from '../../image/board.ts';
import { BOARDS } from '../../src/director/hardware/boards.ts';

const root = join(import.meta.dirname, '../..');

/** What is said about net4801's file after `change` has been made to it. */
function problemsAfter(change: (board: Record<string, unknown>) => void): string {
  const board: Record<string, unknown> = JSON.parse(JSON.stringify(readBoard(root, 'net4801')));
  change(board);
  try {
    parseBoard(JSON.stringify(board), 'board.json', 'net4801');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing';
}

test('there are seven boards and each file is right', t => {
  const names = boardNames(root);
  t.deepEqual(names, ['alix', 'geos', 'net4501', 'net4521', 'net4801', 'net5501', 'wrap']);
  for (const name of names) t.is(readBoard(root, name).name, name);
});

test('every known fact has a source', t => {
  for (const name of boardNames(root)) {
    const board = readBoard(root, name);
    const sourced = Object.keys(board.sources).map(path => path.split('.')[0]);
    const facts: Record<string, unknown> = { ...board };
    for (const field of ['cpu', 'ram', 'console', 'interrupts', 'watchdog', 'temperature', 'leds', 'clock']) {
      if (facts[field] !== null) t.true(sourced.includes(field), `${name}: ${field}`);
    }
  }
});

test('no board claims more than what was done', t => {
  for (const name of boardNames(root)) {
    t.is(readBoard(root, name).verified.what, 'boots in QEMU, not on hardware');
  }
});

test('an unknown board is refused with the names that exist', t => {
  t.throws(() => readBoard(root, 'nosuch'), {
    instanceOf: InputError,
    message: 'there is no board "nosuch"; boards: alix, geos, net4501, net4521, net4801, net5501, wrap',
  });
});

test('a name that leaves the folder is no board', t => {
  t.throws(() => readBoard(root, '../board/alix'), { message: /there is no board/ });
});

test('a value of the wrong kind is told with its place and what was found', t => {
  const said = problemsAfter(board => {
    board.console = { port: 'ttyS0', speed: '19200' };
  });
  t.is(said, 'board.json: console.speed: found "19200", expected one of 9600, 19200, 38400, 57600, 115200');
});

test('a misspelt field is told with those that exist', t => {
  const said = problemsAfter(board => {
    board.ramm = board.ram;
  });
  t.regex(said, /^board\.json: ramm: no such field; there are name, title, cpu, ram,/);
});

test('a missing field is told', t => {
  const said = problemsAfter(board => {
    delete board.leds;
  });
  t.true(said.startsWith('board.json: leds: missing (what is not known is written null)\n'));
});

test('an unknown driver is told with those that exist', t => {
  const said = problemsAfter(board => {
    board.watchdog = { driver: 'softdog' };
  });
  t.is(said, 'board.json: watchdog.driver: found "softdog", expected one of scx200_wdt, geodewdt, sc520_wdt');
});

test('the place of a wrong list element is told', t => {
  const said = problemsAfter(board => {
    board.interrupts = [
      { irq: 10, devices: ['eth0'] },
      { irq: 16, devices: [] },
    ];
  });
  t.is(said, 'board.json: interrupts[1].irq: found 16, expected a whole number from 0 to 15');
});

test('a kernel parameter that would break the command line is refused', t => {
  const said = problemsAfter(board => {
    board.kernelParameters = ['notsc', 'a b'];
  });
  t.regex(said, /kernelParameters\[1\]: found "a b", expected one kernel parameter/);
});

test('a source of a field that does not exist is refused', t => {
  const said = problemsAfter(board => {
    board.sources = { 'network.prots': 'dmesg' };
  });
  t.is(said, 'board.json: sources.network.prots: there is no field "network.prots"');
});

test('all mistakes are told at once', t => {
  const said = problemsAfter(board => {
    board.title = '';
    board.qemu = { cpu: '486', megabytes: 8 };
    board.name = 'net4802';
  });
  t.is(said.split('\n').length, 3);
});

test('a file that is not JSON is told by its name', t => {
  t.throws(() => parseBoard('{', 'board.json', 'net4801'), {
    instanceOf: InputError,
    message: /^board\.json: /,
  });
});

test('the director calculates with the clock rates and memory that the files have', t => {
  for (const name of boardNames(root)) {
    const { cpu, ram, kernelParameters } = readBoard(root, name);
    if (cpu.megahertz === null || ram === null) continue;
    t.is(BOARDS[name]?.megahertz, Math.min(...cpu.megahertz), name);
    t.is(BOARDS[name]?.megabytes, Math.min(...ram.megabytes), name);
    t.true(kernelParameters.includes(`ip_vs.conn_tab_bits=${BOARDS[name]?.tableBits}`), name);
  }
});
