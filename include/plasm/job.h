/// @file
/// What is asked for, what becomes of it, and what is told on the way.
#pragma once

#include <plasm/abi.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace plasm::PLASM_ABI_NAMESPACE {
/// A moment by the wall clock.
using Time = std::chrono::system_clock::time_point;

/// How much a job may depend on the world.
enum class Profile {
  kDeterministic,  ///< plasm-det-1: the same job gives the same result, and can be replayed.
  kLive,           ///< Real clock and random numbers; no replay.
};

/// What a job may use at most. A node that allows less refuses the job.
struct JobLimits {
  std::uint64_t memory_bytes = std::uint64_t{512} << 20;  ///< Linear memory, in bytes.
  std::uint64_t fuel = INT64_MAX;  ///< Instructions, as the engine counts them.
  std::uint64_t output_bytes = std::uint64_t{64} << 20;           ///< stdout and stderr together.
  std::uint64_t file_bytes = std::uint64_t{1} << 30;              ///< Contents of all files.
  std::uint32_t file_nodes = std::uint32_t{1} << 20;              ///< Files, folders and links.
  std::chrono::milliseconds wall_time = std::chrono::minutes(5);  ///< 0: no limit.
};

/// A folder of this machine that the program sees a snapshot of. It is never written.
struct InputFolder {
  std::filesystem::path host;  ///< On this machine.
  std::string guest;           ///< Where the program sees it, as in "/work".
};

/// What is to be run. The members are bytes where they are strings: UTF-8 is not needed, NUL is
/// not allowed.
struct JobSpec {
  /// The WebAssembly module (WASI preview1) as a file. Exactly one of this and module_bytes.
  std::filesystem::path module_file;
  /// The module itself.
  std::vector<std::byte> module_bytes;
  /// args[0] of the program. Empty: the file's name without its folder, or "module.wasm".
  std::string program_name;
  std::vector<std::string> args;  ///< Behind the program's name.
  std::vector<std::string> env;   ///< "KEY=value" each.
  /// Standard input as bytes. At most one of this and standard_input_file.
  std::vector<std::byte> standard_input;
  /// Standard input as a file, read to its end when the job is submitted.
  std::filesystem::path standard_input_file;
  std::vector<InputFolder> inputs;  ///< What the program finds.
  /// Files and folders of the program to keep, as it calls them.
  std::vector<std::string> outputs;
  JobLimits limits;                           ///< What it may use.
  Profile profile = Profile::kDeterministic;  ///< Whether it can be replayed.
  /// What the program's clock says at its start. Nothing: now, to the second.
  std::optional<Time> start_time;
  /// The seed of its random numbers. Nothing: derived from the job.
  std::optional<std::array<std::byte, 32>> seed;
  /// 32 to 128 lower-case hex digits that the receipt answers with. Empty: made at random.
  std::string nonce;
  /// The node must not start it later.
  std::optional<Time> not_after;
  /// 1 to 128 visible ASCII characters: the same request under the same key is one job, however
  /// often it is made, also by another process with the same data folder. Empty: none.
  std::string idempotency_key;
};

/// Where a job is in its life.
enum class JobState {
  kQueued,       ///< Waits for its turn.
  kRunning,      ///< Runs.
  kExited,       ///< The program has exited; its exit code may be a failure's.
  kTrapped,      ///< The program did what WebAssembly forbids.
  kOutOfFuel,    ///< JobLimits::fuel.
  kTimedOut,     ///< JobLimits::wall_time.
  kOutputLimit,  ///< JobLimits::output_bytes.
  kCancelled,    ///< Somebody cancelled it.
  kRejected,     ///< The module cannot be run.
  kFailed,       ///< The node's fault, never the program's: there is no receipt.
};

/// The name that nodes and receipts use, as in "out_of_fuel". Thread-safe.
PLASM_EXPORT const char* JobStateName(JobState state) noexcept;

/// Whether nothing more will become of it. Thread-safe.
PLASM_EXPORT bool IsEnded(JobState state) noexcept;

/// A job as its node describes it: the node's word, which nothing vouches for.
struct JobInfo {
  std::string id;                          ///< "job-" and a UUID.
  JobState state = JobState::kQueued;      ///< Now.
  std::string manifest_sha256;             ///< The digest of the request, 64 hex digits.
  Time submitted;                          ///< When the node took it.
  std::optional<Time> started;             ///< When its last attempt began.
  std::optional<Time> ended;               ///< When it ended.
  std::uint64_t attempts = 0;              ///< How often it was begun.
  std::optional<std::uint32_t> exit_code;  ///< Of a program that exited.
  std::optional<std::string> trap;         ///< Of one that trapped, as in "unreachable".
  std::optional<std::string> message;      ///< What the node says besides: one line.
  std::optional<std::uint64_t> fuel_used;  ///< Instructions, as the engine counts them.
};

/// A standard stream of the program.
enum class Stream {
  kStandardOutput,  ///< stdout
  kStandardError,   ///< stderr
};

/// What a call tells on its way. Any of them may be empty. They are called one at a time, in
/// order: on the calling thread by a blocking call, on the task's thread by an asynchronous one.
/// What they throw ends the call and comes out of it. While one runs, nothing more is read from
/// the node. Views live for the call.
struct JobEvents {
  /// The node has the job on its disk.
  std::function<void(const JobInfo& job)> on_submitted;
  /// The job is now in this state.
  std::function<void(JobState state)> on_state;
  /// What the program has written, each byte once. Nothing has been verified yet: that it was the
  /// job's output is known when Run or Fetch returns.
  std::function<void(Stream stream, std::span<const std::byte> bytes)> on_output;
  /// The node runs the job again from its start, after a fault of its own. What it writes again
  /// is passed over.
  std::function<void()> on_restart;
  /// Bytes of the request's contents that the node has got, of those that it has asked for.
  std::function<void(std::uint64_t done, std::uint64_t all)> on_upload;
  /// Bytes of the kept file that is being fetched.
  std::function<void(std::uint64_t done, std::uint64_t all)> on_download;
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
