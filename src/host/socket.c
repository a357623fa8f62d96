// Sockets of every family, always non-blocking. Addresses pass as the bytes of struct sockaddr.
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"

#define LONGEST_OPTION 65536
// BPF_MAXINSNS instructions.
#define LONGEST_FILTER (4096 * 8)

static JSValue js_socket(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int family, type, protocol;
	if (!take_int(ctx, argv[0], "family", 0, 255, &family) || !take_int(ctx, argv[1], "type", 1, 15, &type) ||
	    !take_int(ctx, argv[2], "protocol", 0, 65535, &protocol))
		return JS_EXCEPTION;
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0) return throw_errno(ctx, errno, "socket", "family %d, type %d, protocol %d", family, type, protocol);
	return JS_NewInt32(ctx, fd);
}

static JSValue js_socket_pair(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fds[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return throw_errno(ctx, errno, "socketpair", "AF_UNIX");
	JSValue result = JS_NewArray(ctx);
	if (JS_IsException(result)) {
		close(fds[0]);
		close(fds[1]);
		return result;
	}
	JS_SetPropertyUint32(ctx, result, 0, JS_NewInt32(ctx, fds[0]));
	JS_SetPropertyUint32(ctx, result, 1, JS_NewInt32(ctx, fds[1]));
	return result;
}

static JSValue js_inherit(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return throw_errno(ctx, errno, "fcntl", "%d", fd);
	return JS_UNDEFINED;
}

// The fd and the address of `bind` and `connect`.
static bool take_address(JSContext *ctx, JSValueConst *argv, int *fd, struct bytes *address) {
	if (!take_fd(ctx, argv[0], fd) || !take_bytes(ctx, argv[1], "address", address)) return false;
	if (address->length <= sizeof(struct sockaddr_storage)) return true;
	JS_ThrowRangeError(ctx, "an address of %zu bytes", address->length);
	return false;
}

static JSValue js_bind(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes address;
	if (!take_address(ctx, argv, &fd, &address)) return JS_EXCEPTION;
	if (bind(fd, (struct sockaddr *)address.data, address.length) < 0) return throw_errno(ctx, errno, "bind", "%d", fd);
	return JS_UNDEFINED;
}

static JSValue js_connect(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes address;
	if (!take_address(ctx, argv, &fd, &address)) return JS_EXCEPTION;
	if (connect(fd, (struct sockaddr *)address.data, address.length) == 0) return JS_TRUE;
	// Interrupted, a connect goes on in the background like one in progress.
	if (errno == EINPROGRESS || errno == EINTR) return JS_FALSE;
	return throw_errno(ctx, errno, "connect", "%d", fd);
}

static JSValue js_listen(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, backlog;
	if (!take_fd(ctx, argv[0], &fd) || !take_int(ctx, argv[1], "backlog", 0, 65535, &backlog)) return JS_EXCEPTION;
	if (listen(fd, backlog) < 0) return throw_errno(ctx, errno, "listen", "%d", fd);
	return JS_UNDEFINED;
}

// An object with an address and one number.
static JSValue with_address(JSContext *ctx, const char *name, int number, const void *address, size_t length) {
	JSValue result = JS_NewObject(ctx);
	JSValue bytes = new_bytes(ctx, address, length);
	if (JS_IsException(result) || JS_IsException(bytes)) {
		JS_FreeValue(ctx, result);
		JS_FreeValue(ctx, bytes);
		return JS_EXCEPTION;
	}
	JS_SetPropertyStr(ctx, result, name, JS_NewInt32(ctx, number));
	JS_SetPropertyStr(ctx, result, "address", bytes);
	return result;
}

static JSValue js_accept(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, accepted;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	struct sockaddr_storage from;
	socklen_t length;
	do {
		length = sizeof from;
		accepted = accept4(fd, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	} while (accepted < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (accepted < 0) return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "accept4", "%d", fd);
	JSValue result = with_address(ctx, "fd", accepted, &from, length < sizeof from ? length : sizeof from);
	if (JS_IsException(result)) close(accepted);
	return result;
}

static JSValue js_send(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes data, address = {0};
	if (!take_fd(ctx, argv[0], &fd) || !take_bytes(ctx, argv[1], "data", &data)) return JS_EXCEPTION;
	if (!JS_IsNull(argv[2]) && !take_bytes(ctx, argv[2], "address", &address)) return JS_EXCEPTION;
	if (address.length > sizeof(struct sockaddr_storage)) return JS_ThrowRangeError(ctx, "an address of %zu bytes", address.length);
	ssize_t sent;
	do {
		sent = sendto(fd, data.data, data.length, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)address.data, address.length);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0) return JS_NewInt64(ctx, sent);
	return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "sendto", "%d, %zu bytes", fd, data.length);
}

// What the IPv6 header of a datagram said, as far as the socket was told to tell (RFC 3542).
static void add_header(JSContext *ctx, JSValueConst result, struct msghdr *message) {
	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each)) {
		if (each->cmsg_level != IPPROTO_IPV6) continue;
		if (each->cmsg_type == IPV6_HOPLIMIT) {
			int hops;
			memcpy(&hops, CMSG_DATA(each), sizeof hops);
			JS_SetPropertyStr(ctx, result, "hops", JS_NewInt32(ctx, hops));
		} else if (each->cmsg_type == IPV6_PKTINFO) {
			JS_SetPropertyStr(ctx, result, "destination", new_bytes(ctx, CMSG_DATA(each), sizeof(struct in6_addr)));
		}
	}
}

