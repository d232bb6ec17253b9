#include "tlog/log_writer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/key_name.h"
#include "base/quote.h"
#include "tlog/log_reader.h"

namespace plasm::tlog {
namespace {

constexpr std::size_t kCachedTiles = 256;  // 4 MiB

Error Corrupt(std::string message) { return {ErrorCode::kCorrupt, std::move(message)}; }

// The hashes of a tile that the tree says is there, as wide as it says.
Result<std::vector<Hash>> ReadHashes(Storage& storage, const TileName& name) {
  PLASM_TRY(const WidthAndBytes read, ReadTile(storage, name));
  auto hashes = ParseTile(read.bytes, read.width);
  if (!hashes) return Corrupt(name.Path() + ": " + hashes.error().message);
  hashes->resize(name.width);
  return hashes;
}

// The bundle as bytes, cut to the entries whose hashes are given, which it must hold.
Result<Bytes> ReadBundle(Storage& storage, const TileName& name, const std::vector<Hash>& hashes) {
  PLASM_TRY(const WidthAndBytes read, ReadTile(storage, name));
  const auto entries = ParseEntryBundle(read.bytes, read.width);
  if (!entries) return Corrupt(name.Path() + ": " + entries.error().message);
  Bytes bundle;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (LeafHash((*entries)[i]) != hashes[i]) {
      return Corrupt(name.Path() + ": entry " + std::to_string(i) +
                     " is not the one of the tile of hashes");
    }
    AppendToBundle(bundle, (*entries)[i]);
  }
  return bundle;
}

}  // namespace

// Nodes of the current tree and of those before it.
class LogWriter::Nodes final : public NodeReader {
 public:
  explicit Nodes(LogWriter& writer) : writer_(writer) {}

  Result<Hash> Node(NodePosition position) override {
    const NodeInTile place = Locate(position);
    const unsigned width = TileWidthAt(place.tile_level, place.tile_index, writer_.edge_.size());
    if (width < kTileWidth) {
      return writer_.edge_.At(place.tile_level).Node(place.height, place.index);
    }
    // Most nodes of a proof are in the tile of the one before.
    if (last_.tile == nullptr || last_level_ != place.tile_level ||
        last_index_ != place.tile_index) {
      PLASM_TRY(last_,
                writer_.cache_.Get(*writer_.storage_, place.tile_level, place.tile_index, width));
      last_level_ = place.tile_level;
      last_index_ = place.tile_index;
      read_storage_ = read_storage_ || last_.source == TileSource::kStorage;
    }
    return last_.tile->Node(place.height, place.index);
  }

  // Whether any node came from a tile that was read back, and not from the tree that the
  // writer has built or, when it was opened, checked against the root.
  bool read_storage() const { return read_storage_; }

 private:
  LogWriter& writer_;
  CachedTile last_;
  unsigned last_level_ = 0;
  std::uint64_t last_index_ = 0;
  bool read_storage_ = false;
};

LogWriter::LogWriter(Storage& storage, std::string origin, const crypto::SigningKey& key)
    : storage_(&storage), origin_(std::move(origin)), key_(&key), cache_(kCachedTiles) {}

Result<LogWriter> LogWriter::Create(Storage& storage, const std::string& origin,
                                    const crypto::SigningKey& key) {
  if (!IsLogOrigin(origin)) {
    return Error{ErrorCode::kInvalid,
                 "origin: found " + Quote(origin) + ", expected a name without blanks and plus"};
  }
  if (const auto old = storage.Read(kCheckpointPath, kMaxNoteBytes);
      old || old.error().code != ErrorCode::kNotFound) {
    return Error{ErrorCode::kConflict, "there is a log already"};
  }
  PLASM_TRY(const bool has_tiles, storage.HasTiles());
  if (has_tiles) {
    return Error{ErrorCode::kConflict, "there are tiles of a log that has lost its checkpoint"};
  }
  LogWriter writer(storage, origin, key);
  // Signed before a crash, and maybe seen: the same text is signed again here, but not if it is
  // of another log.
  PLASM_TRY(const auto pending, writer.ReadPending());
  if (pending && pending->checkpoint.head.size != 0) return Corrupt("the checkpoint is missing");
  PLASM_TRY_VOID(writer.Publish(SignCheckpoint({origin, {0, EmptyRoot()}, {}}, key)));
  return writer;
}

Result<LogWriter> LogWriter::Open(Storage& storage, const std::string& origin,
                                  const crypto::SigningKey& key) {
  LogWriter writer(storage, origin, key);
  PLASM_TRY(const Bytes bytes, storage.Read(kCheckpointPath, kMaxNoteBytes));
  auto published = ParseOwnCheckpoint(bytes, writer.verifier());
  if (!published) return Corrupt(published.error().message);
  writer.checkpoint_ = *std::move(published);
  PLASM_TRY(auto pending, writer.ReadPending());
  if (pending && pending->checkpoint.head.size > writer.size()) {
    writer.checkpoint_ = *std::move(pending);
  }
  PLASM_TRY_VOID(writer.RestoreEdge());
  // It may have been renamed just before a power cut that undoes that: from here on others
  // build on it.
  PLASM_TRY_VOID(writer.Publish(writer.checkpoint_));
  return writer;
}

