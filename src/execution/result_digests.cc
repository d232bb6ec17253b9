#include "execution/result_digests.h"

#include <algorithm>

namespace plasm::execution {

std::string GuestPathOf(const std::string& output, const std::string& below) {
  if (below.empty()) return output;
  return output.ends_with('/') ? output + below : output + "/" + below;
}

void ResultDigests::OnOutput(worker::Stream stream, ByteView bytes) {
  const auto index = static_cast<std::size_t>(stream);
  streams_[index].Update(bytes);
  stream_bytes_[index] += bytes.size();
  inner_.OnOutput(stream, bytes);
}

Result<void> ResultDigests::OnFile(const worker::FileMessage& message) {
  if (message.kind == worker::EntryKind::kFile) {
    files_.push_back({GuestPathOf(outputs_.at(message.output), message.path), {}});
    file_left_ = message.size;
    if (file_left_ == 0) FinishFile();
  }
  return inner_.OnFile(message);
}

Result<void> ResultDigests::OnFileData(ByteView bytes) {
  file_.Update(bytes);
  file_left_ -= bytes.size();
  if (file_left_ == 0) FinishFile();
  return inner_.OnFileData(bytes);
}

void ResultDigests::FinishFile() { files_.back().digest = file_.Finish(); }

StreamDigest ResultDigests::TakeStream(worker::Stream stream) {
  const auto index = static_cast<std::size_t>(stream);
  return {streams_[index].Finish(), stream_bytes_[index]};
}

std::vector<FileDigest> ResultDigests::TakeFiles() {
  std::ranges::sort(files_, {}, &FileDigest::path);
  // Two outputs may overlap; each file is named once. What came last is what was kept.
  const auto doubles = std::ranges::unique(files_, {}, &FileDigest::path);
  files_.erase(doubles.begin(), doubles.end());
  return std::move(files_);
}

}  // namespace plasm::execution
