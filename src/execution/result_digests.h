// The digests of what a job gives, taken while it passes by.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "worker/supervisor/executor.h"

namespace plasm::execution {

struct StreamDigest {
  Sha256Digest digest;
  std::uint64_t bytes = 0;

  friend bool operator==(const StreamDigest&, const StreamDigest&) = default;
};

struct FileDigest {
  std::string path;  // in the guest
  Sha256Digest digest;

  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

// The guest's path of what stands at `below` under the kept output; `below` is empty for the
// output itself.
std::string GuestPathOf(const std::string& output, const std::string& below);

// Hands every event on, unchanged. Not thread-safe; `inner` outlives it.
class ResultDigests final : public worker::JobEvents {
 public:
  // `outputs` are Job::outputs.
  ResultDigests(worker::JobEvents& inner, std::vector<std::string> outputs)
      : inner_(inner), outputs_(std::move(outputs)) {}

  void OnOutput(worker::Stream stream, ByteView bytes) override;
  Result<void> OnFile(const worker::FileMessage& message) override;
  Result<void> OnFileData(ByteView bytes) override;
  void OnEnded(const worker::JobEnding& ending) override { inner_.OnEnded(ending); }

  // After the job has ended, once.
  StreamDigest TakeStream(worker::Stream stream);
  // Sorted by path, bytewise.
  std::vector<FileDigest> TakeFiles();

 private:
  void FinishFile();

  worker::JobEvents& inner_;
  std::vector<std::string> outputs_;
  std::array<Sha256, 2> streams_;
  std::array<std::uint64_t, 2> stream_bytes_{};
  Sha256 file_;
  std::uint64_t file_left_ = 0;
  std::vector<FileDigest> files_;
};

}  // namespace plasm::execution
