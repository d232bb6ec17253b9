// Entries and proofs from a log's storage.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/merkle.h"
#include "tlog/proof_file.h"
#include "tlog/storage.h"
#include "tlog/tile_cache.h"

namespace plasm::tlog {

// A log as it was at one checkpoint. Nothing that the storage has is believed: what is given
// out has been verified against the checkpoint's root, and kCorrupt tells that it did not
// agree. One thread at a time.
class LogReader {
 public:
  // Reads the checkpoint and verifies that `log` has signed it. The storage outlives this.
  static Result<LogReader> Open(Storage& storage, const VerifierKey& log,
                                std::size_t cached_tiles = 1024);

  const SignedCheckpoint& checkpoint() const { return checkpoint_; }
  std::uint64_t size() const { return checkpoint_.checkpoint.head.size; }

  // kInvalid for an index that is not in the tree.
  Result<Bytes> Entry(std::uint64_t index);
  Result<std::vector<Hash>> InclusionProof(std::uint64_t index);
  // With the checkpoint as it is.
  Result<ProofFile> Proof(std::uint64_t index);

  // From a tree of `older_size`, whose head is given back, to the checkpoint's.
  struct Growth {
    TreeHead older;
    std::vector<Hash> proof;
  };
  Result<Growth> ConsistencyProof(std::uint64_t older_size);

 private:
  class Nodes;
  LogReader(Storage& storage, SignedCheckpoint checkpoint, std::size_t cached_tiles)
      : storage_(&storage), checkpoint_(std::move(checkpoint)), cache_(cached_tiles) {}

  Error Disagrees(std::string what);

  Storage* storage_;
  SignedCheckpoint checkpoint_;
  TileCache cache_;
};

// A log's signature on its own checkpoint: parses, and verifies name and origin.
Result<SignedCheckpoint> ParseOwnCheckpoint(ByteView bytes, const VerifierKey& log);

}  // namespace plasm::tlog
