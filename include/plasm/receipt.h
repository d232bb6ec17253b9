/// @file
/// Receipts: what a node signs about a job, and what that is worth.
#pragma once

#include <plasm/abi.h>
#include <plasm/error.h>
#include <plasm/job.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plasm::PLASM_ABI_NAMESPACE {
/// What a verification found: the verdicts of spec/receipt.md, the same in every language.
enum class Verdict {
  kValidLegacyUnbound,  ///< Version 0.1: signed by a trusted key, binds neither input nor output.
  kMalformed,           ///< Not a receipt.
  kBadSignature,        ///< The signature is not the named key's over these fields.
  kUnknownKey,          ///< Nothing says whose key it is.
  kWrongKey,            ///< The receipt names another key than the one that was demanded.
  kValid,               ///< Everything that was asked for has been checked.
  kNodeBlocked,         ///< The node is blocked here.
  kKeyNotValid,         ///< The key's time does not cover the receipt's.
  kKeyRevoked,          ///< The key was revoked.
  kNotLogged,           ///< A proof of the log is needed and there is none.
  kBadLogProof,         ///< The proof does not put this receipt into the named log.
  kNotWitnessed,        ///< The policy asks for more witnesses.
  kInconsistent,        ///< Parts of the receipt contradict each other.
  kWrongJob,            ///< It answers another request.
  kTooLate,             ///< The job was started after the request's end.
  kWrongOutput,         ///< An output at hand is not the receipt's.
  kReplayDiffers,       ///< Run again, the job gave something else.
  kReplayInconclusive,  ///< Run again, the job ended where nodes need not agree.
  kReplayImpossible,    ///< The job can't be run again.
  kNoQuorum,            ///< Too few nodes answer with the same result. Of bundles, not of receipts.
};

/// The stable name, as in "VALID" or "WRONG_JOB". Thread-safe.
PLASM_EXPORT const char* VerdictName(Verdict verdict) noexcept;

/// One sentence for people, without a full stop. Thread-safe.
PLASM_EXPORT const char* VerdictMeaning(Verdict verdict) noexcept;

/// A receipt as a node gives it out, with what belongs to it: bytes that nobody has looked at
/// yet.
struct Receipt {
  std::vector<std::byte> envelope;                  ///< The receipt: DSSE, or version 0.1, as JSON.
  std::optional<std::vector<std::byte>> log_proof;  ///< That it is in the node's log.
  std::optional<std::vector<std::byte>> manifest;   ///< The request that it should answer.

  /// Reads FILE, and FILE.tlog-proof and FILE.manifest.json where they are.
  PLASM_EXPORT static Receipt Load(const std::filesystem::path& file);
  /// Writes them so; each file whole or not at all, the receipt last. Durable on return.
  PLASM_EXPORT void Save(const std::filesystem::path& file) const;
};

/// What was written to a standard stream.
struct SignedStream {
  std::string sha256;       ///< 64 hex digits.
  std::uint64_t bytes = 0;  ///< How many.
};

/// A file that the job kept.
struct SignedFile {
  std::string path;    ///< As the program calls it.
  std::string sha256;  ///< 64 hex digits.
};

/// What a receipt says of a job.
struct SignedResult {
  std::string job_id;                         ///< "job-" and a UUID.
  std::string manifest_sha256;                ///< Of the request, 64 hex digits.
  std::string module_sha256;                  ///< Of the module, 64 hex digits.
  JobState state = JobState::kExited;         ///< How it ended.
  std::optional<std::uint32_t> exit_code;     ///< Of a program that exited.
  std::optional<std::string> trap;            ///< Of one that trapped.
  std::optional<std::string> reason;          ///< Of a module that was rejected.
  std::optional<std::uint64_t> fuel_used;     ///< Where the program itself ended the run.
  bool truncated = false;                     ///< Output was cut at its limit.
  SignedStream standard_output;               ///< stdout
  SignedStream standard_error;                ///< stderr
  std::vector<SignedFile> files;              ///< What it kept, sorted by path.
  Profile profile = Profile::kDeterministic;  ///< How it was run.
  std::string engine;                         ///< What ran it, as in "wasmtime 48.0.8".
  std::string node_identity;                  ///< Who answers for it, as in "SHA256:…".
  Time started;                               ///< By the node's clock.
  Time ended;                                 ///< By the node's clock.
};

/// Where a receipt stands in its node's log.
struct LogPlace {
  std::string origin;                  ///< The log's name.
  std::uint64_t index = 0;             ///< The receipt's entry, from 0.
  std::uint64_t tree_size = 0;         ///< Entries of the log that the proof speaks of.
  std::vector<std::string> witnesses;  ///< Those that count, by their names in the policy.
};

/// The verdict and what led to it.
struct Verification {
  Verdict verdict = Verdict::kMalformed;  ///< The first that applies.
  std::string reason;                     ///< What exactly is wrong, for people; empty when valid.
  /// What the receipt says, as far as it was parsed: to be believed only with IsValid().
  std::optional<SignedResult> result;
  std::string node;             ///< The node's name in the list of trusted nodes; may be empty.
  std::optional<LogPlace> log;  ///< Once the proof was checked.
  std::vector<std::string> matched_outputs;  ///< The outputs at hand that are the receipt's.
  std::vector<std::string> notes;            ///< What was not looked at, and why.

  /// Whether the receipt proves its result: the verdict kValid, no other.
  bool IsValid() const noexcept { return verdict == Verdict::kValid; }
};

/// A receipt did not verify, so that nothing of the job's result is handed out.
class PLASM_EXPORT NotVerified : public Error {
 public:
  /// Nothing counts, for this reason.
  explicit NotVerified(Verification verification);
  /// @cond
  NotVerified(const NotVerified&) noexcept;
  NotVerified& operator=(const NotVerified&) noexcept;
  ~NotVerified() override;
  /// @endcond

  /// What is wrong with the receipt. As long as the exception lives.
  const Verification& verification() const noexcept;

 private:
  std::shared_ptr<const Verification> verification_;
};

/// A file or folder on this machine that should be an output of the job.
struct OutputAtHand {
  std::filesystem::path path;  ///< On this machine.
  /// "stdout", "stderr" or a path in the program; empty: to be found out from the file's name.
  std::string name;
};

/// What a receipt is held against besides the trusted nodes of the data folder.
struct VerifyOptions {
  /// A public key as PEM: only this one will do, and no list of nodes is asked. Empty: none.
  std::filesystem::path key_file;
  /// Logs and witnesses that must have seen the receipt (C2SP tlog-policy). Empty: the data
  /// folder's own, for nodes of the level "witnessed".
  std::filesystem::path policy_file;
  /// The nonce that the request had; empty: that of Receipt::manifest, where there is one.
  std::string nonce;
  std::vector<OutputAtHand> outputs;  ///< What must be the job's output.
};

/// What runs a job again.
enum class ReplayEngine {
  kNative,       ///< As the node did, compiled for this machine.
  kInterpreter,  ///< Another way, so that a mistake of the compiler shows.
};

/// How a job is run again.
struct ReplayOptions {
  ReplayEngine engine = ReplayEngine::kNative;                    ///< By what.
  std::chrono::milliseconds wall_time = std::chrono::minutes(5);  ///< At most so long; 0: no limit.
  /// Where module, inputs and manifest are looked for, by their digests, behind the data folder.
  std::vector<std::filesystem::path> folders;
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