// A checkpoint that is whole and ours. A torn one was never seen by anybody.
Result<std::optional<SignedCheckpoint>> LogWriter::ReadPending() const {
  auto bytes = storage_->ReadPending(kMaxNoteBytes);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::kNotFound) return std::optional<SignedCheckpoint>();
    return std::move(bytes).error();
  }
  auto pending = ParseOwnCheckpoint(*bytes, verifier());
  if (!pending) return std::optional<SignedCheckpoint>();
  return std::optional(*std::move(pending));
}

Result<void> LogWriter::RestoreEdge() {
  const TreeHead& head = checkpoint_.checkpoint.head;
  for (unsigned level = 0; level < TileLevels(head.size); ++level) {
    const std::uint64_t index = head.size >> (level * kTileHeight) >> kTileHeight;
    const unsigned width = TileWidthAt(level, index, head.size);
    if (width == 0) continue;
    PLASM_TRY(const auto hashes, ReadHashes(*storage_, {TileKind::kHashes, level, index, width}));
    edge_.Restore(level, hashes);
    if (level == 0) {
      PLASM_TRY(bundle_, ReadBundle(*storage_, {TileKind::kEntries, 0, index, width}, hashes));
    }
  }
  if (edge_.size() != head.size || edge_.Root() != head.root) {
    return Corrupt("the tiles at the right edge do not give the checkpoint's root");
  }
  for (unsigned level = 0; level + 1 < TileLevels(head.size); ++level) {
    PLASM_TRY_VOID(CheckLastFullTile(level));
  }
  return {};
}

// The full tile that was written last: its hash stands in the tile above.
Result<void> LogWriter::CheckLastFullTile(unsigned level) {
  const std::uint64_t full = size() >> (level * kTileHeight) >> kTileHeight;
  const TileName name{TileKind::kHashes, level, full - 1, kTileWidth};
  PLASM_TRY(const auto hashes, ReadHashes(*storage_, name));
  TileTree tile;
  for (const Hash& hash : hashes) tile.Append(hash);
  Nodes nodes(*this);
  PLASM_TRY(const Hash expected, nodes.Node({(level + 1) * kTileHeight, full - 1}));
  if (tile.Node(kTileHeight, 0) != expected) {
    return Corrupt(name.Path() + ": its hash is not the one in the tile above");
  }
  // A crash may have left partial tiles that the full one has replaced; leaving them is allowed.
  std::ignore = storage_->RemovePartials(name);
  if (level > 0) return {};
  const TileName bundle{TileKind::kEntries, 0, full - 1, kTileWidth};
  if (auto read = ReadBundle(*storage_, bundle, hashes); !read) return std::move(read).error();
  std::ignore = storage_->RemovePartials(bundle);
  return {};
}

Result<void> LogWriter::Publish(SignedCheckpoint checkpoint) {
  broken_ = true;
  std::string text = checkpoint.Serialize();
  PLASM_TRY_VOID(storage_->ReplaceCheckpoint(AsBytes(text)));
  broken_ = false;
  checkpoint_ = std::move(checkpoint);
  checkpoint_text_ = std::move(text);
  return {};
}

