// What a receipt v2 states (spec/receipt.md sections 2 to 5): the payload of its envelope.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/envelope.h"
#include "receipt/job_parts.h"

namespace plasm::receipt {

inline constexpr std::size_t kMaxReceiptBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxStatementBytes = std::size_t{8} << 20;
inline constexpr std::string_view kReceiptPayloadType = "application/vnd.in-toto+json";
inline constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kPredicateType = "urn:plasm:receipt:v2";

// How a run ended.
enum class Status : std::uint8_t {
  kExited,
  kTrapped,
  kOutOfFuel,
  kOutputLimit,
  kTimedOut,
  kCancelled,
  kRejected,
};

// As in "out_of_fuel".
std::string_view StatusName(Status status);

// Whether the guest itself ended the run: such a run has a count of fuel, and under a
// deterministic profile a result that every node agrees on.
constexpr bool CountsFuel(Status status) { return status <= Status::kOutputLimit; }

// What the guest wrote to stdout or stderr.
struct StreamSubject {
  Sha256Digest digest;
  std::uint64_t bytes = 0;

  friend bool operator==(const StreamSubject&, const StreamSubject&) = default;
};

struct FileSubject {
  std::string path;  // in the guest; not empty, UTF-8 without NUL
  Sha256Digest digest;

  friend bool operator==(const FileSubject&, const FileSubject&) = default;
};

// `job`: the request that is answered.
struct AnsweredJob {
  Sha256Digest manifest;
  std::string id;                        // "job-" and a UUID
  std::optional<std::string> requester;  // fingerprint
  std::optional<std::string> nonce;      // 32 to 128 hex digits
  std::optional<UtcTime> not_after;

  friend bool operator==(const AnsweredJob&, const AnsweredJob&) = default;
};

struct InputNames {
  Sha256Digest args;  // ListDigest
  Sha256Digest env;   // ListDigest
  Sha256Digest stdin_digest;
  std::vector<InputTree> trees;

  friend bool operator==(const InputNames&, const InputNames&) = default;
};

// Texts are 1 to 64 letters, digits, '.', '_', '+' and '-'.
struct Runtime {
  std::string engine;   // as in "wasmtime"
  std::string version;  // as in "48.0.8"
  std::string target;   // as in "x86_64-linux"
  Sha256Digest configuration;
  Profile profile = Profile::kDet1;

  friend bool operator==(const Runtime&, const Runtime&) = default;
};

struct Outcome {
  static constexpr std::size_t kMaxReasonBytes = 1024;

  Status status = Status::kExited;
  std::optional<std::uint32_t> exit_code;  // exactly with kExited
  std::optional<std::string> trap;         // exactly with kTrapped: 1 to 64 of a-z, 0-9 and '_'
  std::optional<std::string> reason;       // only with kRejected: 1 to kMaxReasonBytes of UTF-8
                                           // without control characters
  std::optional<std::uint64_t> fuel_used;  // exactly where CountsFuel
  bool truncated = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// What the node saw; differs from run to run.
struct Observed {
  UtcTime start;
  UtcTime end;
  std::uint64_t wall_time_ns = 0;
  std::uint32_t attempts = 1;  // at least 1

  friend bool operator==(const Observed&, const Observed&) = default;
};

enum class Signing : std::uint8_t {
  kEach,   // the receipt has a signature of its own
  kBatch,  // the log's checkpoint is the signature
};

// `node`: who answers.
struct Answerer {
  std::string identity;  // fingerprint
  std::string key;       // fingerprint
  Signing signing = Signing::kEach;
  std::optional<std::string> log;  // origin; always there with kBatch
  std::string boot;                // UUID
  std::uint64_t sequence = 0;

  friend bool operator==(const Answerer&, const Answerer&) = default;
};

struct Statement {
  StreamSubject stdout_subject;
  StreamSubject stderr_subject;
  std::vector<FileSubject> files;  // sorted by path, bytewise; none twice
  AnsweredJob job;
  ModuleName module;
  InputNames input;
  Limits limits;
  Runtime runtime;
  Outcome result;
  std::optional<Sha256Digest> result_digest;  // exactly where HasResultDigest
  Observed observed;
  Answerer node;

  friend bool operator==(const Statement&, const Statement&) = default;
};

constexpr bool HasResultDigest(Profile profile, Status status) {
  return profile == Profile::kDet1 && CountsFuel(status);
}

// Everything that is a matter of form, so that what fails is MALFORMED: members and their
// types, order and names of the subjects, and what is there exactly in some case. Whether the
// values agree with each other is CheckAgreement's. kInvalid; kLimitExceeded beyond
// kMaxStatementBytes.
Result<Statement> ParseStatement(ByteView payload);

// In the order of the tables, without blanks. The caller keeps to what Statement says, then
// ParseStatement reads it back; the size is not checked. `written_over`: a text whose memory is
// used again.
std::string SerializeStatement(const Statement& statement, std::string written_over = {});

// What ParseEnvelope takes as a receipt.
constexpr EnvelopeForm ReceiptForm() {
  return {.payload_type = kReceiptPayloadType,
          .max_bytes = kMaxReceiptBytes,
          .max_payload_bytes = kMaxStatementBytes,
          .max_signatures = 1};
}

// `input.args` and `input.env`: the digest of each element followed by a NUL byte.
Sha256Digest ListDigest(const std::vector<std::string>& list);

// Section 5: what a log says of a receipt. The digest is that of the PAE over the payload.
Sha256Digest LeafReceiptDigest(ByteView payload);
std::string LogEntry(const Sha256Digest& pae_digest);

}  // namespace plasm::receipt
