#include "client/job_submission.h"

#include <sys/stat.h>

#include <cerrno>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "base/system_error.h"
#include "client/blob_transfer.h"

namespace plasm::client {
namespace {

struct OpenBlob {
  Sha256Digest digest;
  UniqueFd fd{};
  std::uint64_t bytes = 0;
};

Result<OpenBlob> Open(const Sha256Digest& digest, const ContentSource& contents) {
  OpenBlob blob{.digest = digest};
  PLASM_TRY(blob.fd, contents.Find(digest));
  struct stat status{};
  if (fstat(blob.fd.get(), &status) != 0) return SystemError(errno, "blob " + digest.ToHex());
  blob.bytes = static_cast<std::uint64_t>(status.st_size);
  return blob;
}

}  // namespace

Result<SubmittedJob> SubmitJob(NodeConnection& node, const JobPlan& plan, const JobNames& names,
                               const ContentSource& contents, const UploadProgress& progress) {
  const std::string& name = node.session().pin().node();
  std::set<Sha256Digest> sent;
  std::uint64_t done = 0;
  std::uint64_t all = 0;
  while (true) {
    PLASM_TRY(SubmitAnswer answer, node.Submit({.manifest = AsBytes(plan.text),
                                                .job_id = names.job_id,
                                                .idempotency_key = names.idempotency_key}));
    if (auto* submitted = std::get_if<SubmittedJob>(&answer)) return std::move(*submitted);
    const auto& missing = std::get<MissingBlobs>(answer).digests;
    for (const Sha256Digest& digest : missing) {
      if (!plan.blobs.contains(digest)) {
        return Error{ErrorCode::kDenied, name + ": the node asks for the blob " + digest.ToHex() +
                                             ", which the job does not refer to: it is not sent"};
      }
      if (sent.contains(digest)) {
        return Error{ErrorCode::kUnavailable, name + ": the node asks for the blob " +
                                                  digest.ToHex() + " again, which it has taken"};
      }
      PLASM_TRY(const OpenBlob blob, Open(digest, contents));
      all += blob.bytes;
    }
    for (const Sha256Digest& digest : missing) {
      if (!sent.insert(digest).second) continue;
      // One at a time: a folder may have more files than there are descriptors.
      PLASM_TRY(const OpenBlob blob, Open(digest, contents));
      PLASM_TRY_VOID(Upload(node.session(), digest, blob.fd.get(), blob.bytes,
                            [&](std::uint64_t now, std::uint64_t) {
                              if (progress) progress(done + now, all);
                            }));
      done += blob.bytes;
    }
  }
}

}  // namespace plasm::client
