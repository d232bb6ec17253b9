#include "job/receipt_v2.h"

#include <utility>

#include "execution/runtime.h"
#include "home/receipt_files.h"

namespace plasm::app {

Result<JobReceipt> IssueReceipt(node::LocalNode& node, const std::string& job_id,
                                const FinishedJob& job, worker::Target target,
                                const BlobStore* keep) {
  std::string manifest = receipt::SerializeManifest(job.manifest);
  if (manifest.size() > receipt::kMaxManifestBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "the job's manifest would have " + std::to_string(manifest.size()) +
                     " bytes, more than a reader takes: give fewer or shorter arguments"};
  }
  const Sha256Digest digest = receipt::ManifestDigest(AsBytes(manifest));
  if (keep != nullptr) PLASM_TRY_VOID(keep->Put(digest, AsBytes(manifest)));
  PLASM_TRY(node::LoggedReceipt logged,
            node.Issue({.id = job_id,
                        .manifest = job.manifest,
                        .manifest_digest = digest,
                        .runtime = execution::RuntimeOf(PLASM_ENGINE_VERSION, target,
                                                        job.manifest.profile),
                        .run = job.run,
                        .start = job.start,
                        .end = job.end}));
  return JobReceipt{std::move(logged), std::move(manifest)};
}

Result<void> WriteReceiptFiles(const JobReceipt& receipt, const std::filesystem::path& file) {
  const std::string envelope = receipt::SerializeEnvelope(receipt.logged.envelope);
  return home::WriteReceiptFiles(home::ReceiptContents{.receipt = AsBytes(envelope),
                                                       .proof = AsBytes(receipt.logged.proof),
                                                       .manifest = AsBytes(receipt.manifest)},
                                 file);
}

}  // namespace plasm::app
