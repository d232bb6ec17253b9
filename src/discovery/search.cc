#include "discovery/search.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kMostReasons = 8;
constexpr std::uint64_t kNsOfMs = 1'000'000;

// Readable from when it was rung.
class Signal {
 public:
  Signal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  int fd() const { return fd_.get(); }
  void Ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(fd_.get(), &one, sizeof(one));
  }

 private:
  UniqueFd fd_;
};

}  // namespace

// Threads: one a source, which adds hints, and those that probe, of which there are no more than
// there is to do at once. All end before this does.
class Search::Round {
 public:
  Round(Parts& parts, const Query& query, const SearchSettings& settings)
      : parts_(parts), query_(query), settings_(settings), asking_(parts.sources.size()) {}

  Result<SearchReport> Run(int stop_fd);

 private:
  void AskSource(HintSource& source);
  void Add(const Hint& hint);
  void ProbeAll();
  void Take(const net::Endpoint& endpoint, Result<ProbedNode> node);
  void ProbeInOneMore();
  std::optional<net::Endpoint> NextEndpoint();
  void WaitForEnd(int stop_fd) const;

  // With the lock held.
  bool IsOver() const { return asking_ == 0 && waiting_.empty() && probing_ == 0; }
  bool HasEnough() const;
  void RingIfOver() {
    if (IsOver() || HasEnough()) done_.Ring();
  }
  void Note(std::string reason) {
    if (report_.reasons.size() < kMostReasons) report_.reasons.push_back(std::move(reason));
  }

  Parts& parts_;
  const Query& query_;
  const SearchSettings& settings_;
  Signal done_;  // for the caller
  Signal halt_;  // for sources and probes
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<net::Endpoint> waiting_;
  std::vector<std::thread> probers_;
  std::size_t asking_;
  std::size_t probing_ = 0;
  bool stopped_ = false;
  SearchReport report_;
};

void Search::Round::AskSource(HintSource& source) {
  const auto asked = source.Find(query_, [this](const Hint& hint) { Add(hint); }, halt_.fd());
  {
    const std::lock_guard lock(mutex_);
    --asking_;
    if (!asked) {
      report_.sources.push_back(std::string(HintOriginName(source.origin())) + ": " +
                                asked.error().message);
    }
    RingIfOver();
  }
  work_.notify_all();
}

void Search::Round::Add(const Hint& hint) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    ++report_.hints;
    if (hint.identity && hint.signed_version) {
      parts_.found.Require(*hint.identity, *hint.signed_version);
    }
    switch (parts_.pool.Add(hint, parts_.clock.MonotonicNs())) {
      case HintStanding::kProbe:
        waiting_.push_back(hint.endpoint);
        ProbeInOneMore();
        break;
      case HintStanding::kKnown:
        return;
      case HintStanding::kFailedLately:
      case HintStanding::kTooManyOfKey:
      case HintStanding::kTooManyOfNetwork:
      case HintStanding::kFull:
        ++report_.dropped;
        return;
    }
  }
  work_.notify_one();
}

// With the lock held: a thread for each endpoint that is waiting, as far as that is allowed.
void Search::Round::ProbeInOneMore() {
  const std::size_t idle = probers_.size() - probing_;
  if (probers_.size() >= settings_.probes_at_a_time || idle >= waiting_.size()) return;
  probers_.emplace_back([this] { ProbeAll(); });
}

std::optional<net::Endpoint> Search::Round::NextEndpoint() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return stopped_ || IsOver() || !waiting_.empty(); });
  if (stopped_ || waiting_.empty()) return std::nullopt;
  net::Endpoint endpoint = std::move(waiting_.front());
  waiting_.pop_front();
  ++probing_;
  ++report_.probes;
  return endpoint;
}

void Search::Round::Take(const net::Endpoint& endpoint, Result<ProbedNode> node) {
  {
    const std::lock_guard lock(mutex_);
    --probing_;
    // What was interrupted has not failed.
    if (!stopped_) {
      if (!node) {
        parts_.pool.Failed(endpoint, parts_.clock.MonotonicNs());
        ++report_.unanswered;
        Note(node.error().message);
      } else if (const auto taken =
                     parts_.found.Take(endpoint, *std::move(node),
                                       UtcTime::FromNanoseconds(parts_.clock.RealtimeNs()));
                 !taken) {
        parts_.pool.Failed(endpoint, parts_.clock.MonotonicNs());
        ++report_.refused;
        Note(endpoint.ToString() + ": " + taken.error().message);
      } else {
        parts_.pool.Answered(endpoint);
      }
    }
    RingIfOver();
  }
  work_.notify_all();
}

void Search::Round::ProbeAll() {
  while (const auto endpoint = NextEndpoint()) {
    Take(*endpoint, parts_.probe(*endpoint, halt_.fd()));
  }
}

bool Search::Round::HasEnough() const {
  if (!settings_.are_enough) return false;
  auto matching = parts_.found.Nodes();
  std::erase_if(matching, [this](const FoundNode* node) {
    return !Matches(query_.selection, node->card.card.capabilities);
  });
  return settings_.are_enough(matching);
}

void Search::Round::WaitForEnd(int stop_fd) const {
  const std::uint64_t end_ns = parts_.clock.MonotonicNs() + settings_.timeout_ns;
  while (true) {
    const std::uint64_t now_ns = parts_.clock.MonotonicNs();
    if (now_ns >= end_ns) return;
    std::array<pollfd, 2> polled{{{done_.fd(), POLLIN, 0}, {stop_fd, POLLIN, 0}}};
    const auto wait_ms =
        static_cast<int>(std::min<std::uint64_t>((end_ns - now_ns) / kNsOfMs + 1, 60'000));
    if (poll(polled.data(), polled.size(), wait_ms) > 0) return;
  }
}

Result<SearchReport> Search::Round::Run(int stop_fd) {
  if (done_.fd() < 0 || halt_.fd() < 0) return SystemError(errno, "eventfd");
  std::vector<std::thread> threads;
  for (HintSource* source : parts_.sources) {
    threads.emplace_back([this, source] { AskSource(*source); });
  }
  if (parts_.sources.empty()) done_.Ring();
  WaitForEnd(stop_fd);
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  halt_.Ring();
  work_.notify_all();
  // Sources first: they are who makes more of the others, and none does after the stop.
  for (std::thread& thread : threads) thread.join();
  for (std::thread& thread : probers_) thread.join();
  return std::move(report_);
}

Result<SearchReport> Search::Run(const Query& query, const SearchSettings& settings, int stop_fd) {
  parts_.pool.BeginRound();
  parts_.found.BeginRound();
  return Round(parts_, query, settings).Run(stop_fd);
}

}  // namespace plasm::discovery
