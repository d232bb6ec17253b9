#include "receipt/agreement.h"

#include <optional>
#include <string>
#include <string_view>

#include "receipt/result_digest.h"

namespace plasm::receipt {
namespace {

Error Invalid(std::string_view member, std::string_view message) {
  return {ErrorCode::kInvalid, std::string(member) + ": " + std::string(message)};
}

Result<void> CheckSize(std::string_view member, const Sha256Digest& digest, std::uint64_t size) {
  if ((size == 0) == (digest == Sha256Of({}))) return {};
  return Invalid(member, "found " + std::to_string(size) + " bytes with the digest " +
                             digest.ToHex() + ", which are not of the same bytes");
}

std::string Shown(const Sha256Digest& digest) { return digest.ToHex(); }
std::string Shown(std::uint64_t value) { return std::to_string(value); }
std::string Shown(Profile profile) { return std::string(ProfileName(profile)); }
std::string Shown(const std::string& checked_text) { return checked_text; }
std::string Shown(UtcTime time) { return time.ToString(); }
template <class T>
std::string Shown(const std::optional<T>& value) {
  return value ? Shown(*value) : "nothing";
}

template <class T>
Result<void> CheckEqual(std::string_view member, const T& in_receipt, const T& in_manifest) {
  if (in_receipt == in_manifest) return {};
  return Invalid(member, "found " + Shown(in_receipt) + ", the manifest has " + Shown(in_manifest));
}

Result<void> CheckLimits(const Limits& found, const Limits& expected) {
  PLASM_TRY_VOID(CheckEqual("limits.memoryBytes", found.memory_bytes, expected.memory_bytes));
  PLASM_TRY_VOID(CheckEqual("limits.fuel", found.fuel, expected.fuel));
  PLASM_TRY_VOID(CheckEqual("limits.outputBytes", found.output_bytes, expected.output_bytes));
  PLASM_TRY_VOID(CheckEqual("limits.fileBytes", found.file_bytes, expected.file_bytes));
  PLASM_TRY_VOID(
      CheckEqual<std::uint64_t>("limits.fileNodes", found.file_nodes, expected.file_nodes));
  return CheckEqual("limits.wallTimeMs", found.wall_time_ms, expected.wall_time_ms);
}

Result<void> CheckTrees(const std::vector<InputTree>& found,
                        const std::vector<InputTree>& expected) {
  PLASM_TRY_VOID(CheckEqual<std::uint64_t>("number of input.trees", found.size(), expected.size()));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string member = "input.trees[" + std::to_string(i) + "]";
    if (found[i].guest != expected[i].guest) {
      return Invalid(member + ".guest", "found another path than the manifest's");
    }
    PLASM_TRY_VOID(CheckEqual(member + ".tree", found[i].tree, expected[i].tree));
    PLASM_TRY_VOID(CheckEqual(member + ".layout", found[i].layout, expected[i].layout));
  }
  return {};
}

}  // namespace

Result<void> CheckAgreement(const Statement& statement) {
  const Observed& observed = statement.observed;
  if (observed.start > observed.end) {
    return Invalid("observed.end", "found " + observed.end.ToString() + ", before the start at " +
                                       observed.start.ToString());
  }
  const bool at_limit = statement.result.status == Status::kOutputLimit;
  if (statement.result.truncated != at_limit) {
    return Invalid("result.truncated",
                   "does not fit the status " + std::string(StatusName(statement.result.status)));
  }
  if (statement.result_digest && *statement.result_digest != ResultDigest(statement)) {
    return Invalid("resultDigest.sha256", "found " + statement.result_digest->ToHex() +
                                              ", computed " + ResultDigest(statement).ToHex());
  }
  PLASM_TRY_VOID(CheckSize("module.size", statement.module.sha256, statement.module.size));
  PLASM_TRY_VOID(CheckSize("result.stdoutBytes", statement.stdout_subject.digest,
                           statement.stdout_subject.bytes));
  return CheckSize("result.stderrBytes", statement.stderr_subject.digest,
                   statement.stderr_subject.bytes);
}

Result<void> CheckAgainstManifest(const Statement& statement, const Sha256Digest& digest,
                                  const Manifest& manifest) {
  const AnsweredJob& job = statement.job;
  const InputNames& input = statement.input;
  PLASM_TRY_VOID(CheckEqual("job.manifest.sha256", job.manifest, digest));
  PLASM_TRY_VOID(CheckEqual("module.sha256", statement.module.sha256, manifest.module.sha256));
  PLASM_TRY_VOID(CheckEqual("module.size", statement.module.size, manifest.module.size));
  PLASM_TRY_VOID(CheckLimits(statement.limits, manifest.limits));
  PLASM_TRY_VOID(CheckEqual("runtime.profile", statement.runtime.profile, manifest.profile));
  PLASM_TRY_VOID(CheckEqual("job.requester", job.requester, manifest.requester));
  PLASM_TRY_VOID(CheckEqual("job.nonce", job.nonce, manifest.nonce));
  PLASM_TRY_VOID(CheckEqual("job.notAfter", job.not_after, manifest.not_after));
  PLASM_TRY_VOID(CheckEqual("input.args", input.args, ListDigest(manifest.args)));
  PLASM_TRY_VOID(CheckEqual("input.env", input.env, ListDigest(manifest.env)));
  PLASM_TRY_VOID(CheckEqual("input.stdin", input.stdin_digest, manifest.stdin_name.sha256));
  return CheckTrees(input.trees, manifest.inputs);
}

}  // namespace plasm::receipt
