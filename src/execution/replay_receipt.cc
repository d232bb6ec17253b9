#include "execution/replay_receipt.h"

#include <utility>

#include "execution/first_difference.h"
#include "execution/replay_comparison.h"
#include "execution/runtime.h"
#include "receipt/agreement.h"

namespace plasm::execution {
namespace {

ReplayReport Impossible(std::string reason) {
  return {receipt::Verdict::kReplayImpossible, std::move(reason), {}};
}

// Whether somebody else's files, and not this machine, are to blame.
bool IsMissing(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt ||
         error.code == ErrorCode::kInvalid || error.code == ErrorCode::kLimitExceeded;
}

}  // namespace

Result<ReplayReport> ReplayReceipt(const receipt::Statement& recorded,
                                   std::optional<ByteView> manifest, const ContentSource& source,
                                   const Replayer& replayer, std::string_view engine_version) {
  if (std::string why = WhyNotReplayable(recorded); !why.empty()) return Impossible(std::move(why));
  Bytes found;
  if (!manifest) {
    auto read = ReadContent(source, recorded.job.manifest, receipt::kMaxManifestBytes);
    if (!read) return Impossible("the job's manifest: " + read.error().message);
    found = *std::move(read);
    manifest = found;
  }
  const auto job = receipt::ParseManifest(*manifest);
  const auto fits =
      job ? receipt::CheckAgainstManifest(recorded, receipt::ManifestDigest(*manifest), *job)
          : Result<void>(job.error());
  if (!fits) return ReplayReport{receipt::Verdict::kWrongJob, fits.error().message, {}};

  FirstDifferences places(recorded, source, job->outputs);
  const auto run = replayer.Run(*job, source, places);
  if (!run && IsMissing(run.error())) return Impossible(run.error().message);
  if (!run) return run.error();
  receipt::Runtime runtime = RuntimeOf(engine_version, replayer.target(), job->profile);
  ReplayComparison comparison = CompareReplay(recorded, *run, runtime, &places);
  return ReplayReport{comparison.verdict, std::move(comparison.difference), std::move(runtime)};
}

}  // namespace plasm::execution
