#include "store/write_check.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/quote.h"
#include "base/utf8.h"
#include "receipt/job_id.h"

namespace plasm::store {
namespace {

Result<void> CheckSize(std::string_view what, std::size_t size, std::size_t max) {
  if (size <= max) return {};
  return Error{ErrorCode::kLimitExceeded, std::string(what) + ": found " + std::to_string(size) +
                                              " bytes, expected at most " + std::to_string(max)};
}

Result<void> CheckText(std::string_view what, std::string_view text) {
  PLASM_TRY_VOID(CheckSize(what, text.size(), kMaxText));
  if (!IsValidUtf8(AsBytes(text)) || text.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kInvalid,
                 std::string(what) + ": found " + Quote(text) + ", expected UTF-8 without NUL"};
  }
  return {};
}

Result<void> CheckName(std::string_view what, std::string_view text) {
  if (text.empty()) {
    return Error{ErrorCode::kInvalid, std::string(what) + ": found nothing, expected a text"};
  }
  return CheckText(what, text);
}

Result<void> CheckOptional(std::string_view what, const std::optional<std::string>& text) {
  return text ? CheckName(what, *text) : Result<void>();
}

Result<void> CheckStream(std::string_view what, const StreamRecord& stream) {
  if (!stream.contents) return {};
  PLASM_TRY_VOID(CheckSize(what, stream.contents->size(), kMaxInlineStream));
  if (stream.contents->size() == stream.bytes) return {};
  return Error{ErrorCode::kInvalid,
               std::string(what) + ": found " + std::to_string(stream.contents->size()) +
                   " bytes, expected the " + std::to_string(stream.bytes) + " that it says"};
}

}  // namespace

Result<void> Check(const SubmitJob& write) {
  if (!receipt::IsJobId(write.id)) {
    return Error{ErrorCode::kInvalid,
                 "job id: found " + Quote(write.id) + ", expected \"job-\" and a UUID"};
  }
  PLASM_TRY_VOID(CheckName("client", write.client));
  PLASM_TRY_VOID(CheckOptional("idempotency key", write.idempotency_key));
  PLASM_TRY_VOID(CheckSize("manifest", write.manifest.size(), kMaxManifest));
  if (write.blobs.size() > kMaxReferences) {
    return Error{ErrorCode::kLimitExceeded, "blobs: found " + std::to_string(write.blobs.size()) +
                                                ", expected at most " +
                                                std::to_string(kMaxReferences)};
  }
  return {};
}

Result<void> Check(const EndJob& write) {
  if (!IsEnded(write.end.state)) {
    return Error{ErrorCode::kInvalid, "state: found \"" +
                                          std::string(JobStateName(write.end.state)) +
                                          "\", expected one in which a job has ended"};
  }
  PLASM_TRY_VOID(CheckOptional("trap", write.end.trap));
  PLASM_TRY_VOID(CheckOptional("message", write.end.message));
  if (write.end.log) PLASM_TRY_VOID(CheckName("log origin", write.end.log->origin));
  PLASM_TRY_VOID(CheckStream("stdout", write.results.standard_output));
  PLASM_TRY_VOID(CheckStream("stderr", write.results.standard_error));
  if (write.results.receipt) {
    PLASM_TRY_VOID(CheckSize("receipt", write.results.receipt->size(), kMaxReceipt));
  }
  const auto& files = write.results.kept_files;
  for (const KeptFileRecord& file : files) {
    // Its bytes are the guest's, and need not be UTF-8.
    PLASM_TRY_VOID(CheckSize("path of a kept file", file.guest_path.size(), kMaxPath));
    if (file.guest_path.empty() || file.guest_path.find('\0') != std::string::npos) {
      return Error{ErrorCode::kInvalid, "path of a kept file: found " + Quote(file.guest_path) +
                                            ", expected a path without NUL"};
    }
  }
  const auto disorder = std::adjacent_find(
      files.begin(), files.end(),
      [](const auto& one, const auto& next) { return one.guest_path >= next.guest_path; });
  if (disorder != files.end()) {
    return Error{ErrorCode::kInvalid, "kept files: found " + Quote(disorder->guest_path) +
                                          " out of place, expected paths in order, each once"};
  }
  return {};
}

Result<void> Check(const CompleteJob& write) {
  PLASM_TRY_VOID(Check(write.job));
  return Check(write.end);
}

Result<void> Check(const AddUpload& write) { return CheckName("client", write.client); }

Result<void> Check(const UseNonce& write) {
  if (!write.nonce.empty()) return CheckSize("nonce", write.nonce.size(), kMaxNonce);
  return Error{ErrorCode::kInvalid, "nonce: found nothing, expected 1 to 64 bytes"};
}

}  // namespace plasm::store
