#include "api/log_routes.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "api/job_query.h"
#include "api/log_file_name.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::api {
namespace {

constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

Error NotThere(const LogFile& file) {
  return {ErrorCode::kNotFound, "there is no " + file.log + "/" + file.path};
}

}  // namespace

void LogRoutes::Get(Call& call) {
  if (const auto none = ExpectNoParameters(call.request().query()); !none) {
    return call.Fail(none.error());
  }
  const auto file = LogFileOf(call.request().segments());
  if (!file) return call.Fail({ErrorCode::kNotFound, "there is no such file of a log"});
  const std::filesystem::path path = folder_ / file->log / file->path;
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  // A partial tile that has become a full one is not there any more; nor is a log before its
  // first entry. What stands in a file's place as a folder is no file.
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return call.Fail(NotThere(*file));
  if (!fd) return call.Fail(SystemError(errno, file->log + "/" + file->path));
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return call.Fail(SystemError(errno, file->path));
  if (!S_ISREG(info.st_mode)) return call.Fail(NotThere(*file));
  const bool checkpoint = file->kind == LogFileKind::kCheckpoint;
  call.NoteStatus(200);
  (void)call.exchange().SendFile(
      200,
      {{"Content-Type", checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream"},
       {"Cache-Control", checkpoint ? "no-cache" : kForEver}},
      fd.get(), 0, static_cast<std::uint64_t>(info.st_size));
}

}  // namespace plasm::api
