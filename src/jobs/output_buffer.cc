#include "jobs/output_buffer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/system_error.h"

namespace plasm::jobs {

Result<void> OutputBuffer::Append(ByteView bytes) {
  if (!file_ && memory_.size() + bytes.size() > kMaxInMemory) {
    PLASM_TRY(BlobWriter file, blobs_.NewBlob());
    PLASM_TRY_VOID(file.Write(memory_));
    file_.emplace(std::move(file));
    memory_ = {};
  }
  if (file_) {
    PLASM_TRY_VOID(file_->Write(bytes));
  } else {
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  }
  size_ += bytes.size();
  return {};
}

void OutputBuffer::Clear() {
  memory_.clear();
  file_.reset();
  size_ = 0;
}

Result<Bytes> OutputBuffer::Read(std::uint64_t offset, std::size_t most) const {
  if (offset >= size_) return Bytes();
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size_ - offset, most));
  if (!file_) {
    const auto from = memory_.begin() + static_cast<std::ptrdiff_t>(offset);
    return Bytes(from, from + static_cast<std::ptrdiff_t>(count));
  }
  Bytes bytes(count);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got =
        pread(file_->fd(), bytes.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(errno, "output of a job");
    if (got == 0) return Error{ErrorCode::kCorrupt, "output of a job: its file was cut"};
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<store::StreamRecord> OutputBuffer::Finish(const Sha256Digest& digest) {
  store::StreamRecord record{.bytes = size_, .digest = digest};
  if (!file_) {
    record.contents = memory_;
    return record;
  }
  PLASM_TRY(const StoredBlob blob, file_->Finish());
  PLASM_TRY_VOID(blobs_.Sync({&blob.digest, 1}));
  record.bytes = blob.bytes;
  return record;
}

}  // namespace plasm::jobs
