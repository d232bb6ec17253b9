#include "store/job_writes.h"

#include <string>

#include "base/quote.h"

namespace plasm::store {
namespace {

constexpr char kInsertJob[] =
    "INSERT INTO jobs (id, client, idempotency_key, manifest_digest, submitted_ns, manifest) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
constexpr char kInsertUnfinished[] = "INSERT INTO unfinished VALUES (?, 'queued', 0, 0, NULL)";
constexpr char kInsertReference[] =
    "INSERT INTO blob_refs (seq, digest) VALUES (?, ?) ON CONFLICT DO NOTHING";
constexpr char kJobByKey[] =
    "SELECT seq, id, manifest_digest FROM jobs WHERE client = ? AND idempotency_key = ?";
constexpr char kJobById[] =
    "SELECT seq, client, idempotency_key, manifest_digest FROM jobs WHERE id = ?";
constexpr char kStart[] =
    "UPDATE unfinished SET state = 'running', attempts = ?, started_ns = ? WHERE seq = ?";
constexpr char kInsertEnd[] =
    "INSERT INTO ended VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kWhetherCancelled[] = "SELECT cancel_requested FROM unfinished WHERE seq = ?";
constexpr char kDeleteUnfinished[] = "DELETE FROM unfinished WHERE seq = ?";
constexpr char kInsertKeptFile[] = "INSERT INTO kept_files VALUES (?, ?, ?, ?)";
constexpr char kHasEnded[] = "SELECT 1 FROM ended WHERE seq = ?";
constexpr char kStateById[] =
    "SELECT jobs.seq, coalesce(unfinished.state, ended.state) FROM jobs "
    "LEFT JOIN unfinished ON unfinished.seq = jobs.seq LEFT JOIN ended ON ended.seq = jobs.seq "
    "WHERE jobs.id = ?";
constexpr char kCancel[] = "UPDATE unfinished SET cancel_requested = 1 WHERE seq = ?";
constexpr char kCount[] =
    "INSERT INTO counts VALUES (?, ?) ON CONFLICT (state) DO UPDATE SET jobs = jobs + "
    "excluded.jobs";

Error NoUnfinished(std::uint64_t seq) {
  return {ErrorCode::kNotFound,
          "job number " + std::to_string(seq) + ": expected one that has not ended"};
}

}  // namespace

bool IsRefusal(const Error& error) {
  return error.code == ErrorCode::kInvalid || error.code == ErrorCode::kConflict ||
         error.code == ErrorCode::kNotFound;
}

Result<void> JobWrites::Refer(std::uint64_t seq, const Sha256Digest& digest) {
  return database_.Begin(kInsertReference).Bind(seq).Bind(digest).Run();
}

Result<bool> JobWrites::InsertJob(const SubmitJob& write) {
  PLASM_TRY_VOID(database_.Begin(kInsertJob)
                     .Bind(std::string_view(write.id))
                     .Bind(std::string_view(write.client))
                     .Bind(write.idempotency_key)
                     .Bind(write.manifest_digest)
                     .Bind(write.submitted_ns)
                     .Bind(ByteView(write.manifest))
                     .Run());
  return database_.changes() != 0;
}

Result<Submission> JobWrites::Apply(const SubmitJob& write) {
  PLASM_TRY(const bool inserted, InsertJob(write));
  if (!inserted) return ExistingJob(write);
  const auto seq = static_cast<std::uint64_t>(database_.last_insert_rowid());
  PLASM_TRY_VOID(database_.Begin(kInsertUnfinished).Bind(seq).Run());
  for (const Sha256Digest& digest : write.blobs) PLASM_TRY_VOID(Refer(seq, digest));
  return Submission{seq, write.id, Novelty::kNew};
}

Result<Submission> JobWrites::Apply(const CompleteJob& write) {
  PLASM_TRY(const bool inserted, InsertJob(write.job));
  if (!inserted) {
    return Error{ErrorCode::kConflict, write.job.id + ": this id or key stands for another job"};
  }
  const auto seq = static_cast<std::uint64_t>(database_.last_insert_rowid());
  for (const Sha256Digest& digest : write.job.blobs) PLASM_TRY_VOID(Refer(seq, digest));
  PLASM_TRY_VOID(InsertEnd(seq, false, write.end));
  return Submission{seq, write.job.id, Novelty::kNew};
}

// The key counts first: whoever repeats a submission may have made a new id for it.
Result<Submission> JobWrites::ExistingJob(const SubmitJob& write) {
  if (write.idempotency_key) {
    Execution row = database_.Begin(kJobByKey);
    row.Bind(std::string_view(write.client)).Bind(write.idempotency_key);
    PLASM_TRY(const bool found, row.Row());
    if (found) {
      PLASM_TRY(const Sha256Digest digest, row.Digest(2));
      if (digest == write.manifest_digest) {
        return Submission{row.Uint(0), std::string(row.Text(1)), Novelty::kExisting};
      }
      return Error{ErrorCode::kConflict, "idempotency key " + Quote(*write.idempotency_key) +
                                             ": found a job with the manifest " +
                                             digest.ToString() + ", expected that of this one, " +
                                             write.manifest_digest.ToString() +
                                             ". A new job needs a new key"};
    }
  }
  Execution row = database_.Begin(kJobById);
  row.Bind(std::string_view(write.id));
  PLASM_TRY(const bool found, row.Row());
  if (!found) return Error{ErrorCode::kInternal, write.id + ": neither inserted nor there"};
  PLASM_TRY(const Sha256Digest digest, row.Digest(3));
  if (row.Text(1) == write.client && row.OptionalText(2) == write.idempotency_key &&
      digest == write.manifest_digest) {
    return Submission{row.Uint(0), write.id, Novelty::kExisting};
  }
  return Error{ErrorCode::kConflict,
               write.id + ": this id stands for another job. A new job needs a new id"};
}

Result<std::monostate> JobWrites::Apply(const MarkStarted& write) {
  PLASM_TRY_VOID(
      database_.Begin(kStart).Bind(write.attempt).Bind(write.started_ns).Bind(write.seq).Run());
  if (database_.changes() == 0) return NoUnfinished(write.seq);
  return std::monostate();
}

Result<void> JobWrites::InsertEnd(std::uint64_t seq, bool cancelled, const EndJob& write) {
  const JobEnd& end = write.end;
  const StreamRecord& out = write.results.standard_output;
  const StreamRecord& err = write.results.standard_error;
  {
    Execution insert = database_.Begin(kInsertEnd);
    insert.Bind(seq)
        .Bind(JobStateName(end.state))
        .Bind(cancelled)
        .Bind(write.attempts)
        .Bind(write.started_ns)
        .Bind(end.ended_ns)
        .Bind(end.exit_code)
        .Bind(end.trap)
        .Bind(end.fuel_used)
        .Bind(end.message)
        .Bind(end.result_digest);
    if (end.log) {
      insert.Bind(std::string_view(end.log->origin)).Bind(end.log->index);
    } else {
      insert.Bind(std::nullopt).Bind(std::nullopt);
    }
    PLASM_TRY_VOID(insert.Bind(out.bytes)
                       .Bind(out.digest)
                       .Bind(err.bytes)
                       .Bind(err.digest)
                       .Bind(out.contents)
                       .Bind(err.contents)
                       .Bind(write.results.receipt)
                       .Run());
  }
  for (const KeptFileRecord& file : write.results.kept_files) {
    PLASM_TRY_VOID(database_.Begin(kInsertKeptFile)
                       .Bind(seq)
                       .Bind(std::string_view(file.guest_path))
                       .Bind(file.digest)
                       .Bind(file.bytes)
                       .Run());
    PLASM_TRY_VOID(Refer(seq, file.digest));
  }
  for (const StreamRecord* stream : {&out, &err}) {
    if (!stream->contents) PLASM_TRY_VOID(Refer(seq, stream->digest));
  }
  ++ended_[static_cast<std::size_t>(end.state)];
  return {};
}

Result<std::monostate> JobWrites::Apply(const EndJob& write) {
  bool cancelled = false;
  {
    Execution row = database_.Begin(kWhetherCancelled);
    PLASM_TRY(const bool unfinished, row.Bind(write.seq).Row());
    if (!unfinished) return AlreadyEnded(write.seq);
    cancelled = row.Int(0) != 0;
  }
  PLASM_TRY_VOID(database_.Begin(kDeleteUnfinished).Bind(write.seq).Run());
  PLASM_TRY_VOID(InsertEnd(write.seq, cancelled, write));
  return std::monostate();
}

Error JobWrites::AlreadyEnded(std::uint64_t seq) {
  Execution row = database_.Begin(kHasEnded);
  const auto ended = row.Bind(seq).Row();
  if (!ended) return ended.error();
  if (!*ended) return NoUnfinished(seq);
  return {ErrorCode::kConflict,
          "job number " + std::to_string(seq) + ": it has ended already, and the first end counts"};
}

Result<JobState> JobWrites::Apply(const RequestCancel& write) {
  std::uint64_t seq = 0;
  std::optional<JobState> state;
  {
    Execution row = database_.Begin(kStateById);
    PLASM_TRY(const bool found, row.Bind(std::string_view(write.id)).Row());
    if (!found) {
      return Error{ErrorCode::kNotFound, "job " + Quote(write.id) + ": there is none of this id"};
    }
    seq = row.Uint(0);
    state = JobStateOf(row.Text(1));
  }
  if (!state) return DamagedValue(database_.handle(), "a job without a state");
  if (!IsEnded(*state)) PLASM_TRY_VOID(database_.Begin(kCancel).Bind(seq).Run());
  return *state;
}

Result<void> JobWrites::WriteCounts() {
  for (std::size_t i = 0; i < kJobStates; ++i) {
    if (ended_[i] == 0) continue;
    PLASM_TRY_VOID(
        database_.Begin(kCount).Bind(JobStateName(static_cast<JobState>(i))).Bind(ended_[i]).Run());
  }
  ended_ = {};
  return {};
}

}  // namespace plasm::store
