#include "execution/first_difference.h"

#include <unistd.h>

#include <algorithm>

#include "execution/result_digests.h"

namespace plasm::execution {

FirstDifferences::Follower::Follower(const ContentSource& source, const Sha256Digest& digest) {
  if (auto found = source.Find(digest)) recorded_ = std::move(*found);
}

void FirstDifferences::Follower::Take(ByteView bytes) {
  std::array<std::byte, 1 << 16> buffer;
  while (!bytes.empty() && recorded_ && !difference_) {
    const std::size_t most = std::min(bytes.size(), buffer.size());
    const ssize_t count = read(recorded_.get(), buffer.data(), most);
    const auto size = count > 0 ? static_cast<std::size_t>(count) : 0;
    const auto same = std::ranges::mismatch(ByteView(buffer).first(size), bytes.first(size));
    position_ += static_cast<std::uint64_t>(same.in2 - bytes.begin());
    if (size == 0 || same.in2 != bytes.begin() + static_cast<std::ptrdiff_t>(size)) {
      difference_ = position_;
    }
    bytes = bytes.subspan(size);
  }
}

std::optional<std::uint64_t> FirstDifferences::Follower::Offset() {
  std::byte next;
  if (recorded_ && !difference_ && read(recorded_.get(), &next, 1) == 1) difference_ = position_;
  return difference_;
}

FirstDifferences::FirstDifferences(const receipt::Statement& recorded, const ContentSource& source,
                                   std::vector<std::string> outputs)
    : recorded_(recorded),
      source_(source),
      outputs_(std::move(outputs)),
      streams_{Follower(source, recorded.stdout_subject.digest),
               Follower(source, recorded.stderr_subject.digest)} {}

void FirstDifferences::OnOutput(worker::Stream stream, ByteView bytes) {
  streams_[static_cast<std::size_t>(stream)].Take(bytes);
}

Result<void> FirstDifferences::OnFile(const worker::FileMessage& message) {
  file_ = nullptr;
  if (message.kind != worker::EntryKind::kFile) return {};
  const std::string path = GuestPathOf(outputs_.at(message.output), message.path);
  const auto subject = std::ranges::lower_bound(recorded_.files, path, {},
                                                &receipt::FileSubject::path);
  if (subject == recorded_.files.end() || subject->path != path) return {};
  file_ = &(files_[path] = Follower(source_, subject->digest));
  return {};
}

Result<void> FirstDifferences::OnFileData(ByteView bytes) {
  if (file_ != nullptr) file_->Take(bytes);
  return {};
}

std::optional<std::uint64_t> FirstDifferences::OffsetIn(worker::Stream stream) {
  return streams_[static_cast<std::size_t>(stream)].Offset();
}

std::optional<std::uint64_t> FirstDifferences::OffsetIn(const std::string& file) {
  const auto follower = files_.find(file);
  return follower == files_.end() ? std::nullopt : follower->second.Offset();
}

}  // namespace plasm::execution
