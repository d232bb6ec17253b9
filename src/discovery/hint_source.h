// Where hints come from.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "discovery/hint.h"
#include "discovery/selection.h"

namespace plasm::discovery {

struct Query {
  Selection selection;
  std::vector<crypto::PublicKey> identities;  // also looked for themselves
};

using HintSink = std::function<void(const Hint&)>;

class HintSource {
 public:
  virtual ~HintSource() = default;
  virtual HintOrigin origin() const = 0;

  // Gives what it finds to `sink`, by the calling thread, until there is no more or `stop_fd` is
  // readable. An error says plainly why nothing can be found there, or no more. One call at a
  // time.
  virtual Result<void> Find(const Query& query, const HintSink& sink, int stop_fd) = 0;
};

}  // namespace plasm::discovery
