#include "client/first_result.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <list>
#include <mutex>
#include <utility>

#include "base/system_error.h"
#include "client/failover_decision.h"
#include "client/handshake.h"
#include "client/job_attempt.h"
#include "client/patience.h"
#include "home/job_files.h"

namespace plasm::client {
namespace {

constexpr int kLookMs = 100;
// Beside the job's own time: its module may have to be compiled first.
constexpr std::chrono::seconds kBeyondLimit(30);
constexpr std::chrono::nanoseconds kForever = std::chrono::hours(24 * 365);
constexpr std::uint64_t kMostMilliseconds = std::uint64_t{24} * 365 * 3600 * 1000;

std::string NameOf(const JobAttempt& attempt) {
  const auto node = attempt.node();
  return node ? node->name : "";
}

class Running {
 public:
  Running(const home::DataFolder& data, const std::vector<KnownNode>& nodes, const JobPlan& plan,
          const std::string& job_id, const FirstResultSettings& settings, Clock& clock,
          Entropy& entropy)
      : data_(data),
        plan_(plan),
        job_id_(job_id),
        settings_(settings),
        clock_(clock),
        handshake_(data, nodes, plan.manifest, job_id, clock, entropy),
        abandoned_(std::make_unique<AbandonedJobs>(data, clock, entropy)),
        context_{.data = data,
                 .plan = plan,
                 .job_id = job_id,
                 .handshake = handshake_,
                 .clock = clock,
                 .entropy = entropy,
                 .on_node = [this](const KnownNode& node) { OnNode(node); },
                 .on_upload =
                     [this](std::uint64_t done, std::uint64_t all) {
                       const std::lock_guard lock(saying_);
                       if (settings_.on_upload) settings_.on_upload(done, all);
                     }} {
    limits_.hedge = settings.hedge;
    const std::uint64_t limit_ms = plan.manifest.limits.wall_time_ms;  // 0: none
    limits_.run = limit_ms == 0 || limit_ms > kMostMilliseconds
                      ? kForever
                      : std::chrono::milliseconds(limit_ms) + kBeyondLimit;
  }

  Result<FirstResult> Run() {
    changed_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!changed_) return SystemError(errno, "eventfd");
    context_.changed_fd = changed_.get();
    while (true) {
      PLASM_TRY(std::optional<FirstResult> result, TakeEnded());
      if (result) return *std::move(result);
      if (IsInterrupted(settings_.interrupt_fd)) return Interrupted();
      const FailoverStep step = NextStep(Views(), handshake_.left(), limits_,
                                         std::chrono::nanoseconds(clock_.MonotonicNs()));
      GiveUp(step);
      if (step.over) return Error{ErrorCode::kUnavailable, WhyNone()};
      if (step.start != FailoverStep::Start::kNone) Start(step.start);
      Wait();
    }
  }

 private:
  using Attempts = std::list<JobAttempt>;

  void Say(const std::string& line) {
    const std::lock_guard lock(saying_);
    if (settings_.say) settings_.say(line);
  }

  void OnNode(const KnownNode& node) {
    const std::lock_guard lock(saying_);
    const bool first = !began_;
    began_ = true;
    if (!first && settings_.say) settings_.say("going on with " + node.name);
  }

  std::vector<AttemptView> Views() const {
    std::vector<AttemptView> views;
    for (const JobAttempt& attempt : attempts_) views.push_back(attempt.view());
    return views;
  }

  void Start(FailoverStep::Start why) {
    if (why == FailoverStep::Start::kHedge) {
      Say(NameOf(attempts_.front()) + " takes longer than usual: another node gets the job too");
    }
    attempts_.emplace_back(context_);
  }

  // From the last one on, so that indices hold.
  void GiveUp(const FailoverStep& step) {
    for (auto given_up = step.given_up.rbegin(); given_up != step.given_up.rend(); ++given_up) {
      const auto attempt =
          std::next(attempts_.begin(), static_cast<std::ptrdiff_t>(given_up->index));
      Failed(*attempt, NameOf(*attempt) + " " + given_up->why);
      Drop(attempt);
    }
  }

  void Failed(const JobAttempt& attempt, const std::string& why) {
    if (attempt.node()) {
      Say(why);
      has_failed_ = true;
    } else {
      nobody_ = why;
    }
  }

