// Writes that keep things for a time, and those that forget them.
#include <algorithm>
#include <string>

#include "base/quote.h"
#include "store/job_writes.h"

namespace plasm::store {
namespace {

constexpr char kEndedTotal[] = "SELECT sum(jobs) FROM counts";
constexpr char kEndedBefore[] =
    "SELECT seq FROM ended WHERE ended_ns < ? ORDER BY ended_ns LIMIT ?";
constexpr char kOldestEnded[] = "SELECT seq FROM ended ORDER BY seq LIMIT ?";
constexpr char kEndState[] = "SELECT state FROM ended WHERE seq = ?";
constexpr char kReferences[] = "SELECT digest FROM blob_refs WHERE seq = ?";
constexpr char kDeleteJob[] = "DELETE FROM jobs WHERE seq = ?";
constexpr char kIsReferred[] =
    "SELECT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1) OR "
    "EXISTS (SELECT 1 FROM uploads WHERE digest = ?1)";
constexpr char kAddUpload[] =
    "INSERT INTO uploads VALUES (?, ?, ?) ON CONFLICT (digest, client) "
    "DO UPDATE SET expires_ns = max(expires_ns, excluded.expires_ns)";
constexpr char kExpiredUploads[] = "SELECT digest FROM uploads WHERE expires_ns <= ?";
constexpr char kPurgeUploads[] = "DELETE FROM uploads WHERE expires_ns <= ?";
constexpr char kPurgeNonces[] = "DELETE FROM nonces WHERE expires_ns <= ?";
constexpr char kUseNonce[] = "INSERT INTO nonces VALUES (?, ?) ON CONFLICT DO NOTHING";

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

}  // namespace

Result<std::vector<std::uint64_t>> JobWrites::JobsToRetire(const RetireJobs& write) {
  std::vector<std::uint64_t> jobs;
  const auto gather = [&jobs](Execution& row) -> Result<void> {
    while (true) {
      PLASM_TRY(const bool found, row.Row());
      if (!found) return {};
      jobs.push_back(row.Uint(0));
    }
  };
  {
    Execution row = database_.Begin(kEndedBefore);
    row.Bind(Signed(write.ended_before_ns)).Bind(Signed(write.at_most));
    PLASM_TRY_VOID(gather(row));
  }
  PLASM_TRY_VOID(WriteCounts());
  PLASM_TRY(const std::int64_t total, database_.QueryInt(kEndedTotal));
  const std::uint64_t beyond =
      static_cast<std::uint64_t>(total) - std::min<std::uint64_t>(write.keep_at_most, total);
  if (beyond > jobs.size()) {
    // The oldest may be among those that are chosen already.
    Execution row = database_.Begin(kOldestEnded);
    row.Bind(Signed(std::min<std::uint64_t>(beyond, write.at_most)));
    PLASM_TRY_VOID(gather(row));
  }
  std::sort(jobs.begin(), jobs.end());
  jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
  jobs.resize(std::min(jobs.size(), write.at_most));
  return jobs;
}

Result<void> JobWrites::Retire(std::uint64_t seq, std::vector<Sha256Digest>& referred) {
  std::optional<JobState> state;
  {
    Execution row = database_.Begin(kEndState);
    PLASM_TRY(const bool found, row.Bind(seq).Row());
    if (found) state = JobStateOf(row.Text(0));
  }
  if (!state) return DamagedValue(database_.handle(), "an ended job without a state");
  --ended_[static_cast<std::size_t>(*state)];
  {
    Execution row = database_.Begin(kReferences);
    row.Bind(seq);
    while (true) {
      PLASM_TRY(const bool found, row.Row());
      if (!found) break;
      PLASM_TRY(const Sha256Digest digest, row.Digest(0));
      referred.push_back(digest);
    }
  }
  return database_.Begin(kDeleteJob).Bind(seq).Run();
}

Result<std::vector<Sha256Digest>> JobWrites::OnlyReleased(std::vector<Sha256Digest> digests) {
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  std::vector<Sha256Digest> released;
  for (const Sha256Digest& digest : digests) {
    Execution row = database_.Begin(kIsReferred);
    PLASM_TRY(const bool found, row.Bind(digest).Row());
    if (found && row.Int(0) == 0) released.push_back(digest);
  }
  return released;
}

Result<Retired> JobWrites::Apply(const RetireJobs& write) {
  PLASM_TRY(const std::vector<std::uint64_t> jobs, JobsToRetire(write));
  std::vector<Sha256Digest> referred;
  for (const std::uint64_t seq : jobs) PLASM_TRY_VOID(Retire(seq, referred));
  PLASM_TRY(auto released, OnlyReleased(std::move(referred)));
  return Retired{jobs.size(), std::move(released), !jobs.empty() && jobs.size() == write.at_most};
}

Result<std::monostate> JobWrites::Apply(const AddUpload& write) {
  PLASM_TRY_VOID(database_.Begin(kAddUpload)
                     .Bind(write.digest)
                     .Bind(std::string_view(write.client))
                     .Bind(Signed(write.expires_ns))
                     .Run());
  return std::monostate();
}

Result<std::monostate> JobWrites::Apply(const UseNonce& write) {
  PLASM_TRY_VOID(
      database_.Begin(kUseNonce).Bind(ByteView(write.nonce)).Bind(Signed(write.expires_ns)).Run());
  if (database_.changes() > 0) return std::monostate();
  return Error{ErrorCode::kConflict,
               "nonce: it has been used before. Each offer needs one of its own"};
}

Result<PurgeExpired::Purged> JobWrites::Apply(const PurgeExpired& write) {
  const std::int64_t now = Signed(write.now_ns);
  std::vector<Sha256Digest> digests;
  {
    Execution row = database_.Begin(kExpiredUploads);
    row.Bind(now);
    while (true) {
      PLASM_TRY(const bool found, row.Row());
      if (!found) break;
      PLASM_TRY(const Sha256Digest digest, row.Digest(0));
      digests.push_back(digest);
    }
  }
  PLASM_TRY_VOID(database_.Begin(kPurgeUploads).Bind(now).Run());
  PLASM_TRY_VOID(database_.Begin(kPurgeNonces).Bind(now).Run());
  const auto nonces = static_cast<std::uint64_t>(database_.changes());
  PLASM_TRY(auto released, OnlyReleased(std::move(digests)));
  return PurgeExpired::Purged{nonces, std::move(released)};
}

}  // namespace plasm::store
