#include "store/job_reads.h"

#include <algorithm>
#include <string>

namespace plasm::store {
namespace {

#define PLASM_SUMMARY_COLUMNS                                                                 \
  "SELECT jobs.seq, id, client, idempotency_key, manifest_digest, submitted_ns, "             \
  "coalesce(unfinished.state, ended.state), "                                                 \
  "coalesce(unfinished.cancel_requested, ended.cancel_requested), "                           \
  "coalesce(unfinished.attempts, ended.attempts), "                                           \
  "coalesce(unfinished.started_ns, ended.started_ns), ended_ns, exit_code, trap, fuel_used, " \
  "message, result_digest, log_origin, log_index"
#define PLASM_RESULT_COLUMNS \
  ", manifest, stdout_bytes, stdout_digest, stdout, stderr_bytes, stderr_digest, stderr, receipt"
#define PLASM_OF_ALL_JOBS                                         \
  " FROM jobs LEFT JOIN unfinished ON unfinished.seq = jobs.seq " \
  "LEFT JOIN ended ON ended.seq = jobs.seq "
#define PLASM_OF_UNFINISHED_JOBS                             \
  " FROM unfinished JOIN jobs ON jobs.seq = unfinished.seq " \
  "LEFT JOIN ended ON ended.seq = jobs.seq "
#define PLASM_SUMMARIES PLASM_SUMMARY_COLUMNS PLASM_OF_ALL_JOBS
#define PLASM_RECORDS PLASM_SUMMARY_COLUMNS PLASM_RESULT_COLUMNS PLASM_OF_ALL_JOBS

constexpr char kRecordById[] = PLASM_RECORDS "WHERE id = ?";
constexpr char kRecordBySeq[] = PLASM_RECORDS "WHERE jobs.seq = ?";
constexpr char kSummaryById[] = PLASM_SUMMARIES "WHERE id = ?";
constexpr char kListAll[] = PLASM_SUMMARIES "WHERE jobs.seq < ? ORDER BY jobs.seq DESC";
constexpr char kListOfClient[] =
    PLASM_SUMMARIES "WHERE jobs.seq < ? AND client = ? ORDER BY jobs.seq DESC";
constexpr char kListUnfinished[] = PLASM_SUMMARY_COLUMNS PLASM_OF_UNFINISHED_JOBS
    "WHERE unfinished.seq < ? ORDER BY unfinished.seq DESC";
constexpr char kUnfinished[] = PLASM_SUMMARY_COLUMNS PLASM_RESULT_COLUMNS PLASM_OF_UNFINISHED_JOBS
    "WHERE unfinished.seq > ? ORDER BY unfinished.seq LIMIT ?";
constexpr char kKeptFiles[] =
    "SELECT guest_path, digest, bytes FROM kept_files WHERE seq = ? ORDER BY guest_path";
constexpr char kCounts[] =
    "SELECT state, jobs FROM counts UNION ALL "
    "SELECT state, count(*) FROM unfinished GROUP BY state";

// Jobs that one page looks at: a filter that nothing passes must not hold up a reader.
constexpr std::size_t kMaxLookedAt = 4096;

enum SummaryColumn {
  kSeq,
  kId,
  kClient,
  kKey,
  kManifestDigest,
  kSubmitted,
  kState,
  kCancelRequested,
  kAttempts,
  kStarted,
  kEnded,
  kExitCode,
  kTrap,
  kFuel,
  kMessage,
  kResultDigest,
  kLogOrigin,
  kLogIndex,
  kManifest,
  kStdout,  // bytes, digest, contents
  kStderr = kStdout + 3,
  kReceipt = kStderr + 3,
};

Bytes Copied(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

Result<JobEnd> End(const Execution& row, JobState state) {
  JobEnd end;
  end.state = state;
  end.ended_ns = row.Uint(kEnded);
  if (!row.IsNull(kExitCode)) end.exit_code = row.Int(kExitCode);
  end.trap = row.OptionalText(kTrap);
  end.fuel_used = row.OptionalUint(kFuel);
  end.message = row.OptionalText(kMessage);
  if (!row.IsNull(kResultDigest)) {
    PLASM_TRY(end.result_digest, row.Digest(kResultDigest));
  }
  if (!row.IsNull(kLogOrigin)) {
    end.log = LogPosition{std::string(row.Text(kLogOrigin)), row.Uint(kLogIndex)};
  }
  return end;
}

Result<StreamRecord> Stream(const Execution& row, int column) {
  StreamRecord stream;
  stream.bytes = row.Uint(column);
  PLASM_TRY(stream.digest, row.Digest(column + 1));
  if (!row.IsNull(column + 2)) stream.contents = Copied(row.Blob(column + 2));
  return stream;
}

bool Passes(const JobFilter& filter, const JobSummary& job) {
  const auto& states = filter.states;
  return (!filter.client || *filter.client == job.client) &&
         (states.empty() || std::find(states.begin(), states.end(), job.state) != states.end());
}

bool OnlyUnfinished(const JobFilter& filter) {
  return !filter.states.empty() &&
         std::none_of(filter.states.begin(), filter.states.end(), IsEnded);
}

}  // namespace

Result<JobSummary> JobReads::Summary(const Execution& row) const {
  const auto state = JobStateOf(row.Text(kState));
  if (!state) return DamagedValue(database_.handle(), "a job without a state");
  JobSummary job;
  job.seq = row.Uint(kSeq);
  job.id = row.Text(kId);
  job.client = row.Text(kClient);
  job.idempotency_key = row.OptionalText(kKey);
  PLASM_TRY(job.manifest_digest, row.Digest(kManifestDigest));
  job.submitted_ns = row.Uint(kSubmitted);
  job.started_ns = row.OptionalUint(kStarted);
  job.attempts = static_cast<std::uint32_t>(row.Uint(kAttempts));
  job.cancel_requested = row.Int(kCancelRequested) != 0;
  job.state = *state;
  if (IsEnded(*state)) {
    PLASM_TRY(job.end, End(row, *state));
  }
  return job;
}

// But for the kept files.
Result<JobRecord> JobReads::Record(const Execution& row) const {
  JobRecord record;
  PLASM_TRY(record.summary, Summary(row));
  record.manifest = Copied(row.Blob(kManifest));
  if (!record.summary.end) return record;
  PLASM_TRY(record.results.standard_output, Stream(row, kStdout));
  PLASM_TRY(record.results.standard_error, Stream(row, kStderr));
  if (!row.IsNull(kReceipt)) record.results.receipt = Copied(row.Blob(kReceipt));
  return record;
}

Result<std::vector<KeptFileRecord>> JobReads::KeptFiles(std::uint64_t seq) {
  std::vector<KeptFileRecord> files;
  Execution row = database_.Begin(kKeptFiles);
  row.Bind(seq);
  while (true) {
    PLASM_TRY(const bool found, row.Row());
    if (!found) return files;
    KeptFileRecord file{std::string(row.Text(0)), {}, row.Uint(2)};
    PLASM_TRY(file.digest, row.Digest(1));
    files.push_back(std::move(file));
  }
}

// While the row is open, its snapshot holds for the files too.
Result<std::optional<JobRecord>> JobReads::OneRecord(Execution& row) {
  PLASM_TRY(const bool found, row.Row());
  if (!found) return std::optional<JobRecord>();
  PLASM_TRY(JobRecord record, Record(row));
  PLASM_TRY(record.results.kept_files, KeptFiles(record.summary.seq));
  return std::optional(std::move(record));
}

Result<std::optional<JobSummary>> JobReads::OneSummary(Execution& row) const {
  PLASM_TRY(const bool found, row.Row());
  if (!found) return std::optional<JobSummary>();
  PLASM_TRY(JobSummary summary, Summary(row));
  return std::optional(std::move(summary));
}

Result<std::optional<JobRecord>> JobReads::Find(std::string_view id) {
  Execution row = database_.Begin(kRecordById);
  row.Bind(id);
  return OneRecord(row);
}

Result<std::optional<JobRecord>> JobReads::FindBySeq(std::uint64_t seq) {
  Execution row = database_.Begin(kRecordBySeq);
  row.Bind(seq);
  return OneRecord(row);
}

Result<std::optional<JobSummary>> JobReads::FindSummary(std::string_view id) {
  Execution row = database_.Begin(kSummaryById);
  row.Bind(id);
  return OneSummary(row);
}

Result<JobPage> JobReads::List(const JobFilter& filter, std::optional<JobCursor> after,
                               std::size_t limit) {
  const bool by_client = filter.client && !OnlyUnfinished(filter);
  Execution row = database_.Begin(OnlyUnfinished(filter) ? kListUnfinished
                                  : by_client            ? kListOfClient
                                                         : kListAll);
  row.Bind(Signed(after ? after->before_seq : UINT64_MAX));
  if (by_client) row.Bind(std::string_view(*filter.client));
  JobPage page;
  limit = std::clamp<std::size_t>(limit, 1, kMaxListed);
  std::uint64_t last = 0;
  for (std::size_t looked_at = 0;; ++looked_at) {
    PLASM_TRY(const bool found, row.Row());
    if (!found) return page;
    if (page.jobs.size() == limit || looked_at == kMaxLookedAt) break;
    last = row.Uint(kSeq);
    PLASM_TRY(JobSummary job, Summary(row));
    if (Passes(filter, job)) page.jobs.push_back(std::move(job));
  }
  page.next = JobCursor{last};
  return page;
}

Result<std::vector<JobRecord>> JobReads::Unfinished(std::uint64_t after, std::size_t limit) {
  std::vector<JobRecord> jobs;
  Execution row = database_.Begin(kUnfinished);
  row.Bind(Signed(after)).Bind(Signed(limit));
  while (true) {
    PLASM_TRY(const bool found, row.Row());
    if (!found) return jobs;
    PLASM_TRY(JobRecord record, Record(row));
    jobs.push_back(std::move(record));
  }
}

Result<JobCounts> JobReads::Counts() {
  JobCounts counts;
  Execution row = database_.Begin(kCounts);
  while (true) {
    PLASM_TRY(const bool found, row.Row());
    if (!found) return counts;
    const auto state = JobStateOf(row.Text(0));
    if (!state) return DamagedValue(database_.handle(), "a count of an unknown state");
    counts[*state] = row.Uint(1);
  }
}

}  // namespace plasm::store
