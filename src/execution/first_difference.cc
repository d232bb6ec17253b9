#include "execution/first_difference.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "execution/result_digests.h"

namespace plasm::execution {

FirstDifferences::Follower::Follower(const ContentSource& source, const Sha256Digest& digest) {
  if (auto found = source.Find(digest)) recorded_ = std::move(*found);
}

// Zero at the end, and for a file that can't be read on: then no place is named.
std::size_t FirstDifferences::Follower::Read(std::span<std::byte> buffer) {
  ssize_t count = 0;
  do {
    count = read(recorded_.get(), buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) recorded_ = UniqueFd();
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void FirstDifferences::Follower::Take(ByteView bytes) {
  std::array<std::byte, 1 << 16> buffer;
  while (!bytes.empty() && recorded_ && !difference_) {
    const std::size_t size = Read(std::span(buffer).first(std::min(bytes.size(), buffer.size())));
    if (!recorded_) return;
    const auto same = std::ranges::mismatch(ByteView(buffer).first(size), bytes.first(size));
    const auto equal = static_cast<std::size_t>(same.in2 - bytes.begin());
    position_ += equal;
    if (size == 0 || equal < size) difference_ = position_;
    bytes = bytes.subspan(size);
  }
}

std::optional<std::uint64_t> FirstDifferences::Follower::Offset() {
  std::array<std::byte, 1> next;
  if (recorded_ && !difference_ && Read(next) == 1) difference_ = position_;
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
  FinishFile();
  if (message.kind != worker::EntryKind::kFile) return {};
  std::string path = GuestPathOf(outputs_.at(message.output), message.path);
  const auto subject =
      std::ranges::lower_bound(recorded_.files, path, {}, &receipt::FileSubject::path);
  if (subject == recorded_.files.end() || subject->path != path) return {};
  file_.emplace(source_, subject->digest);
  file_path_ = std::move(path);
  return {};
}

Result<void> FirstDifferences::OnFileData(ByteView bytes) {
  if (file_) file_->Take(bytes);
  return {};
}

void FirstDifferences::FinishFile() {
  if (!file_) return;
  if (const auto offset = file_->Offset()) file_offsets_.emplace(std::move(file_path_), *offset);
  file_.reset();
}

std::optional<std::uint64_t> FirstDifferences::OffsetIn(worker::Stream stream) {
  return streams_[static_cast<std::size_t>(stream)].Offset();
}

std::optional<std::uint64_t> FirstDifferences::OffsetIn(const std::string& file) {
  FinishFile();
  const auto offset = file_offsets_.find(file);
  return offset == file_offsets_.end() ? std::nullopt : std::optional(offset->second);
}

}  // namespace plasm::execution
