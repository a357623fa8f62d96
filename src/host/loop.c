// The event loop: epoll for descriptors, timers between, microtasks after every callback.
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

#define BATCH 32
#define ALL_EVENTS (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP)

// Descriptor numbers are used again at once. An event carries the generation of the watch it was meant for, so that one which
// was fetched before its descriptor was closed does not reach the next owner of the number.
struct watch {
	JSValue callback;
	void (*native)(JSContext *ctx);
	uint32_t generation;
	bool active;
};

struct rejection {
	JSValue promise, reason;
};

static int epoll_fd = -1;
static struct watch *watches;
static int watch_size, watch_count;
static struct rejection *rejections;
static int rejection_count, rejection_size;

static int open_epoll(void) {
	if (epoll_fd < 0) epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd;
}

// The kernel's answer to EPOLL_CTL_ADD or _MOD; on success `watches[fd]` exists.
static bool control(int fd, uint32_t events) {
	if (open_epoll() < 0) return false;
	if (fd >= watch_size) {
		int wanted = (fd + 32) & ~31;
		struct watch *more = realloc(watches, wanted * sizeof *watches);
		if (!more) return false;
		watches = more;
		for (; watch_size < wanted; watch_size++) watches[watch_size] = (struct watch){.callback = JS_UNDEFINED};
	}
	struct watch *watch = &watches[fd];
	if (!watch->active) watch->generation++;
	struct epoll_event event = {.events = events, .data.u64 = (uint64_t)watch->generation << 32 | (uint32_t)fd};
	if (epoll_ctl(epoll_fd, watch->active ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) < 0) return false;
	if (!watch->active) watch_count++;
	watch->active = true;
	return true;
}

bool watch_native(int fd, void (*ready)(JSContext *ctx)) {
	if (!control(fd, EPOLLIN)) return false;
	watches[fd].native = ready;
	return true;
}

bool owned_by_host(int fd) {
	return fd == epoll_fd || (fd < watch_size && watches[fd].native);
}

void forget_fd(JSContext *ctx, int fd) {
	if (fd >= watch_size || !watches[fd].active) return;
	// Fails when the descriptor is closed already, and then there is nothing to remove.
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	JSValue callback = watches[fd].callback;
	watches[fd] = (struct watch){.callback = JS_UNDEFINED, .generation = watches[fd].generation};
	watch_count--;
	JS_FreeValue(ctx, callback);
}

static JSValue js_watch(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, events;
	if (!take_fd(ctx, argv[0], &fd) || !take_int(ctx, argv[1], "events", 0, ALL_EVENTS, &events)) return JS_EXCEPTION;
	if (!take_function(ctx, argv[2], "callback")) return JS_EXCEPTION;
	if (owned_by_host(fd)) return throw_errno(ctx, EBADF, "epoll_ctl", "%d", fd);
	if (!control(fd, events & ALL_EVENTS)) return throw_errno(ctx, errno, "epoll_ctl", "%d", fd);
	JSValue earlier = watches[fd].callback;
	watches[fd].callback = JS_DupValue(ctx, argv[2]);
	JS_FreeValue(ctx, earlier);
	return JS_UNDEFINED;
}

static JSValue js_unwatch(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	if (!owned_by_host(fd)) forget_fd(ctx, fd);
	return JS_UNDEFINED;
}

// The engine tells of a promise that was rejected with nobody listening, and again when somebody listens after all.
static void track_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, JS_BOOL handled, void *opaque) {
	if (handled) {
		for (int i = 0; i < rejection_count; i++) {
			if (JS_VALUE_GET_PTR(rejections[i].promise) != JS_VALUE_GET_PTR(promise)) continue;
			JS_FreeValue(ctx, rejections[i].promise);
			JS_FreeValue(ctx, rejections[i].reason);
			rejections[i] = rejections[--rejection_count];
			return;
		}
		return;
	}
	if (rejection_count == rejection_size) {
		int wanted = rejection_size ? rejection_size * 2 : 8;
		struct rejection *more = realloc(rejections, wanted * sizeof *rejections);
		if (!more) die_of_value(ctx, reason, "unhandled rejection: ");
		rejections = more;
		rejection_size = wanted;
	}
	rejections[rejection_count++] = (struct rejection){JS_DupValue(ctx, promise), JS_DupValue(ctx, reason)};
}

