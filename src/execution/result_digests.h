// The digests of what a job gives, taken while it passes by.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "receipt/statement.h"
#include "worker/supervisor/executor.h"

namespace plasm::execution {

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
  int BlockedOn() const override { return inner_.BlockedOn(); }
  void OnWritable() override { inner_.OnWritable(); }

  // After the job has ended, once.
  receipt::StreamSubject TakeStream(worker::Stream stream);
  // Sorted by path, bytewise; none twice.
  std::vector<receipt::FileSubject> TakeFiles();

 private:
  void FinishFile();

  worker::JobEvents& inner_;
  std::vector<std::string> outputs_;
  std::array<Sha256, 2> streams_;
  std::array<std::uint64_t, 2> stream_bytes_{};
  Sha256 file_;
  std::uint64_t file_left_ = 0;
  std::vector<receipt::FileSubject> files_;
};

}  // namespace plasm::execution
