#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

#include "base/entropy.h"

namespace plasm {

void SystemEntropy::Fill(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      std::abort();
    }
  }
}

}  // namespace plasm
