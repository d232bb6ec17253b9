#include "base/file_digest.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/bytes.h"
#include "base/system_error.h"

namespace plasm {

Result<FileDigest> DigestDescriptor(int fd, std::string_view name, std::uint64_t max_bytes) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 18;
  Sha256 hash;
  FileDigest result;
  Bytes buffer(kAtOnce);
  while (true) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, name);
    if (count == 0) break;
    const ByteView bytes = ByteView(buffer).first(static_cast<std::size_t>(count));
    if (bytes.size() > max_bytes - result.bytes) {
      return Error{ErrorCode::kLimitExceeded,
                   std::string(name) + ": more than " + std::to_string(max_bytes) + " bytes"};
    }
    result.bytes += bytes.size();
    hash.Update(bytes);
  }
  result.digest = hash.Finish();
  return result;
}

}  // namespace plasm
