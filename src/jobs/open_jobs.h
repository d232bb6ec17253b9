// The jobs of a node that have not ended: who waits for them, how many each client has, and the
// places that are held for more.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/collection.h"
#include "jobs/client.h"
#include "jobs/job_times.h"
#include "jobs/outcomes.h"
#include "jobs/reservations.h"
#include "jobs/task.h"
#include "store/job_record.h"
#include "store/writes.h"

namespace plasm::jobs {

// What the store is to be told with a job.
struct Unwritten {
  std::vector<Sha256Digest> blobs;       // that it refers to
  std::vector<BlobPins::Hold> pinned{};  // until the store knows that
};

// Thread-safe. Calls back nobody: what has to be told is returned.
class OpenJobs {
 public:
  // Queued and running jobs, and places held, are at most `at_most`. The clock must outlive it.
  OpenJobs(std::uint64_t at_most, Clock& clock) : at_most_(at_most), clock_(clock) {}

  // Holds a place for the job that this client will submit under this name (Reservations);
  // kOverloaded when there is none.
  Result<void> Reserve(const Client& client, std::string_view name);

  struct Joined {};  // the job was here before, and whoever asked now waits for it too
  struct Opened {};
  // Notes a job that is about to be written to the store. Joins one of the same id or key, if
  // client and manifest are the same; kConflict if they aren't; kOverloaded beyond a quota.
  // `accepted_now` is given back when it can be called at once: the job joined is accepted.
  // A place that is held for the client under the name `reservation` is used up, and no quota
  // counts then; with none it is as without a name.
  struct Entrance {
    std::variant<Opened, Joined> how;
    std::string id;
    WhenAccepted accepted_now{};
  };
  Result<Entrance> Open(const Client& client, TaskPtr task, WhenAccepted accepted, WhenEnded ended,
                        std::string_view reservation = {});
  // One that the store has had before: no quota.
  void Restore(TaskPtr task);

  // A job that nobody else has seen yet is not written to the store before somebody takes it from
  // here: TakeUnwritten or its end.
  void Postpone(const std::string& id, Unwritten unwritten);
  // Whoever gets it must write it. Nothing when it has been taken or the job is not here.
  struct ToWrite {
    TaskPtr task;
    Unwritten unwritten;
  };
  std::optional<ToWrite> TakeUnwritten(const std::string& id);

  // The store has it now. What waited for that: callbacks, and how the job has ended meanwhile.
  struct AfterAcceptance {
    std::vector<WhenAccepted> told;
    std::optional<store::EndJob> end;
  };
  AfterAcceptance Accept(const std::string& id, std::uint64_t seq);

  // It will not be: who is to be told.
  struct Left {
    std::vector<WhenAccepted> accepted;
    std::vector<WhenEnded> ended;
    bool cancel_requested = false;
  };
  Left Remove(const std::string& id);

  // An attempt began. The job's number in the store, if it has one yet.
  std::optional<std::uint64_t> Start(const Task& task);
  // It has ended: what to write, or nothing while the store is being told of it: Accept gives it
  // then.
  struct Ending {
    store::EndJob end;
    std::optional<Unwritten> unwritten{};  // the store has not heard of the job
  };
  std::optional<Ending> End(const std::string& id, store::EndJob end);

  // Whoever asks must be allowed to see it.
  struct View {
    TaskPtr task;
    store::JobSummary summary;
  };
  std::optional<View> Find(const Client& client, std::string_view id) const;
  // Adds to those who wait for the end; whether the job is here.
  bool WaitFor(const Client& client, std::string_view id, const WhenEnded& ended);
  // Notes the wish; the number of the task, if there is one.
  std::optional<std::uint64_t> RequestCancel(const Client& client, std::string_view id);

  std::uint64_t size() const;

  // Of all jobs that were here: each counts when it begins, and when it ends.
  const JobTimes& times() const { return times_; }

 private:
  struct Entry {
    TaskPtr task;
    store::JobSummary summary;  // seq is 0 until the store has it
    std::vector<WhenAccepted> when_accepted{};
    std::vector<WhenEnded> when_ended{};
    std::optional<Unwritten> unwritten{};
    std::optional<store::EndJob> end{};  // waits for a seq
    bool run_is_counted = false;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  Entries::iterator FindVisible(const Client& client, std::string_view id);
  Entries::iterator SameJob(const store::JobSummary& summary);
  // Whether one was held.
  bool UsePlace(const Client& client, std::string_view name, std::uint64_t now_ns);
  Result<void> FindRoom(const Client& client, std::uint64_t now_ns);
  void Insert(TaskPtr task, WhenAccepted accepted, WhenEnded ended);

  void CountRun(Entry& entry, const store::EndJob& end);

  const std::uint64_t at_most_;
  Clock& clock_;
  JobTimes times_;
  mutable std::mutex mutex_;
  Entries entries_;                                                    // by id
  std::map<std::pair<std::string, std::string>, std::string> by_key_;  // client and key to id
  std::map<std::string, std::uint64_t> of_share_;
  Reservations reservations_;
};

// Whether a client may see a job of `owner`.
bool MaySee(const Client& client, std::string_view owner);

}  // namespace plasm::jobs
