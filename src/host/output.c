// Standard output and standard error.
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "host.h"

static bool hasty;

bool write_whole(int fd, const char *text, size_t length) {
	while (length > 0) {
		size_t piece = length;
		if (hasty) {
			// A pipe or a terminal that polls writable takes this much without blocking (pipe(7)).
			if (piece > PIPE_BUF) piece = PIPE_BUF;
			struct pollfd ready = {.fd = fd, .events = POLLOUT};
			if (poll(&ready, 1, 0) == 0) {
				errno = EAGAIN;
				return false;
			}
		}
		ssize_t written = write(fd, text, piece);
		if (written < 0 && errno == EAGAIN && !hasty) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};
			poll(&ready, 1, -1);
		} else if (written < 0 && errno != EINTR) {
			return false;
		} else if (written > 0) {
			text += written;
			length -= written;
		}
	}
	return true;
}

static JSValue js_print(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	size_t length;
	if (!take_int(ctx, argv[0], "fd", STDOUT_FILENO, STDERR_FILENO, &fd)) return JS_EXCEPTION;
	if (!JS_IsString(argv[1])) return JS_ThrowTypeError(ctx, "text must be a string");
	const char *text = JS_ToCStringLen(ctx, &length, argv[1]);
	if (!text) return JS_EXCEPTION;
	bool ok = write_whole(fd, text, length);
	int error = errno;
	JS_FreeCString(ctx, text);
	return ok ? JS_UNDEFINED : throw_errno(ctx, error, "write", "%d", fd);
}

static JSValue js_never_wait_for_output(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	hasty = true;
	return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("print", 2, js_print),
	JS_CFUNC_DEF("neverWaitForOutput", 0, js_never_wait_for_output),
};
const struct function_list output_functions = {functions, COUNT(functions)};
