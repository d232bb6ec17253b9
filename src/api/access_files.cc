#include "api/access_files.h"

#include <sys/stat.h>

#include <utility>

#include "base/file.h"
#include "trust/guarded_file.h"

namespace plasm::api {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr std::uint64_t kLookEveryNs = 1'000'000'000;

}  // namespace

Result<AuthorizedClients> AccessFiles::Clients() const {
  return trust::ReadGuardedForm<AuthorizedClients>(ClientsPath(), AuthorizedClientForm::kMaxBytes);
}

Result<Tokens> AccessFiles::ReadTokens() const {
  return trust::ReadGuardedForm<Tokens>(TokensPath(), TokenForm::kMaxBytes);
}

template <class File, class Edit>
Result<void> AccessFiles::Change(const std::filesystem::path& path, Edit edit) const {
  PLASM_TRY_VOID(CreateFolders(folder_, kFolderMode));
  PLASM_TRY(const UniqueFd lock,
            trust::LockFile(folder_ / "access.lock", trust::LockKind::kExclusive));
  PLASM_TRY(File file, trust::ReadGuardedForm<File>(path, SIZE_MAX));
  PLASM_TRY_VOID(edit(file));
  return WriteFileAtomically(
      path, AsBytes(file.Serialize()),
      {.mode = kFileMode, .if_exists = IfExists::kReplace, .durability = Durability::kSynced});
}

Result<void> AccessFiles::AddClient(AuthorizedClient client) const {
  return Change<AuthorizedClients>(
      ClientsPath(), [&](AuthorizedClients& file) { return file.Add(std::move(client)); });
}

Result<void> AccessFiles::RemoveClient(std::string_view name) const {
  return Change<AuthorizedClients>(ClientsPath(),
                                   [&](AuthorizedClients& file) { return file.Remove(name); });
}

Result<void> AccessFiles::AddToken(Token token) const {
  return Change<Tokens>(TokensPath(), [&](Tokens& file) { return file.Add(std::move(token)); });
}

Result<void> AccessFiles::RemoveToken(std::string_view name) const {
  return Change<Tokens>(TokensPath(), [&](Tokens& file) { return file.Remove(name); });
}

LiveAccess::Stamp LiveAccess::StampOf(const std::filesystem::path& path) {
  constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
  struct stat info{};
  if (lstat(path.c_str(), &info) != 0) return {};
  // The time of the last change of anything about it, the permissions included.
  return {.inode = info.st_ino,
          .size = static_cast<std::uint64_t>(info.st_size),
          .changed_ns = static_cast<std::uint64_t>(info.st_ctim.tv_sec) * kNsPerSecond +
                        static_cast<std::uint64_t>(info.st_ctim.tv_nsec)};
}

Result<LiveAccess> LiveAccess::Open(AccessFiles files, Clock& clock, Report report,
                                    std::optional<Guests> guests) {
  LiveAccess live(std::move(files), clock, std::move(report));
  live.list_.guests = guests;
  // Stamps first: what changes meanwhile is read again.
  live.clients_ = StampOf(live.files_.ClientsPath());
  live.tokens_ = StampOf(live.files_.TokensPath());
  PLASM_TRY(live.list_.clients, live.files_.Clients());
  PLASM_TRY(live.list_.tokens, live.files_.ReadTokens());
  live.looked_ns_ = clock.MonotonicNs();
  return live;
}

const AccessList& LiveAccess::Current() {
  if (clock_->MonotonicNs() - looked_ns_ >= kLookEveryNs) Look();
  return list_;
}

void LiveAccess::Reload() {
  clients_ = StampOf(files_.ClientsPath());
  tokens_ = StampOf(files_.TokensPath());
  looked_ns_ = clock_->MonotonicNs();
  ReadClients();
  ReadTokens();
}

void LiveAccess::Look() {
  looked_ns_ = clock_->MonotonicNs();
  if (const Stamp stamp = StampOf(files_.ClientsPath()); stamp != clients_) {
    clients_ = stamp;
    ReadClients();
  }
  if (const Stamp stamp = StampOf(files_.TokensPath()); stamp != tokens_) {
    tokens_ = stamp;
    ReadTokens();
  }
}

void LiveAccess::ReadClients() {
  auto clients = files_.Clients();
  if (!clients) return report_(clients.error());
  list_.clients = *std::move(clients);
}

void LiveAccess::ReadTokens() {
  auto tokens = files_.ReadTokens();
  if (!tokens) return report_(tokens.error());
  list_.tokens = *std::move(tokens);
}

}  // namespace plasm::api
