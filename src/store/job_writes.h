// Each write, as statements on the database. Inside a transaction of the caller's, on one thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "store/sqlite.h"
#include "store/writes.h"

namespace plasm::store {

// Whether a write was refused on its own account, with nothing changed; any other error is the
// database's, and the transaction has to be rolled back.
bool IsRefusal(const Error& error);

class JobWrites {
 public:
  // The connection must outlive it.
  explicit JobWrites(Connection& database) : database_(database) {}

  Result<Submission> Apply(const SubmitJob& write);
  Result<std::monostate> Apply(const MarkStarted& write);
  Result<std::monostate> Apply(const EndJob& write);
  Result<Submission> Apply(const CompleteJob& write);
  Result<JobState> Apply(const RequestCancel& write);
  Result<Retired> Apply(const RetireJobs& write);
  Result<std::monostate> Apply(const AddUpload& write);
  Result<std::monostate> Apply(const UseNonce& write);
  Result<PurgeExpired::Purged> Apply(const PurgeExpired& write);

  // What was counted goes into the database: before each commit.
  Result<void> WriteCounts();
  // After a rollback.
  void ForgetCounts() { ended_ = {}; }

 private:
  // False, and nothing has happened, when the id or the key is taken.
  Result<bool> InsertJob(const SubmitJob& write);
  Result<Submission> ExistingJob(const SubmitJob& write);
  Result<void> Refer(std::uint64_t seq, const Sha256Digest& digest);
  Result<void> InsertEnd(std::uint64_t seq, bool cancelled, const EndJob& write);
  Error AlreadyEnded(std::uint64_t seq);
  Result<std::vector<std::uint64_t>> JobsToRetire(const RetireJobs& write);
  Result<void> Retire(std::uint64_t seq, std::vector<Sha256Digest>& referred);
  Result<std::vector<Sha256Digest>> OnlyReleased(std::vector<Sha256Digest> digests);

  Connection& database_;
  // Ended jobs that came or went in this transaction, by state.
  std::array<std::int64_t, kJobStates> ended_{};
};

}  // namespace plasm::store
