#include "worker/supervisor/output_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kMaxNameBytes = 255;

// Beside the final name, which may be as long as a name can be.
std::filesystem::path PartialName(const std::filesystem::path& path) {
  constexpr std::string_view kSuffix = ".plasm-partial";
  std::string name = path.filename().string().substr(0, kMaxNameBytes - kSuffix.size());
  return path.parent_path() / name.append(kSuffix);
}

}  // namespace

OutputWriter::~OutputWriter() {
  if (file_) unlink(partial_.c_str());
}

Result<void> OutputWriter::Begin(const FileMessage& message) {
  const auto& destination = destinations_.at(message.output);
  final_ = message.path.empty() ? destination : destination / message.path;
  std::error_code failed;
  const auto folder = message.kind == EntryKind::kDirectory ? final_ : final_.parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) return SystemError(failed.value(), folder.string());
  if (message.kind == EntryKind::kDirectory) return {};

  partial_ = PartialName(final_);
  unlink(partial_.c_str());
  file_.Reset(open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file_) return SystemError(errno, final_.string());
  left_ = message.size;
  return left_ == 0 ? Finish() : Result<void>();
}

Result<void> OutputWriter::Write(ByteView bytes) {
  left_ -= bytes.size();
  PLASM_TRY_VOID(WriteAll(file_.get(), bytes, final_.string()));
  return left_ == 0 ? Finish() : Result<void>();
}

Result<void> OutputWriter::Finish() {
  if (rename(partial_.c_str(), final_.c_str()) != 0) return SystemError(errno, final_.string());
  file_.Reset();
  return {};
}

}  // namespace plasm::worker
