// For tests: keys that are the same in every run.
#pragma once

#include "base/testing/fixed_entropy.h"
#include "crypto/ed25519.h"

namespace plasm::tlog::testing {

inline crypto::SigningKey Key(unsigned char first) {
  plasm::testing::FixedEntropy entropy(first);
  return crypto::SigningKey::Generate(entropy);
}

}  // namespace plasm::tlog::testing
