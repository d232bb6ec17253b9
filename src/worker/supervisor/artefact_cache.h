// Compiled modules on disk, found again by what they were compiled from.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace plasm::worker {

enum class Tier : std::uint8_t { kQuick, kFull };
enum class Target : std::uint8_t { kNative, kPulley };

inline constexpr std::uint64_t kDefaultCacheBytes = std::uint64_t{2} << 30;

struct ArtefactKey {
  Sha256Digest module;
  Target target;
  Tier tier;

  friend auto operator<=>(const ArtefactKey&, const ArtefactKey&) = default;
};

// Keeps two files an entry: a small index "<module>-<engine>-<target>-<tier>" that names the
// artefact's digest, and the artefact "<digest>.cwasm". Both appear whole or not at all.
// Safe for several processes at once. Artefacts come from our own compile workers only.
class ArtefactCache {
 public:
  // `folder` is created with mode 0700 at the first Store. Entries beyond `max_bytes` are
  // removed, least recently used first, once an eighth of that was stored since the last time:
  // looking at every entry is too dear for every Store.
  explicit ArtefactCache(std::filesystem::path folder, std::uint64_t max_bytes = kDefaultCacheBytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}

  // The artefact, open for reading, after its digest was checked; nothing when there is none.
  // A damaged entry is removed and counts as none.
  std::optional<UniqueFd> Find(const ArtefactKey& key) const;
  // Whether there is one, its digest unchecked.
  bool Has(const ArtefactKey& key) const;

  // An unnamed file to write an artefact to, readable and writable.
  Result<UniqueFd> NewFile() const;
  // Makes the file's contents the entry of `key`. Not durable: a lost entry is made again.
  Result<void> Store(const ArtefactKey& key, const UniqueFd& file) const;

  // Removes the entry, so that it is compiled again.
  void Drop(const ArtefactKey& key) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path IndexPath(const ArtefactKey& key) const;
  bool TrimIsDue(std::uint64_t stored_bytes) const;
  void Trim() const;

  std::filesystem::path folder_;
  std::uint64_t max_bytes_;
};

}  // namespace plasm::worker
