// What programs, files and pings say on the board reaches the table of its kernel.
import test from 'ava';
import { vip, webs } from '../../scripts/lab/plan.ts';
import { first, useLab } from './lab.ts';

const [web1, web2] = webs;

/** Of web1: a program says the weight; of web2: a file does, as long as the host answers. */
const lab = useLab(test, {
  count: 1,
  more: `
track_file load {
  file /tmp/load
  weight -1
  init_file 0
}

virtual_server ${vip.direct} 2001 {
  delay_loop 0.5
  lb_algo wrr
  lb_kind DR
  protocol TCP
  real_server ${web1.outside} 2001 {
    weight 5
    MISC_CHECK {
      misc_path "/bin/sh -c 'exit $(cat /tmp/status || echo 0)'"
      misc_dynamic
    }
  }
  real_server ${web2.outside} 2001 {
    weight 50
    PING_CHECK {
      connect_timeout 1
    }
    FILE_CHECK {
      track_file load
    }
  }
}
`,
});

const listed = (server: string, weight: number) =>
  `ipvsadm -Sn | grep -q -e "-a -t ${vip.direct}:2001 -r ${server}:2001 -g -w ${weight}\\$"`;

test('the kernel gets the weight that a program says', async t => {
  const { shell } = first(lab());
  const until = (weight: number) =>
    shell.must(`until ${listed(web1.outside, weight)}; do sleep 1; done`, 60_000);
  await until(5);
  await shell.must('echo 32 > /tmp/status');
  await until(30);
  await shell.must('echo 2 > /tmp/status');
  await until(0);
  await shell.must('echo 1 > /tmp/status');
  await shell.must(`while ${listed(web1.outside, 0)}; do sleep 1; done`, 60_000);
  t.false((await shell.must('ipvsadm -Sn')).includes(`${web1.outside}:2001`));
});

test('the kernel gets the weight that a file says', async t => {
  const { shell } = first(lab());
  const until = (weight: number) =>
    shell.must(`until ${listed(web2.outside, weight)}; do sleep 1; done`, 60_000);
  await until(50);
  await shell.must('echo 8 > /tmp/load');
  await until(42);
  t.regex(await shell.must('director services'), /says 8/);
});
