#include "blobs/content_source.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/system_error.h"

namespace plasm {

Result<UniqueFd> ContentSources::Find(const Sha256Digest& digest) const {
  for (const ContentSource* place : places_) {
    auto found = place->Find(digest);
    if (found || found.error().code != ErrorCode::kNotFound) return found;
  }
  return Error{ErrorCode::kNotFound, "nothing here has the digest " + digest.ToHex()};
}

void ContentSources::OnDamaged(const Sha256Digest& digest) const {
  for (const ContentSource* place : places_) place->OnDamaged(digest);
}

Result<std::uint64_t> CopyContent(const ContentSource& source, const Sha256Digest& digest,
                                  std::uint64_t max_bytes,
                                  const std::function<Result<void>(ByteView)>& sink) {
  PLASM_TRY(const UniqueFd fd, source.Find(digest));
  Sha256 hash;
  std::uint64_t size = 0;
  std::vector<std::byte> buffer(std::size_t{1} << 18);
  while (true) {
    const ssize_t count = read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, digest.ToHex());
    if (count == 0) break;
    size += static_cast<std::uint64_t>(count);
    if (size > max_bytes) {
      return Error{ErrorCode::kLimitExceeded,
                   digest.ToHex() + ": larger than " + std::to_string(max_bytes) + " bytes"};
    }
    const ByteView bytes = ByteView(buffer).first(static_cast<std::size_t>(count));
    hash.Update(bytes);
    PLASM_TRY_VOID(sink(bytes));
  }
  if (hash.Finish() != digest) {
    source.OnDamaged(digest);
    return Error{ErrorCode::kCorrupt, digest.ToHex() + ": the contents found have another digest"};
  }
  return size;
}

Result<Bytes> ReadContent(const ContentSource& source, const Sha256Digest& digest,
                          std::uint64_t max_bytes) {
  Bytes contents;
  PLASM_TRY_VOID(CopyContent(source, digest, max_bytes, [&contents](ByteView bytes) {
    contents.insert(contents.end(), bytes.begin(), bytes.end());
    return Result<void>();
  }));
  return contents;
}

}  // namespace plasm
