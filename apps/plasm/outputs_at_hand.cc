#include "outputs_at_hand.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file_digest.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::app {
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

Result<verify::OutputAtHand> ReadOutput(const std::string& argument) {
  verify::OutputAtHand output{argument, {}, {}};
  std::error_code failed;
  // A file whose own name has a "=" in it is taken for what it is.
  const auto mark = argument.find('=');
  if (mark != std::string::npos && mark > 0 && !fs::exists(argument, failed)) {
    output.name = argument.substr(0, mark);
    output.shown = argument.substr(mark + 1);
  }
  if (fs::is_directory(output.shown, failed)) {
    PLASM_TRY(output.contents, DigestsIn(output.shown));
  } else {
    PLASM_TRY(output.contents, DigestOf(output.shown));
  }
  return output;
}

}  // namespace plasm::app
