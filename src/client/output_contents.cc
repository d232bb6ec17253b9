#include "client/output_contents.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/file_digest.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::client {
namespace {

namespace fs = std::filesystem;

Result<Sha256Digest> DigestOf(const fs::path& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return SystemError(errno, path.string());
  PLASM_TRY(const FileDigest taken, DigestDescriptor(fd.get(), path.string()));
  return taken.digest;
}

Result<verify::FolderDigests> DigestsIn(const fs::path& folder) {
  verify::FolderDigests digests;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code unknown;
    if (entry->is_symlink(unknown) || !entry->is_regular_file(unknown)) continue;
    PLASM_TRY(const Sha256Digest digest, DigestOf(entry->path()));
    digests.emplace(entry->path().lexically_relative(folder).generic_string(), digest);
  }
  if (failed) return SystemError(failed.value(), folder.string());
  return digests;
}

}  // namespace

Result<std::variant<Sha256Digest, verify::FolderDigests>> DigestOutput(const fs::path& path) {
  using Contents = std::variant<Sha256Digest, verify::FolderDigests>;
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    PLASM_TRY(verify::FolderDigests digests, DigestsIn(path));
    return Contents(std::move(digests));
  }
  PLASM_TRY(const Sha256Digest digest, DigestOf(path));
  return Contents(digest);
}

}  // namespace plasm::client
