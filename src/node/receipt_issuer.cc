#include "node/receipt_issuer.h"

#include <utility>

#include "crypto/public_key_text.h"

namespace plasm::node {
namespace {

receipt::Statement Describe(const EndedJob& job) {
  const receipt::Manifest& manifest = job.manifest;
  receipt::Statement statement;
  statement.job = {.manifest = job.manifest_digest,
                   .id = job.id,
                   .requester = manifest.requester,
                   .nonce = manifest.nonce,
                   .not_after = manifest.not_after};
  statement.module = manifest.module;
  statement.input = {.args = receipt::ListDigest(manifest.args),
                     .env = receipt::ListDigest(manifest.env),
                     .stdin_digest = manifest.stdin_name.sha256,
                     .trees = manifest.inputs};
  statement.limits = manifest.limits;
  statement.runtime = job.runtime;
  execution::DescribeRun(job.run, statement);
  statement.observed = {.start = job.start,
                        .end = job.end,
                        .wall_time_ns = job.run.wall_time_ns,
                        .attempts = job.attempts};
  return statement;
}

}  // namespace

ReceiptIssuer::ReceiptIssuer(IssuerSettings settings, const crypto::SigningKey& key)
    : settings_(std::move(settings)),
      key_(key),
      key_fingerprint_(crypto::Fingerprint(key.public_key())) {}

Result<IssuedReceipt> ReceiptIssuer::Issue(const EndedJob& job) {
  receipt::Statement statement = Describe(job);
  statement.node = {.identity = settings_.identity,
                    .key = key_fingerprint_,
                    .signing = settings_.signing,
                    .log = settings_.origin,
                    .boot = settings_.boot,
                    .sequence = sequence_};
  const std::string payload = receipt::SerializeStatement(statement);
  if (payload.size() > receipt::kMaxStatementBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "the receipt would have " + std::to_string(payload.size()) +
                     " bytes, more than a reader takes: keep fewer files with --output"};
  }
  ++sequence_;
  const ByteView bytes = AsBytes(payload);
  Bytes owned(bytes.begin(), bytes.end());
  IssuedReceipt issued;
  issued.log_entry = receipt::LogEntry(receipt::LeafReceiptDigest(owned));
  std::string type(receipt::kReceiptPayloadType);
  if (settings_.signing == receipt::Signing::kBatch) {
    issued.envelope = {std::move(type), std::move(owned), {}};
  } else {
    issued.envelope = receipt::SignEnvelope(std::move(type), std::move(owned), key_);
  }
  return issued;
}

}  // namespace plasm::node
