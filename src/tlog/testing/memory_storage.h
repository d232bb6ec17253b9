// For tests and benchmarks: a log in memory, whose resources can be damaged.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "tlog/storage.h"

namespace plasm::tlog::testing {

class MemoryStorage final : public Storage {
 public:
  Result<Bytes> Read(std::string_view path, std::size_t max_bytes) override {
    ++reads;
    const auto found = resources.find(path);
    if (found == resources.end()) return Error{ErrorCode::kNotFound, std::string(path)};
    if (found->second.size() > max_bytes) return Error{ErrorCode::kLimitExceeded, "too large"};
    return found->second;
  }
  Result<bool> HasTiles() override {
    const auto first = resources.lower_bound("tile/");
    return first != resources.end() && first->first.starts_with("tile/");
  }
  Result<void> WriteTiles(std::span<const TileContent> tiles) override {
    if (failing) return *failing;
    for (const TileContent& tile : tiles) resources[tile.name.Path()] = tile.bytes;
    return {};
  }
  Result<Bytes> ReadPending(std::size_t) override {
    return Error{ErrorCode::kNotFound, "no pending checkpoint"};
  }
  Result<void> ReplaceCheckpoint(ByteView bytes) override {
    if (failing_checkpoint) return *failing_checkpoint;
    resources[std::string(kCheckpointPath)] = Bytes(bytes.begin(), bytes.end());
    return {};
  }
  Result<void> RemovePartials(const TileName& full) override {
    const std::string prefix = full.PartialFolder() + "/";
    auto begin = resources.lower_bound(prefix);
    auto end = begin;
    while (end != resources.end() && end->first.starts_with(prefix)) ++end;
    resources.erase(begin, end);
    return {};
  }

  std::map<std::string, Bytes, std::less<>> resources;
  std::optional<Error> failing;             // what WriteTiles gives
  std::optional<Error> failing_checkpoint;  // what ReplaceCheckpoint gives
  std::size_t reads = 0;
};

}  // namespace plasm::tlog::testing
