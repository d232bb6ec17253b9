#include "net/tls_context.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

#include "net/openssl_error.h"

namespace plasm::net {
namespace {

constexpr unsigned char kAlpn[] = "\x08http/1.1";
constexpr unsigned kAlpnSize = sizeof(kAlpn) - 1;

// In the order of their speed on machines that have AES instructions; a client without them
// puts ChaCha20 first, and gets it.
constexpr const char* kCiphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

// Instead of OpenSSL's own judgement, which is about chains and dates. Neither counts.
int CheckLeaf(X509_STORE_CTX* store, void*) noexcept {
  const X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (leaf != nullptr && KeyOf(*leaf)) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

int SelectProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned offered_size, void*) noexcept {
  for (unsigned i = 0; i < offered_size; i += 1u + offered[i]) {
    const std::string_view name(reinterpret_cast<const char*>(offered + i + 1), offered[i]);
    if (name != "http/1.1") continue;
    *out = offered + i + 1;
    *out_size = offered[i];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

void FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }
void TlsContext::FreeContext::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Result<TlsContext> TlsContext::Make(const TlsIdentity* identity) {
  TlsContext made;
  made.context_.reset(SSL_CTX_new(TLS_method()));
  SSL_CTX* context = made.context_.get();
  if (context == nullptr ||  //
      SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_ciphersuites(context, kCiphers) != 1 ||
      SSL_CTX_set1_sigalgs_list(context, "ed25519") != 1 ||
      SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1 ||
      SSL_CTX_set_num_tickets(context, 0) != 1) {
    return OpensslError("TLS");
  }
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_early_data(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  // Head and content of a record come with one call.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, CheckLeaf, nullptr);
  // A certificate of ours is half a kilobyte; nobody needs a chain.
  SSL_CTX_set_max_cert_list(context, 8 << 10);
  if (identity != nullptr && (SSL_CTX_use_certificate(context, identity->certificate_.get()) != 1 ||
                              SSL_CTX_use_PrivateKey(context, identity->key_.get()) != 1)) {
    return OpensslError("TLS");
  }
  return made;
}

Result<TlsContext> TlsContext::ForServer(const TlsIdentity& identity) {
  PLASM_TRY(TlsContext made, Make(&identity));
  SSL_CTX_set_alpn_select_cb(made.context_.get(), SelectProtocol, nullptr);
  return made;
}

Result<TlsContext> TlsContext::ForClient(const TlsIdentity* identity) {
  PLASM_TRY(TlsContext made, Make(identity));
  if (SSL_CTX_set_alpn_protos(made.context_.get(), kAlpn, kAlpnSize) != 0) {
    return OpensslError("TLS");
  }
  return made;
}

SslPtr TlsContext::NewConnection() const { return SslPtr(SSL_new(context_.get())); }

}  // namespace plasm::net
