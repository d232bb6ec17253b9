#include "net/certificate.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sodium/crypto_core_ed25519.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/quote.h"
#include "base/sha256.h"
#include "base/text_form.h"
#include "net/endpoint.h"
#include "net/openssl_error.h"
#include "net/tls_identity.h"

namespace plasm::net {
namespace {

template <class T, void (*Free)(T*)>
struct Freer {
  void operator()(T* value) const { Free(value); }
};
using GeneralNames = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES, GENERAL_NAMES_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION, X509_EXTENSION_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freer<BIGNUM, BN_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO, BIO_free_all>>;

// Takes the string over.
bool AddName(GENERAL_NAMES& names, int type, ByteView value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_STRING* text =
      ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
  if (name == nullptr || text == nullptr ||
      ASN1_STRING_set(text, value.data(), static_cast<int>(value.size())) != 1) {
    GENERAL_NAME_free(name);
    ASN1_STRING_free(text);
    return false;
  }
  GENERAL_NAME_set0_value(name, type, text);
  if (sk_GENERAL_NAME_push(&names, name) > 0) return true;
  GENERAL_NAME_free(name);
  return false;
}

Result<void> AddAlternativeNames(X509& certificate, const CertificateNames& names) {
  const GeneralNames list(GENERAL_NAMES_new());
  if (list == nullptr) return OpensslError("certificate");
  for (const std::string& dns : names.dns_names) {
    if (!IsHostName(dns)) {
      return Error{ErrorCode::kInvalid,
                   "certificate: DNS name " + Quote(dns) + ": expected one like node.example"};
    }
    if (!AddName(*list, GEN_DNS, AsBytes(dns))) return OpensslError("certificate");
  }
  for (const std::string& text : names.ip_addresses) {
    std::array<std::byte, 16> address{};
    std::size_t size = 0;
    if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) {
      size = 4;
    } else if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) {
      size = 16;
    } else {
      return Error{ErrorCode::kInvalid, "certificate: IP address " + Quote(text) +
                                            ": expected one like 192.0.2.7 or 2001:db8::7"};
    }
    if (!AddName(*list, GEN_IPADD, ByteView(address).first(size))) {
      return OpensslError("certificate");
    }
  }
  if (sk_GENERAL_NAME_num(list.get()) == 0) return {};
  if (X509_add1_ext_i2d(&certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) !=
      1) {
    return OpensslError("certificate");
  }
  return {};
}

Result<void> AddExtension(X509& certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (extension == nullptr || X509_add_ext(&certificate, extension.get(), -1) != 1) {
    return OpensslError("certificate");
  }
  return {};
}

// Positive and of at most 16 bytes, as RFC 5280 wants it. Of all that stands in the certificate,
// so that two of one key never share issuer and serial.
Result<void> SetSerial(X509& certificate, const crypto::PublicKey& key,
                       const CertificateNames& names, const CertificateValidity& validity) {
  Sha256 hash;
  hash.Update(key.bytes);
  const auto add = [&hash](std::string_view text) {
    hash.Update(AsBytes(text));
    hash.Update(AsBytes(std::string_view("\0", 1)));
  };
  add(names.common_name);
  for (const std::string& name : names.dns_names) add("dns:" + name);
  for (const std::string& address : names.ip_addresses) add("ip:" + address);
  add(std::to_string(validity.not_before) + "-" + std::to_string(validity.not_after));
  Sha256Digest digest = hash.Finish();
  digest.bytes[0] = (digest.bytes[0] & std::byte{0x7f}) | std::byte{0x40};
  const BigNumber number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(digest.bytes.data()), 16, nullptr));
  if (number == nullptr ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) == nullptr) {
    return OpensslError("certificate");
  }
  return {};
}

std::unique_ptr<EVP_PKEY, FreeEvpKey> PrivateKey(const crypto::SigningKey& key) {
  return std::unique_ptr<EVP_PKEY, FreeEvpKey>(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(key.seed().data()),
      key.seed().size()));
}

}  // namespace

void FreeX509::operator()(X509* certificate) const { X509_free(certificate); }
void FreeEvpKey::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

Result<X509Ptr> MakeCertificate(const crypto::SigningKey& key, const CertificateNames& names,
                                const CertificateValidity& validity) {
  if (names.common_name.empty() || names.common_name.size() > ub_common_name ||
      !IsPlainText(names.common_name)) {
    return Error{ErrorCode::kInvalid, "certificate: name " + Quote(names.common_name) +
                                          ": expected 1 to 64 bytes of plain text"};
  }
  const auto secret = PrivateKey(key);
  X509Ptr certificate(X509_new());
  if (secret == nullptr || certificate == nullptr) return OpensslError("certificate");
  PLASM_TRY_VOID(SetSerial(*certificate, key.public_key(), names, validity));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  if (X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(names.common_name.data()),
                                 static_cast<int>(names.common_name.size()), -1, 0) != 1 ||
      X509_set_issuer_name(certificate.get(), subject) != 1 ||
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), validity.not_before) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), validity.not_after) == nullptr ||
      X509_set_pubkey(certificate.get(), secret.get()) != 1) {
    return OpensslError("certificate");
  }
  PLASM_TRY_VOID(AddAlternativeNames(*certificate, names));
  PLASM_TRY_VOID(AddExtension(*certificate, NID_basic_constraints, "critical,CA:FALSE"));
  PLASM_TRY_VOID(AddExtension(*certificate, NID_key_usage, "critical,digitalSignature"));
  PLASM_TRY_VOID(AddExtension(*certificate, NID_ext_key_usage, "serverAuth,clientAuth"));
  PLASM_TRY_VOID(AddExtension(*certificate, NID_subject_key_identifier, "hash"));
  if (X509_sign(certificate.get(), secret.get(), nullptr) == 0) return OpensslError("certificate");
  return certificate;
}

std::string CertificatePem(const X509& certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  // Its writer takes no const, and changes nothing.
  if (memory == nullptr || PEM_write_bio_X509(memory.get(), const_cast<X509*>(&certificate)) != 1) {
    return {};
  }
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Result<crypto::PublicKey> KeyOf(const X509& certificate) {
  EVP_PKEY* spki = X509_get0_pubkey(&certificate);
  crypto::PublicKey key;
  std::size_t size = key.bytes.size();
  if (spki == nullptr || EVP_PKEY_get_id(spki) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(spki, reinterpret_cast<unsigned char*>(key.bytes.data()),
                                  &size) != 1 ||
      size != key.bytes.size()) {
    return Error{ErrorCode::kDenied, "certificate: found a key of another kind, expected Ed25519"};
  }
  if (crypto_core_ed25519_is_valid_point(
          reinterpret_cast<const unsigned char*>(key.bytes.data())) != 1) {
    return Error{ErrorCode::kDenied, "certificate: the Ed25519 key is not of prime order"};
  }
  return key;
}

Result<TlsIdentity> TlsIdentity::Make(const crypto::SigningKey& key, const CertificateNames& names,
                                      const CertificateValidity& validity) {
  TlsIdentity identity;
  identity.public_key_ = key.public_key();
  PLASM_TRY(identity.certificate_, MakeCertificate(key, names, validity));
  identity.key_ = PrivateKey(key);
  if (identity.key_ == nullptr) return OpensslError("key");
  return identity;
}

}  // namespace plasm::net
