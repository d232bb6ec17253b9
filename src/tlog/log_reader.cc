#include "tlog/log_reader.h"

#include <string>

#include "base/quote.h"

namespace plasm::tlog {

class LogReader::Nodes final : public NodeReader {
 public:
  explicit Nodes(LogReader& reader) : reader_(reader) {}

  Result<Hash> Node(NodePosition position) override {
    const NodeInTile place = Locate(position);
    const unsigned width = TileWidthAt(place.tile_level, place.tile_index, reader_.size());
    PLASM_TRY(const CachedTile cached,
              reader_.cache_.Get(*reader_.storage_, place.tile_level, place.tile_index, width));
    return cached.tile->Node(place.height, place.index);
  }

 private:
  LogReader& reader_;
};

Result<SignedCheckpoint> ParseOwnCheckpoint(ByteView bytes, const VerifierKey& log) {
  PLASM_TRY(SignedCheckpoint checkpoint, SignedCheckpoint::Parse(bytes));
  if (checkpoint.checkpoint.origin != log.name) {
    return Error{ErrorCode::kInvalid, "checkpoint origin: found " +
                                          Quote(checkpoint.checkpoint.origin) + ", expected " +
                                          Quote(log.name)};
  }
  PLASM_TRY_VOID([&]() -> Result<void> {
    if (auto verified = VerifyNote(checkpoint.note, std::span(&log, 1)); !verified) {
      return std::move(verified).error();
    }
    return {};
  }());
  return checkpoint;
}

Result<LogReader> LogReader::Open(Storage& storage, const VerifierKey& log,
                                  std::size_t cached_tiles) {
  PLASM_TRY(const Bytes bytes, storage.Read(kCheckpointPath, kMaxNoteBytes));
  auto checkpoint = ParseOwnCheckpoint(bytes, log);
  if (!checkpoint) return Error{ErrorCode::kCorrupt, checkpoint.error().message};
  return LogReader(storage, *std::move(checkpoint), cached_tiles);
}

Error LogReader::Disagrees(std::string what) {
  cache_.Clear();  // one of the tiles in it is wrong, and may be put right
  return {ErrorCode::kCorrupt,
          std::move(what) + ": the tiles do not lead to the checkpoint's root"};
}

Result<std::vector<Hash>> LogReader::InclusionProof(std::uint64_t index) {
  Nodes nodes(*this);
  PLASM_TRY(auto proof, tlog::InclusionProof(index, size(), nodes));
  PLASM_TRY(const Hash leaf, nodes.Node({0, index}));
  if (!VerifyInclusion(leaf, index, checkpoint_.checkpoint.head, proof)) {
    return Disagrees("entry " + std::to_string(index));
  }
  return proof;
}

Result<ProofFile> LogReader::Proof(std::uint64_t index) {
  PLASM_TRY(auto hashes, InclusionProof(index));
  return ProofFile{{}, index, std::move(hashes), checkpoint_};
}

Result<Bytes> LogReader::Entry(std::uint64_t index) {
  PLASM_TRY(const auto proof, InclusionProof(index));
  const std::uint64_t bundle = index / kTileWidth;
  const TileName name{TileKind::kEntries, 0, bundle, TileWidthAt(0, bundle, size())};
  PLASM_TRY(const WidthAndBytes read, ReadTile(*storage_, name));
  const auto entries = ParseEntryBundle(read.bytes, read.width);
  if (!entries) return Error{ErrorCode::kCorrupt, name.Path() + ": " + entries.error().message};
  const ByteView entry = (*entries)[index % kTileWidth];
  if (!VerifyInclusion(LeafHash(entry), index, checkpoint_.checkpoint.head, proof)) {
    return Error{ErrorCode::kCorrupt,
                 name.Path() + ": entry " + std::to_string(index) + " is not the one in the tree"};
  }
  return Bytes(entry.begin(), entry.end());
}

Result<LogReader::Growth> LogReader::ConsistencyProof(std::uint64_t older_size) {
  Nodes nodes(*this);
  PLASM_TRY(auto proof, tlog::ConsistencyProof(older_size, size(), nodes));
  PLASM_TRY(const Hash root, RootAt(older_size, nodes));
  const TreeHead older{older_size, root};
  if (!VerifyConsistency(older, checkpoint_.checkpoint.head, proof)) {
    return Disagrees("the tree of size " + std::to_string(older_size));
  }
  return Growth{older, std::move(proof)};
}

}  // namespace plasm::tlog
