// What a job reads, gathered into one read-only memory file: a snapshot of host folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/protocol/job.h"

namespace plasm::worker {

// An anonymous memory file that nobody can change any more. `name` shows in /proc only.
Result<UniqueFd> SealedMemory(const char* name, ByteView contents);

// The contents of a job's input files, one behind the other. Not thread-safe.
class Inputs {
 public:
  // Adds a snapshot of `folder` as it is now: regular files, folders and symbolic links, the
  // latter as links, never followed; sorted bytewise at each level. Anything else (sockets,
  // devices) is kInvalid, as is a name that is not UTF-8. Fails with kLimitExceeded beyond
  // the job's limits. The folder is only ever read.
  Result<InputFolder> AddFolder(const std::filesystem::path& folder, std::string guest_path,
                                const JobLimits& limits);

  // Adds bytes and returns where they are.
  Result<std::uint64_t> Add(ByteView bytes);

  bool empty() const { return !file_; }
  std::uint64_t size() const { return size_; }
  // Seals what was gathered and hands it over. Only when not empty.
  Result<UniqueFd> Seal() &&;

 private:
  Result<void> Open();
  Result<void> AddEntries(int folder_fd, const std::string& host_path, const std::string& prefix,
                          const JobLimits& limits, InputFolder& out);
  Result<void> CopyFile(int fd, const std::string& host_path, const JobLimits& limits,
                        InputEntry& entry);

  UniqueFd file_;
  std::uint64_t size_ = 0;
  std::uint64_t nodes_ = 0;
};

}  // namespace plasm::worker
