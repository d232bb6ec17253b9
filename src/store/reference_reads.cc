// Reads that are not about one job: what keeps blobs.
#include <algorithm>

#include "store/job_reads.h"

namespace plasm::store {
namespace {

constexpr char kIsReferred[] =
    "SELECT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1) OR "
    "EXISTS (SELECT 1 FROM uploads WHERE digest = ?1)";
constexpr char kIsReferredBy[] =
    "SELECT EXISTS (SELECT 1 FROM uploads WHERE digest = ?1 AND client = ?2) OR "
    "EXISTS (SELECT 1 FROM blob_refs JOIN jobs USING (seq) WHERE digest = ?1 AND client = ?2)";
constexpr char kNextReferred[] =
    "SELECT min(digest) FROM (SELECT min(digest) AS digest FROM blob_refs WHERE digest > ?1 "
    "UNION ALL SELECT min(digest) FROM uploads WHERE digest > ?1)";
}  // namespace

Result<bool> JobReads::IsReferred(const Sha256Digest& digest) {
  Execution row = database_.Begin(kIsReferred);
  PLASM_TRY(const bool found, row.Bind(digest).Row());
  return found && row.Int(0) != 0;
}

Result<bool> JobReads::IsReferredBy(std::string_view client, const Sha256Digest& digest) {
  Execution row = database_.Begin(kIsReferredBy);
  PLASM_TRY(const bool found, row.Bind(digest).Bind(client).Row());
  return found && row.Int(0) != 0;
}

// From one digest to the next by the index, however many jobs refer to one.
Result<std::vector<Sha256Digest>> JobReads::ReferredBlobs(std::optional<Sha256Digest> after,
                                                          std::size_t limit) {
  std::vector<Sha256Digest> digests;
  Bytes last;
  if (after) last.assign(after->bytes.begin(), after->bytes.end());
  while (digests.size() < limit) {
    Execution row = database_.Begin(kNextReferred);
    PLASM_TRY(const bool found, row.Bind(ByteView(last)).Row());
    if (!found || row.IsNull(0)) break;
    PLASM_TRY(const Sha256Digest digest, row.Digest(0));
    digests.push_back(digest);
    last.assign(digest.bytes.begin(), digest.bytes.end());
  }
  return digests;
}

}  // namespace plasm::store
