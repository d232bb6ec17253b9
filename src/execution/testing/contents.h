// For tests: contents in memory, and the events of a job as they came.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "blobs/content_source.h"
#include "worker/supervisor/executor.h"
#include "worker/supervisor/inputs.h"

namespace plasm::execution::testing {

inline Sha256Digest DigestOf(std::string_view text) { return Sha256Of(AsBytes(text)); }

class Contents final : public ContentSource {
 public:
  Sha256Digest Add(const std::string& text) {
    texts_[DigestOf(text)] = text;
    return DigestOf(text);
  }
  Result<UniqueFd> Find(const Sha256Digest& digest) const override {
    const auto text = texts_.find(digest);
    if (text == texts_.end()) return Error{ErrorCode::kNotFound, "not in this test"};
    auto memory = worker::SealedMemory("test", AsBytes(text->second));
    if (memory) lseek(memory->get(), 0, SEEK_SET);
    return memory;
  }

 private:
  std::map<Sha256Digest, std::string> texts_;
};

class RecordedEvents final : public worker::JobEvents {
 public:
  void OnOutput(worker::Stream stream, ByteView bytes) override {
    text +=
        (stream == worker::Stream::kStdout ? "out " : "err ") + std::string(AsText(bytes)) + "\n";
  }
  Result<void> OnFile(const worker::FileMessage& file) override {
    text += "file " + file.path + "\n";
    return {};
  }
  Result<void> OnFileData(ByteView bytes) override {
    text += "data " + std::string(AsText(bytes)) + "\n";
    return {};
  }
  void OnEnded(const worker::JobEnding&) override { text += "ended\n"; }
  int BlockedOn() const override { return blocked_on; }
  void OnWritable() override { text += "writable\n"; }

  std::string text;
  int blocked_on = -1;
};

inline worker::FileMessage File(std::uint32_t output, const std::string& path, std::uint64_t size) {
  return {.job = 1, .output = output, .kind = worker::EntryKind::kFile, .path = path, .size = size};
}

inline worker::FileMessage Folder(std::uint32_t output, const std::string& path) {
  return {
      .job = 1, .output = output, .kind = worker::EntryKind::kDirectory, .path = path, .size = 0};
}

// A whole file, in one piece.
inline void Send(worker::JobEvents& events, std::uint32_t output, const std::string& path,
                 std::string_view contents) {
  ASSERT_TRUE(events.OnFile(File(output, path, contents.size())));
  if (contents.empty()) return;
  ASSERT_TRUE(events.OnFileData(AsBytes(contents)));
}

}  // namespace plasm::execution::testing
