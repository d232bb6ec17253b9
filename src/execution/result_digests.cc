#include "execution/result_digests.h"

#include <algorithm>
#include <tuple>

#include "base/quote.h"
#include "base/utf8.h"

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
    std::string path = GuestPathOf(outputs_.at(message.output), message.path);
    // A receipt names its subjects in JSON (spec/receipt.md section 3).
    if (!IsValidUtf8(AsBytes(path))) {
      return Error{ErrorCode::kInvalid,
                   "a receipt cannot name the output " + Quote(path) + ", which is not UTF-8"};
    }
    files_.push_back({std::move(path), {}});
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

receipt::StreamSubject ResultDigests::TakeStream(worker::Stream stream) {
  const auto index = static_cast<std::size_t>(stream);
  return {streams_[index].Finish(), stream_bytes_[index]};
}

std::vector<receipt::FileSubject> ResultDigests::TakeFiles() {
  std::ranges::sort(files_, [](const auto& a, const auto& b) {
    return std::tie(a.path, a.digest) < std::tie(b.path, b.digest);
  });
  // Two outputs may overlap: what came back twice is the same file, named once.
  const auto doubles = std::ranges::unique(files_, {}, &receipt::FileSubject::path);
  files_.erase(doubles.begin(), doubles.end());
  return std::move(files_);
}

}  // namespace plasm::execution
