#include "api/disk_probe.h"

#include <fcntl.h>

#include <array>
#include <cerrno>

#include "base/file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::api {
namespace {

Result<void> WriteSomething(const std::filesystem::path& folder) {
  const UniqueFd file(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  // Not every file system has files without names; the store tells then.
  if (!file && errno == EOPNOTSUPP) return {};
  if (!file) return SystemError(errno, folder.string());
  constexpr std::array<std::byte, 4096> kBytes{};
  return WriteAll(file.get(), kBytes, folder.string());
}

}  // namespace

const Result<void>& DiskProbe::Try() {
  constexpr std::uint64_t kEveryNs = 1'000'000'000;
  const std::uint64_t now = clock_.MonotonicNs();
  if (tried_ && now - tried_ns_ < kEveryNs) return last_;
  tried_ = true;
  tried_ns_ = now;
  last_ = WriteSomething(folder_);
  return last_;
}

}  // namespace plasm::api
