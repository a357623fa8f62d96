// Open files and devices.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host.h"

#define LARGEST_FILE (16 << 20)
#define FARTHEST INT64_C(9007199254740991)
// A request has 14 bits for the size of its argument (<asm-generic/ioctl.h>).
#define LARGEST_ARGUMENT 16384

static JSValue js_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int flags, mode;
	if (!take_int(ctx, argv[1], "flags", 0, INT32_MAX, &flags) || !take_int(ctx, argv[2], "mode", 0, 07777, &mode)) return JS_EXCEPTION;
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	int fd;
	do fd = open(path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	JSValue result = fd < 0 ? throw_errno(ctx, errno, "open", "%s", path) : JS_NewInt32(ctx, fd);
	JS_FreeCString(ctx, path);
	return result;
}

static JSValue js_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	if (owned_by_host(fd)) return throw_errno(ctx, EBADF, "close", "%d", fd);
	forget_fd(ctx, fd);
	// Interrupted or failed, the descriptor is closed all the same (close(2)); only EBADF means that it was none.
	if (close(fd) < 0 && errno != EINTR) return throw_errno(ctx, errno, "close", "%d", fd);
	return JS_UNDEFINED;
}

// The common arguments of `read` and `write`.
static bool take_transfer(JSContext *ctx, JSValueConst *argv, const char *name, int *fd, struct bytes *bytes, int64_t *position) {
	return take_fd(ctx, argv[0], fd) && take_bytes(ctx, argv[1], name, bytes) &&
	       take_integer(ctx, argv[2], "position", -1, FARTHEST, position);
}

static JSValue js_read(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes into;
	int64_t position;
	if (!take_transfer(ctx, argv, "into", &fd, &into, &position)) return JS_EXCEPTION;
	ssize_t count;
	do count = position < 0 ? read(fd, into.data, into.length) : pread(fd, into.data, into.length, position);
	while (count < 0 && errno == EINTR);
	if (count >= 0) return JS_NewInt64(ctx, count);
	return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "read", "%d, %zu bytes", fd, into.length);
}

static JSValue js_write(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes data;
	int64_t position;
	if (!take_transfer(ctx, argv, "data", &fd, &data, &position)) return JS_EXCEPTION;
	ssize_t count;
	do count = position < 0 ? write(fd, data.data, data.length) : pwrite(fd, data.data, data.length, position);
	while (count < 0 && errno == EINTR);
	if (count >= 0) return JS_NewInt64(ctx, count);
	return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "write", "%d, %zu bytes", fd, data.length);
}

static JSValue js_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, status;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	do status = fsync(fd);
	while (status < 0 && errno == EINTR);
	return status < 0 ? throw_errno(ctx, errno, "fsync", "%d", fd) : JS_UNDEFINED;
}

static void free_content(JSRuntime *rt, void *opaque, void *content) {
	js_free_rt(rt, content);
}

// Reads to the end into memory that grows, since files of /proc do not tell their size. Returns errno, EFBIG past the limit.
static int read_to_end(JSContext *ctx, int fd, uint8_t **content, size_t *length) {
	size_t size = 0;
	*content = NULL;
	*length = 0;
	for (;;) {
		if (*length == size) {
			if (size > LARGEST_FILE) return EFBIG;
			size = size ? size * 2 : 4096;
			uint8_t *more = js_realloc_rt(JS_GetRuntime(ctx), *content, size);
			if (!more) return ENOMEM;
			*content = more;
		}
		ssize_t count = read(fd, *content + *length, size - *length);
		if (count == 0) return *length > LARGEST_FILE ? EFBIG : 0;
		if (count > 0) *length += count;
		else if (errno != EINTR) return errno;
	}
}

static JSValue js_read_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	JSValue result = JS_EXCEPTION;
	// Non-blocking, so that a FIFO without a writer is empty instead of a trap.
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		throw_errno(ctx, errno, "open", "%s", path);
		goto done;
	}
	uint8_t *content;
	size_t length;
	int error = read_to_end(ctx, fd, &content, &length);
	close(fd);
	if (error) {
		js_free(ctx, content);
		throw_errno(ctx, error, "read", "%s", path);
		goto done;
	}
	uint8_t *fitting = js_realloc(ctx, content, length ? length : 1);
	if (fitting) {
		JSValue buffer = JS_NewArrayBuffer(ctx, fitting, length, free_content, NULL, false);
		JSValueConst arguments[3] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
		if (!JS_IsException(buffer)) result = JS_NewTypedArray(ctx, 3, arguments, JS_TYPED_ARRAY_UINT8);
		JS_FreeValue(ctx, buffer);
	} else {
		js_free(ctx, content);
	}
done:
	JS_FreeCString(ctx, path);
	return result;
}

static JSValue js_ioctl(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	int64_t request;
	struct bytes argument;
	if (!take_fd(ctx, argv[0], &fd) || !take_integer(ctx, argv[1], "request", 0, UINT32_MAX, &request) ||
	    !take_bytes(ctx, argv[2], "argument", &argument))
		return JS_EXCEPTION;
	// Old requests do not tell the size of their argument. The kernel works on a buffer that is large enough for any of them.
	uint8_t buffer[LARGEST_ARGUMENT] = {0};
	if (argument.length > sizeof buffer) return JS_ThrowRangeError(ctx, "an argument of %zu bytes", argument.length);
	memcpy(buffer, argument.data, argument.length);
	int status = ioctl(fd, (uint32_t)request, buffer);
	if (status < 0) return throw_errno(ctx, errno, "ioctl", "%d, request 0x%x", fd, (uint32_t)request);
	memcpy(argument.data, buffer, argument.length);
	return JS_NewInt32(ctx, status);
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("open", 3, js_open),
	JS_CFUNC_DEF("close", 1, js_close),
	JS_CFUNC_DEF("read", 3, js_read),
	JS_CFUNC_DEF("write", 3, js_write),
	JS_CFUNC_DEF("sync", 1, js_sync),
	JS_CFUNC_DEF("readFile", 1, js_read_file),
	JS_CFUNC_DEF("ioctl", 3, js_ioctl),
};
const struct function_list file_functions = {functions, COUNT(functions)};
