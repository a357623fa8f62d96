import test from 'ava';
import { accountOf, UnknownAccount } from '../../src/director/system/accounts.ts';
import { createFake } from '../../src/platform/fake.ts';

const files = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nadmin:x:1000:100:,,,:/home/admin:/bin/sh\n',
  '/etc/group': 'root:x:0:\nusers:x:100:admin\nops:x:2000:\n',
};

test('a user brings its own group, unless another is named', t => {
  const platform = createFake({ files });
  t.deepEqual(accountOf(platform, 'admin', null), { user: 1000, group: 100 });
  t.deepEqual(accountOf(platform, 'admin', 'ops'), { user: 1000, group: 2000 });
  t.deepEqual(accountOf(platform, null, 'ops'), { user: 0, group: 2000 });
});

test('numbers need no entry', t => {
  const platform = createFake({ files });
  t.deepEqual(accountOf(platform, '1000', null), { user: 1000, group: 100 });
  t.deepEqual(accountOf(platform, '77', '78'), { user: 77, group: 78 });
  t.deepEqual(accountOf(createFake(), '77', null), { user: 77, group: 77 });
});

test('without a name it is the user for scripts when there is one, else root', t => {
  t.deepEqual(accountOf(createFake({ files }), null, null), { user: 0, group: 0 });
  const passwd = `${files['/etc/passwd']}keepalived_script:x:900:901::/:/bin/false\n`;
  const platform = createFake({ files: { ...files, '/etc/passwd': passwd } });
  t.deepEqual(accountOf(platform, null, null), { user: 900, group: 901 });
});

test('who is not there is named', t => {
  const platform = createFake({ files });
  t.throws(() => accountOf(platform, 'nobody', null), {
    instanceOf: UnknownAccount,
    message: 'there is no user nobody',
  });
  t.throws(() => accountOf(platform, 'admin', 'wheel'), { message: 'there is no group wheel' });
});
