#include "verifier_setup.h"

#include <utility>

#include "verbs.h"

namespace plasm::app {

Result<trust::TrustState> LoadTrust(const DataFolder& data) {
  PLASM_TRY(trust::LoadedTrust loaded, client::LoadTrust(data));
  for (const Error& report : loaded.reports) PrintError(report.message);
  return std::move(loaded.state);
}

Result<std::optional<tlog::Policy>> LoadPolicy(const DataFolder& data, const std::string& name) {
  if (name.empty()) return client::LoadStandingPolicy(data);
  PLASM_TRY(tlog::Policy policy, client::LoadPolicy(name));
  return std::optional(std::move(policy));
}

}  // namespace plasm::app
