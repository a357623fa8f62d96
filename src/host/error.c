// Errors: errno as JavaScript exceptions, and exceptions that nobody caught as the end of the process.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#define NAME(code) [code] = #code
static const char *const names[] = {
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC),
	NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(ENOTBLK), NAME(EBUSY),
	NAME(EEXIST), NAME(EXDEV), NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE),
	NAME(ENOTTY), NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS), NAME(EMLINK), NAME(EPIPE),
	NAME(EDOM), NAME(ERANGE), NAME(EDEADLK), NAME(ENAMETOOLONG), NAME(ENOLCK), NAME(ENOSYS), NAME(ENOTEMPTY),
	NAME(ELOOP), NAME(ENOMSG), NAME(EIDRM), NAME(ENODATA), NAME(ETIME), NAME(ENONET), NAME(ENOLINK), NAME(EPROTO),
	NAME(EBADMSG), NAME(EOVERFLOW), NAME(EILSEQ), NAME(EUSERS), NAME(ENOTSOCK), NAME(EDESTADDRREQ), NAME(EMSGSIZE),
	NAME(EPROTOTYPE), NAME(ENOPROTOOPT), NAME(EPROTONOSUPPORT), NAME(ESOCKTNOSUPPORT), NAME(EOPNOTSUPP),
	NAME(EPFNOSUPPORT), NAME(EAFNOSUPPORT), NAME(EADDRINUSE), NAME(EADDRNOTAVAIL), NAME(ENETDOWN),
	NAME(ENETUNREACH), NAME(ENETRESET), NAME(ECONNABORTED), NAME(ECONNRESET), NAME(ENOBUFS), NAME(EISCONN),
	NAME(ENOTCONN), NAME(ESHUTDOWN), NAME(ETIMEDOUT), NAME(ECONNREFUSED), NAME(EHOSTDOWN), NAME(EHOSTUNREACH),
	NAME(EALREADY), NAME(EINPROGRESS), NAME(ESTALE), NAME(EUCLEAN), NAME(EREMOTEIO), NAME(EDQUOT), NAME(ENOMEDIUM),
	NAME(EMEDIUMTYPE), NAME(ECANCELED),
};

// `buffer` takes the name of an errno that has none here.
static const char *error_name(int error, char *buffer, size_t size) {
	if (error > 0 && error < (int)COUNT(names) && names[error]) return names[error];
	snprintf(buffer, size, "E%d", error);
	return buffer;
}

static void set_string(JSContext *ctx, JSValueConst object, const char *name, const char *text) {
	JS_DefinePropertyValueStr(ctx, object, name, JS_NewString(ctx, text), JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

JSValue throw_errno(JSContext *ctx, int error, const char *syscall, const char *format, ...) {
	char argument[160], message[400], number[16];
	va_list list;
	va_start(list, format);
	vsnprintf(argument, sizeof argument, format, list);
	va_end(list);
	const char *code = error_name(error, number, sizeof number);
	snprintf(message, sizeof message, "%s %s: %s (%s)", syscall, argument, strerror(error), code);
	JSValue object = JS_NewError(ctx);
	if (JS_IsException(object)) return object;
	set_string(ctx, object, "message", message);
	set_string(ctx, object, "code", code);
	set_string(ctx, object, "syscall", syscall);
	set_string(ctx, object, "argument", argument);
	return JS_Throw(ctx, object);
}

static void say(const char *text) {
	write_whole(STDERR_FILENO, text, strlen(text));
}

static void say_value(JSContext *ctx, JSValueConst value) {
	const char *text = JS_ToCString(ctx, value);
	say(text ? text : "(an exception that cannot be shown)");
	say("\n");
	JS_FreeCString(ctx, text);
}

_Noreturn void die_of_value(JSContext *ctx, JSValueConst reason, const char *kind) {
	say(kind);
	say_value(ctx, reason);
	if (JS_IsError(ctx, reason)) {
		JSValue stack = JS_GetPropertyStr(ctx, reason, "stack");
		const char *raw = JS_IsString(stack) ? JS_ToCString(ctx, stack) : NULL;
		char *described = raw ? describe_stack(raw) : NULL;
		say(described ? described : raw ? raw : "");
		free(described);
	}
	_exit(EXIT_EXCEPTION);
}

_Noreturn void die_of_exception(JSContext *ctx) {
	die_of_value(ctx, JS_GetException(ctx), "uncaught exception: ");
}

static JSValue js_error_name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int error;
	char number[16];
	if (!take_int(ctx, argv[0], "errno", 0, 4095, &error)) return JS_EXCEPTION;
	return JS_NewString(ctx, error_name(error, number, sizeof number));
}

static JSValue js_describe_stack(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *stack = take_string(ctx, argv[0], "stack");
	if (!stack) return JS_EXCEPTION;
	char *described = describe_stack(stack);
	JSValue result = described ? JS_NewString(ctx, described) : JS_ThrowOutOfMemory(ctx);
	free(described);
	JS_FreeCString(ctx, stack);
	return result;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("errorName", 1, js_error_name),
	JS_CFUNC_DEF("describeStack", 1, js_describe_stack),
};
const struct function_list error_functions = {functions, COUNT(functions)};
