// TCP_CHAT: the server answers what it is told as the steps of the chat have it.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { Chat } from './chat.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type ChatCheck = Extract<CheckConfig, { kind: 'TCP_CHAT' }>;

export function probeTcpChat(
  platform: Platform,
  check: ChatCheck,
  done: (result: CheckResult) => void,
): Cancel {
  return converse(platform, check, () => new Chat(check.steps), done);
}
