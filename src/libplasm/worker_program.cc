#include "libplasm/worker_program.h"

#include <dlfcn.h>
#include <plasm/version.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>

namespace plasm::libplasm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "plasm-worker";

// The file that holds this code: the library, or a program that it is linked into.
fs::path ThisFile() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&v0::Version), &info) == 0 ||
      info.dli_fname == nullptr) {
    return {};
  }
  std::error_code failed;
  fs::path file = fs::canonical(info.dli_fname, failed);
  return failed ? fs::path() : file;
}

fs::path ThisProgram() {
  std::error_code failed;
  fs::path file = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : file;
}

bool IsProgram(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed) && access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::vector<fs::path> WorkerCandidates(const fs::path& library, const fs::path& program,
                                       std::string_view path) {
  std::vector<fs::path> candidates;
  if (!library.empty()) {
    // From lib, and from the folder of a machine's kind in lib.
    fs::path above = library.parent_path();
    for (int level = 0; level < 2; ++level) {
      above = above.parent_path();
      candidates.push_back(above / "libexec" / "plasm" / kName);
      candidates.push_back(above / "bin" / kName);
    }
  }
  if (!program.empty()) {
    const fs::path folder = program.parent_path();
    candidates.push_back(folder / kName);
    candidates.push_back(folder.parent_path() / "libexec" / "plasm" / kName);
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    // An empty or relative folder would be one of whatever folder the program is in.
    if (path.starts_with('/')) candidates.push_back(fs::path(path.substr(0, end)) / kName);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return candidates;
}

Result<fs::path> FindWorker(const fs::path& chosen) {
  if (!chosen.empty()) {
    if (IsProgram(chosen)) return chosen;
    return Error{ErrorCode::kUnavailable, "ClientSettings::worker_program: found " +
                                              chosen.string() +
                                              ", which is no program that can be run here"};
  }
  const char* path = std::getenv("PATH");
  for (const fs::path& candidate :
       WorkerCandidates(ThisFile(), ThisProgram(), path == nullptr ? "" : path)) {
    if (IsProgram(candidate)) return candidate;
  }
  return Error{ErrorCode::kUnavailable,
               "plasm-worker, which runs jobs again, is neither in ../libexec/plasm from " +
                   ThisFile().string() +
                   " nor in $PATH: install it, or name it in ClientSettings::worker_program"};
}

}  // namespace plasm::libplasm
