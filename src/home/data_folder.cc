#include "home/data_folder.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace plasm::home {
namespace {

// An absolute path from the environment, or an empty one: relative values are not honoured
// (XDG Base Directory Specification).
std::filesystem::path FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || value[0] != '/') return {};
  return value;
}

}  // namespace

Result<DataFolder> DataFolder::Locate(const std::string& chosen) {
  if (!chosen.empty()) return DataFolder(chosen);
  if (const auto data = FromEnvironment("XDG_DATA_HOME"); !data.empty()) {
    return DataFolder(data / "plasm");
  }
  std::filesystem::path home = FromEnvironment("HOME");
  if (home.empty()) {
    if (const passwd* user = getpwuid(geteuid()); user != nullptr) home = user->pw_dir;
  }
  if (home.empty()) {
    return Error{ErrorCode::kUnavailable,
                 "no home folder is known: name a data folder (--data-dir)"};
  }
  return DataFolder(home / ".local/share/plasm");
}

}  // namespace plasm::home