static void run_microtasks(JSContext *ctx) {
	JSContext *where;
	int status;
	while ((status = JS_ExecutePendingJob(JS_GetRuntime(ctx), &where)) > 0) {}
	if (status < 0) die_of_exception(where);
	if (rejection_count > 0) die_of_value(ctx, rejections[0].reason, "unhandled rejection: ");
}

void call_back(JSContext *ctx, JSValueConst function, int argc, JSValueConst *argv) {
	JSValue result = JS_Call(ctx, function, JS_UNDEFINED, argc, argv);
	if (JS_IsException(result)) die_of_exception(ctx);
	JS_FreeValue(ctx, result);
	run_microtasks(ctx);
}

// epoll_pwait2(2), which takes nanoseconds; by epoll_pwait(2) where a sandbox does not know it, rounded up.
static int wait_for_events(struct epoll_event *events, int64_t nanoseconds) {
	static bool coarse;
	if (!coarse) {
		struct {
			int64_t seconds, nanoseconds;
		} timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
		int count = syscall(SYS_epoll_pwait2, epoll_fd, events, BATCH, nanoseconds < 0 ? NULL : &timeout, NULL, 0);
		if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
		coarse = true;
	}
	int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
	return epoll_wait(epoll_fd, events, BATCH, milliseconds > 1000000000 ? 1000000000 : (int)milliseconds);
}

static void dispatch(JSContext *ctx, const struct epoll_event *event) {
	uint32_t fd = (uint32_t)event->data.u64;
	struct watch *watch = &watches[fd];
	if (!watch->active || watch->generation != event->data.u64 >> 32) return;
	if (watch->native) {
		watch->native(ctx);
		return;
	}
	// The callback may end its own watch: keep it alive while it runs.
	JSValue callback = JS_DupValue(ctx, watch->callback);
	JSValue argument = JS_NewInt32(ctx, event->events);
	call_back(ctx, callback, 1, &argument);
	JS_FreeValue(ctx, callback);
}

void prepare_loop(JSContext *ctx) {
	JS_SetHostPromiseRejectionTracker(JS_GetRuntime(ctx), track_rejection, NULL);
}

void run_loop(JSContext *ctx) {
	run_microtasks(ctx);
	for (;;) {
		int64_t due = next_timer();
		if (due < 0 && watch_count == 0) return;
		int64_t wait = due < 0 ? -1 : due - now_nanoseconds();
		struct epoll_event events[BATCH];
		if (open_epoll() < 0) die_of_value(ctx, JS_NULL, "epoll_create1 failed: ");
		int count = wait_for_events(events, due >= 0 && wait < 0 ? 0 : wait);
		// What has arrived comes before what is due: after a stall a peer's packet in the queue must be seen before its timeout.
		for (int i = 0; i < count; i++) dispatch(ctx, &events[i]);
		fire_timers(ctx);
	}
}

void close_loop(JSContext *ctx) {
	for (int fd = 0; fd < watch_size; fd++) forget_fd(ctx, fd);
	close_timers(ctx);
	free(watches);
	free(rejections);
	if (epoll_fd >= 0) close(epoll_fd);
}

#define FLAGS (JS_PROP_ENUMERABLE)
static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("watch", 3, js_watch),
	JS_CFUNC_DEF("unwatch", 1, js_unwatch),
	JS_PROP_INT32_DEF("READABLE", EPOLLIN, FLAGS),
	JS_PROP_INT32_DEF("WRITABLE", EPOLLOUT, FLAGS),
	JS_PROP_INT32_DEF("ERROR", EPOLLERR, FLAGS),
	JS_PROP_INT32_DEF("HANGUP", EPOLLHUP, FLAGS),
};
const struct function_list loop_functions = {functions, COUNT(functions)};
