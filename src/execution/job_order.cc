#include "execution/job_order.h"

#include <algorithm>
#include <utility>

#include "execution/manifest_job.h"
#include "worker/supervisor/inputs.h"

namespace plasm::execution {
namespace {

constexpr std::uint64_t kNanoseconds = 1'000'000'000;

std::vector<std::string> WithoutDoubles(const std::vector<std::string>& names) {
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    if (std::ranges::find(unique, name) == unique.end()) unique.push_back(name);
  }
  return unique;
}

}  // namespace

receipt::Manifest ManifestOf(const JobOrder& order, const receipt::ModuleName& module,
                             std::uint64_t now_ns) {
  receipt::Manifest manifest;
  manifest.module = module;
  manifest.args = order.args;
  manifest.env = order.env;
  manifest.outputs = WithoutDoubles(order.outputs);
  manifest.limits = LimitsOf(order.limits, order.wall_time_ms);
  manifest.profile = order.profile;
  manifest.start_time_ns = order.start_time_ns.value_or(now_ns / kNanoseconds * kNanoseconds);
  manifest.requester = order.requester;
  manifest.nonce = order.nonce;
  manifest.not_after = order.not_after;
  return manifest;
}

void FillSeed(const JobOrder& order, receipt::Manifest& manifest) {
  manifest.seed = order.seed ? *order.seed : receipt::DefaultSeed(manifest).bytes;
}

Result<FolderSnapshot> TakeSnapshot(const std::vector<HostFolder>& folders,
                                    const worker::JobLimits& limits) {
  FolderSnapshot snapshot;
  worker::Inputs inputs;
  for (const HostFolder& folder : folders) {
    PLASM_TRY(worker::InputFolder taken, inputs.AddFolder(folder.host, folder.guest, limits));
    snapshot.folders.push_back(std::move(taken));
  }
  if (!inputs.empty()) {
    PLASM_TRY(snapshot.contents, std::move(inputs).Seal());
  }
  return snapshot;
}

}  // namespace plasm::execution
