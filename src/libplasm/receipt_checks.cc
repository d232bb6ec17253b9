#include "libplasm/receipt_checks.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "client/output_contents.h"
#include "client/replay_setup.h"
#include "client/verifier_files.h"
#include "libplasm/public_form.h"
#include "libplasm/worker_program.h"
#include "verify/verification.h"

namespace plasm::libplasm {
namespace {

// What was found, as the layers below have it, and what there is to tell besides.
struct Found {
  verify::Verification verification;
  std::vector<Error> reports;
};

v0::Verification Shown(const Found& found) {
  v0::Verification shown = VerificationOf(found.verification);
  for (const Error& report : found.reports) shown.notes.push_back(report.message);
  return shown;
}

// Everything that the evidence points into.
struct AtHand {
  std::optional<crypto::PublicKey> key;
  trust::LoadedTrust trusted;
  std::optional<tlog::Policy> policy;
  std::optional<tlog::Policy> standing_policy;
};

Result<AtHand> Load(const home::DataFolder& data, const v0::VerifyOptions& options) {
  AtHand at_hand;
  if (options.key_file.empty()) {
    PLASM_TRY(at_hand.trusted, client::LoadTrust(data));
    PLASM_TRY(at_hand.standing_policy, client::LoadStandingPolicy(data));
  } else {
    PLASM_TRY(at_hand.key, client::LoadPublicKey(options.key_file));
  }
  if (!options.policy_file.empty()) {
    PLASM_TRY(at_hand.policy, client::LoadPolicy(options.policy_file));
  }
  return at_hand;
}

Result<Found> Check(v0::Client::State& client, const v0::Receipt& receipt,
                    const v0::VerifyOptions& options) {
  PLASM_TRY(AtHand at_hand, Load(client.data, options));
  verify::Evidence evidence{.receipt = receipt.envelope, .key = at_hand.key};
  if (receipt.log_proof) evidence.proof = *receipt.log_proof;
  evidence.trusted = &at_hand.trusted.state;
  if (at_hand.policy) evidence.policy = &*at_hand.policy;
  if (at_hand.standing_policy) evidence.standing_policy = &*at_hand.standing_policy;
  if (receipt.manifest) {
    evidence.manifest = *receipt.manifest;
    if (const auto manifest = receipt::ParseManifest(*receipt.manifest)) {
      evidence.nonce = manifest->nonce;
    }
  }
  if (!options.nonce.empty()) evidence.nonce = options.nonce;
  for (const v0::OutputAtHand& output : options.outputs) {
    verify::OutputAtHand read{output.path.string(), {}, {}};
    if (!output.name.empty()) read.name = output.name;
    PLASM_TRY(read.contents, client::DigestOutput(output.path));
    evidence.outputs.push_back(std::move(read));
  }
  evidence.now_seconds = client.clock.RealtimeNs() / 1'000'000'000;
  return Found{verify::Verify(evidence), std::move(at_hand.trusted.reports)};
}

}  // namespace

Result<v0::Verification> Verify(v0::Client::State& client, const v0::Receipt& receipt,
                                const v0::VerifyOptions& options) {
  PLASM_TRY(const Found found, Check(client, receipt, options));
  return Shown(found);
}

Result<v0::Verification> Replay(v0::Client::State& client, const v0::Receipt& receipt,
                                const v0::ReplayOptions& replay, const v0::VerifyOptions& options,
                                StopSlot* stop) {
  PLASM_TRY(Found found, Check(client, receipt, options));
  if (!client::CanBeReplayed(found.verification)) return Shown(found);
  if (replay.wall_time.count() < 0) {
    return Error{ErrorCode::kInvalid,
                 "ReplayOptions::wall_time: found a negative time, expected one from 0 on"};
  }
  PLASM_TRY(const std::shared_ptr<StopSignal> signal, StopSignal::Create());
  const HungSignal hung(stop, signal);
  PLASM_TRY(std::filesystem::path worker, FindWorker(client.worker_program));
  const client::ReplaySetup setup(
      client.data,
      {.worker_program = std::move(worker),
       .target = replay.engine == v0::ReplayEngine::kInterpreter ? worker::Target::kPulley
                                                                 : worker::Target::kNative,
       .timeout_ns = static_cast<std::uint64_t>(
           std::chrono::duration_cast<std::chrono::nanoseconds>(replay.wall_time).count()),
       .cancel_fd = signal->fd()},
      PLASM_ENGINE_VERSION, client.clock);
  std::optional<ByteView> manifest;
  if (receipt.manifest) manifest = *receipt.manifest;
  const auto report = setup.ReplayVerified(found.verification, manifest, replay.folders);
  if (signal->stopped()) ThrowStopped();
  if (!report) return report.error();
  v0::Verification shown = Shown(found);
  const receipt::Runtime& runtime = report->runtime;
  if (!runtime.engine.empty()) {
    shown.notes.push_back("run again by " + runtime.engine + " " + runtime.version + " for " +
                          runtime.target);
  }
  return shown;
}

}  // namespace plasm::libplasm
