#include "client/verifier_files.h"

#include <utility>

#include "base/file.h"
#include "crypto/public_key_text.h"

namespace plasm::client {
namespace {

constexpr std::size_t kMaxPemBytes = 4096;

}  // namespace

Result<trust::LoadedTrust> LoadTrust(const home::DataFolder& data) {
  PLASM_TRY(trust::LoadedTrust loaded, trust::TrustStore(data.root()).Load());
  PLASM_TRY(const auto own, ReadIfThere(data.card(), trust::kMaxCardBytes));
  if (own) {
    auto opened = trust::OpenNodeCard(*own);
    // One of a node that is not trusted, or an older one, changes nothing.
    if (opened) static_cast<void>(loaded.state.TakeCard(*std::move(opened)));
  }
  return loaded;
}

Result<tlog::Policy> LoadPolicy(const std::filesystem::path& file) {
  PLASM_TRY(const Bytes bytes, ReadFile(file, tlog::kMaxPolicyBytes));
  auto policy = tlog::Policy::Parse(bytes);
  if (!policy) return Error{policy.error().code, file.string() + ": " + policy.error().message};
  return policy;
}

Result<std::optional<tlog::Policy>> LoadStandingPolicy(const home::DataFolder& data) {
  auto policy = LoadPolicy(data.policy());
  if (policy) return std::optional(*std::move(policy));
  if (policy.error().code == ErrorCode::kNotFound) return std::optional<tlog::Policy>();
  return std::move(policy).error();
}

Result<crypto::PublicKey> LoadPublicKey(const std::filesystem::path& file) {
  PLASM_TRY(const Bytes pem, ReadFile(file, kMaxPemBytes));
  auto key = crypto::FromPem(AsText(pem));
  if (!key) return Error{key.error().code, file.string() + ": " + key.error().message};
  return key;
}

}  // namespace plasm::client
