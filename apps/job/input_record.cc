#include "job/input_record.h"

#include <utility>

namespace plasm::app {

void InputRecord::Take(ByteView bytes) {
  hash_.Update(bytes);
  bytes_ += bytes.size();
  if (keep_ != nullptr && status_) status_ = Keep(bytes);
}

Result<void> InputRecord::Keep(ByteView bytes) {
  if (!blob_) {
    PLASM_TRY(BlobWriter blob, keep_->NewBlob());
    blob_.emplace(std::move(blob));
  }
  return blob_->Write(bytes);
}

Result<receipt::StdinName> InputRecord::Finish() {
  PLASM_TRY_VOID(status_);
  if (blob_) {
    PLASM_TRY(const StoredBlob kept, blob_->Finish());
    return receipt::StdinName{kept.digest, kept.bytes, {}};
  }
  return receipt::StdinName{hash_.Finish(), bytes_, {}};
}

}  // namespace plasm::app
