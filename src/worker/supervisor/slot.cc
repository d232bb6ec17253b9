#include "worker/supervisor/slot.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/system_error.h"
#include "worker/supervisor/inputs.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kMaxDescriptorsOfAJob = 3;  // artefact, specification, inputs
constexpr std::size_t kMaxInlineSpecBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxInlineInputBytes = std::size_t{64} << 10;
// What is expected of a program of which nothing is known; many of them can be added up.
constexpr std::uint64_t kLongNs = 1'000'000'000'000;

Result<UniqueFd> Duplicate(const UniqueFd& fd, const char* what) {
  UniqueFd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return SystemError(errno, what);
  return copy;
}

Result<void> Attach(std::vector<UniqueFd>& descriptors, Result<UniqueFd> fd) {
  if (!fd) return std::move(fd).error();
  descriptors.push_back(*std::move(fd));
  return {};
}

}  // namespace

Result<void> Slot::Start(const std::filesystem::path& program,
                         const std::vector<std::string>& args) {
  ++failed_starts_;
  last_start_ns_ = clock_.MonotonicNs();
  PLASM_TRY(WorkerProcess process, WorkerProcess::Start(program, args));
  process_.emplace(std::move(process));
  return {};
}

std::vector<std::unique_ptr<ActiveJob>> Slot::Kill() {
  std::vector<std::unique_ptr<ActiveJob>> jobs;
  for (Handed& handed : handed_) {
    if (handed.job) jobs.push_back(std::move(handed.job));
  }
  for (const auto& job : jobs) {
    job->slot = nullptr;
    job->started_ns.reset();
    job->stdin_wanted = 0;
  }
  process_.reset();
  ready_ = false;
  held_back_ = false;
  loaded_.clear();
  refused_.clear();
  newest_.reset();
  next_number_ = 1;
  handed_.clear();
  jobs_ = 0;
  descriptors_ = 0;
  expected_ns_ = 0;
  busy_since_ns_.reset();
  return jobs;
}

std::unique_ptr<ActiveJob> Slot::TakeFront() {
  auto job = Release(handed_.front());
  descriptors_ -= handed_.front().descriptors;
  handed_.pop_front();
  busy_since_ns_.reset();
  if (!handed_.empty()) BeginFront();
  return job;
}

std::unique_ptr<ActiveJob> Slot::Release(Handed& handed) {
  if (!handed.job) return nullptr;
  --jobs_;
  expected_ns_ -= handed.expected_ns;
  handed.job->slot = nullptr;
  return std::move(handed.job);
}

void Slot::BeginFront() {
  const std::uint64_t now = clock_.MonotonicNs();
  if (ready_) busy_since_ns_ = now;
  if (front() != nullptr && !front()->started_ns) front()->started_ns = now;
}

bool Slot::Slow() const {
  return busy_since_ns_ && clock_.MonotonicNs() - *busy_since_ns_ >= pipelining_.slow_after_ns;
}

bool Slot::HasRoomFor(const ActiveJob& job) const {
  if (handed_.empty()) return true;
  if (job.alone || (front() != nullptr && front()->alone)) return false;
  // A worker whose guest waits for input holds the descriptors of all jobs behind it, and may
  // hold only so many.
  return handed_.size() < pipelining_.most_jobs && expected_ns_ <= pipelining_.slow_after_ns &&
         descriptors_ + kMaxDescriptorsOfAJob <= Channel::kMaxHeldDescriptors && !Slow();
}

Result<void> Slot::HandOver(std::unique_ptr<ActiveJob>& job, const Programs::Program& program) {
  const JobRequest& request = job->request;
  const bool load = !loaded_.contains(request.program);
  RunMessage run{.job = next_number_, .program = request.program, .spec = {}};
  const Bytes spec = EncodeJob(request.job);
  // First all that can fail.
  std::vector<UniqueFd> descriptors;
  if (load) PLASM_TRY_VOID(Attach(descriptors, Duplicate(program.artefact, "artefact")));
  if (request.inputs || spec.size() > kMaxInlineSpecBytes) {
    // The specification travels in a file of its own: the inputs are sealed already.
    run.has_inputs = true;
    PLASM_TRY_VOID(Attach(descriptors, SealedMemory("plasm-job", spec)));
    const UniqueFd& inputs = request.inputs ? request.inputs : descriptors.back();
    PLASM_TRY_VOID(Attach(descriptors, Duplicate(inputs, "job inputs")));
  } else {
    run.spec = spec;
  }
  // Input that is at hand goes along: a worker that has to ask for it waits for the answer.
  const StdinFeed* const feed = request.standard_input;
  const auto input = feed != nullptr ? feed->Rest() : ByteView();
  if (input && input->size() <= kMaxInlineInputBytes) {
    run.input_is_whole = true;
    run.input = *input;
  }

  Bytes& outgoing = channel().outgoing();
  const std::size_t count = descriptors.size();
  for (UniqueFd& descriptor : descriptors) channel().AttachDescriptor(std::move(descriptor));
  if (load) {
    AppendMessage(outgoing, ToWorker(LoadMessage{request.program}));
    loaded_.insert(request.program);
    newest_ = std::max(newest_.value_or(0), request.program);
  }
  AppendMessage(outgoing, ToWorker(run));
  const std::uint64_t expected = std::min(program.run_time.ExpectedNs(), kLongNs);
  ++next_number_;
  ++jobs_;
  descriptors_ += count;
  expected_ns_ += expected;
  job->slot = this;
  handed_.push_back({run.job, std::move(job), count, expected});
  if (handed_.size() == 1) BeginFront();
  return {};
}

std::unique_ptr<ActiveJob> Slot::TakeBack(const ActiveJob& job) {
  const auto handed = std::ranges::find(handed_, &job, [](const Handed& h) { return h.job.get(); });
  AppendMessage(channel().outgoing(), ToWorker(ForgetMessage{handed->number}));
  return Release(*handed);
}

std::vector<std::unique_ptr<ActiveJob>> Slot::TakeBackWaiting() {
  std::vector<std::unique_ptr<ActiveJob>> jobs;
  for (auto handed = std::next(handed_.begin()); handed != handed_.end(); ++handed) {
    if (handed->job) jobs.push_back(TakeBack(*handed->job));
  }
  return jobs;
}

void Slot::Unload(ProgramId program) {
  if (loaded_.erase(program) == 0) return;
  refused_.erase(program);
  AppendMessage(channel().outgoing(), ToWorker(UnloadMessage{program}));
}

bool Slot::FeedStdin() {
  ActiveJob* const job = front();
  if (job == nullptr || job->stdin_wanted == 0) return true;
  StdinFeed* const feed = job->request.standard_input;
  if (feed != nullptr && feed->PollFd() >= 0) {
    pollfd readable{feed->PollFd(), POLLIN, 0};
    if (poll(&readable, 1, 0) <= 0) return true;
  }
  if (feed != nullptr && feed->Full()) return false;
  const std::size_t most = std::min<std::size_t>(job->stdin_wanted, kMaxChunkBytes);
  const ByteView bytes = feed != nullptr ? feed->Take(most) : ByteView();
  AppendMessage(channel().outgoing(), ToWorker(StdinMessage{handed_.front().number, bytes}));
  job->stdin_wanted = 0;
  return true;
}

}  // namespace plasm::worker
