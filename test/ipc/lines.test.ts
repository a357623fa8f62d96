import test from 'ava';
import { LineBuffer, LineTooLong } from '../../src/director/ipc/lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('lines come out whole, however the stream is cut', t => {
  const text = 'first\nsecönd €\n\nlast\n';
  for (let size = 1; size < 8; size++) {
    const buffer = new LineBuffer(100);
    const data = bytes(text);
    const lines: string[] = [];
    for (let at = 0; at < data.length; at += size) lines.push(...buffer.push(data.subarray(at, at + size)));
    t.deepEqual(lines, ['first', 'secönd €', '', 'last'], `pieces of ${size}`);
  }
});

test('what is given may be overwritten afterwards', t => {
  const buffer = new LineBuffer(100);
  const data = bytes('half');
  t.deepEqual(buffer.push(data), []);
  data.fill(0);
  t.deepEqual(buffer.push(bytes(' whole\n')), ['half whole']);
});

test('a line beyond the limit is refused, also without its end', t => {
  t.throws(() => new LineBuffer(4).push(bytes('12345')), { instanceOf: LineTooLong });
  t.deepEqual(new LineBuffer(4).push(bytes('1234\n12\n')), ['1234', '12']);
});
