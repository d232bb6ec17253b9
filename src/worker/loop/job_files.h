// A job's files at the worker's end: inputs into the guest's tree, outputs out of it.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "wasi/file_tree.h"
#include "worker/protocol/job.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {

// A file mapped for reading as long as this lives; empty for an empty file.
class Mapping {
 public:
  Mapping() = default;
  static Result<Mapping> Of(const UniqueFd& file);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  ByteView bytes() const { return bytes_; }

 private:
  ByteView bytes_;
};

// The job's folders as preopens. File contents are borrowed from `contents`, which must
// outlive the tree. kCorrupt when an entry lies outside of it.
Result<wasi::FileTree> BuildTree(const Job& job, ByteView contents);

// Passes on, for each of the job's outputs that exists, its files and folders (kFile and
// kFileData), parents first, sorted bytewise. Symbolic links are left out. kLimitExceeded,
// naming the output, for a path that IsSafeOutputPath refuses and for more files or bytes
// than the job's limits allow: a file with many names counts under each.
using EmitMessage = std::function<void(const FromWorker&)>;
Result<void> EmitOutputs(JobNumber number, const Job& job, wasi::FileTree& tree,
                         const EmitMessage& emit);

}  // namespace plasm::worker
