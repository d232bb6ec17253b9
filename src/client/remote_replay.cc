#include "client/remote_replay.h"

#include <memory>
#include <optional>
#include <utility>

#include "blobs/blob_store.h"
#include "blobs/content_source.h"
#include "client/first_result.h"
#include "client/job_plan.h"
#include "client/replay_setup.h"
#include "client/verifier_files.h"
#include "crypto/public_key_text.h"
#include "execution/replay_comparison.h"
#include "receipt/agreement.h"
#include "receipt/job_id.h"

namespace plasm::client {
namespace {

constexpr std::uint64_t kMaxBlobBytes = std::uint64_t{4} << 30;

execution::ReplayReport Impossible(std::string reason) {
  return {receipt::Verdict::kReplayImpossible, std::move(reason), {}};
}

// Into the store, from which it is sent.
Result<void> Gather(const Sha256Digest& digest, const ContentSource& source,
                    const BlobStore& store) {
  if (store.Find(digest)) return {};
  PLASM_TRY(BlobWriter blob, store.NewBlob());
  PLASM_TRY_VOID(CopyContent(source, digest, kMaxBlobBytes,
                             [&](ByteView bytes) { return blob.Write(bytes); }));
  PLASM_TRY_VOID(blob.Finish());
  return {};
}

// The recorded manifest, as a request of ours: where it runs and until when is not of the result.
Result<JobPlan> PlanAgain(receipt::Manifest manifest, const std::string& requester,
                          const ContentSource& source, const BlobStore& store, Entropy& entropy) {
  manifest.requester = requester;
  manifest.nonce = NewNonce(entropy);
  manifest.not_after.reset();
  manifest.placement.reset();
  JobPlan plan{.manifest = std::move(manifest), .text = {}, .blobs = {}};
  plan.text = receipt::SerializeManifest(plan.manifest);
  PLASM_TRY(plan.blobs, BlobsOf(plan.manifest, source));
  for (const Sha256Digest& digest : plan.blobs) PLASM_TRY_VOID(Gather(digest, source, store));
  return plan;
}

execution::FinishedRun RunOf(const receipt::Statement& statement) {
  return {.outcome = statement.result,
          .stdout_subject = statement.stdout_subject,
          .stderr_subject = statement.stderr_subject,
          .files = statement.files,
          .wall_time_ns = statement.observed.wall_time_ns};
}

}  // namespace

std::vector<KnownNode> OthersThan(const receipt::Statement& recorded,
                                  const std::vector<KnownNode>& nodes,
                                  const trust::TrustFile& trusted) {
  const trust::TrustedNode* issuer = trusted.FindByFingerprint(recorded.node.identity);
  std::vector<KnownNode> others;
  for (const KnownNode& node : nodes) {
    const trust::TrustedNode* found = trusted.FindByName(node.name);
    if (found == nullptr || found->level == trust::TrustLevel::kBlocked) continue;
    if (crypto::Fingerprint(found->identity) == recorded.node.identity) continue;
    const bool same_operator =
        issuer != nullptr && issuer->operator_name && issuer->operator_name == found->operator_name;
    if (!same_operator) others.push_back(node);
  }
  return others;
}

Result<execution::ReplayReport> ReplayOnNodes(const home::DataFolder& data,
                                              const std::vector<KnownNode>& nodes,
                                              const receipt::Statement& recorded,
                                              const RemoteReplaySettings& settings, Clock& clock,
                                              Entropy& entropy) {
  if (std::string why = execution::WhyNotReplayable(recorded); !why.empty()) {
    return Impossible(std::move(why));
  }
  PLASM_TRY(const trust::LoadedTrust trusted, LoadTrust(data));
  const std::vector<KnownNode> others = OthersThan(recorded, nodes, trusted.state.file());
  if (others.empty()) {
    return Impossible(
        "there is no trusted node but the one that issued the receipt, or nodes of "
        "its operator");
  }
  const BlobStore store(data.blobs());
  std::vector<std::unique_ptr<FolderWhenNeeded>> beside;
  std::vector<const ContentSource*> places{&store};
  for (const auto& folder : settings.folders) {
    beside.push_back(std::make_unique<FolderWhenNeeded>(folder));
    places.push_back(beside.back().get());
  }
  const ContentSources source(std::move(places));
  const auto text = ReadContent(source, recorded.job.manifest, receipt::kMaxManifestBytes);
  if (!text) return Impossible("the job's manifest: " + text.error().message);
  auto manifest = receipt::ParseManifest(*text);
  const auto fits =
      manifest ? receipt::CheckAgainstManifest(recorded, receipt::ManifestDigest(*text), *manifest)
               : Result<void>(manifest.error());
  if (!fits) {
    return execution::ReplayReport{receipt::Verdict::kWrongJob, fits.error().message, {}};
  }
  const auto plan = PlanAgain(*std::move(manifest), settings.requester, source, store, entropy);
  if (!plan) return Impossible(plan.error().message);
  const auto again = RunOnFirst(data, others, *plan, receipt::RandomJobId(entropy),
                                {.say = settings.say}, clock, entropy);
  if (!again) return Impossible(again.error().message);
  const receipt::Statement& statement = *again->judged.verification.statement;
  execution::ReplayComparison comparison =
      execution::CompareReplay(recorded, RunOf(statement), statement.runtime, nullptr);
  std::string reason = std::move(comparison.difference);
  if (!reason.empty()) reason += ", on " + again->node.name;
  return execution::ReplayReport{comparison.verdict, std::move(reason), statement.runtime};
}

}  // namespace plasm::client
