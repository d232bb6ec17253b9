/// @file
/// A node: somebody's machine that runs jobs.
#pragma once

#include <plasm/abi.h>
#include <plasm/job.h>
#include <plasm/receipt.h>
#include <plasm/task.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace plasm::PLASM_ABI_NAMESPACE {
class Client;

/// What a node says of itself.
struct NodeStatus {
  std::string version;                ///< Of plasmd.
  std::string engine;                 ///< As in "wasmtime-48.0.8".
  std::string arch;                   ///< As in "x86_64".
  std::vector<std::string> profiles;  ///< As in "plasm-det-1".
  std::uint64_t cores = 0;            ///< Jobs that run at once.
  std::uint64_t queued = 0;           ///< Jobs that wait.
  std::uint64_t running = 0;          ///< Jobs that run.
  bool draining = false;              ///< It takes no more jobs.
  JobLimits most;                     ///< What a job may ask for.
};

/// Which jobs a list is of.
struct JobFilter {
  std::vector<JobState> states;  ///< Empty: all.
  std::uint32_t limit = 50;      ///< At most so many, the newest.
  bool all_clients = false;      ///< Those of other clients too, where the node allows it.
};

/// Where a file or folder that the job kept is to go.
struct OutputTarget {
  std::string guest;           ///< As the program calls it, one of JobSpec::outputs.
  std::filesystem::path host;  ///< On this machine. Written whole or not at all, file by file.
};

/// What becomes of a result whose receipt does not verify.
enum class IfNotVerified {
  kThrow,       ///< Nothing is handed out: the call throws NotVerified.
  kGiveAnyway,  ///< The streams are handed out, with the verdict; kept files are not fetched.
};

/// How a result is fetched.
struct FetchOptions {
  std::vector<OutputTarget> outputs;  ///< Kept files to be written to this machine.
  IfNotVerified if_not_verified = IfNotVerified::kThrow;  ///< Mind the verdict if you change it.
};

/// A job's result, under a receipt that has been verified: it is that of the node that was asked,
/// answers the request as it was sent, and is about the very bytes that are here. Unless
/// IfNotVerified::kGiveAnyway was asked for: then `verification` says what it is worth.
struct Outcome {
  JobInfo job;                               ///< As the node describes it.
  Verification verification;                 ///< kValid, and what the receipt says.
  Receipt receipt;                           ///< As it came, with proof and request.
  std::filesystem::path receipt_file;        ///< Where it is kept in the data folder.
  std::vector<std::byte> standard_output;    ///< stdout, at most JobLimits::output_bytes.
  std::vector<std::byte> standard_error;     ///< stderr
  std::vector<std::string> missing_outputs;  ///< Of FetchOptions::outputs: those that the job did
                                             ///< not make.
};

/// A connection to one node whose identity is pinned: the server must prove by TLS 1.3 that it
/// has the key that the node's newest accepted card lists; another key is refused, unless a newer
/// card of the same identity brings it.
///
/// Thread-safe: calls of several threads use connections of their own, which are kept for the
/// next call. Copies are the same node. Nothing is sent before the first call. A call that fails
/// in passing is made again, with pauses, for at most two minutes; a cut connection goes on where
/// it was. All calls throw Error: kDenied when the server is not the pinned node or does not know
/// this client, kUnavailable when it is out of reach, kCorrupt when its answers are not what the
/// interface says, and the node's own.
class PLASM_EXPORT Node {
 public:
  /// @cond
  struct State;
  explicit Node(std::shared_ptr<State> state) noexcept;
  Node(const Node&) noexcept;
  Node& operator=(const Node&) noexcept;
  ~Node();
  /// @endcond

  /// Its name here.
  const std::string& name() const noexcept;

  /// What it can do, and how busy it is.
  NodeStatus Status() const;

  /// Sends a job and those of its contents that the node does not have. On return the node has it
  /// on its disk, and runs it at least once. kInvalid for a job that is none.
  JobInfo Submit(const JobSpec& job, const JobEvents& events = {}) const;
  /// The same in a thread of its own. The files that the job names are read there.
  Task<JobInfo> SubmitAsync(JobSpec job, JobEvents events = {}) const;

  /// A job as it is now. kNotFound for one that the node does not have.
  JobInfo Show(const std::string& job_id) const;

  /// Jobs, the newest first.
  std::vector<JobInfo> List(const JobFilter& filter = {}) const;

  /// Asks the node to end a job that is queued or running; it may take a moment.
  JobInfo Cancel(const std::string& job_id) const;

  /// Waits until a job has ended, however long that takes.
  JobInfo Wait(const std::string& job_id) const;
  /// The same in a thread of its own.
  Task<JobInfo> WaitAsync(std::string job_id) const;

  /// Follows a job until it has ended, and tells what happens. Output that is told here is not
  /// verified.
  JobInfo Watch(const std::string& job_id, const JobEvents& events) const;
  /// The same in a thread of its own.
  Task<JobInfo> WatchAsync(std::string job_id, JobEvents events) const;

  /// Fetches the result of a job that has ended, and verifies it. The receipt is kept in the data
  /// folder, also one that does not verify: it is the evidence. kConflict for a job that has not
  /// ended, kUnavailable for one that the node could not run (JobState::kFailed); NotVerified.
  /// How the job ended is no error: see Outcome::verification.
  Outcome Fetch(const std::string& job_id, const FetchOptions& options = {},
                const JobEvents& events = {}) const;
  /// The same in a thread of its own.
  Task<Outcome> FetchAsync(std::string job_id, FetchOptions options = {},
                           JobEvents events = {}) const;

  /// Submits a job, follows it to its end, and fetches and verifies its result.
  Outcome Run(const JobSpec& job, const FetchOptions& options = {},
              const JobEvents& events = {}) const;
  /// The same in a thread of its own. JobEvents::on_submitted tells the job's id, under which it
  /// is found again after Task::Stop.
  Task<Outcome> RunAsync(JobSpec job, FetchOptions options = {}, JobEvents events = {}) const;

 private:
  std::shared_ptr<State> state_;
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
