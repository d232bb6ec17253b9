#include "worker/protocol/output_path.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kMaxPathBytes = 4000;
constexpr std::size_t kMaxNameBytes = 255;

bool IsSafeName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name != "." && name != "..";
}

}  // namespace

bool IsSafeOutputPath(std::string_view path) {
  if (path.empty()) return true;
  if (path.size() > kMaxPathBytes || !IsValidUtf8(AsBytes(path))) return false;
  if (std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return false;
  }
  while (true) {
    const auto slash = path.find('/');
    if (!IsSafeName(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace plasm::worker
