// Which of several nodes take a job, before any of it is sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_list.h"
#include "client/node_ranking.h"
#include "home/data_folder.h"
#include "receipt/manifest_v1.h"

namespace plasm::client {

// Nodes are asked how busy they are, all at once; the least busy ones get an offer, a few at once;
// those that accept are given one after the other, and the rest is asked when they are used up.
// Thread-safe. What it refers to outlives it.
class Handshake {
 public:
  Handshake(const home::DataFolder& data, std::vector<KnownNode> nodes,
            const receipt::Manifest& manifest, std::string job_id, Clock& clock, Entropy& entropy);

  // The best node that takes the job and was not given before. Asks nodes, and so blocks, unless
  // one is at hand whose acceptance still holds. kUnavailable, with each node's reason, when none
  // is left, and as soon as `interrupt_fd` is readable.
  Result<KnownNode> Next(int interrupt_fd);

  // How many may still be given.
  std::size_t left() const;

 private:
  struct Accepted {
    KnownNode node;
    std::uint64_t until_ns = 0;  // by the monotonic clock
  };

  std::optional<KnownNode> TakeAccepted();
  void AskForStates(int interrupt_fd);
  Result<void> OfferToBest(int interrupt_fd);
  Error WhyNobody() const;

  const home::DataFolder& data_;
  const receipt::Manifest& manifest_;
  const std::string job_id_;
  Clock& clock_;
  Entropy& entropy_;

  std::mutex asking_;         // one caller asks at a time
  mutable std::mutex mutex_;  // over what follows
  std::vector<KnownNode> unasked_;
  std::deque<Candidate> ranked_;  // that have said how busy they are
  std::deque<Accepted> accepted_;
  std::vector<KnownNode> silent_;  // asked once more when one that was given has failed
  bool offered_ = false;
  bool given_ = false;
  bool asked_twice_ = false;
  std::vector<std::string> reasons_;
};

}  // namespace plasm::client
