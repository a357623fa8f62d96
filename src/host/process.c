// This process and its children.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

#define MOST_RANDOM 65536
#ifndef GRND_NONBLOCK
#define GRND_NONBLOCK 1
#endif
#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

static JSValue js_kill(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int pid, number;
	if (!take_int(ctx, argv[0], "pid", INT32_MIN + 1, INT32_MAX, &pid)) return JS_EXCEPTION;
	if (!take_int(ctx, argv[1], "signal", 0, 64, &number)) return JS_EXCEPTION;
	// 0 is the own group, -1 is everybody: nothing here means those.
	if (pid == 0 || pid == -1) return JS_ThrowRangeError(ctx, "pid must name a process or a group, it is %d", pid);
	if (kill(pid, number) < 0) return throw_errno(ctx, errno, "kill", "%d with signal %d", pid, number);
	return JS_UNDEFINED;
}

static JSValue js_reap(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int status;
	pid_t pid = waitpid(-1, &status, WNOHANG);
	if (pid <= 0) return JS_NULL;
	JSValue result = JS_NewObject(ctx);
	if (JS_IsException(result)) return result;
	JS_SetPropertyStr(ctx, result, "pid", JS_NewInt32(ctx, pid));
	JS_SetPropertyStr(ctx, result, "status", JS_NewInt32(ctx, WIFEXITED(status) ? WEXITSTATUS(status) : 0));
	JS_SetPropertyStr(ctx, result, "signal", JS_NewInt32(ctx, WIFSIGNALED(status) ? WTERMSIG(status) : 0));
	return result;
}

static JSValue js_die_with_parent(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	if (!take_int(ctx, argv[0], "signal", 0, 64, &number)) return JS_EXCEPTION;
	if (prctl(PR_SET_PDEATHSIG, (unsigned long)number, 0, 0, 0) < 0) return throw_errno(ctx, errno, "prctl", "PR_SET_PDEATHSIG %d", number);
	return JS_UNDEFINED;
}

static JSValue js_lock_memory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0) return throw_errno(ctx, errno, "mlockall", "MCL_CURRENT | MCL_FUTURE");
	// But for the scripts of other processes, which this one never reads.
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	for (const struct bundle *each = bundles; each->name; each++) {
		uintptr_t start = ((uintptr_t)each->code + page - 1) & -page, end = (uintptr_t)each->code_end & -page;
		if (each != bundle && start < end && munlock((void *)start, end - start) == 0) madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return JS_UNDEFINED;
}

static JSValue js_set_real_time_priority(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int priority;
	if (!take_int(ctx, argv[0], "priority", 0, 99, &priority)) return JS_EXCEPTION;
	// By number: musl refuses the function, because POSIX means all threads and the call only one.
	struct sched_param parameters = {.sched_priority = priority};
	int policy = priority ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER;
	if (syscall(SYS_sched_setscheduler, 0, policy, &parameters) < 0) return throw_errno(ctx, errno, "sched_setscheduler", "%d", priority);
	return JS_UNDEFINED;
}

static JSValue js_environment(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *name = take_string(ctx, argv[0], "name");
	if (!name) return JS_EXCEPTION;
	const char *value = getenv(name);
	JS_FreeCString(ctx, name);
	return value ? JS_NewString(ctx, value) : JS_NULL;
}

static JSValue js_set_host_name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *name = take_string(ctx, argv[0], "name");
	if (!name) return JS_EXCEPTION;
	JSValue result = JS_UNDEFINED;
	if (sethostname(name, strlen(name)) < 0) result = throw_errno(ctx, errno, "sethostname", "%s", name);
	JS_FreeCString(ctx, name);
	return result;
}

// /dev/urandom never blocks, not even before the generator is seeded. Kernels before 5.6 need it then.
static bool read_urandom(uint8_t *out, size_t length) {
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return false;
	while (length > 0) {
		ssize_t count = read(fd, out, length);
		if (count <= 0) break;
		out += count;
		length -= count;
	}
	int error = errno;
	close(fd);
	errno = error;
	return length == 0;
}

bool fill_random(uint8_t *out, size_t length) {
	unsigned flags = GRND_INSECURE;
	while (length > 0) {
		ssize_t count = syscall(SYS_getrandom, out, length, flags);
		if (count >= 0) {
			out += count;
			length -= count;
		} else if (errno == EINVAL && flags == GRND_INSECURE) {
			flags = GRND_NONBLOCK;
		} else if (errno != EINTR) {
			return read_urandom(out, length);
		}
	}
	return true;
}

static JSValue js_random(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int length;
	if (!take_int(ctx, argv[0], "length", 0, MOST_RANDOM, &length)) return JS_EXCEPTION;
	uint8_t *random = js_malloc(ctx, length + 1);
	if (!random) return JS_EXCEPTION;
	JSValue result = fill_random(random, length) ? new_bytes(ctx, random, length)
						     : throw_errno(ctx, errno, "getrandom", "%d", length);
	js_free(ctx, random);
	return result;
}

static JSValue js_exit(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int status;
	if (!take_int(ctx, argv[0], "status", 0, 255, &status)) return JS_EXCEPTION;
	_exit(status);
}

static JSValue js_collect_garbage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	JS_RunGC(JS_GetRuntime(ctx));
	return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("kill", 2, js_kill),
	JS_CFUNC_DEF("reap", 0, js_reap),
	JS_CFUNC_DEF("dieWithParent", 1, js_die_with_parent),
	JS_CFUNC_DEF("lockMemory", 0, js_lock_memory),
	JS_CFUNC_DEF("setRealTimePriority", 1, js_set_real_time_priority),
	JS_CFUNC_DEF("environment", 1, js_environment),
	JS_CFUNC_DEF("setHostName", 1, js_set_host_name),
	JS_CFUNC_DEF("random", 1, js_random),
	JS_CFUNC_DEF("exit", 1, js_exit),
	JS_CFUNC_DEF("collectGarbage", 0, js_collect_garbage),
};
const struct function_list process_functions = {functions, COUNT(functions)};
