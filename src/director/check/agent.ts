// AGENT_CHECK: a program on the real server says how the server is, and what share of the work it can take.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { Agent } from './agent-answer.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type AgentCheck = Extract<CheckConfig, { kind: 'AGENT_CHECK' }>;

export function probeAgent(
  platform: Platform,
  check: AgentCheck,
  done: (result: CheckResult) => void,
): Cancel {
  let agent: Agent | null = null;
  const begin = () => {
    agent = new Agent(check.send, check.weightFrom);
    return agent;
  };
  if (!check.optional) return converse(platform, check, begin, done);
  return converse(platform, check, begin, result => {
    done(agent?.isUnderstood ? result : { ok: true, reason: `${result.reason}: everything stays as it was` });
  });
}
