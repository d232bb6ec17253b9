// Removing blobs that nothing refers to, beside those who put and use them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "blobs/blob_store.h"

namespace plasm {

// Who puts a blob, or finds one that it will refer to, pins it before and unpins it when the
// reference is written. A collector claims it, asks once more whether it is referred to, and
// removes it: so that none is removed between being found and being referred to. Thread-safe.
class BlobPins {
 public:
  // Move-only; the pins outlive it.
  class Hold {
   public:
    Hold(Hold&& other) noexcept
        : pins_(std::exchange(other.pins_, nullptr)),
          digest_(other.digest_),
          claimed_(other.claimed_) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (pins_ != nullptr) pins_->Release(digest_, claimed_);
    }

   private:
    friend class BlobPins;
    Hold(BlobPins* pins, const Sha256Digest& digest, bool claimed)
        : pins_(pins), digest_(digest), claimed_(claimed) {}
    BlobPins* pins_;
    Sha256Digest digest_;
    bool claimed_;
  };

  // Any number at a time. Waits while it is claimed, which takes as long as its removal.
  Hold Pin(const Sha256Digest& digest);
  // Nothing while it is pinned or claimed.
  std::optional<Hold> TryClaim(const Sha256Digest& digest);

 private:
  void Release(const Sha256Digest& digest, bool claimed);

  std::mutex mutex_;
  std::condition_variable released_;
  std::unordered_map<Sha256Digest, std::size_t> pinned_;
  std::unordered_set<Sha256Digest> claimed_;
};

// What is old enough to be collected, by a clock that may have jumped: what was put in the
// future is young. Pure.
std::vector<ListedBlob> OldEnough(std::vector<ListedBlob> blobs, std::uint64_t now_ns,
                                  std::uint64_t min_age_ns);

struct Collected {
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
};

// Removes those of the candidates that nobody has pinned and nothing refers to. `is_referred` is
// asked while the blob is claimed; its error ends the collection.
Result<Collected> Collect(const BlobStore& store, BlobPins& pins,
                          const std::vector<ListedBlob>& candidates,
                          const std::function<Result<bool>(const Sha256Digest&)>& is_referred);

}  // namespace plasm
