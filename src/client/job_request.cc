#include "client/job_request.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "blobs/blob_store.h"
#include "home/job_files.h"

namespace plasm::client {
namespace {

// What was sent before under an idempotency key.
class EarlierRequest {
 public:
  EarlierRequest(const home::DataFolder& data, const std::string& node, const std::string& key)
      : file_(data.requests() / (Sha256Of(AsBytes(node + "\n" + key)).ToHex() + ".json")) {}

  Result<std::optional<receipt::Manifest>> Load() {
    PLASM_TRY(text_, ReadIfThere(file_, receipt::kMaxManifestBytes));
    if (!text_) return std::optional<receipt::Manifest>();
    PLASM_TRY(receipt::Manifest manifest, receipt::ParseManifest(*text_));
    return std::optional(std::move(manifest));
  }

  // kConflict when another job went under the key.
  Result<void> Keep(const std::string& text) const {
    if (!text_) {
      PLASM_TRY_VOID(CreateFolders(file_.parent_path(), 0700));
      return WriteFileAtomically(file_, AsBytes(text), {.mode = 0600});
    }
    if (AsText(*text_) == text) return {};
    return Error{ErrorCode::kConflict,
                 "idempotency key: another job was submitted under this key; " + file_.string() +
                     " is its manifest"};
  }

 private:
  std::filesystem::path file_;
  std::optional<Bytes> text_;
};

}  // namespace

Result<void> CheckIdempotencyKey(std::string_view key) {
  constexpr std::size_t kMost = 128;
  const bool visible = std::ranges::all_of(key, [](char c) { return c >= '!' && c <= '~'; });
  if (!key.empty() && key.size() <= kMost && visible) return {};
  return Error{ErrorCode::kInvalid, "idempotency key: found " + Quote(key) +
                                        ", expected 1 to 128 visible characters of ASCII"};
}

Result<JobPlan> PlanRequest(const home::DataFolder& data, const std::string& node,
                            const std::string& idempotency_key, const execution::JobOrder& order,
                            ByteView module, int stdin_fd, Clock& clock, Entropy& entropy) {
  const BlobStore blobs(data.blobs());
  if (idempotency_key.empty()) {
    return PlanJob(order, module, stdin_fd, blobs, clock.RealtimeNs(), entropy);
  }
  PLASM_TRY_VOID(CheckIdempotencyKey(idempotency_key));
  EarlierRequest earlier(data, node, idempotency_key);
  PLASM_TRY(const std::optional<receipt::Manifest> before, earlier.Load());
  PLASM_TRY(JobPlan plan, PlanJob(before ? AsBefore(order, *before) : order, module, stdin_fd,
                                  blobs, clock.RealtimeNs(), entropy));
  PLASM_TRY_VOID(earlier.Keep(plan.text));
  return plan;
}

Result<SubmittedJob> SubmitRequest(const home::DataFolder& data, NodeAccess& access,
                                   const JobPlan& plan, const JobNames& names,
                                   const UploadProgress& progress) {
  const auto record = [&](const std::string& id) {
    return home::JobFiles(data, id).RecordRequest(AsBytes(plan.text), access.name());
  };
  if (names.job_id) PLASM_TRY_VOID(record(*names.job_id));
  PLASM_TRY(SubmittedJob submitted,
            SubmitJob(access.node(), plan, names, BlobStore(data.blobs()), progress));
  if (!names.job_id) PLASM_TRY_VOID(record(submitted.job.id));
  return submitted;
}

}  // namespace plasm::client
