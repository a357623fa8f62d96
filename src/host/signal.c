// Signals as events: blocked, and read from a signalfd by the loop.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host.h"

static int signal_fd = -1;
static JSValue callback;

void prepare_signals(void) {
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_IGN);
}

void reset_signals(void) {
	struct sigaction standard = {.sa_handler = SIG_DFL};
	for (int number = 1; number < 32; number++) {
		struct sigaction now;
		// Only what is ignored survives execve; setting all would also undo what belongs to a sanitizer or a debugger.
		if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN) sigaction(number, &standard, NULL);
	}
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void read_signals(JSContext *ctx) {
	struct signalfd_siginfo information;
	// The callback may replace the set, and with it the descriptor's content, at any time: fetch one, deliver one.
	while (signal_fd >= 0 && read(signal_fd, &information, sizeof information) == sizeof information) {
		JSValue function = JS_DupValue(ctx, callback);
		JSValue number = JS_NewInt32(ctx, information.ssi_signo);
		call_back(ctx, function, 1, &number);
		JS_FreeValue(ctx, function);
	}
}

static void stop(JSContext *ctx) {
	if (signal_fd < 0) return;
	forget_fd(ctx, signal_fd);
	close(signal_fd);
	signal_fd = -1;
	JS_FreeValue(ctx, callback);
	callback = JS_UNDEFINED;
}

static JSValue js_on_signals(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int count;
	if (!take_function(ctx, argv[1], "callback")) return JS_EXCEPTION;
	int *numbers = take_ints(ctx, argv[0], "signals", 1, 31, 31, &count);
	if (!numbers) return JS_EXCEPTION;
	sigset_t set;
	sigemptyset(&set);
	for (int i = 0; i < count; i++) sigaddset(&set, numbers[i]);
	js_free(ctx, numbers);
	if (count == 0) {
		stop(ctx);
		sigprocmask(SIG_SETMASK, &set, NULL);
		return JS_UNDEFINED;
	}
	int fd = signalfd(signal_fd, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0) return throw_errno(ctx, errno, "signalfd", "%d signals", count);
	if (fd != signal_fd && !watch_native(fd, read_signals)) {
		int error = errno;
		close(fd);
		return throw_errno(ctx, error, "epoll_ctl", "%d", fd);
	}
	signal_fd = fd;
	sigprocmask(SIG_SETMASK, &set, NULL);
	JSValue earlier = callback;
	callback = JS_DupValue(ctx, argv[1]);
	JS_FreeValue(ctx, earlier);
	return JS_UNDEFINED;
}

void close_signals(JSContext *ctx) {
	stop(ctx);
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("onSignals", 2, js_on_signals),
};
const struct function_list signal_functions = {functions, COUNT(functions)};
