#include "node/receipt_issuer.h"

#include <utility>

#include "crypto/public_key_text.h"

namespace plasm::node {
namespace {

constexpr std::size_t kMostKeptBytes = std::size_t{64} << 10;  // of a text, for the next

// Everything but `node`. Member by member: the statement of the job before is there, and its
// texts have room for these.
void Describe(const EndedJob& job, receipt::Statement& statement) {
  const receipt::Manifest& manifest = job.manifest;
  statement.job.manifest = job.manifest_digest;
  statement.job.id = job.id;
  statement.job.requester = manifest.requester;
  statement.job.nonce = manifest.nonce;
  statement.job.not_after = manifest.not_after;
  statement.module = manifest.module;
  statement.input.args = receipt::ListDigest(manifest.args);
  statement.input.env = receipt::ListDigest(manifest.env);
  statement.input.stdin_digest = manifest.stdin_name.sha256;
  statement.input.trees = manifest.inputs;
  statement.limits = manifest.limits;
  statement.runtime = job.runtime;
  execution::DescribeRun(job.run, statement);
  statement.observed = {.start = job.start,
                        .end = job.end,
                        .wall_time_ns = job.run.wall_time_ns,
                        .attempts = job.attempts};
}

}  // namespace

ReceiptIssuer::ReceiptIssuer(IssuerSettings settings, const crypto::SigningKey& key) : key_(key) {
  statement_.node = {.identity = std::move(settings.identity),
                     .key = crypto::Fingerprint(key.public_key()),
                     .signing = settings.signing,
                     .log = std::move(settings.origin),
                     .boot = std::move(settings.boot),
                     .sequence = 0};
}

Result<IssuedReceipt> ReceiptIssuer::Issue(const EndedJob& job) {
  Describe(job, statement_);
  text_ = receipt::SerializeStatement(statement_, std::move(text_));
  if (text_.size() > receipt::kMaxStatementBytes) {
    const std::string too_large = std::exchange(text_, {});
    return Error{ErrorCode::kLimitExceeded,
                 "the receipt would have " + std::to_string(too_large.size()) +
                     " bytes, more than a reader takes: keep fewer files with --output"};
  }
  ++statement_.node.sequence;
  const ByteView bytes = AsBytes(text_);
  Bytes owned(bytes.begin(), bytes.end());
  if (text_.size() > kMostKeptBytes) text_ = {};
  IssuedReceipt issued;
  issued.result_digest = statement_.result_digest;
  issued.log_entry = receipt::LogEntry(receipt::LeafReceiptDigest(owned));
  std::string type(receipt::kReceiptPayloadType);
  if (statement_.node.signing == receipt::Signing::kBatch) {
    issued.envelope = {std::move(type), std::move(owned), {}};
  } else {
    issued.envelope = receipt::SignEnvelope(std::move(type), std::move(owned), key_);
  }
  return issued;
}

}  // namespace plasm::node
