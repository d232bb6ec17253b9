// Everything that can be written to the store: each a value that says what shall be so, with
// the type of its outcome. A write that is refused changes nothing. kInvalid and kLimitExceeded,
// for values that no store would take, come from Submit itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "store/job_record.h"
#include "store/job_state.h"

namespace plasm::store {

// When a write is done.
enum class Acknowledged {
  kOnDisk,   // it survives a power cut
  kVisible,  // readers see it; on disk with the next write that waits for the disk
};

// Larger ones are refused with kLimitExceeded: they belong into blobs.
inline constexpr std::size_t kMaxInlineStream = std::size_t{64} << 10;
inline constexpr std::size_t kMaxManifest = std::size_t{4} << 20;
inline constexpr std::size_t kMaxReceipt = std::size_t{16} << 20;
inline constexpr std::size_t kMaxText = 4096;  // UTF-8: client, key, trap, message, origin
inline constexpr std::size_t kMaxPath = std::size_t{64} << 10;  // of a kept file
inline constexpr std::size_t kMaxNonce = 64;
inline constexpr std::size_t kMaxReferences = 1 << 20;  // blobs that one job refers to

enum class Novelty {
  kNew,
  kExisting,  // the same job had been submitted before: it is not run again
};

struct Submission {
  std::uint64_t seq = 0;
  std::string id;  // of the existing job, which may have been found by its key
  Novelty novelty = Novelty::kNew;
};

// A job to be run. The same client, manifest and key again, with this id or another, is the job
// that is there already. kConflict when the id or the client's key stands for something else.
struct SubmitJob {
  using Outcome = Submission;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  std::string id;  // "job-<uuid>"
  std::string client;
  std::optional<std::string> idempotency_key;
  Bytes manifest;
  Sha256Digest manifest_digest;
  std::uint64_t submitted_ns = 0;
  std::vector<Sha256Digest> blobs;  // kept for it: module, inputs
};

// An attempt begins. kNotFound for a job that is not (or no longer) unfinished.
struct MarkStarted {
  using Outcome = std::monostate;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kVisible;

  std::uint64_t seq = 0;
  std::uint32_t attempt = 1;
  std::uint64_t started_ns = 0;
};

// Once for each job: kConflict for one that has ended, which leaves the first end as it is;
// kNotFound for one that never was. Blobs named by results are kept for it.
struct EndJob {
  using Outcome = std::monostate;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  std::uint64_t seq = 0;
  std::uint32_t attempts = 0;                 // that were made
  std::optional<std::uint64_t> started_ns{};  // of the last one
  JobEnd end{};
  JobResults results{};
};

// A job that was not written before it ended: both of the above at once.
struct CompleteJob {
  using Outcome = Submission;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  SubmitJob job;  // new: kConflict when its id or key is taken
  EndJob end;     // its seq does not matter
};

// Somebody wants the job to stop. Gives its state; for an ended job nothing changes.
struct RequestCancel {
  using Outcome = JobState;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  std::string id;
};

struct Retired {
  std::uint64_t jobs = 0;
  std::vector<Sha256Digest> released;  // blobs that nothing refers to any more
  bool more = false;                   // at_most came first: write it again
};

// Forgets ended jobs: those that ended before a time, and the oldest beyond a number.
struct RetireJobs {
  using Outcome = Retired;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kVisible;

  std::uint64_t ended_before_ns = 0;
  std::uint64_t keep_at_most = UINT64_MAX;
  std::size_t at_most = 256;  // in one write, so that others are not held up
};

// Keeps a blob for a client that is about to refer to it.
struct AddUpload {
  using Outcome = std::monostate;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  Sha256Digest digest;
  std::string client;
  std::uint64_t expires_ns = 0;  // later than before, or without effect
};

// Takes a nonce once: kConflict when it has been seen and has not been purged.
struct UseNonce {
  using Outcome = std::monostate;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kOnDisk;

  Bytes nonce;  // 1 to kMaxNonce bytes
  std::uint64_t expires_ns = 0;
};

// Forgets uploads and nonces that have expired.
struct PurgeExpired {
  struct Purged {
    std::uint64_t nonces = 0;
    std::vector<Sha256Digest> released;  // as in Retired
  };
  using Outcome = Purged;
  static constexpr Acknowledged kAcknowledged = Acknowledged::kVisible;

  std::uint64_t now_ns = 0;
};

}  // namespace plasm::store
