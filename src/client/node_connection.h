// What can be asked of a node (spec/openapi.yaml).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "client/job_document.h"
#include "client/node_session.h"
#include "client/node_status.h"

namespace plasm::client {

struct Submission {
  ByteView manifest;
  // At least one: so it may be sent twice and is run once.
  std::optional<std::string> job_id;           // "job-<uuid>"
  std::optional<std::string> idempotency_key;  // 1 to 128 visible characters of ASCII
};

struct SubmittedJob {
  JobDocument job;
  bool was_there = false;  // submitted before
};
struct MissingBlobs {
  std::vector<Sha256Digest> digests;  // a node's word: not all need be the job's
};
using SubmitAnswer = std::variant<SubmittedJob, MissingBlobs>;

struct JobFilter {
  std::vector<JobState> states;  // none: all
  std::uint32_t limit = 50;
  bool all_clients = false;
};

// What of a job is kept by the node as bytes.
enum class JobPart { kManifest, kReceipt, kProof, kStdout, kStderr };

// Each call is made again while that may help (NodeSession::Ask). Errors are those of the node,
// with the same code, and those of net::Client; kCorrupt when the answer is not what the API
// says. One thread at a time.
class NodeConnection {
 public:
  explicit NodeConnection(NodeSession session) : session_(std::move(session)) {}

  NodeSession& session() { return session_; }

  Result<NodeStatus> Status();

  // kConflict when the id or the key stands for another job. Once it is answered with a job the
  // node has that on its disk.
  Result<SubmitAnswer> Submit(const Submission& submission);
  Result<JobDocument> Show(std::string_view id);
  // As it is when it has ended, or after `seconds` (at most 60).
  Result<JobDocument> WaitFor(std::string_view id, std::uint32_t seconds);
  // Until it has ended, however long that takes.
  Result<JobDocument> WaitUntilEnd(std::string_view id);
  Result<JobDocument> Cancel(std::string_view id);
  // The newest first, at most `limit` in all.
  Result<std::vector<JobDocument>> List(const JobFilter& filter);
  // kLimitExceeded beyond what such a thing may have; kNotFound for a receipt that there is not.
  Result<Bytes> Fetch(std::string_view id, JobPart part);

 private:
  Result<JobDocument> AskForJob(const net::OutgoingRequest& request);

  NodeSession session_;
};

}  // namespace plasm::client
