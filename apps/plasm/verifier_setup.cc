#include "verifier_setup.h"

#include <utility>

#include "base/file.h"
#include "crypto/public_key_text.h"
#include "verbs.h"

namespace plasm::app {
namespace {

constexpr std::size_t kMaxPemBytes = 4096;

}  // namespace

Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& file, std::size_t max_bytes) {
  auto bytes = ReadFile(file, max_bytes);
  if (bytes) return std::optional(*std::move(bytes));
  if (bytes.error().code == ErrorCode::kNotFound) return std::optional<Bytes>();
  return std::move(bytes).error();
}

Result<trust::TrustState> LoadTrust(const DataFolder& data) {
  PLASM_TRY(trust::LoadedTrust loaded, trust::TrustStore(data.root()).Load());
  for (const Error& report : loaded.reports) PrintError(report.message);
  PLASM_TRY(const auto own, ReadIfThere(data.card(), trust::kMaxCardBytes));
  if (own) {
    auto opened = trust::OpenNodeCard(*own);
    // One of a node that is not trusted, or an older one, changes nothing.
    if (opened) static_cast<void>(loaded.state.TakeCard(*std::move(opened)));
  }
  return std::move(loaded.state);
}

Result<std::optional<tlog::Policy>> LoadPolicy(const DataFolder& data, const std::string& name) {
  const std::filesystem::path file = name.empty() ? data.policy() : std::filesystem::path(name);
  auto bytes = ReadFile(file, tlog::kMaxPolicyBytes);
  if (!bytes && name.empty() && bytes.error().code == ErrorCode::kNotFound) {
    return std::optional<tlog::Policy>();
  }
  if (!bytes) return std::move(bytes).error();
  auto policy = tlog::Policy::Parse(*bytes);
  if (!policy) return Error{policy.error().code, file.string() + ": " + policy.error().message};
  return std::optional(*std::move(policy));
}

Result<crypto::PublicKey> LoadPublicKey(const std::string& file) {
  PLASM_TRY(const Bytes pem, ReadFile(file, kMaxPemBytes));
  auto key = crypto::FromPem(AsText(pem));
  if (!key) return Error{key.error().code, file + ": " + key.error().message};
  return key;
}

}  // namespace plasm::app
