#include "jobs/preparer.h"

#include <memory>
#include <utility>

#include "execution/manifest_job.h"

namespace plasm::jobs {

bool NeedsNothing(const receipt::Manifest& manifest) {
  return manifest.inputs.empty() &&
         (manifest.stdin_name.inline_bytes || manifest.stdin_name.size == 0);
}

PreparedInputs InlineInputs(const receipt::Manifest& manifest) {
  return {.standard_input = manifest.stdin_name.inline_bytes.value_or(Bytes())};
}

Result<PreparedInputs> FetchFor(const receipt::Manifest& manifest, const ContentSource& source) {
  PreparedInputs prepared = InlineInputs(manifest);
  const receipt::StdinName& name = manifest.stdin_name;
  if (!name.inline_bytes && name.size > 0) {
    PLASM_TRY(prepared.standard_input, ReadContent(source, name.sha256, kMaxStdinBytes));
  }
  PLASM_TRY(prepared.folders,
            execution::FetchInputs(manifest.inputs, source, execution::LimitsFor(manifest.limits)));
  return prepared;
}

Preparer::Preparer(const ContentSource& source, Mailbox& mailbox)
    : source_(source), mailbox_(mailbox), thread_([this] { Work(); }) {}

Preparer::~Preparer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Preparer::Prepare(const receipt::Manifest& manifest, Done done) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back({&manifest, std::move(done)});
  }
  changed_.notify_one();
}

void Preparer::Work() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
    if (stopping_) return;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    auto prepared = std::make_shared<Result<PreparedInputs>>(FetchFor(*order.manifest, source_));
    mailbox_.Post([done = std::move(order.done), prepared] { done(std::move(*prepared)); });
  }
}

}  // namespace plasm::jobs
