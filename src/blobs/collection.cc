#include "blobs/collection.h"

#include <algorithm>

namespace plasm {

BlobPins::Hold BlobPins::Pin(const Sha256Digest& digest) {
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return !claimed_.contains(digest); });
  ++pinned_[digest];
  return Hold(this, digest, false);
}

std::optional<BlobPins::Hold> BlobPins::TryClaim(const Sha256Digest& digest) {
  const std::lock_guard lock(mutex_);
  if (pinned_.contains(digest) || !claimed_.insert(digest).second) return std::nullopt;
  return Hold(this, digest, true);
}

void BlobPins::Release(const Sha256Digest& digest, bool claimed) {
  {
    const std::lock_guard lock(mutex_);
    if (claimed) {
      claimed_.erase(digest);
    } else if (const auto pin = pinned_.find(digest); --pin->second == 0) {
      pinned_.erase(pin);
    }
  }
  if (claimed) released_.notify_all();
}

std::vector<ListedBlob> OldEnough(std::vector<ListedBlob> blobs, std::uint64_t now_ns,
                                  std::uint64_t min_age_ns) {
  std::erase_if(blobs, [&](const ListedBlob& blob) {
    return blob.put_ns > now_ns || now_ns - blob.put_ns < min_age_ns;
  });
  return blobs;
}

Result<Collected> Collect(const BlobStore& store, BlobPins& pins,
                          const std::vector<ListedBlob>& candidates,
                          const std::function<Result<bool>(const Sha256Digest&)>& is_referred) {
  Collected collected;
  for (const ListedBlob& blob : candidates) {
    const auto claim = pins.TryClaim(blob.digest);
    if (!claim) continue;
    PLASM_TRY(const bool referred, is_referred(blob.digest));
    if (referred) continue;
    PLASM_TRY_VOID(store.Remove(blob.digest));
    ++collected.blobs;
    collected.bytes += blob.bytes;
  }
  return collected;
}

}  // namespace plasm
