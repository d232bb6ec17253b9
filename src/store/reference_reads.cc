// Reads that are not about one job: what keeps blobs.
#include "store/job_reads.h"

namespace plasm::store {
namespace {

constexpr char kIsReferred[] =
    "SELECT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1) OR "
    "EXISTS (SELECT 1 FROM uploads WHERE digest = ?1)";
constexpr char kIsReferredBy[] =
    "SELECT EXISTS (SELECT 1 FROM uploads WHERE digest = ?1 AND client = ?2) OR "
    "EXISTS (SELECT 1 FROM blob_refs JOIN jobs USING (seq) WHERE digest = ?1 AND client = ?2)";

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

}  // namespace plasm::store
