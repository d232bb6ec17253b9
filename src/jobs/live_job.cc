#include "jobs/live_job.h"

#include <utility>

namespace plasm::jobs {
namespace {

std::size_t Index(worker::Stream stream) { return static_cast<std::size_t>(stream); }

}  // namespace

LiveView LiveJob::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

Result<Bytes> LiveJob::Read(std::uint32_t run, worker::Stream stream, std::uint64_t offset,
                            std::size_t most) const {
  const std::lock_guard lock(mutex_);
  if (run != view_.run) return Bytes();
  return output_[Index(stream)].Read(offset, most);
}

std::shared_ptr<const LiveJob::Changed> LiveJob::Watch(Changed changed) {
  auto watcher = std::make_shared<const Changed>(std::move(changed));
  const std::lock_guard lock(mutex_);
  std::erase_if(watchers_, [](const auto& old) { return old.expired(); });
  watchers_.push_back(watcher);
  return watcher;
}

void LiveJob::SetState(store::JobState state) {
  {
    const std::lock_guard lock(mutex_);
    view_.state = state;
  }
  Tell();
}

Result<void> LiveJob::Append(worker::Stream stream, ByteView bytes) {
  {
    const std::lock_guard lock(mutex_);
    PLASM_TRY_VOID(output_[Index(stream)].Append(bytes));
    view_.bytes[Index(stream)] += bytes.size();
  }
  Tell();
  return {};
}

void LiveJob::StartOver() {
  {
    const std::lock_guard lock(mutex_);
    for (OutputBuffer& output : output_) output.Clear();
    view_.bytes = {};
    ++view_.run;
  }
  Tell();
}

Result<store::StreamRecord> LiveJob::Finish(worker::Stream stream, const Sha256Digest& digest) {
  const std::lock_guard lock(mutex_);
  return output_[Index(stream)].Finish(digest);
}

// Outside the lock: a watcher may look at once.
void LiveJob::Tell() {
  std::vector<std::shared_ptr<const Changed>> told;
  {
    const std::lock_guard lock(mutex_);
    if (watchers_.empty()) return;
    for (const auto& watcher : watchers_) {
      if (auto held = watcher.lock()) told.push_back(std::move(held));
    }
  }
  for (const auto& changed : told) (*changed)();
}

}  // namespace plasm::jobs
