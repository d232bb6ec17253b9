#include "home/job_files.h"

#include "base/file.h"
#include "home/receipt_files.h"
#include "receipt/job_id.h"
#include "receipt/manifest_v1.h"

namespace plasm::home {
namespace {

constexpr std::size_t kMaxNameBytes = 256;

}  // namespace

JobFiles::JobFiles(const DataFolder& data, std::string_view job_id) {
  if (!receipt::IsJobId(job_id)) return;  // the paths stay empty: no such file
  receipt_ = data.receipts() / (std::string(job_id) + ".json");
  node_ = data.receipts() / (std::string(job_id) + ".node");
}

Result<void> JobFiles::RecordRequest(ByteView manifest, std::string_view node) const {
  PLASM_TRY_VOID(CreateFolders(receipt_.parent_path(), 0700));
  PLASM_TRY_VOID(WriteFileAtomically(node_, AsBytes(node)));
  return WriteFileAtomically(ManifestFileOf(receipt_), manifest);
}

Result<std::optional<std::string>> JobFiles::Node() const {
  PLASM_TRY(const auto bytes, ReadIfThere(node_, kMaxNameBytes));
  if (!bytes) return std::optional<std::string>();
  return std::optional(std::string(AsText(*bytes)));
}

Result<std::optional<Bytes>> JobFiles::Manifest() const {
  if (receipt_.empty()) return std::optional<Bytes>();
  return ReadIfThere(ManifestFileOf(receipt_), receipt::kMaxManifestBytes);
}

}  // namespace plasm::home
