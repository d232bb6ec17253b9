// How long jobs have taken on nodes, as this client has seen it: `run-times` in its data folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::client {

inline constexpr std::size_t kMaxRunTimesBytes = 256 << 10;

// The newest runs, as text: a line for each, "<module, hex> <milliseconds>", the oldest first.
// Pure.
class RunTimes {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kFewest = 5;  // of a module, before anything is said of it

  // kInvalid, with the number of the line; kLimitExceeded.
  static Result<RunTimes> Parse(ByteView text);
  std::string Serialize() const;

  // From when a node had the job until it had ended. The oldest is forgotten beyond kMost.
  void Add(const Sha256Digest& module, std::chrono::milliseconds took);

  // What 95 of 100 runs of the module did not exceed; nothing when fewer than kFewest are known.
  std::optional<std::chrono::milliseconds> Usual(const Sha256Digest& module) const;

 private:
  std::deque<std::pair<Sha256Digest, std::chrono::milliseconds>> runs_;
};

// Several processes may use one folder at a time.
class RunTimesFile {
 public:
  explicit RunTimesFile(const std::filesystem::path& data_folder) : folder_(data_folder) {}

  // Empty where there is no file. Errors as trust::ReadGuardedFile and RunTimes::Parse, which say
  // that the file may be deleted.
  Result<RunTimes> Load() const;
  // Not synced to the disk: what is lost is learnt again.
  Result<void> Add(const Sha256Digest& module, std::chrono::milliseconds took) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace plasm::client