static JSValue js_receive(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes into;
	if (!take_fd(ctx, argv[0], &fd) || !take_bytes(ctx, argv[1], "into", &into)) return JS_EXCEPTION;
	if (into.length == 0) return JS_ThrowRangeError(ctx, "into must have room");
	bool wants_header = JS_ToBool(ctx, argv[2]);
	struct sockaddr_storage from;
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec part = {into.data, into.length};
	struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1};
	if (wants_header) {
		message.msg_control = control;
		message.msg_controllen = sizeof control;
	}
	ssize_t received;
	do {
		received = recvmsg(fd, &message, MSG_DONTWAIT);
	} while (received < 0 && errno == EINTR);
	if (received < 0) return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "recvmsg", "%d", fd);
	size_t length = message.msg_namelen < sizeof from ? message.msg_namelen : sizeof from;
	JSValue result = with_address(ctx, "length", received, &from, length);
	if (JS_IsException(result)) return result;
	JS_SetPropertyStr(ctx, result, "truncated", JS_NewBool(ctx, message.msg_flags & MSG_TRUNC));
	if (wants_header) add_header(ctx, result, &message);
	return result;
}

static JSValue js_shutdown(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, how;
	if (!take_fd(ctx, argv[0], &fd) || !take_int(ctx, argv[1], "how", SHUT_RD, SHUT_RDWR, &how)) return JS_EXCEPTION;
	if (shutdown(fd, how) < 0) return throw_errno(ctx, errno, "shutdown", "%d", fd);
	return JS_UNDEFINED;
}

static bool take_option(JSContext *ctx, JSValueConst *argv, int *fd, int *level, int *name) {
	return take_fd(ctx, argv[0], fd) && take_int(ctx, argv[1], "level", 0, INT32_MAX, level) &&
	       take_int(ctx, argv[2], "name", 0, INT32_MAX, name);
}

static JSValue js_set_option(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, level, name;
	struct bytes value;
	if (!take_option(ctx, argv, &fd, &level, &name) || !take_bytes(ctx, argv[3], "value", &value)) return JS_EXCEPTION;
	if (value.length > LONGEST_OPTION) return JS_ThrowRangeError(ctx, "an option of %zu bytes", value.length);
	if (setsockopt(fd, level, name, value.data, value.length) < 0)
		return throw_errno(ctx, errno, "setsockopt", "%d, level %d, option %d", fd, level, name);
	return JS_UNDEFINED;
}

static JSValue js_get_option(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, level, name, size;
	if (!take_option(ctx, argv, &fd, &level, &name) || !take_int(ctx, argv[3], "length", 0, LONGEST_OPTION, &size))
		return JS_EXCEPTION;
	uint8_t *value = js_mallocz(ctx, size + 1);
	if (!value) return JS_EXCEPTION;
	socklen_t length = size;
	JSValue result = getsockopt(fd, level, name, value, &length) < 0
				 ? throw_errno(ctx, errno, "getsockopt", "%d, level %d, option %d", fd, level, name)
				 : new_bytes(ctx, value, length < (socklen_t)size ? length : (socklen_t)size);
	js_free(ctx, value);
	return result;
}

static JSValue js_attach_filter(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	struct bytes program;
	if (!take_fd(ctx, argv[0], &fd) || !take_bytes(ctx, argv[1], "program", &program)) return JS_EXCEPTION;
	// struct sock_fprog: the kernel copies the instructions, 8 bytes each, and checks them.
	struct {
		unsigned short count;
		const void *instructions;
	} filter = {program.length / 8, program.data};
	if (program.length > LONGEST_FILTER) return JS_ThrowRangeError(ctx, "a filter of %zu bytes", program.length);
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0)
		return throw_errno(ctx, errno, "setsockopt", "%d, SO_ATTACH_FILTER", fd);
	return JS_UNDEFINED;
}

static JSValue js_local_address(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd;
	if (!take_fd(ctx, argv[0], &fd)) return JS_EXCEPTION;
	struct sockaddr_storage address;
	socklen_t length = sizeof address;
	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return throw_errno(ctx, errno, "getsockname", "%d", fd);
	return new_bytes(ctx, &address, length < sizeof address ? length : sizeof address);
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("socket", 3, js_socket),
	JS_CFUNC_DEF("socketPair", 0, js_socket_pair),
	JS_CFUNC_DEF("inherit", 1, js_inherit),
	JS_CFUNC_DEF("bind", 2, js_bind),
	JS_CFUNC_DEF("connect", 2, js_connect),
	JS_CFUNC_DEF("listen", 2, js_listen),
	JS_CFUNC_DEF("accept", 1, js_accept),
	JS_CFUNC_DEF("send", 3, js_send),
	JS_CFUNC_DEF("receive", 3, js_receive),
	JS_CFUNC_DEF("shutdown", 2, js_shutdown),
	JS_CFUNC_DEF("setOption", 4, js_set_option),
	JS_CFUNC_DEF("getOption", 4, js_get_option),
	JS_CFUNC_DEF("attachFilter", 2, js_attach_filter),
	JS_CFUNC_DEF("localAddress", 1, js_local_address),
};
const struct function_list socket_functions = {functions, COUNT(functions)};
