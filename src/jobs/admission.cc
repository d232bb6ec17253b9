#include "jobs/admission.h"

#include <algorithm>

#include "base/quote.h"

namespace plasm::jobs {
namespace {

constexpr std::string_view kFingerprintPrefix = "SHA256:";

Result<void> CheckPlacement(const receipt::Placement& placement, const Offering& offering) {
  if (placement.arch && *placement.arch != offering.arch) {
    return Error{ErrorCode::kConflict, "placement.arch: the job wants " + Quote(*placement.arch) +
                                           ", this node is " + offering.arch};
  }
  for (const auto& label : placement.labels) {
    if (std::ranges::find(offering.labels, label) == offering.labels.end()) {
      return Error{ErrorCode::kConflict, "placement.labels: this node does not have " +
                                             Quote(label.first + "=" + label.second)};
    }
  }
  return {};
}

}  // namespace

Result<receipt::Manifest> Admit(ByteView bytes, const Client& client, const Offering& offering,
                                UtcTime now) {
  PLASM_TRY(receipt::Manifest manifest, receipt::ParseManifest(bytes));
  PLASM_TRY_VOID(CheckLimits(manifest.limits, offering.most));
  if (manifest.profile == receipt::Profile::kLive && !client.may_run_live) {
    return Error{ErrorCode::kDenied, "profile: this client may not run jobs of the profile live"};
  }
  // A receipt names the requester: only the holder of that key may ask in its name. A client
  // without a key, as on the socket, speaks for the user.
  if (manifest.requester && client.name.starts_with(kFingerprintPrefix) &&
      *manifest.requester != client.name) {
    return Error{ErrorCode::kDenied, "requester: the manifest names " + Quote(*manifest.requester) +
                                         ", the client is " + client.name};
  }
  if (manifest.placement) PLASM_TRY_VOID(CheckPlacement(*manifest.placement, offering));
  if (manifest.not_after && now > *manifest.not_after) {
    return Error{ErrorCode::kConflict, "notAfter: " + manifest.not_after->ToString() +
                                           " has passed; it is " + now.ToString() + " here"};
  }
  return manifest;
}

bool IsIdempotencyKey(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace plasm::jobs
