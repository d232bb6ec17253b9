#include "jobs/referred_before.h"

namespace plasm::jobs {
namespace {

constexpr std::size_t kMostPairs = 16'384;  // some 2 MiB; beyond, it begins anew

}  // namespace

bool ReferredBefore::Has(std::string_view client, const Sha256Digest& digest) const {
  const std::lock_guard lock(mutex_);
  return pairs_.contains({digest, std::string(client)});
}

void ReferredBefore::Add(std::string_view client, const Sha256Digest& digest) {
  const std::lock_guard lock(mutex_);
  if (pairs_.size() == kMostPairs) pairs_.clear();
  pairs_.insert({digest, std::string(client)});
}

}  // namespace plasm::jobs
