// Where contents that are named by their digest may be found.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace plasm {

class ContentSource {
 public:
  virtual ~ContentSource() = default;
  // A descriptor, at its start, of what should be these contents: the digest is checked by
  // whoever reads (CopyContent, ReadContent). kNotFound when there is none.
  virtual Result<UniqueFd> Find(const Sha256Digest& digest) const = 0;
  // What Find gave had another digest. A store of our own removes it.
  virtual void OnDamaged(const Sha256Digest&) const {}
};

// Several places, asked in order. The references must outlive it.
class ContentSources final : public ContentSource {
 public:
  explicit ContentSources(std::vector<const ContentSource*> places) : places_(std::move(places)) {}
  Result<UniqueFd> Find(const Sha256Digest& digest) const override;
  void OnDamaged(const Sha256Digest& digest) const override;

 private:
  std::vector<const ContentSource*> places_;
};

// Hands the contents on in pieces and returns their size. What was handed on counts only when
// this succeeds: kCorrupt, at the end, when the bytes have another digest. kLimitExceeded
// beyond max_bytes.
Result<std::uint64_t> CopyContent(const ContentSource& source, const Sha256Digest& digest,
                                  std::uint64_t max_bytes,
                                  const std::function<Result<void>(ByteView)>& sink);

// The same, gathered.
Result<Bytes> ReadContent(const ContentSource& source, const Sha256Digest& digest,
                          std::uint64_t max_bytes);

}  // namespace plasm
