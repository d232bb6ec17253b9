// Which clients have referred to which blobs, so that the store need not be asked for each job.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/sha256.h"

namespace plasm::jobs {

// A client that could refer to a blob once has its contents, and may go on referring to it as
// long as the blob is here, whatever becomes of its earlier jobs. Thread-safe.
class ReferredBefore {
 public:
  bool Has(std::string_view client, const Sha256Digest& digest) const;
  void Add(std::string_view client, const Sha256Digest& digest);

 private:
  struct Pair {
    Sha256Digest digest;
    std::string client;
    friend bool operator==(const Pair&, const Pair&) = default;
  };
  struct Hash {
    std::size_t operator()(const Pair& pair) const {
      return std::hash<Sha256Digest>()(pair.digest) ^ std::hash<std::string>()(pair.client);
    }
  };

  mutable std::mutex mutex_;
  std::unordered_set<Pair, Hash> pairs_;
};

}  // namespace plasm::jobs
