#include "execution/kept_results.h"

namespace plasm::execution {

Result<void> KeptResults::Keep(std::optional<BlobWriter>& blob, ByteView bytes) {
  if (!blob) {
    PLASM_TRY(BlobWriter writer, store_.NewBlob());
    blob.emplace(std::move(writer));
  }
  return blob->Write(bytes);
}

void KeptResults::OnOutput(worker::Stream stream, ByteView bytes) {
  if (status_) status_ = Keep(streams_[static_cast<std::size_t>(stream)], bytes);
  inner_.OnOutput(stream, bytes);
}

Result<void> KeptResults::OnFile(const worker::FileMessage& message) {
  if (message.kind == worker::EntryKind::kFile && status_) {
    status_ = Keep(file_, {});
    file_left_ = message.size;
    if (file_left_ == 0) PLASM_TRY_VOID(OnFileData({}));
  }
  return inner_.OnFile(message);
}

Result<void> KeptResults::OnFileData(ByteView bytes) {
  file_left_ -= bytes.size();
  if (status_ && file_) status_ = file_->Write(bytes);
  if (status_ && file_ && file_left_ == 0) {
    const auto blob = file_->Finish();
    if (!blob) status_ = blob.error();
    file_.reset();
  }
  return bytes.empty() ? Result<void>() : inner_.OnFileData(bytes);
}

Result<void> KeptResults::Finish() {
  for (auto& stream : streams_) {
    if (!stream || !status_) continue;
    const auto blob = stream->Finish();
    if (!blob) status_ = blob.error();
  }
  return status_;
}

}  // namespace plasm::execution
