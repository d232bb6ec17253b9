#include "client/job_attempt.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <utility>

#include "client/digested_output.h"
#include "client/job_request.h"
#include "client/node_access.h"
#include "client/patience.h"

namespace plasm::client {
namespace {

// While there are others to go to.
constexpr SessionSettings kBriefly{.retry = {.calls = 3, .all_pauses = std::chrono::seconds(5)},
                                   .limits = {.connect = std::chrono::seconds(3),
                                              .handshake = std::chrono::seconds(3),
                                              .head = std::chrono::seconds(20),
                                              .stall = std::chrono::seconds(10)}};
// While the job is on its way, whether the node still answers.
constexpr std::chrono::seconds kPulseAwaited(2);
constexpr int kPulseMs = 1000;
constexpr std::size_t kMaxHealthBytes = 1024;

}  // namespace

// Tells the attempt how far the job is.
class JobAttempt::Watcher final : public JobWatcher {
 public:
  explicit Watcher(JobAttempt& attempt) : attempt_(attempt) {}
  void OnState(JobState state) override {
    // It may be said again after a cut connection.
    const bool begins = attempt_.view().phase == AttemptPhase::kQueue;
    if (begins && state == JobState::kRunning) attempt_.Enter(AttemptPhase::kRun);
    attempt_.Moved();
  }
  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override {
    attempt_.Moved();
    return attempt_.streams_.OnOutput(stream, bytes);
  }
  void OnRestart() override { attempt_.Moved(); }

 private:
  JobAttempt& attempt_;
};

JobAttempt::JobAttempt(const AttemptContext& context)
    : context_(context), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  Enter(AttemptPhase::kOffer);
  worker_ = std::thread([this] { Work(); });
}

JobAttempt::~JobAttempt() {
  Stop();
  worker_.join();
  if (listener_.joinable()) listener_.join();
}

void JobAttempt::Stop() const { (void)::eventfd_write(stop_.get(), 1); }

std::chrono::nanoseconds JobAttempt::Now() const {
  return std::chrono::nanoseconds(context_.clock.MonotonicNs());
}

void JobAttempt::Enter(AttemptPhase phase) {
  const std::lock_guard lock(mutex_);
  view_.phase = phase;
  view_.since = view_.moved = view_.heard = Now();
  if (phase == AttemptPhase::kQueue) view_.submitted = view_.since;
}

void JobAttempt::Moved() {
  const std::lock_guard lock(mutex_);
  view_.moved = view_.heard = Now();
}

AttemptView JobAttempt::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

std::optional<KnownNode> JobAttempt::node() const {
  const std::lock_guard lock(mutex_);
  return node_;
}

bool JobAttempt::may_be_there() const {
  const std::lock_guard lock(mutex_);
  return may_be_there_;
}

bool JobAttempt::has_ended() const {
  const std::lock_guard lock(mutex_);
  return has_ended_;
}

void JobAttempt::Work() {
  auto judged = DoJob();
  {
    const std::lock_guard lock(mutex_);
    judged_ = std::move(judged);
    has_ended_ = true;
  }
  Stop();  // the other thread
  (void)::eventfd_write(context_.changed_fd, 1);
}

Result<JudgedJob> JobAttempt::DoJob() {
  PLASM_TRY(const KnownNode node, context_.handshake.Next(stop_.get()));
  {
    const std::lock_guard lock(mutex_);
    node_ = node;
  }
  context_.on_node(node);
  SessionSettings settings = context_.handshake.left() > 0 ? kBriefly : SessionSettings();
  settings.interrupt_fd = stop_.get();
  PLASM_TRY(const auto access,
            NodeAccess::Open(context_.data, node, context_.clock, context_.entropy, settings));
  Enter(AttemptPhase::kUpload);
  listener_ = std::thread([this, node] { Listen(node); });
  {
    const std::lock_guard lock(mutex_);
    may_be_there_ = true;
  }
  PLASM_TRY_VOID(SubmitRequest(context_.data, *access, context_.plan,
                               {.job_id = context_.job_id, .idempotency_key = {}},
                               [this](std::uint64_t done, std::uint64_t all) {
                                 Moved();
                                 if (context_.on_upload) context_.on_upload(done, all);
                               }));
  Enter(AttemptPhase::kQueue);
  const std::chrono::nanoseconds begin = Now();
  Watcher watcher(*this);
  DigestedOutput output(watcher);
  PLASM_TRY(JobDocument ended, output.Watch(access->session(), context_.job_id));
  took_ = Now() - begin;
  Enter(AttemptPhase::kResult);
  return JudgeWithoutSaving(*access, context_.data, std::move(ended), &output, context_.clock);
}

void JobAttempt::Listen(const KnownNode& node) {
  const auto access = NodeAccess::Open(context_.data, node, context_.clock, context_.entropy,
                                       OnceWithin(kPulseAwaited, stop_.get()));
  if (!access) return;  // the job's own requests say why
  while (true) {
    pollfd polled{stop_.get(), POLLIN, 0};
    if (poll(&polled, 1, kPulseMs) != 0) return;
    const auto answer = (*access)->session().AskOnce({.target = "/healthz"}, kMaxHealthBytes);
    if (!answer) continue;
    const std::lock_guard lock(mutex_);
    view_.heard = Now();
  }
}

}  // namespace plasm::client
