#include "evidence_fields.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/base64.h"
#include "base/sha256.h"
#include "base/utc_time.h"

namespace plasm::vectors {
namespace {

// The vectors name subjects, Evidence names streams and paths in the guest. What is the name of
// no subject becomes the empty path, which is none either.
std::string NameInGuest(std::string_view subject) {
  constexpr std::string_view kFile = "file:";
  if (subject == "stdout" || subject == "stderr") return std::string(subject);
  return subject.starts_with(kFile) ? std::string(subject.substr(kFile.size())) : "";
}

}  // namespace

std::optional<trust::TrustState> TakeTrust(CaseFields& fields) {
  if (!fields.HasBytes("trusted_nodes")) return std::nullopt;
  trust::TrustState state(Need(trust::TrustFile::Parse(fields.TextOrBase64("trusted_nodes"))));
  if (!fields.Has("cards")) return state;
  for (const std::string& text : fields.Texts("cards")) {
    auto card = trust::OpenNodeCard(AsBytes(text));
    if (card) (void)state.TakeCard(*std::move(card));
  }
  return state;
}

std::optional<tlog::Policy> TakePolicy(CaseFields& fields) {
  if (!fields.HasBytes("policy")) return std::nullopt;
  return Need(tlog::Policy::Parse(fields.TextOrBase64("policy")));
}

std::vector<verify::OutputAtHand> TakeOutputs(CaseFields& fields) {
  std::vector<verify::OutputAtHand> outputs;
  if (!fields.Has("outputs")) return outputs;
  const JsonNode node = fields.Node("outputs");
  for (const JsonMember& member : std::get<JsonObject>(node.value().v)) {
    const Bytes bytes = Need(DecodeBase64(std::get<std::string>(member.value.v)));
    outputs.push_back({member.key, NameInGuest(member.key), Sha256Of(bytes)});
  }
  return outputs;
}

std::uint64_t TakeNowSeconds(CaseFields& fields) {
  return Need(UtcTime::Parse(fields.Text("now"))).milliseconds / 1000;
}

}  // namespace plasm::vectors
