#include "client/handshake.h"

#include <algorithm>
#include <span>
#include <utility>

#include "client/asking_at_once.h"
#include "client/job_offer.h"
#include "client/job_plan.h"
#include "client/node_access.h"
#include "client/patience.h"

namespace plasm::client {
namespace {

// A node that accepts holds a place in its queue, which stays empty if another one gets the job: so
// a few at first, and more once these have refused.
constexpr std::size_t kFirstOffers = 2;
constexpr std::size_t kLaterOffers = 4;
// Of an acceptance that holds no place in the queue.
constexpr std::chrono::seconds kAcceptedFor(5);
constexpr int kOk = 200;

constexpr std::chrono::seconds kAwaited(3);

struct Answer {
  std::optional<std::string> refusal;
  std::chrono::seconds holds = kAcceptedFor;
};

Result<Answer> Offer(const home::DataFolder& data, const Candidate& candidate,
                     const JobOffer& offer, Clock& clock, Entropy& entropy, int stop_fd) {
  PLASM_TRY(const auto access,
            NodeAccess::Open(data, candidate.node, clock, entropy, OnceWithin(kAwaited, stop_fd)));
  const std::string text = SerializeOffer(offer);
  PLASM_TRY(const net::WholeResponse response,
            access->session().AskOnce({.method = "POST",
                                       .target = "/v1/offers",
                                       .headers = {{"Content-Type", "application/json"}},
                                       .body = AsBytes(text)},
                                      kMaxOfferAnswerBytes));
  if (response.head.status != kOk) return ErrorOf(response, access->session());
  auto parsed = ParseOfferAnswer(response.body, offer.job_id);
  if (!parsed) {
    return Error{ErrorCode::kCorrupt,
                 access->name() + ": the node's answer to an offer: " + parsed.error().message};
  }
  if (auto* rejected = std::get_if<OfferRejected>(&*parsed)) {
    return Answer{.refusal = access->name() + " does not take the job: " + rejected->reason};
  }
  const auto reserved = ReservedFor(response.head.Header("plasm-reserved-seconds"));
  // A node that holds a place for no time at all is not asked for ever again.
  return Answer{.refusal = {}, .holds = std::max(kAcceptedFor, reserved.value_or(kAcceptedFor))};
}

}  // namespace

Handshake::Handshake(const home::DataFolder& data, std::vector<KnownNode> nodes,
                     const receipt::Manifest& manifest, std::string job_id, Clock& clock,
                     Entropy& entropy)
    : data_(data),
      manifest_(manifest),
      job_id_(std::move(job_id)),
      clock_(clock),
      entropy_(entropy),
      unasked_(std::move(nodes)) {}

std::size_t Handshake::left() const {
  const std::lock_guard lock(mutex_);
  const std::size_t again = given_ && !asked_twice_ ? silent_.size() : 0;
  return unasked_.size() + ranked_.size() + accepted_.size() + again;
}

std::optional<KnownNode> Handshake::TakeAccepted() {
  const std::lock_guard lock(mutex_);
  while (!accepted_.empty()) {
    Accepted first = std::move(accepted_.front());
    accepted_.pop_front();
    if (clock_.MonotonicNs() < first.until_ns) {
      given_ = true;
      return std::move(first.node);
    }
    unasked_.push_back(std::move(first.node));  // its place may be gone
  }
  return std::nullopt;
}

Result<KnownNode> Handshake::Next(int interrupt_fd) {
  const std::lock_guard asking(asking_);
  while (true) {
    if (auto node = TakeAccepted()) return *std::move(node);
    if (IsInterrupted(interrupt_fd)) return Error{ErrorCode::kUnavailable, "interrupted"};
    if (!ranked_.empty()) {
      PLASM_TRY_VOID(OfferToBest(interrupt_fd));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      // A node that was silent for a moment may be back by now. Whoever has failed is not asked
      // again: it may have the job.
      if (unasked_.empty() && given_ && !asked_twice_) {
        asked_twice_ = true;
        unasked_ = std::exchange(silent_, {});
      }
      if (unasked_.empty()) return WhyNobody();
    }
    AskForStates(interrupt_fd);
  }
}

void Handshake::AskForStates(int interrupt_fd) {
  std::vector<KnownNode> nodes;
  {
    const std::lock_guard lock(mutex_);
    nodes = unasked_;
  }
  std::vector<Candidate> candidates = AskForStatus(data_, nodes, clock_, entropy_, interrupt_fd);
  Rank(candidates);
  const std::lock_guard lock(mutex_);
  unasked_.clear();
  for (Candidate& candidate : candidates) {
    if (candidate.status) {
      ranked_.push_back(std::move(candidate));
    } else {
      // Some errors name the node, and some its endpoint.
      reasons_.push_back(candidate.node.name + ": " + candidate.error->message);
      silent_.push_back(std::move(candidate.node));
    }
  }
}

Result<void> Handshake::OfferToBest(int interrupt_fd) {
  std::vector<Candidate> best;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t most = std::exchange(offered_, true) ? kLaterOffers : kFirstOffers;
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, ranked_.size()));
    best.assign(ranked_.begin(), ranked_.begin() + count);
  }
  std::vector<std::optional<Result<Answer>>> answers(best.size());
  const auto ask = [&](std::size_t i, int stop_fd) {
    const NodeStatus& status = *best[i].status;
    answers[i] = Offer(data_, best[i],
                       OfferOf(manifest_, job_id_, NewNonce(entropy_), status.arch,
                               RuntimeOfEngine(status.engine)),
                       clock_, entropy_, stop_fd);
  };
  const auto accepts = [&](std::size_t i) { return *answers[i] && !(*answers[i])->refusal; };
  PLASM_TRY_VOID(AskAtOnce(best.size(), ask, {.will_do = accepts, .interrupt_fd = interrupt_fd}));
  const std::uint64_t now_ns = clock_.MonotonicNs();
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < best.size(); ++i) {
    ranked_.pop_front();
    Result<Answer>& answer = *answers[i];
    if (!answer) {
      reasons_.push_back(answer.error().message);
    } else if (answer->refusal) {
      reasons_.push_back(*answer->refusal);
    } else {
      const std::chrono::nanoseconds holds = answer->holds;
      accepted_.push_back(
          {std::move(best[i].node), now_ns + static_cast<std::uint64_t>(holds.count())});
    }
  }
  return {};
}

Error Handshake::WhyNobody() const {
  std::string text = given_ ? "no other node takes the job" : "no node takes the job";
  for (const std::string& reason : reasons_) text += "\n  " + reason;
  return {ErrorCode::kUnavailable, std::move(text)};
}

}  // namespace plasm::client
