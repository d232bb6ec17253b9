// Where a log's resources are kept. The log decides what is written and when; a storage makes
// it durable. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/tile.h"

namespace plasm::tlog {

inline constexpr std::string_view kCheckpointPath = "checkpoint";

struct TileContent {
  TileName name;
  Bytes bytes;
};

class Storage {
 public:
  virtual ~Storage() = default;

  // A resource by its path relative to the log. kNotFound when it is not there,
  // kLimitExceeded when it has more than max_bytes.
  virtual Result<Bytes> Read(std::string_view path, std::size_t max_bytes) = 0;

  // Whether there are tiles, published or not.
  virtual Result<bool> HasTiles() = 0;

  // Durable on return: tiles and bundles, all or, after an error or a crash, some of them,
  // maybe in part. What stood under these names, left from a crash, is replaced.
  virtual Result<void> WriteTiles(std::span<const TileContent> tiles) = 0;

  // The checkpoint that was about to be published at a crash, if its bytes are all there.
  // kNotFound when there is none.
  virtual Result<Bytes> ReadPending(std::size_t max_bytes) = 0;

  // Durable on return. First it is kept as the pending one, durably, and only then can it be
  // seen: who has seen a checkpoint may be sure that a crash does not take it back. After an
  // error it is open whether it is published; opening the log again finds out.
  virtual Result<void> ReplaceCheckpoint(ByteView bytes) = 0;

  // Removes every partial tile of this tile or bundle. Need not be durable; that there is none
  // is no error.
  virtual Result<void> RemovePartials(const TileName& full) = 0;
};

}  // namespace plasm::tlog
