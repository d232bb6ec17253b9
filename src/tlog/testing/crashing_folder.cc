#include "tlog/testing/crashing_folder.h"

#include <map>

namespace plasm::tlog::testing {

Result<void> CrashingFolder::Step() {
  if (left_ == 0) return Error{ErrorCode::kUnavailable, "the power is off"};
  --left_;
  ++steps_;
  return {};
}

Result<std::shared_ptr<CrashingFolder::File>> CrashingFolder::Find(std::string_view path,
                                                                   bool folder) const {
  const auto found = now_.find(path);
  if (found == now_.end()) return Error{ErrorCode::kNotFound, std::string(path)};
  if (found->second->is_folder != folder) return Error{ErrorCode::kInternal, std::string(path)};
  return found->second;
}

Result<Bytes> CrashingFolder::Read(std::string_view path, std::size_t max_bytes) {
  if (left_ == 0) return Error{ErrorCode::kUnavailable, "the power is off"};
  PLASM_TRY(const auto file, Find(path, false));
  if (file->now.size() > max_bytes) return Error{ErrorCode::kLimitExceeded, std::string(path)};
  return file->now;
}

Result<bool> CrashingFolder::Exists(std::string_view path) {
  if (left_ == 0) return Error{ErrorCode::kUnavailable, "the power is off"};
  return now_.contains(path);
}

Result<void> CrashingFolder::CreateFile(std::string_view path, ByteView bytes) {
  if (now_.contains(path)) return Error{ErrorCode::kConflict, std::string(path)};
  const std::string_view parent = ParentOf(path);
  if (!parent.empty())
    PLASM_TRY_VOID([&]() -> Result<void> {
      const auto found = Find(parent, true);
      return found ? Result<void>() : Result<void>(found.error());
    }());
  PLASM_TRY_VOID(Step());
  const auto file = std::make_shared<File>();
  now_[std::string(path)] = file;
  file->now.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2));
  PLASM_TRY_VOID(Step());
  file->now.assign(bytes.begin(), bytes.end());
  return {};
}

Result<void> CrashingFolder::CreateFolder(std::string_view path) {
  if (now_.contains(path)) return {};
  PLASM_TRY_VOID(Step());
  const auto folder = std::make_shared<File>();
  folder->is_folder = true;
  now_[std::string(path)] = folder;
  return {};
}

Result<void> CrashingFolder::SyncFile(std::string_view path) {
  PLASM_TRY(const auto file, Find(path, false));
  PLASM_TRY_VOID(Step());
  file->synced = file->now;
  return {};
}

Result<void> CrashingFolder::SyncFolder(std::string_view path) {
  PLASM_TRY_VOID(Step());
  std::erase_if(synced_, [&](const auto& entry) { return ParentOf(entry.first) == path; });
  for (const auto& [name, file] : now_) {
    if (ParentOf(name) == path) synced_[name] = file;
  }
  std::erase_if(renames_, [&](const auto& names) { return ParentOf(names.second) == path; });
  return {};
}

Result<void> CrashingFolder::SyncAll() {
  PLASM_TRY_VOID(Step());
  for (const auto& [name, file] : now_) file->synced = file->now;
  synced_ = now_;
  renames_.clear();
  return {};
}

Result<void> CrashingFolder::Rename(std::string_view from, std::string_view to) {
  PLASM_TRY(const auto file, Find(from, false));
  PLASM_TRY_VOID(Step());
  now_.erase(now_.find(from));
  now_[std::string(to)] = file;
  renames_.emplace_back(from, to);
  if (to == "checkpoint") seen_.push_back(file->now);
  return {};
}

Result<void> CrashingFolder::RemoveFile(std::string_view path) {
  const auto found = now_.find(path);
  if (found == now_.end()) return {};
  PLASM_TRY_VOID(Step());
  now_.erase(found);
  return {};
}

Result<void> CrashingFolder::RemoveFolder(std::string_view path) {
  if (!now_.contains(path)) return {};
  PLASM_TRY_VOID(Step());
  std::erase_if(now_, [&](const auto& entry) {
    return entry.first == path || ParentOf(entry.first) == path;
  });
  return {};
}

void CrashingFolder::Restart(Loss loss, std::uint64_t chance) {
  const auto survives = [&] {
    if (loss != Loss::kSome) return loss != Loss::kEverything;
    chance = chance * 6364136223846793005U + 1442695040888963407U;
    return (chance >> 63) != 0;
  };
  std::map<std::string, bool> names;
  for (const auto& [name, file] : now_) names[name] = survives();
  for (const auto& [name, file] : synced_) names.try_emplace(name, survives());
  for (const auto& [from, to] : renames_) names[from] = names[to];
  renames_.clear();
  Names kept;
  for (const auto& [name, as_it_is_now] : names) {  // parents come before what is in them
    const Names& from = as_it_is_now ? now_ : synced_;
    const auto found = from.find(name);
    const std::string_view parent = ParentOf(name);
    if (found != from.end() && (parent.empty() || kept.contains(parent))) {
      kept[name] = found->second;
    }
  }
  for (const auto& [name, file] : kept) {
    if (file->now == file->synced) continue;
    const bool content_survives = loss == Loss::kNothing || (loss == Loss::kSome && survives());
    if (!content_survives) file->now = file->synced;
    file->synced = file->now;
  }
  now_ = kept;
  synced_ = kept;
  left_ = std::numeric_limits<std::size_t>::max();
}

}  // namespace plasm::tlog::testing
