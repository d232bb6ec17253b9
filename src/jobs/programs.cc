#include "jobs/programs.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace plasm::jobs {

using worker::Tier;
using worker::Urgency;

namespace {

worker::ArtefactKey KeyOf(const Sha256Digest& module, Tier tier) {
  return {module, worker::Target::kNative, tier};
}

}  // namespace

bool Programs::Entry::IsIdle() const {
  return in_use == 0 && !stays &&
         std::ranges::none_of(forms, [](const Form& form) { return form.ordered.has_value(); });
}

std::optional<Program> Programs::Acquire(const Sha256Digest& module, worker::TierChoice choice) {
  Entry& entry = Touch(module);
  const bool quick_will_do = choice != worker::TierChoice::kFull;
  for (const Tier tier : {Tier::kFull, Tier::kQuick}) {
    if (!IsHeld(entry.form(tier)) || (tier == Tier::kQuick && !quick_will_do)) continue;
    ++entry.in_use;
    return Program{*entry.form(tier).program, tier};
  }
  // What is compiled already is preferred.
  const bool full = !quick_will_do || cache_.Has(KeyOf(module, Tier::kFull));
  Order(module, full ? Tier::kFull : Tier::kQuick, Urgency::kNow);
  return std::nullopt;
}

void Programs::Release(const Sha256Digest& module) {
  const auto found = entries_.find(module);
  if (found != entries_.end() && found->second.in_use > 0) --found->second.in_use;
}

void Programs::Warm(const Sha256Digest& module, Keep keep) {
  Entry& entry = Touch(module);
  entry.stays = entry.stays || keep == Keep::kAlways;
  if (IsHeld(entry.form(Tier::kFull))) return owner_.OnCompiled(module, Tier::kFull, {});
  Order(module, Tier::kFull, Urgency::kLater);
}

bool Programs::IsHeld(Form& form) const {
  if (form.program && !executor_.HasProgram(*form.program)) form.program.reset();
  return form.program.has_value();
}

void Programs::Drop(const Sha256Digest& module, Tier tier) {
  cache_.Drop(KeyOf(module, tier));
  RemoveFromExecutor(Touch(module).form(tier));
}

Programs::Entry& Programs::Touch(const Sha256Digest& module) {
  const auto [found, is_new] = entries_.try_emplace(module);
  Entry& entry = found->second;
  if (is_new) {
    entry.place = recent_.insert(recent_.end(), module);
    Evict();
  } else {
    recent_.splice(recent_.end(), recent_, entry.place);
  }
  return entry;
}

void Programs::Order(const Sha256Digest& module, Tier tier, Urgency urgency) {
  auto& ordered = entries_.at(module).form(tier).ordered;
  // What can wait is asked for again by somebody who can't.
  if (ordered && (*ordered == Urgency::kNow || urgency == Urgency::kLater)) return;
  ordered = urgency;
  // It may be told after this object is gone; then nobody reads the mailbox any more.
  compiler_.Compile(
      KeyOf(module, tier), urgency,
      [this, &mailbox = mailbox_, module, tier](Result<UniqueFd> artefact) {
        auto shared = std::make_shared<Result<UniqueFd>>(std::move(artefact));
        mailbox.Post([this, module, tier, shared] { Take(module, tier, std::move(*shared)); });
      });
}

void Programs::Take(const Sha256Digest& module, Tier tier, Result<UniqueFd> artefact) {
  const auto found = entries_.find(module);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  Form& form = entry.form(tier);
  form.ordered.reset();
  if (artefact && !form.program) form.program = executor_.AddProgram(*std::move(artefact));
  if (form.program && tier == Tier::kFull) RemoveFromExecutor(entry.form(Tier::kQuick));
  if (form.program && tier == Tier::kQuick && !entry.form(Tier::kFull).program) {
    Order(module, Tier::kFull, Urgency::kLater);
  }
  owner_.OnCompiled(module, tier,
                    artefact ? Result<void>() : Result<void>(std::move(artefact).error()));
}

// Jobs that were submitted with it keep it until they have ended.
void Programs::RemoveFromExecutor(Form& form) {
  if (form.program) executor_.RemoveProgram(*form.program);
  form.program.reset();
}

void Programs::Evict() {
  if (entries_.size() <= kMost) return;
  // Not the last: it is the one that is being asked for.
  for (auto place = recent_.begin(); std::next(place) != recent_.end(); ++place) {
    const auto found = entries_.find(*place);
    if (!found->second.IsIdle()) continue;
    for (Form& form : found->second.forms) RemoveFromExecutor(form);
    recent_.erase(place);
    entries_.erase(found);
    return;
  }
}

}  // namespace plasm::jobs
