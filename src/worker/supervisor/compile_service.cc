#include "worker/supervisor/compile_service.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

Error Ended() {
  return Error{ErrorCode::kUnavailable, "the module was not compiled: the service has ended"};
}

Result<UniqueFd> Duplicate(const UniqueFd& artefact) {
  UniqueFd copy(fcntl(artefact.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return SystemError(errno, "artefact");
  return copy;
}

void Tell(std::vector<CompileService::OnCompiled> waiting, Result<UniqueFd> made) {
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const bool last = i + 1 == waiting.size();
    if (!made) {
      waiting[i](made.error());
    } else {
      waiting[i](last ? std::move(made) : Duplicate(*made));
    }
  }
}

}  // namespace

Result<std::unique_ptr<CompileService>> CompileService::Start(CompileServiceSettings settings,
                                                              const ArtefactCache& cache,
                                                              Clock& clock,
                                                              ReadModule read_module) {
  UniqueFd cancel(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!cancel) return SystemError(errno, "compile service");
  return std::unique_ptr<CompileService>(new CompileService(
      std::move(settings), cache, clock, std::move(read_module), std::move(cancel)));
}

CompileService::CompileService(CompileServiceSettings settings, const ArtefactCache& cache,
                               Clock& clock, ReadModule read_module, UniqueFd cancel)
    : settings_(std::move(settings)),
      cache_(cache),
      clock_(clock),
      read_module_(std::move(read_module)),
      cancel_(std::move(cancel)) {
  const auto start = [this](unsigned count, Urgency lane) {
    for (unsigned i = 0; i < std::max(count, 1u); ++i)
      threads_.emplace_back([this, lane] { Work(lane); });
  };
  start(settings_.now_at_once, Urgency::kNow);
  start(settings_.later_at_once, Urgency::kLater);
}

CompileService::~CompileService() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  (void)eventfd_write(cancel_.get(), 1);
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  // Nobody adds to them any more, not even who is told now and asks again.
  for (auto& [key, order] : orders_) Tell(std::move(order.waiting), Ended());
}

void CompileService::Compile(const ArtefactKey& key, Urgency urgency, OnCompiled on_compiled) {
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    return on_compiled(Ended());
  }
  const auto [at, added] = orders_.try_emplace(key);
  Order& order = at->second;
  order.waiting.push_back(std::move(on_compiled));
  const bool hurried = urgency == Urgency::kNow && order.urgency == Urgency::kLater;
  if (!added && (order.begun || !hurried)) return;
  order.urgency = urgency;
  lanes_[static_cast<std::size_t>(urgency)].push_back(key);
  lock.unlock();
  changed_.notify_all();
}

void CompileService::Work(Urgency lane) {
  auto& keys = lanes_[static_cast<std::size_t>(lane)];
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !keys.empty(); });
    if (stopping_) return;
    const ArtefactKey key = keys.front();
    keys.pop_front();
    const auto order = orders_.find(key);
    // Made, or moved to the other lane, since it was put here.
    if (order == orders_.end() || order->second.begun || order->second.urgency != lane) continue;
    order->second.begun = true;
    lock.unlock();
    auto made = Make(key, lane);
    lock.lock();
    if (stopping_) return;  // whoever waits is told by the destructor
    auto waiting = std::move(order->second.waiting);
    orders_.erase(order);
    lock.unlock();
    Tell(std::move(waiting), std::move(made));
    lock.lock();
  }
}

Result<UniqueFd> CompileService::Make(const ArtefactKey& key, Urgency urgency) const {
  if (auto cached = cache_.Find(key)) return std::move(*cached);
  PLASM_TRY(const Bytes module, read_module_(key.module));
  if (const Sha256Digest found = Sha256Of(module); found != key.module) {
    return Error{ErrorCode::kCorrupt, "module: its digest is " + found.ToString() + ", expected " +
                                          key.module.ToString()};
  }
  CompileLimits limits = settings_.limits;
  limits.cancel_fd = cancel_.get();
  limits.priority = urgency == Urgency::kLater ? Priority::kLow : Priority::kNormal;
  const Compiler compiler(settings_.worker_program, cache_, clock_, limits);
  return compiler.Compile(key, module);
}

}  // namespace plasm::worker
