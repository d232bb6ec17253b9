// The secret of a bearer token as text (spec/clients.md section 3): 43 characters of base64url,
// made of 32 random bytes. Pure, but for the entropy.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/entropy.h"

namespace plasm::crypto {

inline constexpr std::size_t kTokenSecretSize = 43;

std::string NewTokenSecret(Entropy& entropy);

// Whether the text has that form. Only then does it make sense to compare it, or to send it.
bool IsTokenSecret(std::string_view text);

}  // namespace plasm::crypto
