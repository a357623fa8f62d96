// Starting programs: vfork, so that a small board need not have the memory of this process twice, then execve.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

#define MOST_STRINGS 4096
#define MOST_DESCRIPTORS 64

// i386 has these twice; the old ones know 16 bits only.
#ifdef SYS_setuid32
#define SET_USER SYS_setuid32
#define SET_GROUP SYS_setgid32
#define SET_GROUPS SYS_setgroups32
#else
#define SET_USER SYS_setuid
#define SET_GROUP SYS_setgid
#define SET_GROUPS SYS_setgroups
#endif

extern char **environ;

struct order {
	const char *program;
	char **args, **environment;
	int *descriptors, count;
	// User and group, or NULL.
	int *account;
	// Written by the child, which has this memory in common with its parent: why it could not execute the program.
	volatile int error;
};

// Moves every source out of the way of the numbers to be, then into place; dup2 clears close-on-exec.
static bool place_descriptors(const struct order *order) {
	for (int i = 0; i < order->count; i++) {
		int source = order->descriptors[i];
		int opened = source < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC) : source;
		if (opened < 0) return false;
		order->descriptors[i] = fcntl(opened, F_DUPFD_CLOEXEC, order->count);
		if (order->descriptors[i] < 0) return false;
	}
	for (int i = 0; i < order->count; i++) {
		if (dup2(order->descriptors[i], i) < 0) return false;
	}
	// All others close by themselves at execve, but for those that this process itself inherited and nobody took over.
	syscall(SYS_close_range, order->count, ~0u, 0);
	return true;
}

// By number: the C library's functions speak to all threads of a process, and here that would be the parent.
static bool change_account(const int *account) {
	gid_t group = account[1];
	return setpgid(0, 0) == 0 && syscall(SET_GROUPS, 1, &group) == 0 && syscall(SET_GROUP, group) == 0 &&
	       syscall(SET_USER, account[0]) == 0;
}

static _Noreturn __attribute__((noinline)) void become(struct order *order) {
	reset_signals();
	if (place_descriptors(order) && (!order->account || change_account(order->account)))
		execve(order->program, order->args, order->environment ? order->environment : environ);
	order->error = errno;
	_exit(127);
}

static JSValue start(JSContext *ctx, struct order *order) {
	sigset_t all, before;
	sigfillset(&all);
	// A signal must not reach the child before it has its own actions and its own memory.
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = vfork();
	if (pid == 0) become(order);
	int error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0) return throw_errno(ctx, error, "vfork", "%s", order->program);
	// A child that never became the program is not left for `reap`: SIGCHLD for it finds nothing, which is harmless.
	if (order->error) {
		siginfo_t gone;
		waitid(P_PID, pid, &gone, WEXITED);
		return throw_errno(ctx, order->error, "execve", "%s", order->program);
	}
	return JS_NewInt32(ctx, pid);
}

static bool take_account(JSContext *ctx, JSValueConst value, int **account) {
	int count;
	if (JS_IsUndefined(value) || JS_IsNull(value)) return true;
	*account = take_ints(ctx, value, "account", 0, INT32_MAX, 2, &count);
	if (!*account) return false;
	if (count != 2) JS_ThrowRangeError(ctx, "account must be a user and a group");
	return count == 2;
}

static JSValue js_spawn(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	struct order order = {0};
	JSValue result = JS_EXCEPTION;
	order.args = take_strings(ctx, argv[1], "args", MOST_STRINGS);
	if (!order.args) goto done;
	if (!JS_IsNull(argv[2]) && !(order.environment = take_strings(ctx, argv[2], "environment", MOST_STRINGS))) goto done;
	int *given = take_ints(ctx, argv[3], "descriptors", -1, 1 << 20, MOST_DESCRIPTORS, &order.count);
	if (!given) goto done;
	// Standard input, output and error are always there: a file that the program opens must not take their numbers.
	int needed = order.count < 3 ? 3 : order.count;
	order.descriptors = js_realloc(ctx, given, needed * sizeof *given);
	if (!order.descriptors) {
		js_free(ctx, given);
		goto done;
	}
	while (order.count < needed) order.descriptors[order.count++] = -1;
	if (!take_account(ctx, argv[4], &order.account)) goto done;
	order.program = take_string(ctx, argv[0], "program");
	if (!order.program) goto done;
	if (!order.args[0]) JS_ThrowRangeError(ctx, "args must have a first element");
	else result = start(ctx, &order);
done:
	JS_FreeCString(ctx, order.program);
	free_strings(ctx, order.args);
	free_strings(ctx, order.environment);
	js_free(ctx, order.descriptors);
	js_free(ctx, order.account);
	return result;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("spawn", 5, js_spawn),
};
const struct function_list spawn_functions = {functions, COUNT(functions)};
