#include "crypto/token_secret.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/base64.h"

namespace plasm::crypto {

std::string NewTokenSecret(Entropy& entropy) {
  std::array<std::byte, 32> bytes;
  entropy.Fill(bytes);
  std::string secret = EncodeBase64Unpadded(bytes);
  std::ranges::replace(secret, '+', '-');
  std::ranges::replace(secret, '/', '_');
  return secret;
}

bool IsTokenSecret(std::string_view text) {
  return text.size() == kTokenSecretSize && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace plasm::crypto
