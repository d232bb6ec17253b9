#include "crypto/constant_time.h"

#include <sodium/utils.h>

namespace plasm::crypto {

bool EqualInConstantTime(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace plasm::crypto