Result<std::uint64_t> LogWriter::Append(std::span<const ByteView> entries) {
  if (broken_) {
    return Error{ErrorCode::kUnavailable, "the log must be opened again after a failed write"};
  }
  if (entries.empty()) return Error{ErrorCode::kInvalid, "no entries to append"};
  if (entries.size() > kMaxTreeSize - size()) {
    return Error{ErrorCode::kLimitExceeded, "the log is full"};
  }
  for (const ByteView entry : entries) {
    if (entry.size() > kMaxEntryBytes) {
      return Error{ErrorCode::kInvalid, "entry: found " + std::to_string(entry.size()) +
                                            " bytes, expected at most 65535"};
    }
  }

  // All of it on the side: an error leaves the log as it was.
  TileEdge edge = edge_;
  Bytes bundle = bundle_;
  std::vector<TileContent> changed;
  struct Full {
    unsigned level;
    std::uint64_t index;
    std::shared_ptr<const TileTree> tile;
  };
  std::vector<Full> full;
  const auto completed = [&](unsigned level, std::uint64_t index, TileTree tile) {
    changed.push_back({{TileKind::kHashes, level, index, kTileWidth}, tile.Serialize()});
    full.push_back({level, index, std::make_shared<const TileTree>(std::move(tile))});
    if (level == 0) {
      changed.push_back({{TileKind::kEntries, 0, index, kTileWidth}, std::exchange(bundle, {})});
    }
  };
  for (const ByteView entry : entries) {
    AppendToBundle(bundle, entry);
    edge.Append(LeafHash(entry), completed);
  }
  for (unsigned level = 0; level < TileLevels(edge.size()); ++level) {
    const unsigned shift = level * kTileHeight;
    if (size() >> shift == edge.size() >> shift) break;  // nothing new here and above
    const unsigned width = edge.At(level).width();
    if (width == 0) continue;
    const std::uint64_t index = edge.size() >> shift >> kTileHeight;
    changed.push_back({{TileKind::kHashes, level, index, width}, edge.At(level).Serialize()});
    if (level == 0) changed.push_back({{TileKind::kEntries, 0, index, width}, bundle});
  }

  PLASM_TRY_VOID(storage_->WriteTiles(changed));
  const std::uint64_t first = size();
  PLASM_TRY_VOID(Publish(SignCheckpoint({origin_, {edge.size(), edge.Root()}, {}}, *key_)));
  edge_ = std::move(edge);
  bundle_ = std::move(bundle);
  for (Full& tile : full) {
    // Leaving them is allowed, so a failure here is none of the append.
    const TileName name{TileKind::kHashes, tile.level, tile.index, kTileWidth};
    std::ignore = storage_->RemovePartials(name);
    if (tile.level == 0) {
      std::ignore = storage_->RemovePartials({TileKind::kEntries, 0, tile.index, kTileWidth});
    }
    cache_.Put(tile.level, tile.index, std::move(tile.tile));
  }
  return first;
}

Result<void> LogWriter::PublishCosignatures(std::string_view checkpoint_text,
                                            std::span<const NoteSignature> lines) {
  if (broken_) {
    return Error{ErrorCode::kUnavailable, "the log must be opened again after a failed write"};
  }
  if (checkpoint_text != checkpoint_.note.text) {
    return Error{ErrorCode::kConflict, "the checkpoint has been replaced by a newer one"};
  }
  SignedCheckpoint cosigned = checkpoint_;
  auto& signatures = cosigned.note.signatures;
  for (const NoteSignature& line : lines) {
    if (std::ranges::find(signatures, line) == signatures.end()) signatures.push_back(line);
  }
  // It must remain readable.
  PLASM_TRY(const auto readable, SignedCheckpoint::Parse(AsBytes(cosigned.Serialize())));
  if (readable == checkpoint_) return {};
  return Publish(std::move(cosigned));
}

Result<std::vector<Hash>> LogWriter::ProofIn(std::uint64_t index, const TreeHead& head) {
  if (head.size > edge_.size()) {
    return Error{ErrorCode::kInvalid, "the checkpoint is larger than the log"};
  }
  Nodes nodes(*this);
  PLASM_TRY(auto proof, tlog::InclusionProof(index, head.size, nodes, &proof_edge_));
  if (!nodes.read_storage() && head == checkpoint_.checkpoint.head) return proof;
  PLASM_TRY(const Hash leaf, nodes.Node({0, index}));
  if (!VerifyInclusion(leaf, index, head, proof)) {
    cache_.Clear();
    proof_edge_ = {};
    return Corrupt("entry " + std::to_string(index) + ": the tiles do not lead to the root");
  }
  return proof;
}

Result<std::vector<Hash>> LogWriter::InclusionProof(std::uint64_t index) {
  return ProofIn(index, checkpoint_.checkpoint.head);
}

Result<ProofFile> LogWriter::Proof(std::uint64_t index) { return Proof(index, checkpoint_); }

Result<std::string> LogWriter::ProofText(std::uint64_t index) {
  PLASM_TRY(const auto hashes, InclusionProof(index));
  return ProofFileText({}, index, hashes, checkpoint_text_);
}

Result<ProofFile> LogWriter::Proof(std::uint64_t index, const SignedCheckpoint& checkpoint) {
  PLASM_TRY(auto hashes, ProofIn(index, checkpoint.checkpoint.head));
  return ProofFile{{}, index, std::move(hashes), checkpoint};
}

Result<std::vector<Hash>> LogWriter::ConsistencyProof(std::uint64_t older_size) {
  Nodes nodes(*this);
  PLASM_TRY(auto proof, tlog::ConsistencyProof(older_size, edge_.size(), nodes));
  PLASM_TRY(const Hash root, RootAt(older_size, nodes));
  if (!VerifyConsistency({older_size, root}, checkpoint_.checkpoint.head, proof)) {
    cache_.Clear();
    return Corrupt("the tree of size " + std::to_string(older_size) +
                   ": the tiles do not lead to the root");
  }
  return proof;
}

}  // namespace plasm::tlog
