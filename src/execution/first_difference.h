// Where the output of a second run leaves that of the first.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "blobs/content_source.h"
#include "receipt/statement.h"
#include "worker/supervisor/executor.h"

namespace plasm::execution {

// Follows a run and compares it, byte by byte, with what a receipt's subjects were, as far as
// their contents can still be found. Only names places: what counts are the digests. Not
// thread-safe; the references outlive it.
class FirstDifferences final : public worker::JobEvents {
 public:
  FirstDifferences(const receipt::Statement& recorded, const ContentSource& source,
                   std::vector<std::string> outputs);

  void OnOutput(worker::Stream stream, ByteView bytes) override;
  Result<void> OnFile(const worker::FileMessage& message) override;
  Result<void> OnFileData(ByteView bytes) override;
  void OnEnded(const worker::JobEnding&) override {}

  // The offset of the first byte that is not the same, counted from 0; the shorter one's
  // length when one is the beginning of the other. Nothing when the recorded contents are not
  // at hand, or do not differ. After the run has ended.
  std::optional<std::uint64_t> OffsetIn(worker::Stream stream);
  std::optional<std::uint64_t> OffsetIn(const std::string& file);

 private:
  // One stream or file, beside what was recorded of it.
  class Follower {
   public:
    Follower(const ContentSource& source, const Sha256Digest& digest);
    void Take(ByteView bytes);
    // After the last byte.
    std::optional<std::uint64_t> Offset();

   private:
    std::size_t Read(std::span<std::byte> buffer);

    UniqueFd recorded_;
    std::uint64_t position_ = 0;
    std::optional<std::uint64_t> difference_;
  };

  const receipt::Statement& recorded_;
  const ContentSource& source_;
  std::vector<std::string> outputs_;
  void FinishFile();

  std::array<Follower, 2> streams_;
  // Only the file that is coming in is open: there may be more files than descriptors.
  std::optional<Follower> file_;
  std::string file_path_;
  std::map<std::string, std::uint64_t> file_offsets_;
};

}  // namespace plasm::execution
