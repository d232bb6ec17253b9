#include "store/job_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <future>
#include <utility>

#include "base/file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "store/database.h"
#include "store/reader_pool.h"
#include "store/write_check.h"
#include "store/writer_thread.h"

namespace plasm::store {
namespace {

constexpr char kCountBoot[] =
    "UPDATE meta SET value = value + 1 WHERE name = 'boots' RETURNING value";

// Beside the database, since SQLite's own locks belong to it alone.
Result<UniqueFd> TakeLock(const std::filesystem::path& file) {
  UniqueFd lock(open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock) {
    return Error{ErrorCode::kUnavailable, SystemError(errno, file.string()).message +
                                              ". Expected a folder in which files can be made"};
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return SystemError(errno, file.string());
  return Error{ErrorCode::kConflict,
               file.string() + ": another process has these jobs open. Stop it first"};
}

// The names of the database and its WAL, which live as long as the store is open.
Result<void> SyncNames(const std::filesystem::path& folder) {
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd && fsync(fd.get()) == 0) return {};
  return Error{ErrorCode::kUnavailable, SystemError(errno, folder.string()).message};
}

std::size_t BytesOf(const SubmitJob& write) {
  return sizeof(write) + write.manifest.size() + write.blobs.size() * sizeof(Sha256Digest);
}

std::size_t BytesOf(const EndJob& write) {
  std::size_t bytes = sizeof(write);
  for (const auto* stream : {&write.results.standard_output, &write.results.standard_error}) {
    if (stream->contents) bytes += stream->contents->size();
  }
  if (write.results.receipt) bytes += write.results.receipt->size();
  for (const KeptFileRecord& kept : write.results.kept_files) {
    bytes += sizeof(kept) + kept.guest_path.size();
  }
  return bytes;
}

std::size_t BytesOf(const CompleteJob& write) { return BytesOf(write.job) + BytesOf(write.end); }

template <class Write>
std::size_t BytesOf(const Write& write) {
  return sizeof(write);
}

}  // namespace

struct JobStore::Parts {
  Parts(UniqueFd lock_taken, Connection connection, std::uint64_t boots_counted,
        const std::filesystem::path& file, const StoreSettings& settings)
      : lock(std::move(lock_taken)),
        boots(boots_counted),
        writer(std::move(connection), {settings.checkpoint_bytes, settings.max_wal_bytes},
               {settings.max_waiting_writes, settings.max_waiting_bytes}),
        readers(file, settings.vfs, settings.readers) {}

  UniqueFd lock;  // given back last
  std::uint64_t boots;
  WriterThread writer;
  ReaderPool readers;
};

JobStore::JobStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JobStore::JobStore(JobStore&&) noexcept = default;
JobStore::~JobStore() = default;

Result<JobStore> JobStore::Open(const std::filesystem::path& folder, StoreSettings settings) {
  if (auto made = CreateFolders(folder, 0700); !made) {
    return Error{ErrorCode::kUnavailable, made.error().message + ". Expected a folder for jobs.db"};
  }
  PLASM_TRY(UniqueFd lock, TakeLock(folder / "jobs.lock"));
  const std::filesystem::path file = folder / "jobs.db";
  PLASM_TRY(Connection connection, OpenWriter(file, settings.vfs));
  PLASM_TRY(const std::int64_t boots, connection.QueryInt(kCountBoot));
  PLASM_TRY_VOID(SyncNames(folder));
  return JobStore(std::make_unique<Parts>(std::move(lock), std::move(connection),
                                          static_cast<std::uint64_t>(boots), file, settings));
}

template <class Write>
Result<void> JobStore::Submit(Write write, Done<Write> done) {
  PLASM_TRY_VOID(Check(write));
  const std::size_t bytes = BytesOf(write);
  return parts_->writer.Submit(Waiting<Write>{std::move(write), std::move(done), std::nullopt},
                               bytes);
}

template <class Write>
Result<typename Write::Outcome> JobStore::SubmitAndWait(Write write) {
  std::promise<Result<typename Write::Outcome>> promise;
  auto outcome = promise.get_future();
  PLASM_TRY_VOID(Submit<Write>(std::move(write),
                               [&promise](auto result) { promise.set_value(std::move(result)); }));
  return outcome.get();
}

#define PLASM_STORE_WRITE(Write)                                     \
  template Result<void> JobStore::Submit<Write>(Write, Done<Write>); \
  template Result<Write::Outcome> JobStore::SubmitAndWait<Write>(Write);
PLASM_STORE_WRITE(SubmitJob)
PLASM_STORE_WRITE(MarkStarted)
PLASM_STORE_WRITE(EndJob)
PLASM_STORE_WRITE(CompleteJob)
PLASM_STORE_WRITE(RequestCancel)
PLASM_STORE_WRITE(RetireJobs)
PLASM_STORE_WRITE(AddUpload)
PLASM_STORE_WRITE(UseNonce)
PLASM_STORE_WRITE(PurgeExpired)
#undef PLASM_STORE_WRITE

std::size_t JobStore::waiting() const { return parts_->writer.waiting(); }
void JobStore::Stop() { parts_->writer.Stop(); }
std::uint64_t JobStore::boots() const { return parts_->boots; }

Result<std::optional<JobRecord>> JobStore::Find(std::string_view id) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.Find(id); });
}
Result<std::optional<JobRecord>> JobStore::FindBySeq(std::uint64_t seq) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.FindBySeq(seq); });
}
Result<std::optional<JobSummary>> JobStore::FindSummary(std::string_view id) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.FindSummary(id); });
}
Result<JobPage> JobStore::List(const JobFilter& filter, std::optional<JobCursor> after,
                               std::size_t limit) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.List(filter, after, limit); });
}
Result<std::vector<JobRecord>> JobStore::Unfinished(std::uint64_t after, std::size_t limit) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.Unfinished(after, limit); });
}
Result<JobCounts> JobStore::Counts() const {
  return parts_->readers.With([](JobReads& reads) { return reads.Counts(); });
}
Result<bool> JobStore::IsReferredBy(std::string_view client, const Sha256Digest& digest) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.IsReferredBy(client, digest); });
}

Result<bool> JobStore::IsReferred(const Sha256Digest& digest) const {
  return parts_->readers.With([&](JobReads& reads) { return reads.IsReferred(digest); });
}
}  // namespace plasm::store
