// The one who appends to a log (spec/log.md section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "tlog/checkpoint.h"
#include "tlog/merkle.h"
#include "tlog/proof_file.h"
#include "tlog/storage.h"
#include "tlog/tile_cache.h"
#include "tlog/tile_tree.h"

namespace plasm::tlog {

// Keeps the right edge of the tree in memory: an append costs the same however large the log
// is. One thread at a time, and one writer for a storage (SystemFolder has the lock).
class LogWriter {
 public:
  // Starts a log: publishes the checkpoint of the empty tree. kConflict when there is one, or
  // tiles without one: a log that was lost is not begun again (section 1.3). kInvalid for a bad
  // origin.
  static Result<LogWriter> Create(Storage& storage, const std::string& origin,
                                  const crypto::SigningKey& key);

  // Goes on with a log. kNotFound when there is none; kCorrupt when its checkpoint is not
  // signed by this key for this origin, or when its tiles disagree with it (section 4.5).
  // Publishes first what a crash has kept from being published. Storage and key outlive this.
  static Result<LogWriter> Open(Storage& storage, const std::string& origin,
                                const crypto::SigningKey& key);

  const SignedCheckpoint& checkpoint() const { return checkpoint_; }
  // Whether it must be opened again: see Append.
  bool broken() const { return broken_; }
  std::uint64_t size() const { return checkpoint_.checkpoint.head.size; }

  // Makes the entries, in this order, part of the log under one new checkpoint, and gives the
  // index of the first. They are durable on return. kInvalid, and nothing has happened, for no
  // entries or one above kMaxEntryBytes. After an error while tiles were written the log is as
  // it was and the call may be repeated; after one while the checkpoint was published, every
  // call gives kUnavailable until the log is opened again.
  Result<std::uint64_t> Append(std::span<const ByteView> entries);

  // Adds lines to the published checkpoint, if it is still the one with this text (kConflict
  // otherwise). The caller has verified them. Lines that are there are not added again.
  Result<void> PublishCosignatures(std::string_view checkpoint_text,
                                   std::span<const NoteSignature> lines);

  // Proofs against the current checkpoint. Those for entries of the last groups come from
  // memory. kCorrupt when tiles on disk disagree with the tree.
  Result<std::vector<Hash>> InclusionProof(std::uint64_t index);
  Result<ProofFile> Proof(std::uint64_t index);
  // What that serializes to, at half the price.
  Result<std::string> ProofText(std::uint64_t index);
  // Against an earlier checkpoint of this log, maybe one that has been cosigned since.
  Result<ProofFile> Proof(std::uint64_t index, const SignedCheckpoint& checkpoint);
  Result<std::vector<Hash>> ConsistencyProof(std::uint64_t older_size);

 private:
  class Nodes;
  LogWriter(Storage& storage, std::string origin, const crypto::SigningKey& key);

  VerifierKey verifier() const { return LogVerifierKey(origin_, key_->public_key()); }
  Result<std::optional<SignedCheckpoint>> ReadPending() const;
  Result<void> RestoreEdge();
  Result<void> CheckLastFullTile(unsigned level);
  Result<void> Publish(SignedCheckpoint checkpoint);
  Result<std::vector<Hash>> ProofIn(std::uint64_t index, const TreeHead& head);

  Storage* storage_;
  std::string origin_;
  const crypto::SigningKey* key_;
  SignedCheckpoint checkpoint_;
  std::string checkpoint_text_;  // once published: the whole note
  TileEdge edge_;
  Bytes bundle_;  // of the entries in the partial tile at level 0
  TileCache cache_;
  EdgeRange proof_edge_;
  bool broken_ = false;  // it is not known which checkpoint is published
};

}  // namespace plasm::tlog
