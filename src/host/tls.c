// TLS of a client over a connected stream socket, by Mbed TLS. A session has a number and lives until it is closed. Nothing waits:
// a handshake goes step by step, since the arithmetic of a whole one takes a small board half a second.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "host.h"
#include "mbedtls/pkcs5.h"
#include "mbedtls/psa_util.h"
#include "mbedtls/ssl.h"
#include "psa/crypto.h"

/** Each takes some 25 KB. */
#define MOST_SESSIONS 16
/** Messages in a row that carry no data. */
#define MOST_SILENT 16
/** Of a key: each takes a small board more than half a millisecond. */
#define MOST_ROUNDS 10000
/** Mid 2024: a clock that shows less was never set, and says nothing about what is not valid yet. */
#define PLAUSIBLE_TIME 1719792000

struct session {
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config config;
	mbedtls_x509_crt authorities;
	int fd, error;
	// Whether the socket had nothing more to read; how much the record holds that waits to be sent.
	bool starved;
	size_t unsent;
};

static struct session *sessions[MOST_SESSIONS];

// P-256 first: its arithmetic is the fastest here.
static const uint16_t groups[] = {
	MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519, MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, 0,
};

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *out, size_t size, size_t *length) {
	*length = size;
	return fill_random(out, size) ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}

static int put(void *opaque, const unsigned char *data, size_t length) {
	struct session *session = opaque;
	ssize_t sent = send(session->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent >= 0) return sent;
	if (errno == EAGAIN || errno == EINTR) return MBEDTLS_ERR_SSL_WANT_WRITE;
	session->error = errno;
	return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int get(void *opaque, unsigned char *into, size_t length) {
	struct session *session = opaque;
	ssize_t received = recv(session->fd, into, length, MSG_DONTWAIT);
	if (received >= 0) return received;
	if (errno == EAGAIN || errno == EINTR) {
		session->starved = true;
		return MBEDTLS_ERR_SSL_WANT_READ;
	}
	session->error = errno;
	return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

// Throws what a function of the library returned: the socket's own error, or EPROTO with the number, the alert that the server has
// sent, and what is wrong with its certificate.
static JSValue throw_tls(JSContext *ctx, struct session *session, int result) {
	if (session->error) return throw_errno(ctx, session->error, "tls", "%d", session->fd);
	int alert = result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ? session->ssl.MBEDTLS_PRIVATE(in_msg)[1] : 0;
	uint32_t flaws = result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED ? mbedtls_ssl_get_verify_result(&session->ssl) : 0;
	return throw_errno(ctx, EPROTO, "tls", "%#x alert %d flaws %#x", -result, alert, flaws);
}

static void close_session(JSContext *ctx, int number) {
	struct session *session = sessions[number];
	if (!session) return;
	sessions[number] = NULL;
	mbedtls_ssl_free(&session->ssl);
	mbedtls_ssl_config_free(&session->config);
	mbedtls_x509_crt_free(&session->authorities);
	js_free(ctx, session);
}

static struct session *take_session(JSContext *ctx, JSValueConst value, int *number) {
	if (!take_int(ctx, value, "session", 0, MOST_SESSIONS - 1, number)) return NULL;
	if (!sessions[*number]) throw_errno(ctx, EBADF, "tls", "session %d", *number);
	return sessions[*number];
}

static int judge_certificate(void *opaque, mbedtls_x509_crt *certificate, int depth, uint32_t *flaws) {
	if (time(NULL) < PLAUSIBLE_TIME) *flaws &= ~(uint32_t)MBEDTLS_X509_BADCERT_FUTURE;
	return 0;
}

static int resume(struct session *session, const struct bytes *saved) {
	mbedtls_ssl_session earlier;
	mbedtls_ssl_session_init(&earlier);
	int result = mbedtls_ssl_session_load(&earlier, saved->data, saved->length);
	if (result == 0) result = mbedtls_ssl_set_session(&session->ssl, &earlier);
	mbedtls_ssl_session_free(&earlier);
	return result;
}

static int begin(struct session *session, const char *name, int version, const char *authorities, const struct bytes *saved) {
	mbedtls_ssl_config *config = &session->config;
	if (psa_crypto_init()) return MBEDTLS_ERR_SSL_ALLOC_FAILED;
	int result = mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	if (result) return result;
	mbedtls_ssl_conf_rng(config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
	mbedtls_ssl_conf_groups(config, groups);
	mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
	if (version == 2) mbedtls_ssl_conf_max_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
	if (version == 3) mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_3);
	mbedtls_ssl_conf_authmode(config, authorities ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
	if (authorities) {
		result = mbedtls_x509_crt_parse(&session->authorities, (const uint8_t *)authorities, strlen(authorities) + 1);
		if (result) return result < 0 ? result : MBEDTLS_ERR_X509_INVALID_FORMAT;
		mbedtls_ssl_conf_ca_chain(config, &session->authorities, NULL);
		mbedtls_ssl_conf_verify(config, judge_certificate, NULL);
	}
	result = mbedtls_ssl_setup(&session->ssl, config);
	if (result == 0) result = mbedtls_ssl_set_hostname(&session->ssl, name);
	if (result == 0 && saved->length > 0) result = resume(session, saved);
	mbedtls_ssl_set_bio(&session->ssl, session, put, get, NULL);
	return result;
}

static JSValue js_tls_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int fd, version, number = 0;
	struct bytes saved = {0};
	if (!take_fd(ctx, argv[0], &fd) || !take_int(ctx, argv[2], "version", 0, 3, &version)) return JS_EXCEPTION;
	while (number < MOST_SESSIONS && sessions[number]) number++;
	if (number == MOST_SESSIONS) return throw_errno(ctx, EAGAIN, "tls", "%d sessions are open", number);
	const char *name = take_string(ctx, argv[1], "serverName");
	const char *authorities = name ? take_string(ctx, argv[3], "authorities") : NULL;
	JSValue result = JS_EXCEPTION;
	if (authorities && (JS_IsNull(argv[4]) || take_bytes(ctx, argv[4], "session", &saved))) {
		struct session *session = sessions[number] = js_mallocz(ctx, sizeof *session);
		if (session) {
			session->fd = fd;
			mbedtls_ssl_init(&session->ssl);
			mbedtls_ssl_config_init(&session->config);
			mbedtls_x509_crt_init(&session->authorities);
			int status = begin(session, *name ? name : NULL, version, *authorities ? authorities : NULL, &saved);
			result = status ? throw_tls(ctx, session, status) : JS_NewInt32(ctx, number);
			if (status) close_session(ctx, number);
		}
	}
	JS_FreeCString(ctx, name);
	JS_FreeCString(ctx, authorities);
	return result;
}

static JSValue js_tls_handshake(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	struct session *session = take_session(ctx, argv[0], &number);
	if (!session) return JS_EXCEPTION;
	if (mbedtls_ssl_is_handshake_over(&session->ssl)) return JS_NewString(ctx, "done");
	session->starved = false;
	int result = mbedtls_ssl_handshake_step(&session->ssl);
	if (result == MBEDTLS_ERR_SSL_WANT_READ && session->starved) return JS_NewString(ctx, "readable");
	if (result == MBEDTLS_ERR_SSL_WANT_WRITE) return JS_NewString(ctx, "writable");
	if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ) return throw_tls(ctx, session, result);
	return JS_NewString(ctx, mbedtls_ssl_is_handshake_over(&session->ssl) ? "done" : "again");
}

static JSValue js_tls_send(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	struct bytes data;
	struct session *session = take_session(ctx, argv[0], &number);
	if (!session || !take_bytes(ctx, argv[1], "data", &data)) return JS_EXCEPTION;
	// What did not fit into the socket is encrypted already: the same bytes again, and no more of them, is what the library wants.
	size_t length = session->unsent && session->unsent < data.length ? session->unsent : data.length;
	if (length == 0) return JS_NewInt32(ctx, 0);
	int result = mbedtls_ssl_write(&session->ssl, data.data, length);
	session->unsent = result == MBEDTLS_ERR_SSL_WANT_WRITE ? length : 0;
	if (result >= 0) return JS_NewInt32(ctx, result);
	if (result == MBEDTLS_ERR_SSL_WANT_WRITE || result == MBEDTLS_ERR_SSL_WANT_READ) return JS_NULL;
	return throw_tls(ctx, session, result);
}

static JSValue js_tls_receive(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	struct bytes into;
	struct session *session = take_session(ctx, argv[0], &number);
	if (!session || !take_bytes(ctx, argv[1], "into", &into)) return JS_EXCEPTION;
	if (into.length == 0) return JS_ThrowRangeError(ctx, "into must have room");
	for (int silent = 0; silent < MOST_SILENT; silent++) {
		session->starved = false;
		int result = mbedtls_ssl_read(&session->ssl, into.data, into.length);
		if (result > 0) return JS_NewInt32(ctx, result);
		if (result == 0 || result == MBEDTLS_ERR_SSL_CONN_EOF || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return JS_NewInt32(ctx, 0);
		if (session->starved || result == MBEDTLS_ERR_SSL_WANT_WRITE) return JS_NULL;
		if (result != MBEDTLS_ERR_SSL_WANT_READ && result != MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
			return throw_tls(ctx, session, result);
	}
	return throw_errno(ctx, EPROTO, "tls", "%d messages without data", MOST_SILENT);
}

static JSValue js_tls_session(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	struct session *session = take_session(ctx, argv[0], &number);
	if (!session) return JS_EXCEPTION;
	mbedtls_ssl_session saved;
	mbedtls_ssl_session_init(&saved);
	JSValue result = JS_NULL;
	if (mbedtls_ssl_get_session(&session->ssl, &saved) == 0) {
		// Nobody asks for the certificate again, and it is the most of it.
		mbedtls_x509_crt *certificate = saved.MBEDTLS_PRIVATE(peer_cert);
		saved.MBEDTLS_PRIVATE(peer_cert) = NULL;
		mbedtls_x509_crt_free(certificate);
		free(certificate);
		size_t length = 0;
		mbedtls_ssl_session_save(&saved, NULL, 0, &length);
		uint8_t *data = malloc(length + 1);
		if (data && mbedtls_ssl_session_save(&saved, data, length, &length) == 0) result = new_bytes(ctx, data, length);
		free(data);
	}
	mbedtls_ssl_session_free(&saved);
	return result;
}

static JSValue js_tls_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	int number;
	struct session *session = take_session(ctx, argv[0], &number);
	if (!session) return JS_EXCEPTION;
	if (mbedtls_ssl_is_handshake_over(&session->ssl)) mbedtls_ssl_close_notify(&session->ssl);
	close_session(ctx, number);
	return JS_UNDEFINED;
}

void close_tls(JSContext *ctx) {
	for (int number = 0; number < MOST_SESSIONS; number++) close_session(ctx, number);
	mbedtls_psa_crypto_free();
}

static JSValue js_derive_key(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	struct bytes password, salt;
	int rounds;
	uint8_t key[32];
	if (!take_bytes(ctx, argv[0], "password", &password) || !take_bytes(ctx, argv[1], "salt", &salt)) return JS_EXCEPTION;
	if (!take_int(ctx, argv[2], "rounds", 1, MOST_ROUNDS, &rounds)) return JS_EXCEPTION;
	int status = mbedtls_pkcs5_pbkdf2_hmac_ext(
		MBEDTLS_MD_SHA256, password.data, password.length, salt.data, salt.length, rounds, sizeof key, key);
	return status ? JS_ThrowOutOfMemory(ctx) : new_bytes(ctx, key, sizeof key);
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("tlsOpen", 5, js_tls_open),
	JS_CFUNC_DEF("tlsHandshake", 1, js_tls_handshake),
	JS_CFUNC_DEF("tlsSend", 2, js_tls_send),
	JS_CFUNC_DEF("tlsReceive", 2, js_tls_receive),
	JS_CFUNC_DEF("tlsSession", 1, js_tls_session),
	JS_CFUNC_DEF("tlsClose", 1, js_tls_close),
	JS_CFUNC_DEF("deriveKey", 3, js_derive_key),
};
const struct function_list tls_functions = {functions, COUNT(functions)};