  // Ends it, and has the job cancelled where it may be.
  Attempts::iterator Drop(Attempts::iterator attempt) {
    attempt->Stop();
    const auto node = attempt->node();
    if (node && attempt->may_be_there()) abandoned_->Cancel(*node, job_id_);
    return attempts_.erase(attempt);
  }

  // Where a receipt goes that is not valid: what a node has signed is evidence, and must not be
  // written over by the answer of the next.
  std::filesystem::path NextEvidence() {
    return data_.receipts() / (job_id_ + ".refused-" + std::to_string(++refused_) + ".json");
  }

  // The first valid result among the attempts that have ended; those without one are dropped.
  Result<std::optional<FirstResult>> TakeEnded() {
    for (auto attempt = attempts_.begin(); attempt != attempts_.end();) {
      if (!attempt->has_ended()) {
        ++attempt;
        continue;
      }
      auto& judged = attempt->judged();
      const auto valid = judged ? ExpectValidAsAsked(*judged) : Result<void>(judged.error());
      if (judged) {
        if (!valid) judged->receipt = NextEvidence();
        PLASM_TRY_VOID(SaveJudged(data_, *judged));
      }
      if (valid) {
        PLASM_TRY(FirstResult result, Won(attempt));
        return std::optional(std::move(result));
      }
      // Nobody was left, or asking is what failed.
      if (!attempt->node() && handshake_.left() > 0) return judged.error();
      Failed(*attempt, judged ? NameOf(*attempt) + ": " + valid.error().message + " (" +
                                    judged->receipt.string() + " has its answer)"
                              : valid.error().message);
      attempt = Drop(attempt);
    }
    return std::optional<FirstResult>();
  }

  Result<FirstResult> Won(Attempts::iterator winner) {
    FirstResult result{.node = *winner->node(),
                       .judged = *std::move(winner->judged()),
                       .standard_output = std::move(winner->streams().of(worker::Stream::kStdout)),
                       .standard_error = std::move(winner->streams().of(worker::Stream::kStderr)),
                       .took = winner->took(),
                       .others = {}};
    // All at once, then one after the other is awaited.
    for (const JobAttempt& attempt : attempts_) attempt.Stop();
    attempts_.erase(winner);
    while (!attempts_.empty()) Drop(attempts_.begin());
    // Another one may have written itself down as the node that has the job.
    PLASM_TRY_VOID(
        home::JobFiles(data_, job_id_).RecordRequest(AsBytes(plan_.text), result.node.name));
    result.others = std::move(abandoned_);
    return result;
  }

  Error Interrupted() {
    std::string names;
    for (const JobAttempt& attempt : attempts_) {
      if (attempt.may_be_there()) names += (names.empty() ? "" : " and ") + NameOf(attempt);
    }
    return {ErrorCode::kUnavailable, names.empty()
                                         ? "stopped before any node had the job"
                                         : "let go of " + job_id_ + ", which may go on on " +
                                               names + " (plasm cancel " + job_id_ + ")"};
  }

  std::string WhyNone() const {
    if (!has_failed_) return nobody_;
    return "no node gave a valid result of the job" + (nobody_.empty() ? "" : "; " + nobody_);
  }

  void Wait() const {
    std::array<pollfd, 2> polled{
        {{changed_.get(), POLLIN, 0}, {settings_.interrupt_fd, POLLIN, 0}}};
    (void)poll(polled.data(), polled.size(), kLookMs);
    eventfd_t ignored = 0;
    (void)eventfd_read(changed_.get(), &ignored);
  }

  const home::DataFolder& data_;
  const JobPlan& plan_;
  const std::string& job_id_;
  const FirstResultSettings& settings_;
  Clock& clock_;
  FailoverLimits limits_;
  UniqueFd changed_;
  Handshake handshake_;
  std::mutex saying_;
  bool began_ = false;
  std::unique_ptr<AbandonedJobs> abandoned_;
  int refused_ = 0;
  bool has_failed_ = false;  // a node that took the job
  std::string nobody_;       // why no other takes it
  AttemptContext context_;
  Attempts attempts_;  // the oldest first
};

}  // namespace

Result<FirstResult> RunOnFirst(const home::DataFolder& data, const std::vector<KnownNode>& nodes,
                               const JobPlan& plan, const std::string& job_id,
                               const FirstResultSettings& settings, Clock& clock,
                               Entropy& entropy) {
  return Running(data, nodes, plan, job_id, settings, clock, entropy).Run();
}

}  // namespace plasm::client
