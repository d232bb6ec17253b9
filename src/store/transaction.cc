#include "store/transaction.h"

#include <sqlite3.h>

#include <algorithm>

namespace plasm::store {
namespace {

constexpr int kCheckpointWaitMs = 2000;  // for readers, when the WAL has become too large

// What stands before the first outcome of a try, and after it.
bool IsSettled(const AnyWaiting& waiting) {
  return std::visit([](const auto& w) { return w.outcome.has_value(); }, waiting);
}

}  // namespace

Transactions::Transactions(Connection& database, WalBounds bounds)
    : database_(database), writes_(database), bounds_(bounds) {
  if (const auto bytes = database_.QueryInt("PRAGMA page_size")) {
    page_bytes_ = static_cast<std::size_t>(*bytes);
  }
  sqlite3_wal_hook(
      database_.handle(),
      [](void* self, sqlite3*, const char*, int pages) noexcept {
        static_cast<Transactions*>(self)->wal_bytes_ =
            static_cast<std::size_t>(pages) * static_cast<Transactions*>(self)->page_bytes_;
        return SQLITE_OK;
      },
      this);
}

Transactions::~Transactions() { sqlite3_wal_hook(database_.handle(), nullptr, nullptr); }

Result<void> Transactions::SetSynchronous(Acknowledged acknowledged) {
  if (acknowledged == synchronous_) return {};
  PLASM_TRY_VOID(database_.Execute(acknowledged == Acknowledged::kOnDisk
                                       ? "PRAGMA synchronous = EXTRA"
                                       : "PRAGMA synchronous = NORMAL"));
  synchronous_ = acknowledged;
  return {};
}

Result<std::optional<std::size_t>> Transactions::TryOnce(std::span<AnyWaiting> group) {
  const bool on_disk = std::any_of(group.begin(), group.end(), [](const AnyWaiting& waiting) {
    return std::visit(
        [](const auto& w) { return decltype(w.write)::kAcknowledged == Acknowledged::kOnDisk; },
        waiting);
  });
  PLASM_TRY_VOID(SetSynchronous(on_disk ? Acknowledged::kOnDisk : Acknowledged::kVisible));
  PLASM_TRY_VOID(database_.Begin("BEGIN IMMEDIATE").Run());
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (IsSettled(group[i])) continue;
    const Error* failed = std::visit(
        [this](auto& w) -> const Error* {
          w.outcome = writes_.Apply(w.write);
          return *w.outcome || IsRefusal(w.outcome->error()) ? nullptr : &w.outcome->error();
        },
        group[i]);
    if (failed == nullptr) continue;
    if (failed->code == ErrorCode::kInternal) return std::optional(i);
    return *failed;
  }
  PLASM_TRY_VOID(writes_.WriteCounts());
  PLASM_TRY_VOID(database_.Begin("COMMIT").Run());
  return std::optional<std::size_t>();
}

void Transactions::Commit(std::span<AnyWaiting> group) {
  // Each round but the last settles one write for good.
  std::vector<bool> at_fault(group.size());
  while (true) {
    auto tried = TryOnce(group);
    if (tried && !*tried) {
      failed_ = false;
      return;
    }
    if (database_.InTransaction()) (void)database_.Execute("ROLLBACK");
    writes_.ForgetCounts();
    if (tried) at_fault[**tried] = true;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (at_fault[i]) continue;
      std::visit(
          [&tried](auto& w) {
            if (tried) {
              w.outcome.reset();
            } else {
              w.outcome = tried.error();
            }
          },
          group[i]);
    }
    if (!tried) {
      failed_ = true;
      return;
    }
  }
}

void Transactions::Checkpoint() {
  // After a failed fsync the kernel may have forgotten what an earlier group had not waited for.
  // Everything is written anew, into the database, before the WAL is used again.
  const bool restart = failed_ || wal_bytes_ > bounds_.max_bytes;
  if (!restart && wal_bytes_ < bounds_.checkpoint_bytes) return;
  sqlite3_busy_timeout(database_.handle(), restart ? kCheckpointWaitMs : 0);
  int pages = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(
      database_.handle(), nullptr, restart ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      &pages, &moved);
  sqlite3_busy_timeout(database_.handle(), 0);
  if (code == SQLITE_OK && pages == moved) {
    wal_bytes_ = 0;
    failed_ = false;
  }
}

}  // namespace plasm::store
